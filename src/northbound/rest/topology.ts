/** GET /topology: switches, links and hosts of one view. */
import { TopologyJson, hostsToJson, linksToJson, switchesToJson } from '../json/topology.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

export const topologyRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/topology',
    tag: 'network',
    summary: 'The whole network, from one view',
    answer: { schema: TopologyJson, statuses: { 200: 'Everything of one view' } },
    handle(_input, services) {
      const view = services.view();
      return {
        body: {
          version: view.version,
          switches: switchesToJson(view),
          links: linksToJson(view),
          hosts: hostsToJson(view, (mac) => services.hostLastSeen(mac)),
        },
      };
    },
  }),
];
