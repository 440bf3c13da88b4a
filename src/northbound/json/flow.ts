/** A rule as REST shows it: in the OpenFlow specification's own names, with values a person can read. */
import { z } from 'zod';
import { instructionsToJson, matchToJson } from '../../openflow/codec/index.ts';
import type { FlowRecord } from '../services.ts';
import { CounterJson, counter } from './common.ts';

export const FlowJson = z
  .object({
    tableId: z.int(),
    tableName: z.string().meta({ example: 'forward' }),
    priority: z.int(),
    match: z.record(z.string(), z.unknown()).meta({
      description: 'OXM fields by name',
      example: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
    }),
    instructions: z.array(z.unknown()).meta({ example: [{ apply_actions: [{ output: 3 }] }] }),
    cookie: z.string().meta({ description: '64 bits in hexadecimal', example: '0x0000000000000000' }),
    packets: CounterJson,
    bytes: CounterJson,
    durationSeconds: z.number().meta({ description: 'How long the switch has had it' }),
    owner: z
      .object({ kind: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "What wants the rule; null for a rule that is not the controller's" }),
  })
  .meta({ id: 'Flow' });

export type FlowJson = z.infer<typeof FlowJson>;

export function flowToJson(flow: FlowRecord): FlowJson {
  return {
    tableId: flow.tableId,
    tableName: flow.tableName,
    priority: flow.priority,
    match: matchToJson(flow.match),
    instructions: [...instructionsToJson(flow.instructions)],
    cookie: `0x${flow.cookie.toString(16).padStart(16, '0')}`,
    packets: counter(flow.packets),
    bytes: counter(flow.bytes),
    durationSeconds: flow.durationSeconds,
    owner: flow.owner && { kind: flow.owner.kind, name: flow.owner.name },
  };
}
