/** GET /switches/{dpid}/groups and /switches/{dpid}/meters: those a switch has, or should have. */
import { z } from 'zod';
import { list, listJson } from '../json/common.ts';
import { GroupJson, groupToJson } from '../json/group.ts';
import { MeterJson, meterToJson } from '../json/meter.ts';
import { SourceParameter, SwitchReference, findSwitch } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const params = z.strictObject({ dpid: SwitchReference });
const query = z.strictObject({ source: SourceParameter });

export const groupRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches/{dpid}/groups',
    tag: 'network',
    summary: "A switch's groups",
    params,
    query,
    answer: { schema: listJson(GroupJson), statuses: { 200: 'The groups, in order of their numbers' } },
    problems: [404, 409, 503],
    async handle({ params, query }, services) {
      const view = services.view();
      const { dpid } = findSwitch(view, params.dpid);
      const desired = query.source === 'desired';
      const groups = desired ? services.desiredGroups(dpid) : await services.installedGroups(dpid);
      return { body: list(view, groups.toSorted((x, y) => x.groupId - y.groupId).map(groupToJson)) };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/switches/{dpid}/meters',
    tag: 'network',
    summary: "A switch's meters",
    description: 'A switch that has no meters answers an empty list.',
    params,
    query,
    answer: { schema: listJson(MeterJson), statuses: { 200: 'The meters, in order of their numbers' } },
    problems: [404, 409, 503],
    async handle({ params, query }, services) {
      const view = services.view();
      const { dpid } = findSwitch(view, params.dpid);
      const desired = query.source === 'desired';
      const meters = desired ? services.desiredMeters(dpid) : await services.installedMeters(dpid);
      return { body: list(view, meters.toSorted((x, y) => x.meterId - y.meterId).map(meterToJson)) };
    },
  }),
];
