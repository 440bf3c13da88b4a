/**
 * Frames that are still on their way to a switch which is to send back where they come from. A switch sends nothing out of the port
 * it came in by (section 7.2.5), so they would be lost: where the old way still works, turning round waits for them.
 */
import type { Clock } from '../../core/clock.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Item } from '../items.ts';
import type { Cabling } from './cabling.ts';
import type { SwitchState } from './state.ts';
import type { Place } from './waits.ts';

/** A frame may be so long between two switches that are not busy: a cable in a lab takes less. */
export const ON_THE_WAY_MS = 60;
/** However long a switch took, others are not held up longer than this. */
const LONGEST_MS = 1_000;

/**
 * How long frames that a switch was sending when it took a change in may still be on their way. What keeps a switch from
 * confirming keeps it from sending too: Open vSwitch in userspace does both in one thread.
 *
 * @param tookMs from sending the change to its confirmation
 * @param hops how many switches they may have to pass
 */
export function onTheWayMs(tookMs: number, hops = 1): number {
  return Math.min(LONGEST_MS, Math.max(ON_THE_WAY_MS, 2 * tookMs * hops));
}

interface Context {
  readonly states: ReadonlyMap<Dpid, SwitchState>;
  readonly cabling: Cabling;
}

/** What stood under a key and what stands there now, once a switch has confirmed it. */
export interface Confirmed {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly tookMs: number;
}

export class Drains {
  readonly #clock: Clock;
  readonly #onDrained: (place: Place) => void;
  /** Until when frames may still come, by group, sender and receiver. */
  readonly #until = new Map<string, number>();

  /** @param onDrained is told the place that `place` gave, when what waits there may go */
  constructor(clock: Clock, onDrained: (place: Place) => void) {
    this.#clock = clock;
    this.#onDrained = onDrained;
  }

  /** A switch has confirmed that a group of its own is another now, or gone; it took so long. */
  confirmed(dpid: Dpid, { before, after, tookMs }: Confirmed): void {
    if (before?.kind !== 'group') return;
    const now = after?.kind === 'group' ? after.after : [];
    const waitMs = onTheWayMs(tookMs);
    const until = this.#clock.now() + waitMs;
    for (const { dpid: to } of before.after) {
      if (now.some((other) => other.dpid === to)) continue;
      const name = nameOf(before.key, dpid, to);
      if ((this.#until.get(name) ?? 0) >= until) continue;
      this.#until.set(name, until);
      this.#clock.after(waitMs, () => {
        if (this.#until.get(name) !== until) return;
        this.#until.delete(name);
        this.#onDrained(placeOf(before.key, dpid));
      });
    }
  }

  /** Where to wait before a switch sends to `next` by a group; undefined where nothing is on its way from there. */
  placeFor(key: string, dpid: Dpid, next: readonly PortRef[]): Place | undefined {
    if (this.#until.size === 0) return undefined;
    const from = next.find((ref) => this.#until.has(nameOf(key, ref.dpid, dpid)));
    return from && placeOf(key, from.dpid);
  }
}

/** Whether frames that a switch sends by a group, as it holds it, still arrive. */
export function leadsOn(dpid: Dpid, key: string, { states, cabling }: Context): boolean {
  const seen = new Set<Dpid>();
  const follow = (from: Dpid): boolean => {
    const group = states.get(from)?.installed?.get(key);
    if (group?.kind !== 'group') return from !== dpid;
    if (seen.has(from)) return false;
    seen.add(from);
    return group.after.some((ref) => cabling.isLive(ref) && follow(ref.dpid));
  };
  return follow(dpid);
}

function nameOf(key: string, from: Dpid, to: Dpid): string {
  return `${key} ${from} ${to}`;
}

function placeOf(key: string, from: Dpid): Place {
  return { dpid: from, key: `${key} drained` };
}
