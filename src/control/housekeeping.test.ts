import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { formatDpid } from '../core/ids.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { TABLES } from '../flows/pipeline.ts';
import type { ReadBack } from '../flows/reconcile/transport.ts';
import type { FlowStats, Match } from '../openflow/codec/index.ts';
import { buildEthernet } from '../packet/index.ts';
import { HostTracker } from '../topology/hosts/tracker.ts';
import { Network } from '../topology/network.ts';
import { portOf, switchOf } from '../topology/testing/facts.ts';
import type { NetworkView } from '../topology/view.ts';
import { AUDIT_INTERVAL_MS, SAVE_DELAY_MS, startHousekeeping } from './housekeeping.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
const P1: PortRef = { dpid: S1, port: 1 };
const M = 0x0200_0000_0001;
const HOST_TIMEOUT_MS = 40_000;

function start() {
  const clock = createManualClock();
  const network = new Network(clock);
  const hosts = new HostTracker({ network, clock, timeoutMs: HOST_TIMEOUT_MS, nameOf: () => undefined });
  /** Flows per switch; a switch without an entry cannot be read. */
  const flows = new Map<Dpid, FlowStats[]>();
  const audited: Dpid[] = [];
  const saved: { view: NetworkView; atMs: number }[] = [];
  /** What reading waits for. */
  let gate: Promise<void> = Promise.resolve();
  let saveTakesMs = 0;
  const reconciler = {
    audit: async (dpid: Dpid): Promise<ReadBack | undefined> => {
      audited.push(dpid);
      await gate;
      const found = flows.get(dpid);
      return found && { items: new Map(), flows: found, foreign: [], foreignCount: 0 };
    },
  };
  const housekeeping = startHousekeeping({
    network,
    hosts,
    reconciler,
    clock,
    logger: pino({ level: 'silent' }),
    save: (view) => {
      saved.push({ view, atMs: clock.now() });
      clock.block(saveTakesMs);
    },
  });
  return {
    clock,
    network,
    hosts,
    flows,
    audited,
    saved,
    housekeeping,
    hold: (until: Promise<void>) => {
      gate = until;
    },
    setSaveTime: (ms: number) => {
      saveTakesMs = ms;
    },
    /** Lets an interval pass and its audit come to its end. */
    round: async () => {
      clock.advance(AUDIT_INTERVAL_MS);
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      network.flush();
    },
    known: () => [...network.switches()].map(([dpid]) => dpid),
  };
}

function flow(tableId: number, match: Match, packetCount: bigint): FlowStats {
  const zero = { durationSec: 0, durationNsec: 0, idleTimeout: 0, hardTimeout: 0, flags: 0, cookie: 0n, byteCount: 0n };
  return { tableId, match, packetCount, priority: 1, instructions: [], ...zero };
}

function speaking(packetCount: bigint, ethSrc = M): FlowStats {
  return flow(TABLES.learn.id, { inPort: 1, ethSrc }, packetCount);
}

/** One switch with a host. */
async function withHost() {
  const world = start();
  world.network.setSwitch(S1, switchOf(S1, [portOf(1, 'host')]));
  world.network.flush();
  world.hosts.frame(buildEthernet({ ethDst: 1, ethSrc: M, etherType: 0x88b5, payload: new Uint8Array(4) }), P1);
  world.network.flush();
  return world;
}

describe('a host', () => {
  it('lives on while its rule counts on, and is forgotten when it does not', async () => {
    const world = await withHost();
    for (let packets = 1n; packets <= 5n; packets++) {
      world.flows.set(S1, [speaking(packets)]);
      await world.round();
      expect(world.network.host(M)).toBeDefined();
    }
    await world.round();
    expect(world.network.host(M)).toBeDefined();
    await world.round();
    expect(world.network.host(M)).toBeUndefined();
  });

  it('is not kept by a rule that never counted, of another table, or of another host', async () => {
    const world = await withHost();
    let count = 0n;
    for (let round = 0; round < 2; round++) {
      count += 5n;
      world.flows.set(S1, [speaking(0n), flow(TABLES.forward.id, { ethDst: M }, count), speaking(count, M + 1)]);
      await world.round();
    }
    expect(world.network.host(M)).toBeUndefined();
  });

  it('counts as speaking when its rule was put in anew and has counted since', async () => {
    const world = await withHost();
    for (const packets of [10n, 3n, 0n, 2n]) {
      world.flows.set(S1, [speaking(packets)]);
      await world.round();
    }
    expect(world.network.host(M)).toBeDefined();
  });

  it('is kept while its switch cannot be read', async () => {
    const world = await withHost();
    for (let round = 0; round < 5; round++) await world.round();
    expect(world.network.host(M)).toBeDefined();
    world.flows.set(S1, []);
    await world.round();
    expect(world.network.host(M)).toBeUndefined();
  });
});

describe('audits', () => {
  it('come at intervals, one after the other, however long they take', async () => {
    const world = await withHost();
    let release = (): void => {};
    world.hold(new Promise((resolve) => (release = resolve)));
    await world.round();
    await world.round();
    await world.round();
    expect(world.audited).toEqual([S1]);
    release();
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    await world.round();
    expect(world.audited).toEqual([S1, S1]);
  });

  it('go on after one that failed', async () => {
    const world = await withHost();
    const failed = Promise.reject(new Error('no'));
    failed.catch(() => {});
    world.hold(failed);
    await world.round();
    world.hold(Promise.resolve());
    await world.round();
    expect(world.audited).toEqual([S1, S1]);
  });

  it('end with stop', async () => {
    const world = await withHost();
    world.housekeeping.stop();
    await world.round();
    await world.round();
    expect(world.audited).toEqual([]);
  });
});

describe('saving', () => {
  const change = ({ network }: ReturnType<typeof start>, speedBps: number): void => {
    network.setPort(S1, 1, { ...portOf(1, 'host'), speedBps });
    network.flush();
  };

  it('follows a change soon, and many changes once', async () => {
    const world = await withHost();
    change(world, 1);
    change(world, 2);
    world.clock.advance(SAVE_DELAY_MS - 1);
    expect(world.saved).toHaveLength(0);
    world.clock.advance(1);
    expect(world.saved.map(({ view }) => view)).toEqual([world.network.view]);
    world.clock.advance(10 * SAVE_DELAY_MS);
    expect(world.saved).toHaveLength(1);
    change(world, 3);
    world.clock.advance(SAVE_DELAY_MS);
    expect(world.saved).toHaveLength(2);
  });

  it('takes no more than a small share of the time, however long one save takes', async () => {
    const world = await withHost();
    world.setSaveTime(100);
    for (let ms = 0; ms < 10_000; ms += 10) {
      change(world, ms);
      world.clock.advance(10);
    }
    expect(world.saved.length).toBeGreaterThanOrEqual(5);
    expect(world.saved.length * 100).toBeLessThanOrEqual(world.clock.now() / 8);
  });

  it('comes last of all when stopped, with what was not published yet', async () => {
    const world = await withHost();
    world.clock.advance(SAVE_DELAY_MS);
    world.network.setSwitch(S2, switchOf(S2, []));
    world.housekeeping.stop();
    expect(world.saved.at(-1)?.view.switches.has(S2)).toBe(true);
    const count = world.saved.length;
    change(world, 5);
    world.clock.advance(10_000);
    expect(world.saved).toHaveLength(count);
  });

  it('is left out when stopped and nothing changed', () => {
    const world = start();
    world.housekeeping.stop();
    expect(world.saved).toEqual([]);
  });
});
