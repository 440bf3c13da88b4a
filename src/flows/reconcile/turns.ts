/** Work on many things in shares of the event loop's time: between two shares sockets and timers have their turn. */
import type { Clock } from '../../core/clock.ts';

/** Planning for one large switch takes about as long; a probe that comes in meanwhile is hardly late. */
export const TURN_MS = 5;

export interface TurnsOptions<T> {
  readonly clock: Pick<Clock, 'now'>;
  readonly work: (item: T) => void;
  /** Milliseconds after which the rest waits for the next turn; one thing is done in any case. */
  readonly turnMs?: number;
}

/** Each thing waits at most once, and is worked on in the order in which it came. */
export class Turns<T> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #work: (item: T) => void;
  readonly #turnMs: number;
  readonly #waiting = new Set<T>();
  #queued = false;

  constructor({ clock, work, turnMs = TURN_MS }: TurnsOptions<T>) {
    this.#clock = clock;
    this.#work = work;
    this.#turnMs = turnMs;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  add(item: T): void {
    this.#waiting.add(item);
    if (this.#queued) return;
    this.#queued = true;
    setImmediate(() => this.#turn());
  }

  remove(item: T): void {
    this.#waiting.delete(item);
  }

  #turn(): void {
    this.#queued = false;
    const until = this.#clock.now() + this.#turnMs;
    // What is added while working waits for the next turn, or one thing that adds itself would never let go.
    const share = [...this.#waiting];
    for (const item of share) {
      if (!this.#waiting.delete(item)) continue;
      this.#work(item);
      if (this.#clock.now() >= until) break;
    }
    const [next] = this.#waiting;
    if (next !== undefined) this.add(next);
  }
}
