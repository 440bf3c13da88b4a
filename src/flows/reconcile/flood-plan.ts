/**
 * Changes to how one switch floods: its group and its in-port rules move together, cut down to the ports that the gate allows
 * now. A port is flooded on and from, or neither.
 */
import { groupItem } from '../items.ts';
import type { GroupItem, Item } from '../items.ts';
import { FLOOD_KEY, floodPortsOf, floodRuleKeys, isFloodKey } from './flood-gate.ts';
import type { FloodGate } from './flood-gate.ts';
import { opFor } from './op.ts';
import type { Op } from './op.ts';
import { isRefused } from './state.ts';
import type { SwitchState } from './state.ts';

/** Ready changes to flooding. Its keys leave `dirty` when all is as desired. */
export function planFlood(state: SwitchState, desired: ReadonlyMap<string, Item>, gate: FloodGate): Op[] {
  const dirty = [...state.dirty].filter(isFloodKey);
  const { installed } = state;
  if (dirty.length === 0 || !installed) return [];
  const group = desired.get(FLOOD_KEY);
  const wanted = floodPortsOf(group);
  const allowed = gate.allowed(state.dpid, wanted);
  const keys = new Set([FLOOD_KEY, ...dirty]);
  for (const port of [...wanted, ...floodPortsOf(installed.get(FLOOD_KEY))]) {
    for (const key of floodRuleKeys(port)) keys.add(key);
  }
  const withheld = new Set(wanted.filter((port) => !allowed.has(port)).flatMap(floodRuleKeys));
  const ops: Op[] = [];
  for (const key of keys) {
    const wish = wishFor(key, desired.get(key), { allowed, withheld });
    const op = isRefused(state, key, wish) ? undefined : opFor(installed.get(key), wish);
    if (op) ops.push(op);
  }
  if (ops.length === 0 && withheld.size === 0) for (const key of dirty) state.dirty.delete(key);
  return ops;
}

interface Limits {
  readonly allowed: ReadonlySet<number>;
  /** Keys of the in-port rules that have to wait. */
  readonly withheld: ReadonlySet<string>;
}

function wishFor(key: string, wish: Item | undefined, { allowed, withheld }: Limits): Item | undefined {
  if (withheld.has(key)) return undefined;
  return key === FLOOD_KEY && wish?.kind === 'group' ? narrowed(wish, allowed) : wish;
}

/** The flood group cut down to the ports that are allowed. */
function narrowed(item: GroupItem, allowed: ReadonlySet<number>): GroupItem {
  const buckets = item.buckets.filter(({ actions }) =>
    actions.some((action) => action.type === 'output' && allowed.has(action.port)),
  );
  return buckets.length === item.buckets.length ? item : groupItem({ ...item, buckets });
}
