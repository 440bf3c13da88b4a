import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import type { ManualClock } from '../../core/manual-clock.ts';
import { createLogLimiter } from './log-limiter.ts';
import type { LogLimiter } from './log-limiter.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly n?: number;
  readonly peer?: string;
  readonly omitted?: number;
}

function open(): { clock: ManualClock; lines: Line[]; log: (peer: string, n: number) => void; limiter: LogLimiter } {
  const clock = createManualClock();
  const lines: Line[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as Line) });
  const limiter = createLogLimiter({ logger, clock, limits: { maxLogLines: 3, logWindowMs: 1_000, maxLogPeers: 2 } });
  const log = (peer: string, n: number): void => limiter.log({ level: 'info', peer, fields: { n }, message: 'closed' });
  return { clock, lines, log, limiter };
}

describe('The log of peers', () => {
  it('holds the first lines of each peer in a window, and then how many were left out', () => {
    const { clock, lines, log } = open();
    for (let n = 0; n < 100; n++) log('10.0.0.1', n);
    log('10.0.0.2', 7);
    expect(lines.map(({ n }) => n)).toEqual([0, 1, 2, 7]);
    clock.advance(1_000);
    expect(lines.slice(4)).toMatchObject([{ level: 40, peer: '10.0.0.1', omitted: 97 }]);
    log('10.0.0.1', 200);
    clock.advance(5_000);
    expect(lines.slice(5)).toMatchObject([{ n: 200, msg: 'closed' }]);
    expect(lines.length).toBe(6);
  });

  it('is bounded also where each line has a peer of its own', () => {
    const { clock, lines, log } = open();
    for (let n = 0; n < 1_000; n++) log(`10.0.0.${n}`, n);
    expect(lines.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    clock.advance(1_000);
    expect(lines.slice(5)).toMatchObject([{ peer: 'other peers', omitted: 995 }]);
  });

  it('tells what was left out when it stops, and never again', () => {
    const { clock, lines, log, limiter } = open();
    for (let n = 0; n < 5; n++) log('10.0.0.1', n);
    limiter.stop();
    expect(lines.at(-1)).toMatchObject({ omitted: 2 });
    const { length } = lines;
    clock.advance(10_000);
    limiter.stop();
    expect(lines.length).toBe(length);
  });
});
