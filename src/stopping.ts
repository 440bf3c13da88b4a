/** How the controller ends: by a signal, once, and at once for whoever does not want to wait. */
import type { Logger } from 'pino';
import type { Clock } from './core/clock.ts';

/** Long enough to close every session; then the process ends all the same. */
const STOP_DEADLINE_MS = 5_000;
/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm. */
const SAME_KEYPRESS_MS = 300;
/** What a process ended by a signal exits with: 128 and the signal's number, as shells have it. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof EXIT_BY_SIGNAL;
export const STOP_SIGNALS = Object.keys(EXIT_BY_SIGNAL) as readonly StopSignal[];

export interface StopperOptions {
  /** Ends what is under way, in order. */
  readonly stop: () => Promise<void>;
  readonly exit: (code: number) => void;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What each signal is handed to: the first lets what is under way end, the second does not wait for it. */
export function createStopper({ stop, exit, logger, clock }: StopperOptions): (signal: StopSignal) => void {
  let stoppingSince: number | undefined;

  async function end(): Promise<number> {
    try {
      await stop();
      logger.info('stopped');
      return 0;
    } catch (error) {
      logger.error({ err: error }, 'did not stop cleanly');
      return 1;
    }
  }

  function tooLate(): void {
    logger.error({ seconds: STOP_DEADLINE_MS / 1_000 }, 'did not stop in time');
    exit(1);
  }

  return (signal) => {
    if (stoppingSince !== undefined) {
      if (clock.now() - stoppingSince >= SAME_KEYPRESS_MS) exit(EXIT_BY_SIGNAL[signal]);
      return;
    }
    stoppingSince = clock.now();
    logger.info({ signal }, 'stopping: switches forward on with what they hold');
    clock.after(STOP_DEADLINE_MS, tooLate);
    void end().then(exit);
  };
}
