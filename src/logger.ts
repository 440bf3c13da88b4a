/** The log on standard output: readable on a terminal, JSON lines otherwise. */
import { pino } from 'pino';
import type { Logger } from 'pino';

/** Lines that wait for a terminal that is held (Ctrl-S) or a pipe that nobody reads: some 20,000, then lines are lost. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

export async function createLogger(level: string): Promise<Logger> {
  // Whoever does not read the log must not hold up the controller. What waits is written when the process exits.
  const out = pino.destination({ sync: false, maxLength: MAX_WAITING_BYTES });
  if (!process.stdout.isTTY) return pino({ level, base: null }, out);
  // Formatted here: pino-pretty's own way is a thread, for which a controller's few lines are no reason.
  const { prettyFactory } = await import('pino-pretty');
  const options = { colorize: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' };
  const format = prettyFactory(options);
  return pino({ level }, { write: (line) => void out.write(format(line)) });
}
