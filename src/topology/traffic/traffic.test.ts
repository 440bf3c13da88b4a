import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import { counted } from '../testing/counted.ts';
import type { Counted } from '../testing/counted.ts';
import { NOT_COUNTED } from './counters.ts';
import { Traffic } from './traffic.ts';

const INTERVAL = 2_000;
const A = { dpid: '000000000000000a', port: 1 };
const B = { dpid: '000000000000000b', port: 2 };
const LINK = { a: A, b: B };

function start() {
  const clock = createManualClock();
  const traffic = new Traffic(clock);
  /** An answer of the switch at a port, that port alone in it. */
  const tell = ({ dpid, port }: typeof A, counts: Counted, livedMs?: number): void =>
    traffic.answered({ dpid, ports: [counted(port, counts, livedMs)], intervalMs: INTERVAL });
  return { clock, traffic, tell };
}

describe('the rates of a port', () => {
  it('take two answers, and are bytes by the time between them', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 5_000, txBytes: 0 });
    expect(traffic.portRates(A)).toBeUndefined();
    clock.advance(500);
    tell(A, { rxBytes: 6_000, txBytes: 250 });
    expect(traffic.portRates(A)).toEqual({ rxBps: 16_000, txBps: 4_000, overMs: 500 });
    expect(traffic.portRates(B)).toBeUndefined();
    expect(traffic.portRates({ ...A, port: 2 })).toBeUndefined();
  });

  it('are averages over two spans by their lengths, and forget what was before', () => {
    const { clock, traffic, tell } = start();
    const rates = [];
    for (const [ms, bytes] of [
      [0, 0],
      [1_000, 1_000],
      [3_000, 4_000],
      [1_000, 4_000],
      [1_000, 4_000],
    ] as const) {
      clock.advance(ms);
      tell(A, { rxBytes: bytes });
      rates.push(traffic.portRates(A)?.rxBps);
    }
    expect(rates).toEqual([undefined, 8_000, 8_000, 6_000, 0]);
  });

  it('tell all that was counted, however answers fall', () => {
    const step = fc.record({ ms: fc.integer({ min: 100, max: 3_000 }), bytes: fc.nat({ max: 1e9 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 20 }), (steps) => {
        const { clock, traffic, tell } = start();
        let total = 0;
        tell(A, { txBytes: total });
        for (const { ms, bytes } of steps) {
          clock.advance(ms);
          tell(A, { txBytes: (total += bytes) });
        }
        const { txBps = 0, overMs = 0 } = traffic.portRates(A) ?? {};
        const last = steps.slice(-2).reduce((sum, { bytes }) => sum + bytes, 0);
        expect((txBps * overMs) / 8_000).toBeCloseTo(last, 3);
      }),
    );
  });

  it("go by the switch's own clock, so that an answer that waited for us makes no false rate", () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 0 }, 10_000);
    clock.advance(1_500);
    tell(A, { rxBytes: 1_000 }, 11_000);
    expect(traffic.portRates(A)).toMatchObject({ rxBps: 8_000, overMs: 1_000 });
  });

  it('go by ours where that of the switch cannot be', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 0 }, 10_000);
    clock.advance(1_000);
    tell(A, { rxBytes: 1_000 }, 60_000);
    expect(traffic.portRates(A)).toMatchObject({ rxBps: 8_000, overMs: 1_000 });
  });

  it('begin anew where counters went back, and where the port is another one by its age', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 9_000 });
    clock.advance(1_000);
    tell(A, { rxBytes: 1_000 });
    expect(traffic.portRates(A)).toBeUndefined();
    clock.advance(1_000);
    tell(A, { rxBytes: 2_000 }, 50_000);
    expect(traffic.portRates(A)?.rxBps).toBe(8_000);
    clock.advance(1_000);
    tell(A, { rxBytes: 90_000 }, 300);
    expect(traffic.portRates(A)).toBeUndefined();
  });

  it('go on over a counter that wraps', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 2 ** 32 - 500 }, 5_000);
    clock.advance(1_000);
    tell(A, { rxBytes: 500 }, 6_000);
    expect(traffic.portRates(A)?.rxBps).toBe(8_000);
  });

  it('are not known in the direction that the switch does not count', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: NOT_COUNTED, txBytes: 0 });
    clock.advance(1_000);
    tell(A, { rxBytes: NOT_COUNTED, txBytes: 0 });
    expect(traffic.portRates(A)).toEqual({ rxBps: undefined, txBps: 0, overMs: 1_000 });
  });

  it('end after three intervals of silence, and the next answer is a first one', () => {
    const { clock, traffic, tell } = start();
    tell(A, { rxBytes: 0 });
    clock.advance(INTERVAL);
    tell(A, { rxBytes: 1_000 });
    clock.advance(3 * INTERVAL - 1);
    expect(traffic.portRates(A)).toBeDefined();
    expect(traffic.counters(A.dpid)).toHaveLength(1);
    clock.advance(1);
    expect(traffic.portRates(A)).toBeUndefined();
    expect(traffic.counters(A.dpid)).toEqual([]);
    tell(A, { rxBytes: 900_000 });
    expect(traffic.portRates(A)).toBeUndefined();
    clock.advance(INTERVAL);
    tell(A, { rxBytes: 900_000 });
    expect(traffic.portRates(A)?.rxBps).toBe(0);
  });

  it('end when the port is not in an answer, and when the switch is forgotten', () => {
    const { clock, traffic, tell } = start();
    const both = (): void => {
      traffic.answered({ dpid: A.dpid, ports: [counted(1), counted(2)], intervalMs: INTERVAL });
      clock.advance(1_000);
    };
    both();
    both();
    expect(traffic.portRates({ ...A, port: 2 })).toBeDefined();
    tell(A, {});
    expect(traffic.portRates({ ...A, port: 2 })).toBeUndefined();
    expect(traffic.portRates(A)).toBeDefined();
    traffic.forget(A.dpid);
    expect(traffic.portRates(A)).toBeUndefined();
    expect(traffic.counters(A.dpid)).toEqual([]);
  });
});

describe('the rates of a link', () => {
  it('are what its ends send, or what the other end receives where one is silent', () => {
    const { clock, traffic, tell } = start();
    for (const share of [0, 1]) {
      tell(A, { txBytes: 1_000 * share, rxBytes: 190 * share });
      tell(B, { txBytes: 200 * share, rxBytes: 990 * share });
      if (share === 0) clock.advance(1_000);
    }
    expect(traffic.linkRates(LINK)).toEqual({ aToBBps: 8_000, bToABps: 1_600 });
    expect(traffic.rateOut(LINK, B)).toBe(1_600);
    traffic.forget(A.dpid);
    expect(traffic.linkRates(LINK)).toEqual({ aToBBps: 7_920, bToABps: 1_600 });
    traffic.forget(B.dpid);
    expect(traffic.linkRates(LINK)).toEqual({ aToBBps: undefined, bToABps: undefined });
  });

  it('keep their directions where a switch is cabled to itself', () => {
    const { clock, traffic } = start();
    const loop = { a: A, b: { ...A, port: 2 } };
    for (const share of [0, 1]) {
      const ports = [counted(1, { txBytes: 100 * share }), counted(2, { txBytes: 200 * share })];
      traffic.answered({ dpid: A.dpid, ports, intervalMs: INTERVAL });
      if (share === 0) clock.advance(1_000);
    }
    expect(traffic.linkRates(loop)).toEqual({ aToBBps: 800, bToABps: 1_600 });
  });
});
