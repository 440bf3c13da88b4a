/**
 * A raw flow's spec as the rule it asks for. Its JSON is what GET /switches/{dpid}/flows prints; what no table of ours, no
 * message or no switch's own order of things allows is refused here, with the place and a sentence.
 */
import {
  BASIC_FIELD_NAMES,
  encode,
  EncodeError,
  flowMod,
  instructionsFromJson,
  matchFromJson,
  OFPFC,
  unmetPrerequisites,
} from '../../openflow/codec/index.ts';
import type { Instruction, Json, JsonObject, Match } from '../../openflow/codec/index.ts';
import { checkRule, PipelineError, TABLE_NAMES, TABLES } from '../../flows/pipeline.ts';
import type { RuleShape, TableName } from '../../flows/pipeline.ts';
import { checkActionNames, checkInstructionNames, plainInstruction } from './flow-instructions.ts';
import { SpecError } from './kind.ts';

export interface FlowSpec {
  /** A switch by dpid or name. */
  readonly dpid: string;
  readonly table: string;
  readonly priority: number;
  readonly match: JsonObject;
  readonly instructions: readonly Json[];
}

/** Tables made for policies of any shape. In the others a rule of somebody else's could lead a frame in a circle. */
export const RAW_FLOW_TABLES: readonly TableName[] = TABLE_NAMES.filter((name) => TABLES[name].matches === 'any');

/** The order in which a switch carries instructions out (OpenFlow 1.3.5 section 5.9), and Open vSwitch tells them. */
const EXECUTION_ORDER: readonly Instruction['type'][] = [
  'meter',
  'applyActions',
  'clearActions',
  'writeActions',
  'writeMetadata',
  'gotoTable',
];

/** The rule that the spec asks for. Throws SpecError where there is none. */
export function flowRule(spec: FlowSpec): RuleShape {
  const table = tableOf(spec.table);
  const match = matchOf(spec.match);
  const rule = { table, priority: spec.priority, match, instructions: instructionsOf(spec.instructions) };
  asSpecErrors(['instructions'], () => checkRule(rule));
  asSpecErrors([], () => encode(flowMod({ ...rule, command: OFPFC.ADD, tableId: TABLES[table].id })));
  return rule;
}

function tableOf(name: string): TableName {
  const table = RAW_FLOW_TABLES.find((each) => each === name);
  if (table !== undefined) return table;
  const there = `use ${RAW_FLOW_TABLES.join(', ')}`;
  const known = TABLE_NAMES.find((each) => each === name);
  throw new SpecError(
    ['table'],
    known === undefined
      ? `is no table; ${there}`
      : `${known} (${TABLES[known].purpose}) takes no raw flows: its rules together keep frames from circling; ${there}`,
  );
}

function matchOf(json: JsonObject): Match {
  for (const name of Object.keys(json)) {
    if (BASIC_FIELD_NAMES.has(name)) continue;
    throw new SpecError(['match', name], 'is not a match field of OpenFlow 1.3, such as in_port, eth_dst or ipv4_src');
  }
  const match = withoutOpenFields(asSpecErrors(['match'], () => matchFromJson(json)));
  const [unmet] = unmetPrerequisites(match);
  if (!unmet) return match;
  const needed = unmet.values.length > 0 ? `${unmet.needs} ${unmet.values.join(' or ')}` : unmet.needs;
  throw new SpecError(
    ['match', unmet.field],
    `needs ${needed} in the same match (the prerequisites of OpenFlow 1.3, section 7.2.3); add it`,
  );
}

/** A mask of zeros leaves its field open: the same as no field, and switches do not tell it again. */
function withoutOpenFields(match: Match): Match {
  const isOpen = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'mask' in value && (value.mask === 0 || value.mask === 0n);
  return Object.fromEntries(Object.entries(match).filter(([, value]) => !isOpen(value)));
}

function instructionsOf(list: readonly Json[]): readonly Instruction[] {
  checkInstructionNames(list);
  checkActionNames(list);
  const parsed = asSpecErrors(['instructions'], () => instructionsFromJson(list.map(withTableNumber)));
  const plain = parsed.map(plainInstruction).filter((instruction) => instruction !== undefined);
  return plain.sort((x, y) => EXECUTION_ORDER.indexOf(x.type) - EXECUTION_ORDER.indexOf(y.type));
}

/** `{"goto_table": "forward"}` as the codec reads it. */
function withTableNumber(instruction: Json): Json {
  if (typeof instruction !== 'object' || instruction === null || !('goto_table' in instruction)) return instruction;
  const next = TABLE_NAMES.find((name) => name === instruction['goto_table']);
  return next === undefined ? instruction : { ...instruction, goto_table: TABLES[next].id };
}

/** Runs what may find fault with a value, and says where in the spec the value stands. */
function asSpecErrors<T>(path: readonly string[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EncodeError) {
      const place = error.field.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
      throw new SpecError(place, error.message.slice(error.field.length).trimStart(), { cause: error });
    }
    if (error instanceof PipelineError) throw new SpecError(path, error.message, { cause: error });
    throw error;
  }
}
