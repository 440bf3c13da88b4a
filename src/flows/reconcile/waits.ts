/**
 * Which change waits for what: a key that cannot go out yet is not looked at again before something happened to what holds it
 * up. Without this every confirmation would have all switches plan all their keys again.
 */
import type { Dpid } from '../../core/ids.ts';
import type { SwitchState } from './state.ts';

/** A key on a switch: installed or desired there may become another. */
export interface Place {
  readonly dpid: Dpid;
  readonly key: string;
}

interface Waiter {
  readonly state: SwitchState;
  readonly key: string;
}

export class Waits {
  readonly #waiters = new Map<Dpid, Map<string, Waiter[]>>();

  /** Takes a key out of the switch's dirty ones until something happens at one of the places. */
  wait(state: SwitchState, key: string, places: readonly Place[]): void {
    state.dirty.delete(key);
    state.waiting.add(key);
    const waiter = { state, key };
    for (const place of places) {
      let keys = this.#waiters.get(place.dpid);
      if (!keys) this.#waiters.set(place.dpid, (keys = new Map()));
      const others = keys.get(place.key);
      if (others) others.push(waiter);
      else keys.set(place.key, [waiter]);
    }
  }

  /** Something happened to a key on a switch: what waited for it is looked at again. */
  release(dpid: Dpid, key: string): void {
    const keys = this.#waiters.get(dpid);
    const waiters = keys?.get(key);
    if (!waiters) return;
    keys?.delete(key);
    for (const waiter of waiters) free(waiter);
  }

  /** Anything may have happened on a switch. */
  releaseAll(dpid: Dpid): void {
    for (const waiters of this.#waiters.get(dpid)?.values() ?? []) for (const waiter of waiters) free(waiter);
    this.#waiters.delete(dpid);
  }

  /** Anything may have happened anywhere. */
  releaseEverything(): void {
    for (const dpid of this.#waiters.keys()) this.releaseAll(dpid);
  }
}

/** Once: it may have waited at several places. */
function free({ state, key }: Waiter): void {
  if (state.waiting.delete(key)) state.dirty.add(key);
}
