/** A path through the network as REST shows it. */
import { z } from 'zod';
import type { NetworkView } from '../../topology/view.ts';
import type { PathAnswer, PathRecord } from '../services.ts';
import { DpidJson, list, listJson, PortNumberJson } from './common.ts';

const LinkIdJson = z.string().meta({ example: '0000000000000001:2-0000000000000002:1' });

export const PathJson = z
  .object({
    cost: z.number().meta({
      description:
        'In the metric asked for: links crossed, for hops; milliseconds, for latency, 1 for each link that was not measured; ' +
        'for load the sum of 1 / (1 - load), so that an idle link counts 1 and a half full one 2',
    }),
    hops: z.array(
      z.object({
        dpid: DpidJson,
        inPort: PortNumberJson.nullable().meta({ description: 'Null where the path begins at this switch' }),
        outPort: PortNumberJson.nullable().meta({ description: 'Null where the path ends at this switch' }),
      }),
    ),
    links: z.array(LinkIdJson).meta({ description: 'In the order in which they are crossed' }),
    latencyMs: z.number().nullable().meta({ description: 'One way; null where a link was not measured' }),
    freeBps: z
      .number()
      .nullable()
      .meta({ description: 'Of the narrowest link, bits per second; null where none is known' }),
  })
  .meta({ id: 'Path' });

export const PathListJson = listJson(PathJson).extend({
  reason: z
    .string()
    .optional()
    .meta({ description: 'Why there is no path, or none that is quite as asked for; left out where all is as asked' }),
  shared: z
    .object({ links: z.array(LinkIdJson), switches: z.array(DpidJson) })
    .optional()
    .meta({
      description: 'With disjoint: what the two paths have in common, the ends and the switches of via left out',
    }),
});

export type PathJson = z.infer<typeof PathJson>;
export type PathListJson = z.infer<typeof PathListJson>;

export function pathsToJson(view: NetworkView, { paths, reason, shared }: PathAnswer): PathListJson {
  return {
    ...list(view, paths.map(pathToJson)),
    ...(reason === undefined ? {} : { reason }),
    ...(shared === undefined ? {} : { shared: { links: [...shared.links], switches: [...shared.switches] } }),
  };
}

function pathToJson(path: PathRecord): PathJson {
  const hops = path.hops.map((hop) => ({
    dpid: hop.dpid,
    inPort: hop.inPort ?? null,
    outPort: hop.outPort ?? null,
  }));
  const { cost, links, latencyMs = null, freeBps = null } = path;
  return { cost, hops, links: [...links], latencyMs, freeBps };
}
