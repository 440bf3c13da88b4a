/** What a unit puts where, and what is another after it ran again: of a unit that wants much, little is. */
import type { Dpid } from '../../core/ids.ts';
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';

/** One item and the switches that shall hold it: thousands of rules are the same on every switch. */
export interface Placed {
  readonly where: readonly Dpid[];
  readonly item: Item;
}

export interface PlacedChange {
  /** What the unit has now: items that stayed the same are the objects they were. */
  readonly now: readonly Placed[];
  readonly gone: readonly Placed[];
  readonly come: readonly Placed[];
}

const NONE: readonly never[] = [];

export function changePlaced(before: readonly Placed[], after: readonly Placed[]): PlacedChange {
  if (before.length === 0) return { now: after, gone: NONE, come: after };
  const others = after.filter(({ item, where }, index) => {
    const old = before[index];
    return old?.item !== item || !sameList(old.where, where);
  });
  if (others.length === 0 && before.length === after.length) return { now: after, gone: NONE, come: NONE };
  if (others.length === after.length) return compare(before, after);
  // Most stand where they stood, and are the same objects.
  const kept = new Set(after);
  for (const placed of others) kept.delete(placed);
  const left = before.filter((_, index) => !kept.has(after[index]!));
  const { now, gone, come } = compare(left, others);
  return { now: [...kept, ...now], gone, come };
}

function compare(before: readonly Placed[], after: readonly Placed[]): PlacedChange {
  const left = new Map<string, Placed[]>();
  for (const placed of before) {
    const alike = left.get(placed.item.key);
    if (alike) alike.push(placed);
    else left.set(placed.item.key, [placed]);
  }
  const now: Placed[] = [];
  const gone: Placed[] = [];
  const come: Placed[] = [];
  for (const placed of after) {
    const alike = left.get(placed.item.key);
    const index = alike?.findIndex(({ item }) => isSame(item, placed.item)) ?? -1;
    const [old] = index < 0 ? NONE : alike!.splice(index, 1);
    if (!old) {
      now.push(placed);
      come.push(placed);
      continue;
    }
    now.push({ item: old.item, where: placed.where });
    if (sameList(old.where, placed.where)) continue;
    const { left: leaves, joined } = moveOf(old.where, placed.where);
    gone.push({ item: old.item, where: leaves });
    come.push({ item: old.item, where: joined });
  }
  for (const alike of left.values()) gone.push(...alike);
  return { now, gone, come };
}

interface Move {
  readonly to: readonly Dpid[];
  readonly left: readonly Dpid[];
  readonly joined: readonly Dpid[];
}

/** By the list that was left: all hosts of a switch move from one list to one other. */
const moves = new WeakMap<readonly Dpid[], Move>();

function moveOf(from: readonly Dpid[], to: readonly Dpid[]): Move {
  const known = moves.get(from);
  if (known?.to === to) return known;
  const move = { to, left: without(from, to), joined: without(to, from) };
  moves.set(from, move);
  return move;
}

/** The same to a switch, and to those who order changes among switches. */
function isSame(x: Item, y: Item): boolean {
  if (!sameItem(x, y)) return false;
  return x.kind === 'meter' || y.kind === 'meter' || x.after === y.after || sameRefs(x.after, y.after);
}

function sameRefs(x: readonly { dpid: Dpid; port: number }[], y: readonly { dpid: Dpid; port: number }[]): boolean {
  return (
    x.length === y.length && x.every(({ dpid, port }, index) => dpid === y[index]!.dpid && port === y[index]!.port)
  );
}

function sameList(x: readonly Dpid[], y: readonly Dpid[]): boolean {
  return x === y || (x.length === y.length && x.every((dpid, index) => dpid === y[index]));
}

function without(all: readonly Dpid[], others: readonly Dpid[]): readonly Dpid[] {
  const left = new Set(others);
  return all.filter((dpid) => !left.has(dpid));
}
