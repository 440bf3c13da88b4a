/** Which groups and meters an item needs on its switch. */
import type { Action } from '../../openflow/codec/index.ts';
import { groupKey, meterKey } from '../items.ts';
import type { Item } from '../items.ts';

/** Keys of the groups and meters that a rule or a group uses. */
export function usedKeys(item: Item): string[] {
  if (item.kind === 'meter') return [];
  if (item.kind === 'group') return item.buckets.flatMap(({ actions }) => groupsOf(actions));
  return item.instructions.flatMap((instruction) => {
    if (instruction.type === 'meter') return [meterKey(instruction.meterId)];
    return instruction.type === 'applyActions' || instruction.type === 'writeActions'
      ? groupsOf(instruction.actions)
      : [];
  });
}

function groupsOf(actions: readonly Action[]): string[] {
  return actions.flatMap((action) => (action.type === 'group' ? [groupKey(action.groupId)] : []));
}
