/** A control channel for tests: it keeps order, takes its time, and can be held up at the switch. */
import type { Clock } from '../../core/clock.ts';

export class TestChannel {
  /** From the controller to the switch, and back. */
  toSwitchMs = 0;
  toControllerMs = 0;
  readonly #clock: Clock;
  #held: (() => void)[] | undefined;
  #lastThereAt = 0;
  #lastBackAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The switch works through nothing until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const work of held) work();
  }

  /** Calls `work` when the switch has come to what is sent now. */
  toSwitch(work: () => void): void {
    this.#lastThereAt = Math.max(this.#lastThereAt, this.#clock.now() + this.toSwitchMs);
    this.#at(this.#lastThereAt, () => {
      if (this.#held) this.#held.push(work);
      else work();
    });
  }

  /** Calls `work` when the controller hears what the switch tells now. */
  toController(work: () => void): void {
    this.#lastBackAt = Math.max(this.#lastBackAt, this.#clock.now() + this.toControllerMs);
    this.#at(this.#lastBackAt, work);
  }

  #at(time: number, work: () => void): void {
    this.#clock.after(time - this.#clock.now(), work);
  }
}
