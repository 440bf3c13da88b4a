/** Whether probes leave as often as was asked for; where they do not for long, silent links are found late, and people are told. */
import type { Clock } from '../../core/clock.ts';
import type { NoticeHandler } from '../../core/notice.ts';

/** When many switches come at once, their bursts are through in less. */
export const PATIENCE_MS = 5_000;
/** Later than this part of the interval counts. */
export const TOLERANCE = 0.2;
export const TOLD_EVERY_MS = 600_000;

export interface LatenessOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Probes that are sent in a second, at most. */
  readonly perSecond: number;
  readonly onNotice: NoticeHandler;
}

export class ProbeLateness {
  readonly #options: LatenessOptions;
  #onTimeAt: number;
  #toldAt = -Infinity;

  constructor(options: LatenessOptions) {
    this.#options = options;
    this.#onTimeAt = options.clock.now();
  }

  /** @param lateMs how long the probe has been due that has been so for longest */
  note(lateMs: number, ports: number): void {
    const { clock, intervalMs, perSecond, onNotice } = this.#options;
    const now = clock.now();
    if (lateMs <= intervalMs * TOLERANCE) this.#onTimeAt = now;
    if (now - this.#onTimeAt < PATIENCE_MS || now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    onNotice({
      type: 'probes.late',
      severity: 'warning',
      subject: {},
      message: `Links are probed more seldom than every ${intervalMs} ms: one that falls silent is found later.`,
      cause: `${ports} ports are to be probed, and ${perSecond.toLocaleString('en')} probes a second are sent at most: ask for a longer --probe-interval.`,
    });
  }
}
