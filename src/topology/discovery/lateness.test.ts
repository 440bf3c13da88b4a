import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import type { Notice } from '../../core/notice.ts';
import { formatDpid } from '../../core/ids.ts';
import { TestFabric } from '../testing/fabric.ts';
import { PATIENCE_MS, ProbeLateness, TOLERANCE, TOLD_EVERY_MS } from './lateness.ts';

const INTERVAL_MS = 250;
const LATE_MS = INTERVAL_MS * TOLERANCE + 1;

describe('probes that leave late', () => {
  it('are told of when it lasts, and then seldom', () => {
    const clock = createManualClock();
    const told: Notice[] = [];
    const onNotice = (notice: Notice): void => void told.push(notice);
    const lateness = new ProbeLateness({ clock, intervalMs: INTERVAL_MS, perSecond: 20_000, onNotice });
    const pass = (ms: number, lateMs: number): void => {
      for (let passed = 0; passed < ms; passed += 20) {
        clock.advance(20);
        lateness.note(lateMs, 9_000);
      }
    };
    pass(PATIENCE_MS - 20, LATE_MS);
    pass(20, LATE_MS - 1);
    pass(PATIENCE_MS - 20, LATE_MS);
    expect(told).toEqual([]);
    pass(20, LATE_MS);
    expect(told).toMatchObject([{ type: 'probes.late', severity: 'warning' }]);
    expect(told[0]!.message).toContain('every 250 ms');
    pass(TOLD_EVERY_MS - 20, LATE_MS);
    expect(told).toHaveLength(1);
    pass(20, LATE_MS);
    expect(told).toHaveLength(2);
  });

  it('are noticed where there are more links than can be probed', () => {
    // 40 ports every 50 ms would be 16 probes in each 20 ms.
    const fabric = new TestFabric(50, 10);
    const ports = Array.from({ length: 20 }, (_, index) => index + 1);
    const [a, b] = [1n, 2n].map(formatDpid) as [string, string];
    for (const port of ports) fabric.cable({ dpid: a, port }, { dpid: b, port });
    fabric.connect(a, ports);
    fabric.connect(b, ports);
    fabric.clock.advance(PATIENCE_MS - 100);
    expect(fabric.notices).toEqual([]);
    fabric.clock.advance(3_000);
    expect(fabric.notices).toMatchObject([{ type: 'probes.late' }]);
  });
});
