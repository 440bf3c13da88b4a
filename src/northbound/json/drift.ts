/** How a switch differs from what is desired of it, as REST shows it. */
import { z } from 'zod';
import type { Switch } from '../../topology/view.ts';
import type { AnyRule, DriftRecord } from '../services.ts';
import { DpidJson, isoTime, timeJson } from './common.ts';
import { FlowRuleJson, flowRuleToJson } from './flow.ts';
import { GroupRuleJson, groupRuleToJson } from './group.ts';
import { MeterRuleJson, meterRuleToJson } from './meter.ts';

export const RuleJson = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('flow'), ...FlowRuleJson.shape }),
    z.object({ kind: z.literal('group'), ...GroupRuleJson.shape }),
    z.object({ kind: z.literal('meter'), ...MeterRuleJson.shape }),
  ])
  .meta({ id: 'Rule', description: 'A flow, group or meter, without counters' });

const CountsJson = z
  .object({
    missing: z.int(),
    changed: z.int(),
    extra: z.int(),
    refused: z.int(),
    foreign: z.int(),
    wars: z.int(),
  })
  .meta({ id: 'DriftCounts', description: 'How many there are of each; the lists show the first of them' });

export const DriftJson = z
  .object({
    dpid: DpidJson,
    name: z.string().meta({ example: 's1' }),
    connected: z.boolean(),
    inSync: z.boolean().meta({
      description:
        'It was read, and of ours nothing is missing, changed, extra or refused. What is foreign does not count',
    }),
    monitored: z.boolean().meta({
      description: 'The switch tells of changes by itself; otherwise they are found by audits, every 30 seconds',
    }),
    readAt: timeJson('When its tables were last read as a whole; null before the first time').nullable(),
    counts: CountsJson,
    missing: z.array(RuleJson).meta({ description: 'Desired, and not there' }),
    changed: z
      .array(z.object({ desired: RuleJson, installed: RuleJson }))
      .meta({ description: 'There, and desired otherwise' }),
    extra: z.array(RuleJson).meta({ description: 'Ours, and desired no longer: on its way out' }),
    refused: z
      .array(
        z.object({
          rule: RuleJson,
          reason: z.string().meta({ description: "The switch's error, and what to do" }),
          since: timeJson('When it was refused'),
          retryAt: timeJson('When it is tried again; null where only another wish will do').nullable(),
        }),
      )
      .meta({ description: 'Desired, and refused by the switch' }),
    foreign: z.array(RuleJson).meta({ description: "Other people's, which are left alone" }),
    wars: z.array(RuleJson).meta({ description: 'Changed by someone else again and again' }),
    repairs: z.int().meta({ description: 'Rules put right since the controller started' }),
  })
  .meta({ id: 'Drift' });

export type RuleJson = z.infer<typeof RuleJson>;
export type DriftJson = z.infer<typeof DriftJson>;

export function ruleToJson(rule: AnyRule): RuleJson {
  if (rule.kind === 'flow') return { kind: rule.kind, ...flowRuleToJson(rule) };
  if (rule.kind === 'group') return { kind: rule.kind, ...groupRuleToJson(rule) };
  return { kind: rule.kind, ...meterRuleToJson(rule) };
}

export function driftToJson(sw: Switch, drift: DriftRecord): DriftJson {
  const { missing, changed, extra, foreign, refused, wars } = drift;
  return {
    dpid: sw.dpid,
    name: sw.name,
    connected: drift.connected,
    inSync: isInSync(drift),
    monitored: drift.monitored,
    readAt: drift.readAt === undefined ? null : isoTime(drift.readAt),
    counts: {
      missing: missing.count,
      changed: changed.count,
      extra: extra.count,
      refused: refused.count,
      foreign: foreign.count,
      wars: wars.count,
    },
    missing: missing.first.map(ruleToJson),
    changed: changed.first.map(({ desired, installed }) => ({
      desired: ruleToJson(desired),
      installed: ruleToJson(installed),
    })),
    extra: extra.first.map(ruleToJson),
    refused: refused.first.map(({ rule, reason, since, retryAt }) => ({
      rule: ruleToJson(rule),
      reason,
      since: isoTime(since),
      retryAt: retryAt === undefined ? null : isoTime(retryAt),
    })),
    foreign: foreign.first.map(ruleToJson),
    wars: wars.first.map(ruleToJson),
    repairs: drift.repairs,
  };
}

export function isInSync({ readAt, missing, changed, extra, refused }: DriftRecord): boolean {
  return readAt !== undefined && missing.count + changed.count + extra.count + refused.count === 0;
}

/** Of a switch whose tables nothing is known of: one from before a restart that is not back yet. */
export function unknownDrift(sw: Switch): DriftRecord {
  const none = { first: [], count: 0 };
  return {
    dpid: sw.dpid,
    connected: sw.connected,
    monitored: false,
    readAt: undefined,
    missing: none,
    changed: none,
    extra: none,
    foreign: none,
    refused: none,
    wars: none,
    repairs: 0,
  };
}
