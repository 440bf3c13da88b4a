import { describe, expect, it } from 'vitest';
import { formatMac } from '../core/addresses.ts';
import type { Ip, Mac } from '../core/addresses.ts';
import { LastKnown } from '../topology/hosts/last-known.ts';
import { HostProber } from '../topology/hosts/prober.ts';
import { linkLocalOf } from '../topology/hosts/questions.ts';
import { P1, Q1, TestSegment } from '../topology/testing/segment.ts';
import { HostFinder } from './host-finder.ts';

const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;

function start() {
  const world = new TestSegment();
  const { network, hosts, clock } = world;
  const names = new Map<Mac, string>([[M, 'h1']]);
  const isNamed = (mac: Mac): boolean => names.has(mac);
  const lastKnown = new LastKnown({ network, clock, isNamed, saved: new Map(), save: () => {} });
  const finder = new HostFinder({ network, hosts, names, lastKnown });
  const send: TestSegment['send'] = (out, frame) => world.send(out, frame);
  finder.askWith(new HostProber({ network, hosts, clock, send, wanted: () => finder.wanted() }));
  const declare = (name: string, match?: object): void => {
    network.setPolicy(name, match && { name, kind: 'flow', spec: { match }, revision: 1 });
    network.flush();
  };
  return { world, finder, declare };
}

/** A host that was known at P1 and has been forgotten. */
function forgotten(ips: readonly Ip[] = [IP]) {
  const all = start();
  const machine = all.world.machine(M, ips, P1);
  all.world.announce(machine);
  all.world.network.flush();
  all.world.hosts.portLost(P1);
  all.world.network.flush();
  return { ...all, machine };
}

async function resolved(promise: Promise<void>): Promise<boolean> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => Promise.resolve(false))]);
}

describe('a host that policies name', () => {
  it('is found as soon as they do, before it speaks', () => {
    const { world, declare } = start();
    world.machine(M, [IP], Q1);
    declare('web', { eth_type: 'ipv4', ipv4_dst: '10.0.0.1' });
    world.clock.advance(50);
    expect(world.hosts.hostOf(IP)).toMatchObject({ mac: M, at: Q1 });
  });

  it('is looked for again while it is missing, and not when nothing names it any more', () => {
    const { world, declare } = start();
    declare('web', { eth_type: 'ipv4', ipv4_dst: '10.0.0.1' });
    world.clock.advance(8_000);
    world.machine(M, [IP], Q1);
    world.clock.advance(4_000);
    expect(world.hosts.hostOf(IP)).toMatchObject({ mac: M });
    declare('web', { eth_type: 'ipv4', ipv4_dst: '10.0.0.2' });
    declare('web', undefined);
    world.clock.advance(5_000);
    const before = world.sent.length;
    world.clock.advance(60_000);
    expect(world.sent).toHaveLength(before);
  });

  it('is found by its MAC where it has the address that its MAC makes', () => {
    const { world, declare } = start();
    world.machine(M, [linkLocalOf(M)], Q1);
    declare('steer', { eth_dst: formatMac(M) });
    world.clock.advance(50);
    expect(world.place(M)).toEqual(Q1);
  });

  it('is found by its MAC at the address that it had', () => {
    const { world, machine, declare } = forgotten();
    machine.at = Q1;
    declare('steer', { eth_dst: formatMac(M) });
    world.clock.advance(50);
    expect(world.place(M)).toEqual(Q1);
  });
});

describe('a host that is asked for', () => {
  it.each(['h1', formatMac(M), '10.0.0.1'])('as %s is found by what was last known of it', async (reference) => {
    const { world, machine, finder } = forgotten();
    machine.at = Q1;
    const found = finder.lookFor(reference);
    world.clock.advance(50);
    expect(await resolved(found)).toBe(true);
    expect(world.place(M)).toEqual(Q1);
  });

  it('is asked for first where it was', () => {
    const { world, finder } = forgotten();
    void finder.lookFor('h1');
    world.clock.advance(0);
    expect(world.sent[0]?.out).toEqual(P1);
  });

  it('is waited for no longer than until one of its addresses answers', async () => {
    const { world, machine, finder } = forgotten([IP, IP + 1]);
    machine.ips = [IP];
    const found = finder.lookFor('h1');
    world.clock.advance(50);
    expect(await resolved(found)).toBe(true);
  });

  it('is not waited for where it is known, or nothing is known of it', async () => {
    const { world, finder } = start();
    world.announce(world.machine(M, [IP], P1));
    for (const reference of ['h1', formatMac(M), '10.0.0.1', 'h9', 'any', '255.255.255.255', '::1']) {
      expect(await resolved(finder.lookFor(reference))).toBe(true);
    }
    expect(world.sent).toEqual([]);
  });

  it('and is not there is waited for as long as a search takes', async () => {
    const { world, machine, finder } = forgotten();
    machine.at = undefined;
    const found = finder.lookFor('h1');
    world.clock.advance(1_000);
    expect(await resolved(found)).toBe(false);
    world.clock.advance(1_000);
    expect(await resolved(found)).toBe(true);
  });
});
