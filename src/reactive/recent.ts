/**
 * Conversations whose rules have just been sent. While those are on their way more of their packets come up: they are sent on
 * and cause no rules. A table of fixed size; what does not fit any more is forgotten, and costs the same rules once again.
 */
import type { ConversationKey } from './conversation-key.ts';

/** Rules are there long before; a rule that was refused or deleted by hand is sent again after this. */
export const RECENT_MS = 250;
/** A power of two: conversations that can begin within RECENT_MS, several times over; 1 MB. */
const PLACES = 1 << 16;
/** Of one place: the two hashes, the switch where the packet came up, and when, in milliseconds. */
const WORDS = 4;
/** Places that a conversation may have: 64 bytes, which are looked at in one go. */
const SET = 4;
const SET_WORDS = SET * WORDS;
/** No switch. */
const EMPTY = -1;

export class RecentConversations {
  readonly #table = new Int32Array(PLACES * WORDS).fill(EMPTY);

  /** @param now monotonic milliseconds */
  has(key: ConversationKey, ingress: number, now: number): boolean {
    const at = this.#find(key, ingress);
    return at >= 0 && this.#age(at, now) < RECENT_MS;
  }

  /** Notes it, in place of the oldest where all its places are taken. */
  add(key: ConversationKey, ingress: number, now: number): void {
    const table = this.#table;
    const found = this.#find(key, ingress);
    const at = found >= 0 ? found : this.#oldest(startOf(key, ingress), now);
    table[at] = key.hash;
    table[at + 1] = key.otherHash;
    table[at + 2] = ingress;
    table[at + 3] = now;
  }

  /** Rules were taken away: whoever comes up again needs new ones at once. */
  clear(): void {
    this.#table.fill(EMPTY);
  }

  /** -1 where it is not noted. */
  #find(key: ConversationKey, ingress: number): number {
    const table = this.#table;
    const { hash, otherHash } = key;
    const start = startOf(key, ingress);
    for (let at = start; at < start + SET_WORDS; at += WORDS) {
      if (table[at] === hash && table[at + 1] === otherHash && table[at + 2] === ingress) return at;
    }
    return -1;
  }

  #oldest(start: number, now: number): number {
    let oldest = start;
    for (let at = start; at < start + SET_WORDS; at += WORDS) {
      if (this.#table[at + 2] === EMPTY) return at;
      if (this.#age(at, now) > this.#age(oldest, now)) oldest = at;
    }
    return oldest;
  }

  /** Right over the wrap of 32 bits, too. */
  #age(at: number, now: number): number {
    return ((now | 0) - this.#table[at + 3]!) | 0;
  }
}

/** Where its places begin. */
function startOf({ hash, otherHash }: ConversationKey, ingress: number): number {
  const mixed = hash ^ Math.imul(otherHash, 0x27d4eb2f) ^ Math.imul(ingress, 0x165667b1);
  return (mixed & (PLACES / SET - 1)) * SET_WORDS;
}
