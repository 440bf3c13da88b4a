import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatDpid, linkId } from '../core/ids.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { HostTracker } from '../topology/hosts/tracker.ts';
import type { Remembered } from '../topology/memory.ts';
import { Network } from '../topology/network.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { isReturning, watchPresence } from './presence.ts';

const [S1, S2, S3] = [1n, 2n, 3n].map(formatDpid) as [Dpid, Dpid, Dpid];
const [T1, T2] = [11n, 12n].map(formatDpid) as [Dpid, Dpid];
const MAC = 0x0200_0000_0001;

function setUp() {
  const clock = createManualClock();
  const network = new Network(clock);
  const memory: Remembered = { version: 0, switches: new Map(), links: new Map(), hosts: [] };
  const hosts = new HostTracker({ network, clock, timeoutMs: 1_000_000, nameOf: () => undefined });
  const forgotten: Dpid[] = [];
  let woken = 0;
  const reconciler = { forget: (dpid: Dpid) => void forgotten.push(dpid), wake: () => void woken++ };
  const startedAt = clock.wall();
  const logger = pino({ level: 'silent' });
  const presence = watchPresence({ network, hosts, reconciler, memory, startedAt, clock, logger });
  for (const dpid of [S1, S2, S3]) {
    network.setSwitch(dpid, {
      ...switchOf(dpid, [portOf(1, 'fabric'), portOf(2, 'fabric'), portOf(3, 'host')]),
      connectedSince: startedAt,
    });
  }
  for (const [one, other] of [
    [S1, S2],
    [S2, S3],
  ] as const) {
    const [a, b] = [
      { dpid: one, port: 1 },
      { dpid: other, port: 2 },
    ];
    network.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
  }
  hosts.restore(hostAt(MAC, { dpid: S3, port: 3 }), []);
  network.flush();
  const lose = (dpid: Dpid, since = startedAt): void => {
    network.setSwitch(dpid, { ...network.switch(dpid)!, connected: false, connectedSince: since });
    network.flush();
  };
  return { clock, network, memory, forgotten, lose, presence, startedAt, woken: () => woken };
}

describe('a switch without a session', () => {
  let world: ReturnType<typeof setUp>;
  beforeEach(() => {
    world = setUp();
  });

  it('is led around after a moment, and kept while a neighbour is connected', () => {
    world.lose(S2);
    world.clock.advance(1_500);
    expect(world.network.switch(S2)?.away).toBe(false);
    world.clock.advance(2_000);
    expect(world.network.switch(S2)?.away).toBe(true);
    world.clock.advance(500_000);
    expect(world.forgotten).toEqual([]);
    world.clock.advance(120_000);
    expect(world.forgotten).toEqual([S2]);
  });

  it('is given longer where it was connected before this run: it has its backoff to wait for', () => {
    world.lose(S2, world.startedAt - 1);
    world.clock.advance(14_000);
    expect(world.network.switch(S2)?.away).toBe(false);
    world.clock.advance(3_000);
    expect(world.network.switch(S2)?.away).toBe(true);
  });

  it('is forgotten soon, and remembered, where no connected switch leads to it', () => {
    for (const dpid of [S1, S2, S3]) world.lose(dpid);
    world.clock.advance(15_000);
    expect(world.forgotten).toEqual([S1, S2, S3]);
    world.network.flush();
    expect(world.network.view).toMatchObject({ switches: new Map(), links: new Map(), hosts: new Map() });
    expect([...world.memory.switches.keys()]).toEqual([S1, S2, S3]);
    expect(world.memory.links.size).toBe(2);
    expect(world.memory.hosts.map(({ mac }) => mac)).toEqual([MAC]);
  });

  it.each([
    ['at once', 0],
    ['when the old one is half forgotten', 6_000],
  ])('is forgotten with its links and hosts though another network has come, %s', (_, afterMs) => {
    const { network, clock } = world;
    for (const dpid of [S1, S2, S3]) world.lose(dpid);
    clock.advance(afterMs);
    const [a, b] = [T1, T2].map((dpid) => ({ dpid, port: 1 })) as [PortRef, PortRef];
    for (const dpid of [T1, T2]) network.setSwitch(dpid, switchOf(dpid, [portOf(1, 'fabric')]));
    network.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
    clock.advance(12_500 - afterMs);
    network.flush();
    expect([...network.view.switches.keys()]).toEqual([T1, T2]);
    expect([...network.view.links.keys()]).toEqual([linkId(a, b)]);
    expect(network.view.hosts.size).toBe(0);
  });

  it('carries nothing any more soon after its network has ended', () => {
    for (const dpid of [S1, S2, S3]) world.lose(dpid);
    world.clock.advance(4_000);
    for (const { away } of world.network.view.switches.values()) expect(away).toBe(true);
  });

  it('has leftovers kept until all have returned, and not for ever', () => {
    const { network, clock, startedAt } = world;
    expect(isReturning(network, clock, startedAt)).toBe(false);
    world.lose(S3, startedAt - 1);
    expect(isReturning(network, clock, startedAt)).toBe(true);
    const before = world.woken();
    clock.advance(17_000);
    expect(isReturning(network, clock, startedAt)).toBe(false);
    expect(world.woken()).toBeGreaterThanOrEqual(before);
  });
});
