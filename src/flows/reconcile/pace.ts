/** How soon one switch may be read again: seldom where it keeps giving cause for doubt, less and less where it does not answer. */

/** After a read. A rule repaired by way of a read is still repaired soon. */
export const REST_MS = 100;
/** After lost answers and failed reads the rest doubles up to this: a busy switch is not asked more than it can answer. */
export const MAX_REST_MS = 10_000;

/** All times in monotonic milliseconds. */
export class Pace {
  #restUntil = 0;
  /** Since the last commit or audit that was answered. */
  #failures = 0;

  get restUntil(): number {
    return this.#restUntil;
  }

  isResting(now: number): boolean {
    return now < this.#restUntil;
  }

  /** The answer to a commit was lost. The first time it is read at once: its neighbours wait for what it may hold. */
  lost(now: number): void {
    this.failed(now);
    if (this.#failures === 1) this.#restUntil = now;
  }

  /** A read failed. */
  failed(now: number): void {
    this.#failures++;
    this.#restUntil = now + Math.min(REST_MS * 2 ** this.#failures, MAX_REST_MS);
  }

  /** A read went well. */
  wasRead(now: number): void {
    this.#restUntil = now + REST_MS;
  }

  /** It does its work: a commit or an audit was answered. */
  recovered(): void {
    this.#failures = 0;
  }

  reset(): void {
    this.#restUntil = 0;
    this.#failures = 0;
  }
}
