/** The least of what was measured lately: delays are only ever lengthened by chance, so the least is the truest. */

/** What is older than two of these does not count any more. */
const HALF_WINDOW_MS = 5_000;

export class WindowedMin {
  #current = Infinity;
  #previous = Infinity;
  #startedAt = -Infinity;
  /** Since the last `clear`. */
  samples = 0;

  add(value: number, now: number): void {
    this.#turn(now);
    this.samples++;
    if (value < this.#current) this.#current = value;
  }

  /** Undefined where nothing was measured within the window. */
  value(now: number): number | undefined {
    this.#turn(now);
    const least = Math.min(this.#current, this.#previous);
    return least === Infinity ? undefined : least;
  }

  clear(): void {
    this.#current = this.#previous = Infinity;
    this.samples = 0;
  }

  #turn(now: number): void {
    const age = now - this.#startedAt;
    if (age < HALF_WINDOW_MS) return;
    this.#previous = age < 2 * HALF_WINDOW_MS ? this.#current : Infinity;
    this.#current = Infinity;
    this.#startedAt = now;
  }
}
