/** A rule as REST shows it: in the OpenFlow specification's own names, with values a person can read. */
import { z } from 'zod';
import { instructionsToJson, matchToJson } from '../../openflow/codec/index.ts';
import type { FlowRecord, FlowRule } from '../services.ts';
import { CounterJson, counter } from './common.ts';

export const OwnerJson = z
  .object({ kind: z.string(), name: z.string() })
  .nullable()
  .meta({ description: "What wants it: an app and its unit, or a policy; null for what is not the controller's" });

const ruleShape = {
  tableId: z.int(),
  tableName: z.string().meta({ example: 'forward' }),
  priority: z.int(),
  match: z.record(z.string(), z.unknown()).meta({
    description: 'OXM fields by name',
    example: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
  }),
  instructions: z.array(z.unknown()).meta({ example: [{ apply_actions: [{ output: 3 }] }] }),
  cookie: z.string().meta({ description: '64 bits in hexadecimal', example: '0x0000000000000000' }),
};

/** A rule without its counters. */
export const FlowRuleJson = z.object({ ...ruleShape, owner: OwnerJson });

export const FlowJson = z
  .object({
    ...ruleShape,
    packets: CounterJson,
    bytes: CounterJson,
    durationSeconds: z.number().meta({ description: 'How long the switch has had it' }),
    owner: OwnerJson,
  })
  .meta({ id: 'Flow' });

export type FlowRuleJson = z.infer<typeof FlowRuleJson>;
export type FlowJson = z.infer<typeof FlowJson>;

export function flowRuleToJson(flow: FlowRule): FlowRuleJson {
  return {
    tableId: flow.tableId,
    tableName: flow.tableName,
    priority: flow.priority,
    match: matchToJson(flow.match),
    instructions: [...instructionsToJson(flow.instructions)],
    cookie: `0x${flow.cookie.toString(16).padStart(16, '0')}`,
    owner: flow.owner && { kind: flow.owner.kind, name: flow.owner.name },
  };
}

export function flowToJson(flow: FlowRecord): FlowJson {
  return {
    ...flowRuleToJson(flow),
    packets: counter(flow.packets),
    bytes: counter(flow.bytes),
    durationSeconds: flow.durationSeconds,
  };
}
