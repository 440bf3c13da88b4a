import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import type { Ip } from '../../core/addresses.ts';
import { portKey } from '../../core/ids.ts';
import { portOf, switchOf } from '../testing/facts.ts';
import { P1, P2, Q1, S1, S2, TestSegment } from '../testing/segment.ts';
import { HostProber, MAX_FRAMES_AT_ONCE, MAX_SEARCHES, MAX_WANTED, MAX_WANTED_FRAMES_AT_ONCE } from './prober.ts';

const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;

function start(wanted?: () => Iterable<Ip>) {
  const world = new TestSegment();
  const { network, hosts, clock } = world;
  const send = (out: typeof P1, frame: Uint8Array): boolean => world.send(out, frame);
  const prober = new HostProber({ network, hosts, clock, send, ...(wanted ? { wanted } : {}) });
  return { world, prober };
}

/** Lets what a promise's settling leads to come to its end. */
async function settled<T>(promise: Promise<T>): Promise<T | 'pending'> {
  const pending = Promise.resolve().then(() => 'pending' as const);
  return Promise.race([promise, pending.then(() => pending)]);
}

describe('a silent host', () => {
  it.each([
    ['IPv4', IP],
    ['IPv6', IP6],
  ])('is found by its %s address, wherever it is', async (_, ip) => {
    const { world, prober } = start();
    world.machine(M, [ip], Q1);
    const found = prober.find(ip);
    expect(await settled(found)).toBe('pending');
    world.clock.advance(50);
    expect(await settled(found)).toMatchObject({ mac: M, at: Q1, ips: [ip] });
    expect(world.sent.map(({ out }) => portKey(out)).sort()).toEqual([P1, P2, Q1].map(portKey));
  });

  it('is asked for again where a frame was lost', async () => {
    const { world, prober } = start();
    const found = prober.find(IP);
    world.clock.advance(400);
    world.machine(M, [IP], P2);
    world.clock.advance(200);
    expect(await settled(found)).toMatchObject({ at: P2 });
  });

  it('is asked for first where it was last', () => {
    const { world, prober } = start();
    void prober.find(IP, { near: Q1 });
    void prober.find(IP + 1, { near: { dpid: S2, port: 77 } });
    world.clock.advance(50);
    expect(world.sent.map(({ out }) => portKey(out)).slice(0, 3)).toEqual([Q1, P1, P2].map(portKey));
    expect(world.sent).toHaveLength(6);
  });

  it('that is known is not asked for', async () => {
    const { world, prober } = start();
    world.announce(world.machine(M, [IP], P1));
    expect(await prober.find(IP)).toMatchObject({ mac: M });
    world.clock.advance(5_000);
    expect(world.sent).toEqual([]);
  });

  it('that is not there is looked for as long as was said, and not at once again', async () => {
    const { world, prober } = start();
    const [short, long] = [prober.find(IP, { timeoutMs: 100 }), prober.find(IP, { timeoutMs: 1_000 })];
    world.clock.advance(99);
    expect(await settled(short)).toBe('pending');
    world.clock.advance(1);
    expect(await settled(short)).toBeUndefined();
    expect(await settled(long)).toBe('pending');
    world.clock.advance(1_900);
    expect(await settled(long)).toBeUndefined();
    expect(world.sent).toHaveLength(6);
    expect(await prober.find(IP)).toBeUndefined();
    expect(world.sent).toHaveLength(6);
    world.machine(M, [IP], P1);
    world.clock.advance(5_000);
    const again = prober.find(IP);
    world.clock.advance(50);
    expect(await settled(again)).toMatchObject({ mac: M });
  });

  it('is found by all that wait for it, and by what it says itself', async () => {
    const { world, prober } = start();
    const waiting = [prober.find(IP), prober.find(IP)];
    world.clock.advance(300);
    world.announce(world.machine(M, [IP], P1));
    for (const found of waiting) expect(await settled(found)).toMatchObject({ mac: M });
  });
});

describe('bounds', () => {
  it('hold for frames at once, however many ports and searches there are, and every port is asked', () => {
    const { world, prober } = start();
    const ports = Array.from({ length: 200 }, (_, index) => portOf(index + 1, 'host'));
    world.network.setSwitch(S1, switchOf(S1, ports));
    world.network.flush();
    for (let i = 0; i < MAX_SEARCHES; i++) void prober.find(IP + i);
    world.clock.advance(400);
    const perMoment = new Map<number, number>();
    for (const { atMs } of world.sent) perMoment.set(atMs, (perMoment.get(atMs) ?? 0) + 1);
    expect(Math.max(...perMoment.values())).toBeLessThanOrEqual(MAX_FRAMES_AT_ONCE);
    expect(world.sent.length).toBeGreaterThan(1_000);
    expect(new Set(world.sent.slice(0, 201).map(({ out }) => portKey(out))).size).toBe(201);
  });

  it('hold for searches', async () => {
    const { prober } = start();
    for (let i = 0; i < MAX_SEARCHES; i++) void prober.find(IP + i);
    expect(await prober.find(IP - 1)).toBeUndefined();
  });

  it('leave out ports of switches without a session', () => {
    const { world, prober } = start();
    world.disconnect(S1);
    void prober.find(IP);
    world.clock.advance(50);
    expect(world.sent.map(({ out }) => portKey(out))).toEqual([portKey(Q1)]);
  });

  it('end with stop', async () => {
    const { world, prober } = start(() => [IP]);
    const found = prober.find(IP + 1);
    prober.stop();
    expect(await settled(found)).toBeUndefined();
    world.clock.advance(60_000);
    expect(world.sent).toEqual([]);
  });
});

describe('what is wanted', () => {
  it('is looked for at once when told to, and from time to time', () => {
    const wanted = [IP, IP6];
    const { world, prober } = start(() => wanted);
    world.machine(M, [IP], P1);
    prober.want(wanted);
    world.clock.advance(50);
    expect(world.hosts.hostOf(IP)).toMatchObject({ at: P1 });
    world.machine(M + 1, [IP6], Q1);
    world.clock.advance(11_000);
    expect(world.hosts.hostOf(IP6)).toMatchObject({ at: Q1 });
    const before = world.sent.length;
    world.clock.advance(60_000);
    expect(world.sent).toHaveLength(before);
  });

  it('leaves room for what a person asks, who comes first', async () => {
    const many = Array.from({ length: 2 * MAX_SEARCHES }, (_, i) => IP + 100 + i);
    const { world, prober } = start(() => many);
    world.machine(M, [IP], Q1);
    prober.want(many);
    world.clock.advance(20);
    const found = prober.find(IP);
    world.clock.advance(30);
    expect(await settled(found)).toMatchObject({ at: Q1 });
    // One that policies have looked for in vain a moment ago is asked for again when a person does.
    world.clock.advance(2_000);
    world.machine(M + 1, [IP + 100], P2);
    const wanted = prober.find(IP + 100);
    world.clock.advance(30);
    expect(await settled(wanted)).toMatchObject({ at: P2 });
  });

  it('is looked for in turn where it is much, at a bounded rate, and all of it is found', () => {
    const wanted = Array.from({ length: 3 * MAX_WANTED }, (_, i) => IP + i);
    const { world } = start(() => wanted);
    const there = wanted.filter((_, i) => i % 7 === 0);
    for (const [index, ip] of there.entries()) world.machine(M + index, [ip], P1);
    world.clock.advance(60_000);
    for (const ip of there) expect(world.hosts.hostOf(ip)).toBeDefined();
    const perMoment = new Map<number, number>();
    for (const { atMs } of world.sent) perMoment.set(atMs, (perMoment.get(atMs) ?? 0) + 1);
    expect(Math.max(...perMoment.values())).toBeLessThanOrEqual(MAX_WANTED_FRAMES_AT_ONCE);
  });

  it('is looked for at a port that turns out to be a host’s, and there only', () => {
    const { world } = start(() => [IP]);
    world.clock.advance(100);
    world.network.setPort(S2, 9, portOf(9, 'unknown'));
    world.network.flush();
    world.machine(M, [IP], { dpid: S2, port: 9 });
    world.network.setPortKind({ dpid: S2, port: 9 }, 'host');
    world.network.flush();
    world.clock.advance(300);
    expect(world.hosts.hostOf(IP)).toMatchObject({ mac: M });
    expect(world.sent.map(({ out }) => portKey(out))).toEqual([`${S2}:9`]);
  });
});

describe('a host that is silent for long', () => {
  const TIMEOUT_MS = 900_000;

  it('is asked before it is forgotten, and lives on when it answers', () => {
    const world = new TestSegment(TIMEOUT_MS);
    world.announce(world.machine(M, [IP], P1));
    for (let ms = 0; ms < 3 * TIMEOUT_MS; ms += 30_000) {
      world.clock.advance(30_000);
      world.hosts.expire(() => true);
    }
    expect(world.network.host(M)).toBeDefined();
    expect(world.sent.length).toBeLessThanOrEqual(8);
  });

  it('is forgotten when it does not answer', () => {
    const world = new TestSegment(TIMEOUT_MS);
    const machine = world.machine(M, [IP], P1);
    world.announce(machine);
    machine.mute = true;
    world.clock.advance(TIMEOUT_MS);
    world.hosts.expire(() => true);
    world.clock.advance(30_000);
    expect(world.network.host(M)).toBeDefined();
    world.hosts.expire(() => true);
    expect(world.network.host(M)).toBeUndefined();
    expect(world.hosts.hostOf(IP)).toBeUndefined();
  });

  it('is asked before it is forgotten though nobody looked for long', () => {
    const world = new TestSegment(TIMEOUT_MS);
    world.announce(world.machine(M, [IP], P1));
    world.clock.advance(5 * TIMEOUT_MS);
    world.hosts.expire(() => true);
    world.clock.advance(100);
    world.hosts.expire(() => true);
    expect(world.network.host(M)).toBeDefined();
  });
});
