import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import { portKey } from '../../core/ids.ts';
import { portOf } from '../testing/facts.ts';
import { FABRIC, P1, P2, Q1, S1, TestSegment } from '../testing/segment.ts';
import type { Machine } from '../testing/segment.ts';
import { MAX_CONTESTS } from './contests.ts';
import { MAX_MOVES } from './move-guard.ts';
import { linkLocalOf } from './questions.ts';

const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;

/** A machine with an address, known at P1. */
function known(ips: Machine['ips'] = [IP]): { world: TestSegment; machine: Machine } {
  const world = new TestSegment();
  const machine = world.machine(M, ips, P1);
  world.speak(machine);
  world.announce(machine);
  return { world, machine };
}

/** Milliseconds until the host is at the port; it speaks there every 50 ms. Infinity where it is not for long. */
function timeToMove(world: TestSegment, machine: Machine): number {
  const from = world.clock.now();
  for (let ms = 0; ms < 80_000; ms += 5) {
    if (ms % 50 === 0) world.speak(machine);
    if (machine.at && world.place(M) && portKey(world.place(M)!) === portKey(machine.at))
      return world.clock.now() - from;
    world.clock.advance(5);
  }
  return Infinity;
}

describe('a host that moves', () => {
  it.each([
    ['its IPv4 address', [IP]],
    ['its IPv6 address', [IP6]],
    ['no address', []],
  ])('is known at its new place within a second of its first frame, when it is known by %s', (_, ips) => {
    const { world, machine } = known(ips);
    world.counts.set(portKey(P1), 7n);
    machine.at = Q1;
    expect(timeToMove(world, machine)).toBeLessThan(900);
    expect(world.place(M)).toEqual(Q1);
    expect(world.network.host(M)?.ips).toEqual(ips);
    expect(world.told()).toEqual(['host.moved']);
  });

  it('is known soon where it has no address, and others speak at its old port', () => {
    const { world, machine } = known([]);
    world.counts.set(`${M}@${portKey(P1)}`, 7n);
    machine.at = Q1;
    for (let ms = 0; ms < 1_500; ms += 50) {
      world.counts.set(portKey(P1), BigInt(ms));
      world.speak(machine);
      world.clock.advance(50);
    }
    expect(world.place(M)).toEqual(Q1);
  });

  it('is not known anew where its switch does not say what it counts', () => {
    const { world, machine } = known([]);
    machine.at = Q1;
    expect(timeToMove(world, machine)).toBe(Infinity);
  });

  it('is known at once where its old port is down', () => {
    const { world, machine } = known();
    machine.at = Q1;
    world.network.setPort(S1, 1, portOf(1, 'host', false));
    world.speak(machine);
    expect(world.place(M)).toEqual(Q1);
  });

  it('is known at once when its old port goes while it is asked for there, with its addresses', () => {
    const { world, machine } = known();
    machine.at = Q1;
    world.speak(machine);
    world.clock.advance(20);
    expect(world.place(M)).toEqual(P1);
    world.hosts.portLost(P1);
    expect(world.place(M)).toEqual(Q1);
    expect(world.network.host(M)?.ips).toEqual([IP]);
    world.clock.advance(5_000);
    expect(world.place(M)).toEqual(Q1);
  });

  it('stays known where it was when its new port goes at once', () => {
    const { world, machine } = known();
    machine.at = Q1;
    world.speak(machine);
    world.hosts.portLost(Q1);
    machine.at = undefined;
    world.clock.advance(5_000);
    expect(world.place(M)).toEqual(P1);
  });

  it('takes what it says first at its new place with it', () => {
    const { world, machine } = known();
    const other = { ...machine, ips: [IP + 7], at: Q1 };
    machine.at = undefined;
    world.announce(other);
    expect(world.network.host(M)?.ips).toEqual([IP]);
    world.clock.advance(400);
    expect(world.place(M)).toEqual(Q1);
    expect(world.network.host(M)?.ips).toEqual([IP, IP + 7]);
  });

  it('is asked for with its VLAN’s tag, and told by frames with it', () => {
    const { world } = known();
    world.network.setHost(M, { ...world.network.host(M)!, vlan: 12 });
    expect(world.hosts.ask(M)).toBe(true);
    expect([...world.sent.at(-1)!.frame.subarray(12, 16)]).toEqual([0x81, 0x00, 0x00, 12]);
  });

  it('is believed when its old switch has been gone for long, and not when it has only just lost its session', () => {
    const { world, machine } = known();
    world.disconnect(S1);
    machine.at = Q1;
    world.speak(machine);
    world.clock.advance(1_500);
    expect(world.place(M)).toEqual(P1);
    world.network.setSwitch(S1, { ...world.network.switch(S1)!, away: true });
    world.speak(machine);
    expect(world.place(M)).toEqual(Q1);
  });
});

describe('a host that is where it was', () => {
  it.each([
    ['IPv4', [IP]],
    ['IPv6', [IP6]],
    ['the link-local address that its MAC makes', [linkLocalOf(M)]],
  ])('keeps its place from a thief, answering by %s', (what, ips) => {
    const { world, machine } = known(what.startsWith('the') ? [] : ips);
    if (what.startsWith('the')) world.machine(M, ips, P1);
    const thief: Machine = { ...machine, at: Q1 };
    expect(timeToMove(world, thief)).toBe(Infinity);
    expect(world.place(M)).toEqual(P1);
    expect(world.told()).not.toContain('host.moved');
    expect(world.notices[0]).toMatchObject({
      type: 'host.duplicate',
      severity: 'alarm',
      subject: { mac: M, port: Q1 },
    });
  });

  it('keeps its addresses from one who speaks for it elsewhere', () => {
    const { world, machine } = known();
    const thief: Machine = { ...machine, ips: [IP + 1], at: Q1 };
    for (let i = 0; i < 50; i++) {
      world.announce(thief);
      world.clock.advance(100);
    }
    expect(world.network.host(M)).toMatchObject({ at: P1, ips: [IP] });
    expect(world.hosts.hostOf(IP + 1)).toBeUndefined();
  });

  it('keeps its place while its frames are counted, though it has no address and answers nothing', () => {
    const { world, machine } = known([]);
    const thief: Machine = { ...machine, at: Q1 };
    let count = 1n;
    for (let ms = 0; ms < 20_000; ms += 100) {
      world.counts.set(portKey(P1), count++);
      // As Open vSwitch does it: the rule's count follows after half a second.
      if (ms % 500 === 0) world.counts.set(`${M}@${portKey(P1)}`, count);
      world.speak(thief);
      world.clock.advance(100);
      expect(world.place(M)).toEqual(P1);
    }
    expect(world.told()).toContain('host.duplicate');
  });

  it('keeps its place when it speaks there while it is asked', () => {
    const { world, machine } = known();
    machine.mute = true;
    world.speak({ ...machine, at: Q1 });
    world.clock.advance(200);
    world.speak(machine);
    world.clock.advance(2_000);
    expect(world.place(M)).toEqual(P1);
  });

  it('keeps its place while its switch, or its channel, is too slow to tell', () => {
    const { world, machine } = known();
    world.channel(S1).hold();
    const thief: Machine = { ...machine, at: Q1 };
    world.speak(thief);
    world.clock.advance(5_000);
    world.channel(S1).release();
    world.clock.advance(2_000);
    expect(world.place(M)).toEqual(P1);
    expect(world.told()).toEqual(['host.duplicate']);
    world.channel(S1).toControllerMs = 3_000;
    world.speak(thief);
    world.clock.advance(10_000);
    expect(world.place(M)).toEqual(P1);
  });

  it('keeps its place where nobody can be asked', () => {
    const { world, machine } = known();
    world.disconnect(S1);
    world.network.setSwitch(S1, { ...world.network.switch(S1)!, connected: true });
    expect(timeToMove(world, { ...machine, at: Q1 })).toBe(Infinity);
    expect(world.place(M)).toEqual(P1);
  });

  it('is not asked much, nor is much told, however often a thief speaks', () => {
    const { world, machine } = known();
    const thief: Machine = { ...machine, at: Q1 };
    const before = world.sent.length;
    for (let i = 0; i < 60_000; i++) {
      world.speak(thief);
      world.clock.advance(1);
    }
    expect(world.sent.length - before).toBeLessThan(30);
    expect(world.notices.length).toBeLessThanOrEqual(3);
  });

  it('is not looked for elsewhere because of a frame from the fabric', () => {
    const { world, machine } = known();
    machine.at = undefined;
    world.speak({ ...machine, at: FABRIC });
    world.clock.advance(2_000);
    expect([world.place(M), world.sent]).toEqual([P1, []]);
  });
});

describe('a MAC that flaps', () => {
  /** Moves to and fro, each time as soon as it is known at the other place. */
  function flap(world: TestSegment, machine: Machine, times: number): void {
    for (let i = 0; i < times; i++) {
      machine.at = world.place(M)!.dpid === S1 ? Q1 : P1;
      for (let ms = 0; ms < 400; ms += 50) {
        world.speak(machine);
        world.clock.advance(50);
      }
    }
  }

  it('is frozen where it is, with an alarm, and may move again when it is quiet', () => {
    const { world, machine } = known();
    flap(world, machine, MAX_MOVES + 1);
    expect(world.notices.at(-1)).toMatchObject({ type: 'host.flapping', severity: 'alarm', subject: { mac: M } });
    const frozenAt = world.place(M)!;
    flap(world, machine, 10);
    expect(world.place(M)).toEqual(frozenAt);
    expect(world.told().filter((type) => type === 'host.moved')).toHaveLength(MAX_MOVES);
    world.clock.advance(25_000);
    expect(world.told().at(-1)).toBe('host.released');
    machine.at = frozenAt.dpid === S1 ? Q1 : P1;
    expect(timeToMove(world, machine)).toBeLessThan(1_000);
  });

  it('that has found its place is let go within about a minute, though it speaks there all the time', () => {
    const { world, machine } = known();
    flap(world, machine, MAX_MOVES + 1);
    machine.at = world.place(M)!.dpid === S1 ? Q1 : P1;
    expect(timeToMove(world, machine)).toBeLessThan(75_000);
  });

  it('is frozen, too, where a port goes down each time', () => {
    const { world, machine } = known();
    for (let i = 0; i < MAX_MOVES + 1; i++) {
      world.hosts.portLost(machine.at!);
      machine.at = i % 2 === 0 ? Q1 : P1;
      world.speak(machine);
      expect(world.place(M)).toEqual(machine.at);
      world.clock.advance(300);
    }
    expect(world.told()).toEqual(['host.flapping']);
  });

  it('is not one that moves now and then, or whose port goes down and up', () => {
    const { world, machine } = known();
    for (let i = 0; i < 20; i++) {
      flap(world, machine, 1);
      world.clock.advance(5_000);
      world.hosts.portLost(machine.at!);
      world.speak(machine);
    }
    expect(world.told()).not.toContain('host.flapping');
  });
});

describe('many at once', () => {
  it('are asked for within bounds, and all have moved in the end', () => {
    const world = new TestSegment();
    const count = 2 * MAX_CONTESTS;
    const machines = Array.from({ length: count }, (_, i) => world.machine(M + i, [IP + i], P2));
    for (const machine of machines) {
      world.speak(machine);
      world.announce(machine);
      machine.at = Q1;
    }
    for (const machine of machines) world.speak(machine);
    world.clock.advance(50);
    expect(world.sent).toHaveLength(MAX_CONTESTS);
    for (let i = 0; i < 4; i++) {
      for (const machine of machines) world.speak(machine);
      world.clock.advance(400);
    }
    for (const { mac } of machines) expect(world.place(mac)).toEqual(Q1);
  });
});
