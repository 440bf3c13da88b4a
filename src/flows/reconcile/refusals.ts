/**
 * Changes that one switch refused. The same change is sent again only when it may pass: after a while that doubles each time,
 * or when the group or meter that it needs came. Another wish for the same place is free at once.
 */
import { sameItem } from '../items.ts';
import type { Item } from '../items.ts';
import { referencesOf } from '../references.ts';
import type { Op } from './op.ts';
import type { Refused } from './report.ts';
import type { Refusal } from './transport.ts';

/** To the first new attempt: a table may have room in a moment. */
export const FIRST_RETRY_MS = 1_000;
/** Between later attempts at most: what was put right by hand is seen within a minute. */
export const MAX_RETRY_MS = 60_000;

export interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly wall: number;
}

interface Entry {
  readonly op: Op;
  readonly reason: string;
  readonly since: number;
  readonly attempts: number;
  /** Monotonic; undefined where waiting does not help. */
  readonly dueAt: number | undefined;
  readonly retryAt: number | undefined;
  /** False once it may be tried again. */
  waiting: boolean;
}

export class Refusals {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** Takes a refusal down; true where it is news: another change or another reason than before. */
  note({ op, reason, mayPass }: Refusal, { now, wall }: Moment): boolean {
    const { key } = op.item;
    const before = this.#entries.get(key);
    const again = before !== undefined && sameChange(before.op, op);
    const attempts = again ? before.attempts + 1 : 1;
    const delay = mayPass ? Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS) : undefined;
    this.#entries.set(key, {
      op,
      reason,
      since: again ? before.since : wall,
      attempts,
      dueAt: delay === undefined ? undefined : now + delay,
      retryAt: delay === undefined ? undefined : wall + delay,
      waiting: true,
    });
    return !again || before.reason !== reason;
  }

  /** True where just this was refused and it is not time to try again. `wish` undefined stands for a removal. */
  blocks(key: string, wish: Item | undefined): boolean {
    const entry = this.#entries.get(key);
    if (!entry?.waiting) return false;
    const { type, item } = entry.op;
    return wish === undefined ? type === 'delete' : type !== 'delete' && sameItem(item, wish);
  }

  /** The switch took a change under this key. Returns the keys that were refused while they lacked it: they may go now. */
  taken(key: string): string[] {
    this.#entries.delete(key);
    const freed: string[] = [];
    for (const [other, entry] of this.#entries) {
      if (!entry.waiting || entry.op.type === 'delete' || !referencesOf(entry.op.item).includes(key)) continue;
      entry.waiting = false;
      freed.push(other);
    }
    return freed;
  }

  /** Something else is wanted under this key: what was refused before counts no more. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Keys whose time has come: they may be tried again. */
  due(now: number): string[] {
    const keys: string[] = [];
    for (const [key, entry] of this.#entries) {
      if (!entry.waiting || entry.dueAt === undefined || entry.dueAt > now) continue;
      entry.waiting = false;
      keys.push(key);
    }
    return keys;
  }

  /** When the next is due, in monotonic milliseconds. */
  nextDueAt(): number | undefined {
    let next: number | undefined;
    for (const { waiting, dueAt } of this.#entries.values()) {
      if (waiting && dueAt !== undefined && (next === undefined || dueAt < next)) next = dueAt;
    }
    return next;
  }

  /** What is still wanted of them: a refusal may come when something else is desired already. */
  list(desired: ReadonlyMap<string, Item>): Refused[] {
    return [...this.#entries.values()]
      .filter((entry) => isWanted(entry, desired))
      .map(({ op, reason, since, retryAt }) => ({ item: op.item, reason, since, retryAt }));
  }

  /** Forgets what is wanted no more. */
  prune(desired: ReadonlyMap<string, Item>): void {
    for (const [key, entry] of this.#entries) if (!isWanted(entry, desired)) this.#entries.delete(key);
  }
}

function isWanted({ op }: Entry, desired: ReadonlyMap<string, Item>): boolean {
  return desired.has(op.item.key) === (op.type !== 'delete');
}

/** The same wish; whether it was to be an addition or a modification does not matter. */
function sameChange(x: Op, y: Op): boolean {
  return (x.type === 'delete') === (y.type === 'delete') && sameItem(x.item, y.item);
}
