/** Log lines about peers, so many each and no more: one that reconnects forever must not drown the others, or fill the disk. */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { SessionLimits } from './limits.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevel;
  /** Lines of one peer are counted together. */
  readonly peer: string;
  readonly fields: object;
  /** The same for every line of a kind; what differs stands in the fields. */
  readonly message: string;
}

export interface LogLimiter {
  log(line: LogLine): void;
  /** Tells what was left out so far, and holds no timer any longer. */
  stop(): void;
}

export interface LogLimiterOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly limits: Pick<SessionLimits, 'maxLogLines' | 'logWindowMs' | 'maxLogPeers'>;
}

const OTHERS = 'other peers';

export function createLogLimiter({ logger, clock, limits }: LogLimiterOptions): LogLimiter {
  /** Lines of each peer in this window. */
  const counts = new Map<string, number>();
  let cancelWindow: (() => void) | undefined;

  function log({ level, peer, fields, message }: LogLine): void {
    cancelWindow ??= clock.after(limits.logWindowMs, endWindow);
    const key = counts.has(peer) || counts.size < limits.maxLogPeers ? peer : OTHERS;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= limits.maxLogLines) logger[level](fields, message);
  }

  function endWindow(): void {
    cancelWindow?.();
    cancelWindow = undefined;
    for (const [peer, count] of counts) {
      const omitted = count - limits.maxLogLines;
      if (omitted <= 0) continue;
      const seconds = limits.logWindowMs / 1_000;
      logger.warn(
        { peer, omitted },
        `Lines about this peer were left out of the log, over ${limits.maxLogLines} in ${seconds} s: see its own log, or keep it from this port`,
      );
    }
    counts.clear();
  }

  return { log, stop: endWindow };
}
