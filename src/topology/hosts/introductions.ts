/**
 * A host that was only seen is asked whether it answers, while nothing depends on it: when it speaks elsewhere one day, its
 * silence at its old place tells at once that it has moved. Who never answered anything must be judged by counters, which
 * takes longer.
 */
import type { Mac } from '../../core/addresses.ts';
import type { Clock } from '../../core/clock.ts';

/** From the first sight to the first question, since most tell their address by themselves; and to the next, if that got lost. */
const ASK_AFTER_MS = [50, 1_000] as const;
/** Hosts asked in one go, with a rest between: 200 a second. A flood of senders that never were takes no more. */
export const MAX_ASKED_AT_ONCE = 8;
const REST_MS = 40;
/** Hosts that wait for a question; those beyond are judged by counters. */
export const MAX_WAITING = 4_096;

export interface IntroductionsOptions {
  readonly clock: Clock;
  /** Whether it is worth asking: it is still there, and not known to answer. */
  readonly isUnknown: (mac: Mac) => boolean;
  readonly ask: (mac: Mac) => void;
}

export class Introductions {
  readonly #options: IntroductionsOptions;
  /** When each host is to be asked, for the first and for the second time; each in order. */
  readonly #due: readonly Map<Mac, number>[] = ASK_AFTER_MS.map(() => new Map<Mac, number>());
  #isRunning = false;

  constructor(options: IntroductionsOptions) {
    this.#options = options;
  }

  add(mac: Mac): void {
    if (this.#options.isUnknown(mac)) this.#put(mac, 0);
  }

  #put(mac: Mac, turn: number): void {
    const due = this.#due[turn];
    const waitMs = ASK_AFTER_MS[turn];
    if (!due || waitMs === undefined || due.has(mac) || due.size >= MAX_WAITING) return;
    due.set(mac, this.#options.clock.now() + waitMs);
    if (!this.#isRunning) this.#rest();
  }

  #rest(): void {
    this.#isRunning = this.#due.some(({ size }) => size > 0);
    if (this.#isRunning) this.#options.clock.after(REST_MS, () => this.#askSome());
  }

  #askSome(): void {
    const { clock, isUnknown, ask } = this.#options;
    const now = clock.now();
    let asked = 0;
    for (const [turn, due] of this.#due.entries()) {
      for (const [mac, at] of due) {
        if (at > now || asked >= MAX_ASKED_AT_ONCE) break;
        due.delete(mac);
        if (!isUnknown(mac)) continue;
        ask(mac);
        asked++;
        this.#put(mac, turn + 1);
      }
    }
    this.#rest();
  }
}
