/** GET /links. */
import { list, listJson } from '../json/common.ts';
import { LinkWithTrafficJson } from '../json/link.ts';
import { linksWithTrafficToJson } from '../json/topology.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

export const linkRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/links',
    tag: 'network',
    summary: 'All links between switches, and what flows over them',
    description:
      'Rates are averages over the last two readings of the port counters; the topic `stats` of the stream brings them as they come.',
    answer: { schema: listJson(LinkWithTrafficJson), statuses: { 200: 'The links, each once, in order of their ids' } },
    handle(_input, services) {
      const view = services.view();
      return { body: list(view, linksWithTrafficToJson(view, services.traffic)) };
    },
  }),
];
