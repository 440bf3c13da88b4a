/** When a peer was last heard, and whether it is heard again. */
import type { Clock } from '../../core/clock.ts';

export class LifeSigns {
  /** The clock's milliseconds at the last bytes that came. */
  lastAt: number;
  readonly #clock: Clock;
  #waiting: ((heard: boolean) => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.lastAt = clock.now();
  }

  /** Bytes came. */
  heard(): void {
    this.lastAt = this.#clock.now();
    if (this.#waiting.length > 0) this.#settle(true);
  }

  /** Nothing more will come. */
  end(): void {
    this.#settle(false);
  }

  /** True at the next bytes; false where none come within `ms`, or the connection ends before. */
  within(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (heard: boolean): void => {
        cancel();
        resolve(heard);
      };
      // Bytes that wait in the kernel are read before judging: it may have been us who were busy.
      const cancel = this.#clock.after(ms, () => setImmediate(() => this.#giveUp(settle)));
      this.#waiting.push(settle);
    });
  }

  #giveUp(settle: (heard: boolean) => void): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== settle);
    settle(false);
  }

  #settle(heard: boolean): void {
    for (const settle of this.#waiting.splice(0)) settle(heard);
  }
}
