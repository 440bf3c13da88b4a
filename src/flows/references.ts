/** Which groups and meters a rule uses: they must be there before it, and may go only after it. */
import type { Action, Instruction } from '../openflow/codec/index.ts';
import { groupKey, meterKey } from './items.ts';
import type { Item } from './items.ts';

const NONE: readonly string[] = [];
/** By identity: apps share their instructions among the rules of many switches. */
const known = new WeakMap<readonly Instruction[], readonly string[]>();

/** Keys of the groups and meters that an item uses. */
export function referencesOf(item: Item): readonly string[] {
  if (item.kind === 'meter') return NONE;
  if (item.kind === 'group') return item.buckets.flatMap(({ actions }) => groupsIn(actions));
  let keys = known.get(item.instructions);
  if (!keys) known.set(item.instructions, (keys = find(item.instructions)));
  return keys;
}

function find(instructions: readonly Instruction[]): readonly string[] {
  const keys = instructions.flatMap((instruction) => {
    if (instruction.type === 'meter') return [meterKey(instruction.meterId)];
    return instruction.type === 'applyActions' || instruction.type === 'writeActions'
      ? groupsIn(instruction.actions)
      : [];
  });
  return keys.length === 0 ? NONE : keys;
}

function groupsIn(actions: readonly Action[]): string[] {
  return actions.flatMap((action) => (action.type === 'group' ? [groupKey(action.groupId)] : []));
}
