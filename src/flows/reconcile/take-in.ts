/** What a read of a switch means for what is known of it: what is installed, what differs, what someone else changed. */
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import { Installed } from './installed.ts';
import { CAUSE } from './monitor.ts';
import type { SwitchState } from './state.ts';
import type { ReadBack } from './transport.ts';

export interface Reading {
  readonly desired: ReadonlyMap<string, Item>;
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly wall: number;
  /**
   * 'attach': the session is new, what differs is nobody's fault. 'audit': all is put right. 'doubt': all but what is
   * fought over, which only audits put right.
   */
  readonly why: 'attach' | 'audit' | 'doubt';
}

/** Takes the place of all that was believed. */
export function takeIn(state: SwitchState, readBack: ReadBack, reading: Reading): void {
  const { desired, wall } = reading;
  const { items } = readBack;
  if (reading.why !== 'attach') noteDrift(state, items, reading);
  state.inFlight = new Map();
  state.contested.clear();
  state.dirty.clear();
  state.waiting.clear();
  for (const [key, item] of items) {
    const wish = desired.get(key);
    // Where they are the same the desired one is kept: it knows its owner and what must come after it.
    if (wish && sameItem(item, wish)) items.set(key, wish);
    else markDirty(state, key, reading);
  }
  for (const key of desired.keys()) if (!items.has(key)) markDirty(state, key, reading);
  for (const key of state.repairs.keys()) {
    if (sameItem(items.get(key), desired.get(key))) state.repairs.undone(key);
  }
  state.refused.prune(desired);
  state.installed = new Installed(items);
  state.foreign.reset(readBack.foreign, readBack.foreignCount);
  state.readAt = wall;
}

/** What is neither as it was believed nor as it shall be was changed by someone else. Of what was in flight nothing was believed. */
function noteDrift(state: SwitchState, items: ReadonlyMap<string, Item>, { desired, now }: Reading): void {
  const { installed: before = new Map<string, Item>(), inFlight, repairs } = state;
  for (const [key, item] of items) {
    const believed = before.get(key);
    if (sameItem(item, believed) || inFlight.has(key) || sameItem(item, desired.get(key))) continue;
    repairs.drifted(key, believed ? CAUSE.foundChanged : CAUSE.foundAdded, now);
  }
  for (const key of before.keys()) {
    if (!items.has(key) && desired.has(key) && !inFlight.has(key)) repairs.drifted(key, CAUSE.foundMissing, now);
  }
}

function markDirty(state: SwitchState, key: string, { why, now }: Reading): void {
  if (why !== 'doubt' || !state.repairs.isWar(key, now)) state.dirty.add(key);
}
