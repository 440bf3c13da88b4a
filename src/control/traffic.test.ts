import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../core/manual-clock.ts';
import type { Dpid } from '../core/ids.ts';
import { OFPP } from '../openflow/codec/index.ts';
import type { PortStats } from '../openflow/codec/index.ts';
import { Network } from '../topology/network.ts';
import { Traffic } from '../topology/traffic/traffic.ts';
import { portOf, switchOf } from '../topology/testing/facts.ts';
import { dpidOf } from '../topology/testing/graphs.ts';
import { CONGESTED_BYTES, MAX_ASKED, POLL_TIMEOUT_MS, pollTraffic, toCounters } from './traffic.ts';

const INTERVAL = 2_000;

function statsOf(bytes: number): PortStats {
  const none = { rxErrors: 0n, txErrors: 0n, rxFrameErr: 0n, rxOverErr: 0n, rxCrcErr: 0n, collisions: 0n };
  const counts = { rxPackets: 0n, txPackets: 0n, rxBytes: BigInt(bytes), txBytes: 0n, rxDropped: 0n, txDropped: 0n };
  return { portNo: 1, ...counts, ...none, durationSec: 0xffff_ffff, durationNsec: 0xffff_ffff };
}

/** A session that counts 1,000 bytes from one question to the next, and answers at once unless it is held. */
class CountingSession {
  readonly askedAt: number[] = [];
  queuedBytes = 0;
  held = false;
  failing = false;
  open = 0;
  readonly #now: () => number;
  #waiting: (() => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  async multipart(kind: string, body: unknown, options?: { timeoutMs?: number }): Promise<never> {
    expect([kind, body, options?.timeoutMs]).toEqual(['portStats', { portNo: OFPP.ANY }, POLL_TIMEOUT_MS]);
    this.askedAt.push(this.#now());
    this.open++;
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.open--;
    if (this.failing) throw new Error('it does not count');
    return [statsOf(this.askedAt.length * 1_000)] as never;
  }

  answer(): void {
    for (const each of this.#waiting.splice(0)) each();
  }
}

function start(options: { intervalMs?: number } = {}) {
  const { intervalMs = INTERVAL } = options;
  const clock = createManualClock();
  const network = new Network(clock);
  const traffic = new Traffic(clock);
  const sessions = new Map<Dpid, CountingSession>();
  const stop = pollTraffic({
    network,
    traffic,
    sessionOf: (dpid) => sessions.get(dpid),
    clock,
    logger: pino({ enabled: false }),
    intervalMs,
  });
  const connect = (index: number): CountingSession => {
    const session = new CountingSession(() => clock.now());
    sessions.set(dpidOf(index), session);
    network.setSwitch(dpidOf(index), switchOf(dpidOf(index), [portOf(1, 'host')]));
    network.flush();
    return session;
  };
  const disconnect = (index: number): void => {
    sessions.delete(dpidOf(index));
    network.setSwitch(dpidOf(index), { ...switchOf(dpidOf(index), []), connected: false });
    network.flush();
  };
  /** Moves time in small steps, so that answers are taken in between. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10) {
      clock.advance(Math.min(10, left));
      await settle();
    }
  };
  return { clock, network, traffic, sessions, stop, connect, disconnect, pass };
}

/** Promises that are kept already run to their end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]!);
}

describe('polling', () => {
  it('asks each connected switch once in an interval, and makes rates of its answers', async () => {
    const { traffic, connect, pass } = start();
    const session = connect(0);
    await pass(3 * INTERVAL + 10);
    expect(session.askedAt).toHaveLength(4);
    expect(new Set(gaps(session.askedAt))).toEqual(new Set([INTERVAL]));
    expect(traffic.portRates({ dpid: dpidOf(0), port: 1 })).toMatchObject({ rxBps: 4_000, txBps: 0 });
    expect(traffic.polls).toEqual({ answered: 4, failed: 0, deferred: 0 });
  });

  it('spreads many switches over the interval, however many there are', async () => {
    const { connect, pass } = start();
    const all = Array.from({ length: 200 }, (_, index) => connect(index));
    await pass(3 * INTERVAL);
    const perSlot = Array<number>(20).fill(0);
    for (const { askedAt } of all) {
      expect(askedAt.length).toBeGreaterThanOrEqual(2);
      perSlot[Math.floor(((askedAt[1]! % INTERVAL) / INTERVAL) * 20)]! += 1;
    }
    // Ten in each twentieth of the interval, give or take.
    expect(Math.max(...perSlot)).toBeLessThanOrEqual(13);
    expect(Math.min(...perSlot)).toBeGreaterThanOrEqual(7);
  });

  it('has one question open to each switch, and few over all; the others have their turn later', async () => {
    const { connect, pass } = start();
    const all = Array.from({ length: 40 }, (_, index) => connect(index));
    for (const each of all) each.held = true;
    await pass(INTERVAL);
    const open = (): number => all.reduce((sum, each) => sum + each.open, 0);
    expect(open()).toBe(MAX_ASKED);
    expect(Math.max(...all.map((each) => each.open))).toBe(1);
    for (let round = 0; round < 10; round++) {
      for (const each of all) each.answer();
      await settle();
      expect(open()).toBeLessThanOrEqual(MAX_ASKED);
    }
    expect(all.every(({ askedAt }) => askedAt.length === 1)).toBe(true);
  });

  it('asks one that is slow less and less, down to every eighth time, and as before once it is quick', async () => {
    const { connect, pass, traffic } = start();
    const session = connect(0);
    session.held = true;
    await pass(10);
    for (let round = 0; round < 5; round++) {
      await pass(INTERVAL * 0.6);
      session.answer();
      const count = session.askedAt.length;
      while (session.askedAt.length === count) await pass(10);
    }
    expect(gaps(session.askedAt).map((ms) => Math.round(ms / INTERVAL))).toEqual([2, 4, 8, 8, 8]);
    expect(traffic.portRates({ dpid: dpidOf(0), port: 1 })).toBeDefined();
    session.held = false;
    session.answer();
    await pass(INTERVAL * 20);
    expect(gaps(session.askedAt).slice(-2)).toEqual([INTERVAL, INTERVAL]);
  });

  it('asks one that fails less often, counts that, and goes on', async () => {
    const { connect, pass, traffic } = start();
    const session = connect(0);
    session.failing = true;
    await pass(INTERVAL * 15);
    expect(gaps(session.askedAt)).toEqual([2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL]);
    expect(traffic.polls).toEqual({ answered: 0, failed: 4, deferred: 0 });
    session.failing = false;
    await pass(INTERVAL * 30);
    expect(traffic.portRates({ dpid: dpidOf(0), port: 1 })?.rxBps).toBe(4_000);
  });

  it('asks nothing of a switch that has much to read already', async () => {
    const { connect, pass, traffic } = start();
    const session = connect(0);
    session.queuedBytes = CONGESTED_BYTES + 1;
    await pass(INTERVAL * 7);
    expect(session.askedAt).toEqual([]);
    expect(traffic.polls.deferred).toBe(3);
    session.queuedBytes = CONGESTED_BYTES;
    await pass(INTERVAL * 8);
    expect(session.askedAt.length).toBeGreaterThan(0);
  });

  it('stops asking when the switch is gone, and begins anew with its next session', async () => {
    const { connect, disconnect, pass, traffic, network } = start();
    const at = { dpid: dpidOf(0), port: 1 };
    connect(0);
    await pass(INTERVAL + 10);
    expect(traffic.portRates(at)).toBeDefined();
    disconnect(0);
    await pass(INTERVAL * 4);
    expect(traffic.portRates(at)).toBeUndefined();
    const second = connect(0);
    await pass(INTERVAL - 10);
    expect(second.askedAt).toHaveLength(1);
    expect(traffic.portRates(at)).toBeUndefined();
    await pass(INTERVAL);
    expect(traffic.portRates(at)?.rxBps).toBe(4_000);
    network.setSwitch(dpidOf(0), undefined);
    network.flush();
    expect(traffic.counters(dpidOf(0))).toEqual([]);
  });

  it('makes no rate of two sessions, even of one that took over at once', async () => {
    const { connect, pass, traffic } = start();
    connect(0);
    await pass(INTERVAL + 10);
    const second = connect(0);
    await pass(INTERVAL);
    expect(second.askedAt).toHaveLength(1);
    expect(traffic.portRates({ dpid: dpidOf(0), port: 1 })).toBeUndefined();
  });

  it('does not take in what a session answers after another has taken its place', async () => {
    const { connect, pass, traffic } = start();
    const first = connect(0);
    first.held = true;
    await pass(10);
    connect(0);
    first.answer();
    await settle();
    expect(traffic.counters(dpidOf(0))).toEqual([]);
  });

  it('tells when a round is over, at most once a second, until it is stopped', async () => {
    for (const [intervalMs, rounds] of [
      [INTERVAL, 5],
      [200, 10],
    ] as const) {
      const { traffic, pass, stop, connect } = start({ intervalMs });
      let count = 0;
      traffic.onRound(() => count++);
      const session = connect(0);
      await pass(10_000);
      expect(count).toBe(rounds);
      stop();
      const asked = session.askedAt.length;
      await pass(10_000);
      expect([count, session.askedAt.length]).toEqual([rounds, asked]);
    }
  });

  it('does nothing where the interval is 0', async () => {
    const { connect, pass } = start({ intervalMs: 0 });
    const session = connect(0);
    await pass(10_000);
    expect(session.askedAt).toEqual([]);
  });
});

describe("a port's statistics", () => {
  it('have an age where the switch says one', () => {
    const stats = statsOf(5);
    expect(toCounters(stats).livedMs).toBeUndefined();
    expect(toCounters({ ...stats, durationSec: 0, durationNsec: 0 }).livedMs).toBeUndefined();
    expect(toCounters({ ...stats, durationSec: 2, durationNsec: 500_000_000 })).toMatchObject({
      port: 1,
      rxBytes: 5n,
      livedMs: 2_500,
    });
  });
});
