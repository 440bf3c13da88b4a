/** A policy, and the plan of a write, as REST shows them. */
import { z } from 'zod';
import { instructionsToJson, matchToJson } from '../../openflow/codec/index.ts';
import type { Plan, PlannedRule } from '../../policies/plan.ts';
import type { PolicyReport } from '../../policies/service.ts';
import type { NetworkView } from '../../topology/view.ts';
import { DpidJson, isoTime, timeJson } from './common.ts';

export const PolicyStatusJson = z
  .object({
    phase: z.enum(['pending', 'active', 'degraded', 'failed']).meta({
      description:
        'active: every switch concerned has confirmed all of it; pending: it waits for something; degraded: some of it is refused; failed: all of it is',
    }),
    reason: z.string().nullable().meta({ description: 'Why it is not active, with rule and remedy' }),
    observedRevision: z.int().meta({ description: 'The revision that this is said of' }),
    rules: z.int().meta({ description: 'Rules, groups and meters wanted of all switches' }),
    switches: z.array(DpidJson).meta({ description: 'Those that are to hold them' }),
  })
  .meta({ id: 'PolicyStatus' });

export const PolicyJson = z
  .object({
    name: z.string().meta({ example: 'web-to-h9' }),
    kind: z.string().meta({ example: 'flow' }),
    spec: z.unknown().meta({ type: 'object', description: "What its kind's schema says" }),
    description: z.string().nullable(),
    enabled: z.boolean(),
    revision: z.int().meta({ description: 'Counts every change, from 1; also the ETag' }),
    createdAt: timeJson('When it was first written'),
    updatedAt: timeJson('When it was last changed'),
    createdBy: z.string().meta({ description: 'The address that it was first written from', example: '127.0.0.1' }),
    status: PolicyStatusJson,
  })
  .meta({ id: 'Policy' });

const OwnerJson = z.object({ kind: z.string(), name: z.string() });

export const PlannedRuleJson = z
  .object({
    type: z.enum(['flow', 'group', 'meter']),
    tableId: z.int().optional(),
    tableName: z.string().optional(),
    priority: z.int().optional(),
    match: z.record(z.string(), z.unknown()).optional(),
    instructions: z.array(z.unknown()).optional(),
    id: z.int().optional().meta({ description: 'Of groups and meters' }),
    owner: OwnerJson.nullable(),
  })
  .meta({ id: 'PlannedRule', description: 'A rule as GET flows names its parts, or a group or meter by its number' });

export const PlanJson = z
  .object({
    dryRun: z.literal(true),
    switches: z.array(
      z.object({
        dpid: DpidJson,
        name: z.string(),
        added: z.array(PlannedRuleJson),
        changed: z.array(z.object({ from: PlannedRuleJson, to: PlannedRuleJson })),
        removed: z.array(PlannedRuleJson),
        omitted: z.int().meta({ description: 'Changes beyond those listed' }),
      }),
    ),
    conflicts: z
      .array(z.object({ dpid: DpidJson, rule: PlannedRuleJson.nullable(), holder: OwnerJson, refused: OwnerJson }))
      .meta({ description: 'Places that two would want: `holder` would have it, `refused` would not' }),
    reason: z.string().nullable().meta({ description: 'Why nothing, or not all, would come about' }),
  })
  .meta({ id: 'PolicyPlan', description: 'What a write would do; nothing is sent and nothing stored' });

export type PolicyJson = z.infer<typeof PolicyJson>;
export type PlanJson = z.infer<typeof PlanJson>;

export function policyToJson({ record, status }: PolicyReport): PolicyJson {
  const { name, kind, spec, description = null, enabled, revision, createdAt, updatedAt, createdBy } = record;
  return {
    name,
    kind,
    spec,
    description,
    enabled,
    revision,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
    createdBy,
    status: { ...status, reason: status.reason ?? null, switches: [...status.switches] },
  };
}

export function planToJson(view: NetworkView, { switches, conflicts, reason }: Plan): PlanJson {
  return {
    dryRun: true,
    switches: switches.map(({ dpid, added, changed, removed, omitted }) => ({
      dpid,
      name: view.switches.get(dpid)?.name ?? dpid,
      added: added.map(ruleToJson),
      changed: changed.map(({ from, to }) => ({ from: ruleToJson(from), to: ruleToJson(to) })),
      removed: removed.map(ruleToJson),
      omitted,
    })),
    conflicts: conflicts.map(({ dpid, rule, holder, refused }) => ({
      dpid,
      rule: rule ? ruleToJson(rule) : null,
      holder: { ...holder },
      refused: { ...refused },
    })),
    reason: reason ?? null,
  };
}

function ruleToJson(rule: PlannedRule): z.infer<typeof PlannedRuleJson> {
  const owner = rule.owner ? { ...rule.owner } : null;
  if (rule.type !== 'flow') return { type: rule.type, id: rule.id, owner };
  const { type, tableId, tableName, priority, match, instructions } = rule;
  return {
    type,
    tableId,
    tableName,
    priority,
    match: matchToJson(match),
    instructions: [...instructionsToJson(instructions)],
    owner,
  };
}
