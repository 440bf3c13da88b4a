/** The log: readable on a terminal, JSON lines otherwise. */
import { pino } from 'pino';
import type { Logger } from 'pino';

export function createLogger(level: string): Logger {
  if (!process.stdout.isTTY) return pino({ level, base: null });
  const options = { colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' };
  return pino({ level, transport: { target: 'pino-pretty', options } });
}
