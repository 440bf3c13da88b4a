/** Random matches and instructions such as a raw flow may have, from a seed. */
import { BASIC_FIELD_NAMES, matchToJson } from '../../src/openflow/codec/index.ts';
import type { Action, FlowMod, Instruction, Match } from '../../src/openflow/codec/index.ts';
import { isOurGroup, isOurMeter } from '../../src/flows/pipeline.ts';
import { generateMessage } from './generate.ts';

const ACTIONS: ReadonlySet<Action['type']> = new Set([
  'output',
  'group',
  'setQueue',
  'setField',
  'pushVlan',
  'popVlan',
  'pushMpls',
  'popMpls',
  'setNwTtl',
  'decNwTtl',
  'setMplsTtl',
  'decMplsTtl',
  'copyTtlIn',
]);

export interface RawFlow {
  readonly match: Match;
  /** Not in any order; goto_table is left out, since it depends on the table. */
  readonly instructions: readonly Instruction[];
}

export function someRawFlow(seed: number): RawFlow {
  const { match, instructions } = generateMessage('flowMod', seed) as FlowMod;
  const fields = Object.entries(match).filter(([name, value]) => isBasic({ [name]: value }));
  return {
    match: Object.fromEntries(fields.filter(([, value]) => !isAny(value))),
    instructions: instructions.flatMap(allowed),
  };
}

function isBasic(field: Match): boolean {
  return Object.keys(matchToJson(field)).every((name) => BASIC_FIELD_NAMES.has(name));
}

/** A mask of zeros leaves the field open, as if it were not there. */
function isAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'mask' in value && Number(value.mask) === 0;
}

function allowed(instruction: Instruction): Instruction[] {
  if (instruction.type === 'experimenter' || instruction.type === 'gotoTable') return [];
  if (instruction.type === 'meter' && isOurMeter(instruction.meterId)) return [];
  if (!('actions' in instruction)) return [instruction];
  const actions = instruction.actions.filter(
    (action) =>
      ACTIONS.has(action.type) && !setsMasked(action) && !(action.type === 'group' && isOurGroup(action.groupId)),
  );
  return actions.length > 0 ? [{ ...instruction, actions }] : [];
}

function setsMasked(action: Action): boolean {
  return action.type === 'setField' && Object.values(action.field).some((value) => typeof value === 'object');
}
