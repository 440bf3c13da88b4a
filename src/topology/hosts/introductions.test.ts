import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import { hostAt } from '../testing/facts.ts';
import { P1, Q1, TestSegment } from '../testing/segment.ts';
import { Introductions, MAX_ASKED_AT_ONCE, MAX_WAITING } from './introductions.ts';
import { linkLocalOf } from './questions.ts';

const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;

/** Milliseconds until the host is at Q1, where it speaks every 50 ms while others speak at its old port. */
function timeToMove(world: TestSegment): number {
  const from = world.clock.now();
  for (let ms = 0; ms < 5_000; ms += 50) {
    world.counts.set(`${P1.dpid}:${P1.port}`, BigInt(ms));
    world.speak({ mac: M, ips: [], at: Q1, mute: true });
    world.clock.advance(50);
    if (world.place(M)?.dpid === Q1.dpid) return world.clock.now() - from;
  }
  return Infinity;
}

describe('a host that was only seen', () => {
  it.each([
    ['by an IP packet', [IP], (world: TestSegment) => world.pass({ mac: M, ips: [], at: P1, mute: true }, IP)],
    ['by some frame', [linkLocalOf(M)], (world: TestSegment) => world.speak({ mac: M, ips: [], at: P1, mute: true })],
  ])('%s is asked, so that it can move quickly later', (_, ips, seen) => {
    const world = new TestSegment();
    const machine = world.machine(M, ips, P1);
    seen(world);
    world.clock.advance(200);
    expect(world.hosts.sureAddresses(M)).toEqual(ips);
    machine.at = Q1;
    expect(timeToMove(world)).toBeLessThan(500);
  });

  it('is asked twice, and no more, where it does not answer', () => {
    const world = new TestSegment();
    world.machine(M, [IP], P1).mute = true;
    world.pass({ mac: M, ips: [], at: P1, mute: true }, IP);
    world.clock.advance(60_000);
    // For the address that it may have, and for the one that its MAC makes.
    expect(world.sent).toHaveLength(4);
    expect(world.hosts.sureAddresses(M)).toEqual([]);
  });

  it('is not asked where it tells its address by itself', () => {
    const world = new TestSegment();
    const machine = world.machine(M, [IP], P1);
    world.speak(machine);
    world.announce(machine);
    world.clock.advance(60_000);
    expect(world.sent).toEqual([]);
  });

  it('is asked when it is known from before a restart, unless it is known to answer', () => {
    const world = new TestSegment();
    world.machine(M, [IP], P1);
    world.hosts.restore(hostAt(M, P1, [IP]), []);
    world.hosts.restore(hostAt(M + 1, P1, [IP + 1]), [IP + 1]);
    world.clock.advance(5_000);
    expect(world.hosts.sureAddresses(M)).toEqual([IP]);
    expect(world.sent).toHaveLength(2);
  });
});

describe('a router that is known by packets of others alone', () => {
  it('does not lose its place after a restart because it does not answer for their addresses', () => {
    const world = new TestSegment();
    const router = world.machine(M, [], P1);
    world.hosts.restore(hostAt(M, P1, [0x0808_0808]), []);
    world.counts.set('x', 0n);
    let count = 1n;
    for (let ms = 0; ms < 10_000; ms += 50) {
      world.counts.set(`${P1.dpid}:${P1.port}`, count++);
      if (ms % 500 === 0) world.counts.set(`${M}@${P1.dpid}:${P1.port}`, count);
      world.speak({ ...router, at: Q1 });
      world.clock.advance(50);
      expect(world.place(M)).toEqual(P1);
    }
    expect(world.told()).toContain('host.duplicate');
  });
});

describe('introductions', () => {
  it('are made at a bounded rate, of a bounded number', () => {
    const clock = createManualClock();
    const asked: number[] = [];
    const introductions = new Introductions({ clock, isUnknown: () => true, ask: (mac) => asked.push(mac) });
    for (let mac = 0; mac < 2 * MAX_WAITING; mac++) introductions.add(mac);
    clock.advance(1_000);
    expect(asked.length).toBeGreaterThan(20 * MAX_ASKED_AT_ONCE);
    expect(asked.length).toBeLessThanOrEqual(25 * MAX_ASKED_AT_ONCE);
    clock.advance(120_000);
    expect(new Set(asked).size).toBe(MAX_WAITING);
    expect(asked).toHaveLength(2 * MAX_WAITING);
  });
});
