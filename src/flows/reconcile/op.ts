/** One change to one switch, and the message that makes it. */
import { flowMod, groupMod, meterMod, OFPFC, OFPG, OFPGC, OFPMC, OFPP } from '../../openflow/codec/index.ts';
import type { FlowMod, GroupMod, MeterMod } from '../../openflow/codec/index.ts';
import type { Item } from '../items.ts';

export type OpType = 'add' | 'modify' | 'delete';

export interface Op {
  readonly type: OpType;
  /** As it shall be; for a delete, as it is. */
  readonly item: Item;
}

/**
 * The change from what is installed to what is desired, or undefined where there is none. A modification keeps counters
 * and age; a rule whose cookie changes is put in anew, since MODIFY leaves the cookie as it was (section 6.4).
 */
export function opFor(installed: Item | undefined, desired: Item | undefined): Op | undefined {
  if (!desired) return installed && { type: 'delete', item: installed };
  if (!installed) return { type: 'add', item: desired };
  const newCookie = installed.kind === 'flow' && desired.kind === 'flow' && installed.cookie !== desired.cookie;
  if (!newCookie && installed.content === desired.content) return undefined;
  return { type: newCookie ? 'add' : 'modify', item: desired };
}

/** Meters and groups before the flows that use them, their removal after the flows that leave them. */
export function opOrder({ type, item }: Op): number {
  const rank = { meter: 0, group: 1, flow: 2 }[item.kind];
  return type === 'delete' ? 5 - rank : rank;
}

export function toMessage({ type, item }: Op, xid: number): FlowMod | GroupMod | MeterMod {
  if (item.kind === 'group') {
    const { groupId, groupType, buckets } = item;
    const command = { add: OFPGC.ADD, modify: OFPGC.MODIFY, delete: OFPGC.DELETE }[type];
    return groupMod({ xid, command, groupType, groupId, buckets: type === 'delete' ? [] : buckets });
  }
  if (item.kind === 'meter') {
    const { meterId, flags, bands } = item;
    const command = { add: OFPMC.ADD, modify: OFPMC.MODIFY, delete: OFPMC.DELETE }[type];
    return meterMod({ xid, command, meterId, flags, bands: type === 'delete' ? [] : bands });
  }
  const { tableId, priority, match, instructions, cookie } = item;
  const command = { add: OFPFC.ADD, modify: OFPFC.MODIFY_STRICT, delete: OFPFC.DELETE_STRICT }[type];
  return flowMod({
    xid,
    command,
    tableId,
    priority,
    match,
    cookie,
    // A delete or modify by key must not touch a rule of others that stands in the same place.
    cookieMask: type === 'add' ? 0n : 0xffffffffffffffffn,
    instructions: type === 'delete' ? [] : instructions,
    outPort: OFPP.ANY,
    outGroup: OFPG.ANY,
  });
}
