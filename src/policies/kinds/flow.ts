/** Kind `flow`: one rule as OpenFlow has it, for whoever knows exactly what a switch shall do. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../openflow/codec/index.ts';
import { flowRule, RAW_FLOW_TABLES } from './flow-rule.ts';
import type { FlowSpec } from './flow-rule.ts';
import { hostsInMatch } from './flow-hosts.ts';
import { policyKind, SpecError } from './kind.ts';
import { missingSwitch, SwitchReference } from './switch-reference.ts';

/** Priority 0 is each table's own way on (`passage`): a raw flow there would quarrel with it. */
const PRIORITY_MIN = 1;
const PRIORITY_MAX = 0xffff;
/** Each instruction of OpenFlow 1.3 once is fewer; longer lists are mistakes. */
const MAX_INSTRUCTIONS = 16;

const priorityRule = `must be a whole number from ${PRIORITY_MIN} to ${PRIORITY_MAX}; 0 is the table's own default`;

const JsonObjectValue = z
  .custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .meta({ type: 'object' });

export const FlowSpecJson = z
  .strictObject({
    dpid: SwitchReference,
    table: z
      .string()
      .meta({ description: `One of ${RAW_FLOW_TABLES.join(', ')}`, enum: [...RAW_FLOW_TABLES], example: 'steer' }),
    priority: z.int(priorityRule).min(PRIORITY_MIN, priorityRule).max(PRIORITY_MAX, priorityRule),
    match: JsonObjectValue.default({}).meta({
      description: 'OXM fields by name, as GET /switches/{dpid}/flows prints them; nothing matches every frame',
      example: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
    }),
    instructions: z
      .array(
        z
          .custom<Json>((value) => typeof value === 'string' || (typeof value === 'object' && value !== null), {
            message: 'must be an object with one key, the name of an instruction',
          })
          .meta({ type: ['object', 'string'] }),
      )
      .max(MAX_INSTRUCTIONS, `must have at most ${MAX_INSTRUCTIONS} instructions`)
      .meta({
        description:
          'As GET /switches/{dpid}/flows prints them; none drops the frame. goto_table takes a name or a number',
        example: [{ apply_actions: [{ output: 3 }] }],
      }),
  })
  .check((context) => {
    // Where the shape is wrong already, that is what is told.
    if (context.issues.length > 0) return;
    try {
      flowRule(context.value);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      context.issues.push({ code: 'custom', input: context.value, path: [...error.path], message: error.message });
    }
  });

export const flowKind = policyKind<FlowSpec>({
  name: 'flow',
  summary: 'One raw OpenFlow rule on one switch',
  schema: FlowSpecJson,
  example: {
    dpid: 's1',
    table: 'steer',
    priority: 100,
    match: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
    instructions: [{ apply_actions: [{ output: 3 }] }],
  },
  waitsFor: ({ dpid }, view) => missingSwitch(dpid, view),
  hosts: hostsInMatch,
});
