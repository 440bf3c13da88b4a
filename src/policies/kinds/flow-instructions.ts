/** Which instructions and actions a raw flow may have, and the form in which a switch tells them again. */
import { OFPP } from '../../openflow/codec/index.ts';
import type { Action, Instruction, Json } from '../../openflow/codec/index.ts';
import { isOurGroup, isOurMeter } from '../../flows/pipeline.ts';
import { SpecError } from './kind.ts';

const INSTRUCTIONS = ['apply_actions', 'write_actions', 'clear_actions', 'goto_table', 'meter', 'write_metadata'];

/** OpenFlow 1.3's own. Extensions are left out: some of them (resubmit, learn) lead past the tables' order. */
const ACTIONS = [
  'output',
  'group',
  'set_queue',
  'set_field',
  'push_vlan',
  'pop_vlan',
  'push_mpls',
  'pop_mpls',
  'push_pbb',
  'pop_pbb',
  'set_nw_ttl',
  'dec_nw_ttl',
  'set_mpls_ttl',
  'dec_mpls_ttl',
  'copy_ttl_in',
  'copy_ttl_out',
];

/** Reserved ports that copy a frame to many, past the tree that keeps copies from circling, or that mean no port. */
const REFUSED_PORTS: ReadonlyMap<number, string> = new Map([
  [OFPP.NORMAL, 'normal'],
  [OFPP.FLOOD, 'flood'],
  [OFPP.ALL, 'all'],
  [OFPP.TABLE, 'table'],
  [OFPP.ANY, 'any'],
]);

/** A switch deletes the flows that use a group or meter together with it (OpenFlow 1.3.5 sections 6.5 and 6.6). */
const OURS = "is one of this controller's own, which come and go as the network does; use one of your own";

/** Throws SpecError for an instruction that is not known here, or stands twice (OpenFlow 1.3.5 section 5.9). */
export function checkInstructionNames(list: readonly Json[]): void {
  const seen = new Set<string>();
  for (const [index, instruction] of list.entries()) {
    for (const name of namesOf(instruction)) {
      const path = ['instructions', index, name];
      if (!INSTRUCTIONS.includes(name))
        throw new SpecError(path, `is not an instruction; there are ${INSTRUCTIONS.join(', ')}`);
      if (seen.has(name)) throw new SpecError(path, 'stands twice; a rule has each instruction once');
      seen.add(name);
    }
  }
}

/** Throws SpecError for an action that a raw flow may not have. Before anything is parsed: some actions hold actions. */
export function checkActionNames(list: readonly Json[]): void {
  for (const [index, instruction] of list.entries()) {
    if (typeof instruction !== 'object' || instruction === null) continue;
    for (const [name, actions] of Object.entries(instruction)) {
      if (!Array.isArray(actions)) continue;
      for (const [at, action] of (actions as readonly Json[]).entries()) {
        for (const unknown of namesOf(action).filter((each) => !ACTIONS.includes(each)))
          throw new SpecError(
            ['instructions', index, name, at, unknown],
            `is not an action of OpenFlow 1.3; there are ${ACTIONS.join(', ')}`,
          );
      }
    }
  }
}

function namesOf(json: Json): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.keys(json) : [];
}

/**
 * The instruction as a switch that holds it tells it: without what means nothing, so that desired and installed are the
 * same. Undefined where nothing is left. Throws SpecError for what leads a frame where no rule may.
 */
export function plainInstruction(instruction: Instruction, index: number): Instruction | undefined {
  if (instruction.type === 'meter' && isOurMeter(instruction.meterId))
    throw new SpecError(['instructions', index, 'meter'], OURS);
  if (instruction.type !== 'applyActions' && instruction.type !== 'writeActions') return instruction;
  if (instruction.actions.length === 0) return undefined;
  const name = instruction.type === 'applyActions' ? 'apply_actions' : 'write_actions';
  const actions = instruction.actions.map((action, at) => plainAction(action, ['instructions', index, name, at]));
  return { ...instruction, actions };
}

function plainAction(action: Action, path: readonly (string | number)[]): Action {
  if (action.type === 'setField') {
    for (const value of Object.values(action.field))
      if (typeof value === 'object')
        throw new SpecError([...path, 'set_field'], 'has a mask; OpenFlow 1.3 sets whole fields only');
  }
  if (action.type === 'group' && isOurGroup(action.groupId)) throw new SpecError([...path, 'group'], OURS);
  if (action.type !== 'output') return action;
  const refused = REFUSED_PORTS.get(action.port);
  if (refused !== undefined) {
    throw new SpecError(
      [...path, 'output'],
      `is ${refused}, which is no port of a loop-free way; name the ports, or go on to the next table to forward and flood as usual`,
    );
  }
  // Bytes to send matter to the controller only; a switch does not keep them for other ports.
  return action.port === OFPP.CONTROLLER ? action : { type: 'output', port: action.port };
}
