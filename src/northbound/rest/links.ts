/** GET /links. */
import { list, listJson } from '../json/common.ts';
import { LinkJson } from '../json/link.ts';
import { linksToJson } from '../json/topology.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

export const linkRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/links',
    tag: 'network',
    summary: 'All links between switches',
    answer: { schema: listJson(LinkJson), statuses: { 200: 'The links, each once, in order of their ids' } },
    handle(_input, services) {
      const view = services.view();
      return { body: list(view, linksToJson(view)) };
    },
  }),
];
