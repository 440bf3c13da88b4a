/** GET /switches/{dpid}/flows: the rules a switch has, or should have. */
import { z } from 'zod';
import { list, listJson } from '../json/common.ts';
import { FlowJson, flowToJson } from '../json/flow.ts';
import { SourceParameter, SwitchReference, findSwitch } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

export const flowRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches/{dpid}/flows',
    tag: 'network',
    summary: "A switch's rules",
    params: z.strictObject({ dpid: SwitchReference }),
    query: z.strictObject({ source: SourceParameter }),
    answer: { schema: listJson(FlowJson), statuses: { 200: 'The rules' } },
    problems: [404, 409, 503],
    async handle({ params, query }, services) {
      const view = services.view();
      const { dpid } = findSwitch(view, params.dpid);
      const desired = query.source === 'desired';
      const flows = desired ? services.desiredFlows(dpid) : await services.installedFlows(dpid);
      return { body: list(view, flows.map(flowToJson)) };
    },
  }),
];
