/**
 * Conversations whose rules have just been sent. While those are on their way more of their packets come up: they are sent on
 * and cause no rules. A table of fixed size; what does not fit any more is forgotten, and costs the same rules once again.
 */
import type { ConversationKey } from './conversation-key.ts';

/** Rules are there long before; a rule that was refused or deleted by hand is sent again after this. */
export const RECENT_MS = 250;
/** A power of two: conversations that can begin within RECENT_MS, several times over; 1.3 MB. */
const PLACES = 1 << 16;
/** Places that are looked at: the nearest are in one cache line. */
const PROBES = 4;

export class RecentConversations {
  readonly #hash = new Int32Array(PLACES);
  readonly #otherHash = new Int32Array(PLACES);
  /** The switch where the packet came up. */
  readonly #ingress = new Int32Array(PLACES);
  readonly #at = new Float64Array(PLACES).fill(-Infinity);

  /** @param now monotonic milliseconds */
  has(key: ConversationKey, ingress: number, now: number): boolean {
    const start = placeOf(key, ingress);
    for (let probe = 0; probe < PROBES; probe++) {
      const place = (start + probe) & (PLACES - 1);
      if (this.#holds(place, key, ingress)) return now - this.#at[place]! < RECENT_MS;
    }
    return false;
  }

  /** Notes it, in place of the oldest where all its places are taken. */
  add(key: ConversationKey, ingress: number, now: number): void {
    const start = placeOf(key, ingress);
    let chosen = start;
    for (let probe = 0; probe < PROBES; probe++) {
      const place = (start + probe) & (PLACES - 1);
      if (this.#holds(place, key, ingress)) {
        chosen = place;
        break;
      }
      if (this.#at[place]! < this.#at[chosen]!) chosen = place;
    }
    this.#hash[chosen] = key.hash;
    this.#otherHash[chosen] = key.otherHash;
    this.#ingress[chosen] = ingress;
    this.#at[chosen] = now;
  }

  /** Rules were taken away: whoever comes up again needs new ones at once. */
  clear(): void {
    this.#at.fill(-Infinity);
  }

  #holds(place: number, key: ConversationKey, ingress: number): boolean {
    return (
      this.#hash[place] === key.hash && this.#otherHash[place] === key.otherHash && this.#ingress[place] === ingress
    );
  }
}

function placeOf({ hash, otherHash }: ConversationKey, ingress: number): number {
  return (hash ^ Math.imul(otherHash, 0x27d4eb2f) ^ Math.imul(ingress, 0x165667b1)) & (PLACES - 1);
}
