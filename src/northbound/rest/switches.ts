/** GET /switches, /switches/{dpid} and /switches/{dpid}/ports. */
import { z } from 'zod';
import { list, listJson } from '../json/common.ts';
import {
  PortWithCountersJson,
  SwitchJson,
  portWithCountersToJson,
  portsInOrder,
  switchToJson,
} from '../json/switch.ts';
import { switchesToJson } from '../json/topology.ts';
import { SwitchReference, findSwitch } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const params = z.strictObject({ dpid: SwitchReference });

export const switchRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches',
    tag: 'network',
    summary: 'All switches with their ports',
    answer: { schema: listJson(SwitchJson), statuses: { 200: 'The switches, in order of their dpids' } },
    handle(_input, services) {
      const view = services.view();
      return { body: list(view, switchesToJson(view)) };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches/{dpid}',
    tag: 'network',
    summary: 'One switch with its ports',
    params,
    answer: { schema: SwitchJson, statuses: { 200: 'The switch' } },
    problems: [404, 409],
    handle: ({ params }, services) => ({ body: switchToJson(findSwitch(services.view(), params.dpid)) }),
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches/{dpid}/ports',
    tag: 'network',
    summary: "A switch's ports and their counters",
    description:
      'Asks the switch now, so it must be connected. Rates come from the regular readings. GET /switches/{dpid} shows the ports ' +
      'without counters.',
    params,
    answer: { schema: listJson(PortWithCountersJson), statuses: { 200: 'The ports, in order of their numbers' } },
    problems: [404, 409, 503],
    async handle({ params }, services) {
      const { dpid } = findSwitch(services.view(), params.dpid);
      const counted = await services.portCounters(dpid);
      const counters = new Map(counted.map((each) => [each.port, each]));
      // The view may have moved on while the switch was asked.
      const view = services.view();
      const ports = portsInOrder(findSwitch(view, dpid));
      return {
        body: list(
          view,
          ports.map((port) => {
            const rates = services.traffic.portRates({ dpid, port: port.number });
            return portWithCountersToJson(port, { counters: counters.get(port.number), rates });
          }),
        ),
      };
    },
  }),
];
