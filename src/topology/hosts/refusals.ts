/** Who was turned away is not looked at again at once, and not told of each time. */
import type { Clock } from '../../core/clock.ts';

/** One that was turned away is looked at again after this; each time in a row it takes twice as long. */
export const FIRST_HOLD_MS = 500;
const MAX_HOLD_MS = 8_000;
/** That many in a row are long past: it begins anew. */
const MEMORY_MS = 60_000;
/** One that is turned away again and again is told of this often. */
const TELL_EVERY_MS = 30_000;
/** Kept in mind: of more, those that were turned away longest ago are forgotten. */
export const MAX_REFUSALS = 4_096;

interface Refusal {
  readonly at: number;
  readonly holdMs: number;
  readonly toldAt: number;
}

/** @template K who, or what about */
export class Refusals<K> {
  readonly #clock: Clock;
  /** In the order of the last time. */
  readonly #refusals = new Map<K, Refusal>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True where it is not to be looked at now. */
  hold(key: K): boolean {
    const refusal = this.#refusals.get(key);
    return refusal !== undefined && this.#clock.now() < refusal.at + refusal.holdMs;
  }

  /** It was turned away. True where that should be told. */
  note(key: K): boolean {
    const at = this.#clock.now();
    const before = this.#refusals.get(key);
    const isNew = before === undefined || at - before.at > MEMORY_MS;
    const tell = before === undefined || at - before.toldAt >= TELL_EVERY_MS;
    this.#refusals.delete(key);
    this.#refusals.set(key, {
      at,
      holdMs: isNew ? FIRST_HOLD_MS : Math.min(before.holdMs * 2, MAX_HOLD_MS),
      toldAt: tell ? at : before.toldAt,
    });
    const [oldest] = this.#refusals.keys();
    if (this.#refusals.size > MAX_REFUSALS && oldest !== undefined) this.#refusals.delete(oldest);
    return tell;
  }
}
