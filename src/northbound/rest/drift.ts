/** GET /drift, and POST /switches/{dpid}/reconcile. */
import { z } from 'zod';
import type { Switch } from '../../topology/view.ts';
import { VersionJson, list, listJson } from '../json/common.ts';
import { DriftJson, RuleJson, driftToJson, ruleToJson, unknownDrift } from '../json/drift.ts';
import type { Services } from '../services.ts';
import { integerParameter } from './input.ts';
import { SwitchReference, findSwitch } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

/** Rules shown in each list of a switch: enough to see what is wrong, and 500 switches are one answer still. */
const DEFAULT_RULES = 20;
/** A switch that lost all its tables may miss tens of thousands; what each is, its desired flows tell. */
const MAX_RULES = 1_000;
/** How long an audit may take until its repairs are confirmed: what a person waits for. */
const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 30_000;

const limit = integerParameter({
  min: 0,
  max: MAX_RULES,
  description: `Rules shown in each list, ${DEFAULT_RULES} where left out; the counts are exact`,
}).optional();

const AuditJson = z
  .object({
    found: DriftJson.meta({ description: 'As it was read' }),
    repaired: z
      .object({ count: z.int(), items: z.array(RuleJson) })
      .meta({ description: 'What differed and is right now: what had to go is shown as it was, all else as desired' }),
    now: DriftJson.meta({ description: 'As it is now' }),
    version: VersionJson,
  })
  .meta({ id: 'Audit' });

export const driftRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/drift',
    tag: 'network',
    summary: 'How switches differ from what is desired of them',
    description: 'As last read or confirmed; no switch is asked. POST /switches/{dpid}/reconcile asks.',
    query: z.strictObject({ switch: SwitchReference.optional(), limit }),
    answer: { schema: listJson(DriftJson), statuses: { 200: 'The switches, in order of their dpids' } },
    problems: [404, 409],
    handle({ query }, services) {
      const view = services.view();
      const rules = query.limit ?? DEFAULT_RULES;
      const switches = query.switch === undefined ? [...view.switches.values()] : [findSwitch(view, query.switch)];
      switches.sort((x, y) => (x.dpid < y.dpid ? -1 : 1));
      const items = switches.map((sw) => driftOf(services, sw, rules));
      return { body: list(view, items) };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/switches/{dpid}/reconcile',
    tag: 'network',
    summary: 'Read a switch now, and repair what differs',
    description: 'Answers when the repairs are confirmed, or `timeoutMs` has passed: then `now` shows what is left.',
    params: z.strictObject({ dpid: SwitchReference }),
    query: z.strictObject({
      timeoutMs: integerParameter({
        min: 1,
        max: MAX_TIMEOUT_MS,
        description: `How long to wait for repairs, ${DEFAULT_TIMEOUT_MS} where left out`,
      }).optional(),
      limit,
    }),
    answer: { schema: AuditJson, statuses: { 200: 'What was found, and what became of it' } },
    problems: [404, 409, 503],
    async handle({ params, query }, services) {
      const sw = findSwitch(services.view(), params.dpid);
      const rules = query.limit ?? DEFAULT_RULES;
      const timeoutMs = query.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const { found, repaired, now } = await services.reconciling.audit(sw.dpid, { timeoutMs, rules });
      return {
        body: {
          found: driftToJson(sw, found),
          repaired: { count: repaired.count, items: repaired.first.map(ruleToJson) },
          now: driftToJson(sw, now),
          version: services.view().version,
        },
      };
    },
  }),
];

function driftOf(services: Services, sw: Switch, rules: number): DriftJson {
  return driftToJson(sw, services.reconciling.drift(sw.dpid, rules) ?? unknownDrift(sw));
}
