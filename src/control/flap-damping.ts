/**
 * Damps what goes up and down too often, as RFC 2439 does with routes: every loss adds a penalty that decays by half-lives.
 * Above one threshold the thing is held down, and below another, when it has been quiet for a while, it is let go.
 */
import type { Clock } from '../core/clock.ts';

const PENALTY = 1_000;
/** Six losses within a moment, or one every half second for ever (RFC 7196 section 4 advises 6,000). */
const SUPPRESS = 6_000;
const REUSE = 750;
/** However long it went on: four half-lives of quiet are enough. */
const CEILING = 12_000;
const HALF_LIFE_MS = 2_000;
/** Beyond this many, those that have been quiet are cleared out. */
const MANY = 4_096;
/** A penalty as small as this changes nothing any more. */
const NEGLIGIBLE = 100;

export interface FlapDamperOptions {
  readonly clock: Clock;
  /** It has been quiet for long enough. */
  readonly onRelease: (key: string) => void;
}

interface Entry {
  penalty: number;
  /** When the penalty was this. */
  at: number;
  /** Losses since it was quiet last. */
  losses: number;
  cancel: (() => void) | undefined;
}

export class FlapDamper {
  readonly #options: FlapDamperOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: FlapDamperOptions) {
    this.#options = options;
  }

  isHeld(key: string): boolean {
    return this.#entries.get(key)?.cancel !== undefined;
  }

  /** Losses since it was quiet last. */
  losses(key: string): number {
    return this.#entries.get(key)?.losses ?? 0;
  }

  /** It was lost once more. True where it is to be held down from now on. */
  lost(key: string): boolean {
    const entry = this.#entry(key);
    this.#decay(entry);
    entry.penalty = Math.min(entry.penalty + PENALTY, CEILING);
    entry.losses++;
    if (entry.cancel || entry.penalty < SUPPRESS) return false;
    this.#hold(key, entry);
    return true;
  }

  stop(): void {
    for (const { cancel } of this.#entries.values()) cancel?.();
    this.#entries.clear();
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= MANY) this.#clearOut();
    const entry: Entry = { penalty: 0, at: this.#options.clock.now(), losses: 0, cancel: undefined };
    this.#entries.set(key, entry);
    return entry;
  }

  #decay(entry: Entry): void {
    const now = this.#options.clock.now();
    entry.penalty *= 2 ** ((entry.at - now) / HALF_LIFE_MS);
    entry.at = now;
    if (!entry.cancel && entry.penalty < NEGLIGIBLE) entry.losses = 0;
  }

  /** One timer, set anew only when it has run out: a loss while held costs nothing but a number. */
  #hold(key: string, entry: Entry): void {
    const waitMs = HALF_LIFE_MS * Math.log2(entry.penalty / REUSE);
    entry.cancel = this.#options.clock.after(Math.ceil(waitMs), () => {
      this.#decay(entry);
      if (entry.penalty > REUSE) {
        this.#hold(key, entry);
        return;
      }
      entry.cancel = undefined;
      this.#options.onRelease(key);
    });
  }

  #clearOut(): void {
    for (const [key, entry] of this.#entries) {
      this.#decay(entry);
      if (!entry.cancel && entry.penalty < NEGLIGIBLE) this.#entries.delete(key);
    }
  }
}
