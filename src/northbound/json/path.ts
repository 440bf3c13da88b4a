/** A path through the network as REST shows it. */
import { z } from 'zod';
import type { PathRecord } from '../services.ts';
import { DpidJson, PortNumberJson } from './common.ts';

export const PathJson = z
  .object({
    cost: z.number().meta({ description: 'In the metric asked for: links crossed, for hops' }),
    hops: z.array(
      z.object({
        dpid: DpidJson,
        inPort: PortNumberJson.nullable().meta({ description: 'Null where the path begins at this switch' }),
        outPort: PortNumberJson.nullable().meta({ description: 'Null where the path ends at this switch' }),
      }),
    ),
  })
  .meta({ id: 'Path' });

export type PathJson = z.infer<typeof PathJson>;

export function pathToJson(path: PathRecord): PathJson {
  const hops = path.hops.map((hop) => ({
    dpid: hop.dpid,
    inPort: hop.inPort ?? null,
    outPort: hop.outPort ?? null,
  }));
  return { cost: path.cost, hops };
}
