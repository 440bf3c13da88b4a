/** The log on standard output: readable on a terminal, JSON lines otherwise. */
import { pino } from 'pino';
import type { Logger } from 'pino';
import { createLogWriter } from './log-writer.ts';

const STDOUT = 1;

export async function createLogger(level: string): Promise<Logger> {
  const format = process.stdout.isTTY ? await terminalFormat() : (line: string) => line;
  const writer = createLogWriter({ fd: STDOUT, lost: (count) => format(lostLine(count)) });
  process.on('exit', () => writer.flushSync());
  return pino({ level, base: null }, { write: (line) => writer.write(format(line)) });
}

function lostLine(count: number): string {
  const line = { level: pino.levels.values['warn'], time: Date.now(), lost: count, msg: 'Log lines that nobody read' };
  return `${JSON.stringify(line)}\n`;
}

/** pino-pretty's own way is a thread, for which a controller's few lines are no reason. */
async function terminalFormat(): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  return prettyFactory({ colorize: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' });
}
