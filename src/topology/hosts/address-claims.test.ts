import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import type { Ip } from '../../core/addresses.ts';
import { buildDhcp, DHCP_MESSAGE_TYPE, DHCP_OP } from '../../packet/index.ts';
import { portOf, switchOf } from '../testing/facts.ts';
import { P1, P2, Q1, S1, TestSegment } from '../testing/segment.ts';
import type { Machine } from '../testing/segment.ts';
import { MAX_CLAIMS_PER_PORT, MAX_TOLD } from './address-claims.ts';
import { MAX_MOVES } from './move-guard.ts';

const M = 0x0200_0000_0001;
const N = 0x0200_0000_0002;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;

/** An owner at P1 who has the address, and another machine at Q1 with one of its own. */
function start(ip: Ip = IP) {
  const world = new TestSegment();
  const owner = world.machine(M, [ip], P1);
  const other = world.machine(N, [IP + 99], Q1);
  for (const machine of [owner, other]) world.announce(machine);
  return { world, owner, other };
}

/** A machine says that an address is its own, and answers for it from now on. */
function take(world: TestSegment, machine: Machine, ip: Ip): void {
  machine.ips = [...machine.ips, ip];
  world.announce(machine);
}

/** Milliseconds until the address is with the host; it says so once. */
function timeToTake(world: TestSegment, machine: Machine, ip: Ip): number {
  const from = world.clock.now();
  take(world, machine, ip);
  for (let ms = 0; ms < 5_000; ms += 5) {
    if (world.hosts.hostOf(ip)?.mac === machine.mac) return world.clock.now() - from;
    world.clock.advance(5);
  }
  return Infinity;
}

describe('an address that its host answers for', () => {
  it.each([
    ['IPv4', IP],
    ['IPv6', IP6],
  ])('stays with it when another says that it has it, with a warning that names both (%s)', (_, ip) => {
    const { world, other } = start(ip);
    expect(timeToTake(world, other, ip)).toBe(Infinity);
    expect(world.hosts.hostOf(ip)?.mac).toBe(M);
    expect(world.network.host(N)?.ips).toEqual([IP + 99]);
    expect(world.notices).toMatchObject([
      { type: 'host.address-kept', severity: 'warning', subject: { mac: N, port: Q1 } },
    ]);
    for (const name of ['02:00:00:00:00:01 (s1 port 1)', '02:00:00:00:00:02 (s2 port 1)'])
      expect(world.notices[0]?.message).toContain(name);
  });

  it('leads to its host all the time', () => {
    const { world, other } = start();
    take(world, other, IP);
    for (let ms = 0; ms < 1_000; ms++) {
      expect(world.hosts.hostOf(IP)?.mac).toBe(M);
      world.clock.advance(1);
    }
  });

  it('stays though its host was known by an IP packet alone', () => {
    const world = new TestSegment();
    const owner = world.machine(M, [IP], P1);
    const thief = world.machine(N, [], Q1);
    world.pass(owner, IP);
    world.speak(thief);
    expect(timeToTake(world, thief, IP)).toBe(Infinity);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
  });

  it('stays when a DHCP acknowledgement gives it to another, which everybody can send', () => {
    const { world, other } = start();
    acknowledge(world, other, IP);
    world.clock.advance(1_000);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
    expect(world.told()).toEqual(['host.address-kept']);
  });

  it('goes to another though somebody forges an acknowledgement for the one who does not answer', () => {
    const { world, owner, other } = start();
    owner.mute = true;
    take(world, other, IP);
    world.clock.advance(100);
    acknowledge(world, owner, IP);
    world.clock.advance(300);
    expect(world.hosts.hostOf(IP)?.mac).toBe(N);
  });

  it('that was only leased to it is not one that it is known to answer for', () => {
    const { world, owner } = start();
    owner.mute = true;
    acknowledge(world, owner, IP + 7);
    expect(world.network.host(M)?.ips).toEqual([IP, IP + 7]);
    expect(world.hosts.sureAddresses(M)).toEqual([IP]);
  });

  it('stays while its switch, or its channel, is too slow to tell, or has just broken', () => {
    const { world, other } = start();
    world.channel(S1).hold();
    take(world, other, IP);
    world.clock.advance(2_000);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
    world.channel(S1).release();
    world.clock.advance(2_000);
    world.disconnect(S1);
    world.announce(other);
    world.clock.advance(2_000);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
  });

  it('costs few questions and warnings, however often and by however many MACs it is claimed at a port', () => {
    const { world } = start();
    const before = world.sent.length;
    for (let i = 0; i < 20_000; i++) {
      world.announce({ mac: 0x0600_0000_0000 + (i % 500), ips: [IP], at: Q1, mute: true });
      world.clock.advance(1);
    }
    const toOwner = world.sent.slice(before).filter(({ out }) => out === P1 || out.port === P1.port);
    expect(toOwner.filter(({ out }) => out.dpid === S1).length).toBeLessThan(30);
    expect(world.told().filter((type) => type === 'host.address-kept')).toHaveLength(1);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
  });
});

describe('an address that moves', () => {
  it.each([
    ['is dead', (owner: Machine) => (owner.mute = true)],
    ['gave it up', (owner: Machine) => (owner.ips = [IP + 50])],
  ])('does so soon where the one who had it %s', (_, how) => {
    const { world, owner, other } = start();
    how(owner);
    expect(timeToTake(world, other, IP)).toBeLessThan(400);
    expect(world.network.host(M)?.ips).toEqual([]);
    expect(world.network.host(N)?.ips).toEqual([IP, IP + 99]);
    expect(world.told()).toEqual(['host.address-taken']);
  });

  it('does so soon where a router takes over and the other lets go a moment later, as VRRP has it', () => {
    const { world, owner, other } = start();
    const from = world.clock.now();
    take(world, other, IP);
    world.clock.advance(20);
    owner.ips = [];
    while (world.hosts.hostOf(IP)?.mac !== N && world.clock.now() - from < 5_000) world.clock.advance(5);
    expect(world.clock.now() - from).toBeLessThan(1_000);
  });

  it('does so at once where the port or the switch of the one who had it is gone', () => {
    const gone = start();
    gone.world.hosts.portLost(P1);
    expect(timeToTake(gone.world, gone.other, IP)).toBe(0);
    const away = start();
    away.world.network.setSwitch(S1, { ...away.world.network.switch(S1)!, away: true });
    expect(timeToTake(away.world, away.other, IP)).toBe(0);
  });

  it('does so at once when that port goes while the one behind it is asked', () => {
    const { world, owner, other } = start();
    owner.mute = true;
    take(world, other, IP);
    world.clock.advance(20);
    world.hosts.portLost(P1);
    expect(world.hosts.hostOf(IP)?.mac).toBe(N);
  });

  it('does not where the one who claimed it has gone meanwhile', () => {
    const { world, owner, other } = start();
    owner.mute = true;
    take(world, other, IP);
    world.hosts.portLost(Q1);
    world.clock.advance(2_000);
    expect(world.hosts.hostOf(IP)?.mac).toBe(M);
  });

  it('does so by DHCP where it is leased again', () => {
    const { world, owner, other } = start();
    owner.mute = true;
    acknowledge(world, other, IP);
    world.clock.advance(400);
    expect(world.hosts.hostOf(IP)?.mac).toBe(N);
  });

  it('does so where a host has another network card, at the same port', () => {
    const { world, owner } = start();
    owner.mute = true;
    const card = world.machine(N + 1, [], P1);
    expect(timeToTake(world, card, IP)).toBeLessThan(400);
  });

  it('is free at once where nobody has it, and a host that changes its own keeps what it had', () => {
    const { world, owner } = start();
    expect(timeToTake(world, owner, IP + 1)).toBe(0);
    expect(world.network.host(M)?.ips).toEqual([IP, IP + 1]);
  });

  it('is frozen, with an alarm, where two take it from each other and neither answers', () => {
    const { world, owner, other } = start();
    owner.mute = other.mute = true;
    other.ips = [IP];
    for (let i = 0; i < 20; i++) {
      world.announce(i % 2 === 0 ? other : owner);
      world.clock.advance(400);
    }
    const told = world.told();
    expect(told.filter((type) => type === 'host.address-taken')).toHaveLength(MAX_MOVES);
    expect(told.filter((type) => type === 'host.address-flapping')).toHaveLength(1);
    expect(world.notices.find(({ type }) => type === 'host.address-flapping')).toMatchObject({ severity: 'alarm' });
  });
});

describe('many claims at once', () => {
  it('from one port leave room for those from another, and are not all told', () => {
    const world = new TestSegment();
    const ports = Array.from({ length: 20 }, (_, index) => portOf(index + 1, 'host'));
    world.network.setSwitch(S1, switchOf(S1, ports));
    const count = 4 * MAX_CLAIMS_PER_PORT;
    for (let i = 0; i < count; i++) world.announce(world.machine(M + 256 + i, [IP + i], P1));
    const before = world.sent.length;
    const thief = world.machine(M, [], Q1);
    for (let i = 0; i < count; i++) world.announce({ ...thief, ips: [IP + i] });
    expect(world.sent.length - before).toBe(MAX_CLAIMS_PER_PORT);
    world.announce(world.machine(N, [IP + count - 1], P2));
    expect(world.sent.length - before).toBe(MAX_CLAIMS_PER_PORT + 1);
    for (let turn = 0; turn < 6; turn++) {
      world.clock.advance(1_000);
      for (let i = 0; i < count; i++) world.announce({ ...thief, ips: [IP + i] });
    }
    world.clock.advance(1_000);
    expect(world.network.host(M)?.ips).toEqual([]);
    expect(world.notices).toHaveLength(MAX_TOLD);
  });
});

function acknowledge(world: TestSegment, { mac }: Machine, yiaddr: number): void {
  const addresses = { ethDst: mac, ethSrc: 0x0200_0000_0077, src: IP + 200, dst: yiaddr };
  const lease = { op: DHCP_OP.BOOTREPLY, xid: 1, chaddr: mac, yiaddr, messageType: DHCP_MESSAGE_TYPE.ACK };
  world.hosts.frame(buildDhcp({ ...addresses, ...lease }), P2);
}
