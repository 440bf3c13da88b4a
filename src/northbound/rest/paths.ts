/** GET /paths: the shortest ways between two hosts or switches. */
import { z } from 'zod';
import type { PathQuery } from '../services.ts';
import { list, listJson } from '../json/common.ts';
import { PathJson, pathToJson } from '../json/path.ts';
import { MAX_PATHS } from '../limits.ts';
import { integerParameter } from './input.ts';
import { EndReference, findEnd } from './naming.ts';
import type { PathEnd } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const NOT_MEASURED = new Set<unknown>(['latency', 'load']);

const query = z.strictObject({
  from: EndReference,
  to: EndReference,
  k: integerParameter({ min: 1, max: MAX_PATHS, description: 'How many paths at most; 1 where left out' }).optional(),
  metric: z
    .enum(['hops'], {
      error: ({ input }) =>
        NOT_MEASURED.has(input)
          ? 'is not measured yet: leave it out or say hops'
          : 'must be hops, the only metric there is yet',
    })
    .optional()
    .meta({ description: 'What a path costs' }),
  disjoint: z
    .enum(['false'], {
      error: ({ input }) =>
        input === 'true' ? 'is not offered yet: leave it out' : 'must be false, the only choice there is yet',
    })
    .optional()
    .meta({ description: 'Whether the paths may share no link' }),
});

export const pathRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/paths',
    tag: 'network',
    summary: 'The shortest paths between two hosts or switches',
    query,
    answer: {
      schema: listJson(PathJson),
      statuses: { 200: 'The paths, cheapest first; none where there is no way' },
    },
    problems: [404, 409],
    handle({ query }, services) {
      const view = services.view();
      const from = toQueryEnd(findEnd(view, query.from, 'from'));
      const to = toQueryEnd(findEnd(view, query.to, 'to'));
      return { body: list(view, services.paths({ from, to, k: query.k ?? 1 }).map(pathToJson)) };
    },
  }),
];

function toQueryEnd(end: PathEnd): PathQuery['from'] {
  return 'host' in end ? end.host.at : { dpid: end.switch.dpid };
}
