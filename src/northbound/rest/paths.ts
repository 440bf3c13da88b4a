/** GET /paths: the best ways between two hosts or switches, under constraints. */
import { z } from 'zod';
import type { PathQuery } from '../services.ts';
import type { NetworkView } from '../../topology/view.ts';
import { PathListJson, pathsToJson } from '../json/path.ts';
import { MAX_BANDWIDTH_BPS, MAX_LATENCY_MS, MAX_PATHS, MAX_REFERENCES } from '../limits.ts';
import { decimalParameter, integerParameter, listParameter } from './input.ts';
import { EndReference, findEnd, lookFor } from './naming.ts';
import type { PathEnd } from './naming.ts';
import { findAvoided, findWaypoints } from './path-naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const METRICS = ['hops', 'latency', 'load'] as const;

const query = z.strictObject({
  from: EndReference,
  to: EndReference,
  k: integerParameter({
    min: 1,
    max: MAX_PATHS,
    description: 'How many paths at most; 1 where left out, and with disjoint always a pair',
  }).optional(),
  metric: z
    .enum(METRICS, { error: 'must be hops, latency or load' })
    .optional()
    .meta({ description: 'What a path costs; hops where left out' }),
  disjoint: z
    .enum(['links', 'nodes', 'true', 'false'], { error: 'must be links or nodes (true is links, false neither)' })
    .optional()
    .meta({
      description:
        'A pair of paths that share no link, or no switch but the ends and those of via; where there is none, the pair that shares ' +
        'the least',
    }),
  via: listParameter({
    max: MAX_REFERENCES,
    description: 'Switches to pass in this order, separated by commas',
    example: 's2,s5',
  }).optional(),
  avoid: listParameter({
    max: MAX_REFERENCES,
    description: 'Switches and links to avoid, separated by commas: links by id or as s1-s2',
    example: 's3,s1-s2',
  }).optional(),
  minBandwidthBps: integerParameter({
    min: 0,
    max: MAX_BANDWIDTH_BPS,
    description: 'What each link must have free, bits per second; links of unknown capacity pass',
  }).optional(),
  maxLatencyMs: decimalParameter({
    max: MAX_LATENCY_MS,
    description: 'What the links of a path may take together, one way; a link that was not measured counts 1 ms',
  }).optional(),
});

export const pathRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/paths',
    tag: 'network',
    summary: 'The best paths between two hosts or switches, under constraints',
    description:
      'Paths cross no switch twice. They come cheapest first; of equal cost those over fewer links, then in the order of dpids ' +
      'and ports, so that the same network gives the same answer. Switches without a session are crossed only where there is ' +
      'no other way. Where no path is as asked for, `items` is empty and `reason` says why.',
    query,
    answer: {
      schema: PathListJson,
      statuses: { 200: 'The paths, cheapest first; none where there is no way' },
    },
    problems: [404, 409],
    async handle({ query }, services) {
      await lookFor(services, query.from, query.to);
      const view = services.view();
      return { body: pathsToJson(view, services.paths(toPathQuery(view, query))) };
    },
  }),
];

function toPathQuery(view: NetworkView, input: z.output<typeof query>): PathQuery {
  return {
    from: toQueryEnd(findEnd(view, input.from, 'from')),
    to: toQueryEnd(findEnd(view, input.to, 'to')),
    k: input.k ?? 1,
    metric: input.metric,
    disjoint: toDisjoint(input.disjoint),
    via: input.via && findWaypoints(view, input.via),
    avoid: input.avoid && findAvoided(view, input.avoid),
    minBandwidthBps: input.minBandwidthBps,
    maxLatencyMs: input.maxLatencyMs,
  };
}

function toDisjoint(text: 'links' | 'nodes' | 'true' | 'false' | undefined): PathQuery['disjoint'] {
  if (text === 'false') return undefined;
  return text === 'true' ? 'links' : text;
}

function toQueryEnd(end: PathEnd): PathQuery['from'] {
  return 'host' in end ? end.host.at : { dpid: end.switch.dpid };
}
