import { describe, expect, it } from 'vitest';
import { formatDpid, samePort } from '../../core/ids.ts';
import { TestFabric } from '../testing/fabric.ts';
import { switchOf } from '../testing/facts.ts';
import { A, B, C, DECIDED_MS, HOST, INTERVAL_MS, linkOf, pair, S1, S2, S3 } from '../testing/pair.ts';
import { MAX_PROBES_PER_TICK } from './discovery.ts';
import { ProbeFrame } from './probe.ts';

/** Pairs of switches, all ports of each joined to the other's. */
function manyPorts(switches: number, portsEach: number): TestFabric {
  const fabric = new TestFabric();
  const ports = Array.from({ length: portsEach }, (_, index) => index + 1);
  const dpids = Array.from({ length: switches }, (_, index) => formatDpid(BigInt(index + 1)));
  for (let i = 0; i < switches; i += 2) {
    for (const port of ports) fabric.cable({ dpid: dpids[i]!, port }, { dpid: dpids[i + 1]!, port });
  }
  for (const dpid of dpids) fabric.connect(dpid, ports);
  return fabric;
}

describe('finding links', () => {
  it('takes no longer than the probes of a burst travel', () => {
    const fabric = pair();
    fabric.clock.advance(0.5);
    expect(fabric.links()).toEqual([]);
    fabric.clock.advance(45);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    expect([fabric.kind(A), fabric.kind(B), fabric.kind(HOST)]).toEqual(['fabric', 'fabric', 'unknown']);
  });

  it('asks for the way back at once where the other end is probed seldom', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.clock.advance(DECIDED_MS + 1_000);
    expect(fabric.kind(A)).toBe('host');
    fabric.connect(S2, [1]);
    fabric.clock.advance(30);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    expect(fabric.kind(A)).toBe('fabric');
  });

  it('gives both ends of a cable of one switch to the fabric', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.cable(A, HOST);
    fabric.connect(S1, [1, 9]);
    fabric.clock.advance(DECIDED_MS + 100);
    expect(fabric.links()).toEqual([linkOf(A, HOST)]);
    expect([fabric.kind(A), fabric.kind(HOST)]).toEqual(['fabric', 'fabric']);
  });

  it('finds no link where a port hears itself', () => {
    const fabric = pair();
    fabric.clock.advance(DECIDED_MS + 100);
    const own = fabric.sent.findLast(({ out }) => samePort(out, HOST))!;
    fabric.discovery.heard(own.frame, HOST);
    expect(fabric.links()).toHaveLength(1);
    expect(fabric.kind(HOST)).toBe('host');
  });

  it('ignores what arrives at a port that is down or not there', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.connect(S1, [1]);
    const { frame } = fabric.sent.at(-1)!;
    expect(fabric.discovery.heard(frame, B)).toBe(true);
    fabric.network.setSwitch(S2, switchOf(S2, []));
    expect(fabric.discovery.heard(frame, B)).toBe(true);
    expect(fabric.links()).toEqual([]);
  });
});

describe('a host port', () => {
  it('is decided only when burst and grace are over without a probe, and is unknown until then', () => {
    const fabric = pair();
    fabric.clock.advance(DECIDED_MS - 1);
    expect(fabric.kind(HOST)).toBe('unknown');
    fabric.clock.advance(25);
    expect(fabric.kind(HOST)).toBe('host');
  });

  it('is probed on, seldom, and turns out to be the fabric when a probe is heard', () => {
    const fabric = pair();
    fabric.clock.advance(DECIDED_MS + 100);
    const before = fabric.sent.length;
    fabric.clock.advance(20_000);
    const probes = fabric.sent.slice(before).filter(({ out }) => samePort(out, HOST)).length;
    expect(probes).toBeGreaterThanOrEqual(3);
    expect(probes).toBeLessThanOrEqual(5);
    fabric.cable(HOST, C);
    fabric.connect(S3, [1]);
    fabric.clock.advance(30);
    expect(fabric.links()).toContainEqual(linkOf(HOST, C));
    expect(fabric.kind(HOST)).toBe('fabric');
  });

  it('is not decided while its probes cannot be sent', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.takes = () => false;
    fabric.connect(S1, [1]);
    fabric.clock.advance(5_000);
    expect([fabric.sent.length, fabric.kind(A)]).toEqual([0, 'unknown']);
    fabric.takes = () => true;
    fabric.clock.advance(100 + 20);
    expect(fabric.sent.length).toBeGreaterThan(0);
    const from = fabric.sent[0]!.atMs;
    while (fabric.kind(A) === 'unknown' && fabric.clock.now() < 10_000) fabric.clock.advance(10);
    expect(fabric.kind(A)).toBe('host');
    expect(fabric.sent.filter(({ out }) => samePort(out, A)).length).toBeGreaterThanOrEqual(4);
    expect(fabric.clock.now() - from).toBeGreaterThanOrEqual(DECIDED_MS);
  });

  it('is not decided when one probe of its burst was not taken', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.connect(S1, [1]);
    fabric.clock.advance(50);
    fabric.takes = () => false;
    fabric.clock.advance(100);
    fabric.takes = () => true;
    fabric.clock.advance(DECIDED_MS - 100);
    expect(fabric.kind(A)).toBe('unknown');
    fabric.clock.advance(DECIDED_MS);
    expect(fabric.kind(A)).toBe('host');
  });
});

describe('a port of a slow switch', () => {
  it('is not decided before its burst has left the switch, and had time to be heard', () => {
    const fabric = new TestFabric();
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.connect(S2, [1]);
    fabric.channel(S1).hold();
    fabric.channel(S2).hold();
    fabric.clock.advance(5_000);
    expect([fabric.kind(A), fabric.kind(B)]).toEqual(['unknown', 'unknown']);
    fabric.channel(S1).release();
    fabric.clock.advance(10);
    expect([fabric.kind(A), fabric.kind(B)]).toEqual(['fabric', 'fabric']);
  });

  it('is decided soon after the burst has left, where nobody hears it', () => {
    const fabric = new TestFabric();
    fabric.connect(S1, [1]);
    fabric.channel(S1).hold();
    fabric.clock.advance(2_000);
    fabric.channel(S1).release();
    fabric.clock.advance(90);
    expect(fabric.kind(A)).toBe('unknown');
    fabric.clock.advance(60);
    expect(fabric.kind(A)).toBe('host');
  });
});

describe('forged and old probes', () => {
  it('make no link when built with another key, or changed', () => {
    const fabric = pair();
    fabric.clock.advance(DECIDED_MS + 100);
    const forged = new ProbeFrame(new Uint8Array(32), B, 1).stamp(1_000, fabric.clock.now());
    expect(fabric.discovery.heard(forged, HOST)).toBe(false);
    const { frame } = fabric.sent.findLast(({ out }) => samePort(out, B))!;
    // The counter, the time and the HMAC, before the End TLV.
    for (let at = frame.length - 30; at < frame.length - 2; at++) {
      const changed = frame.slice();
      changed[at]! ^= 1;
      expect(fabric.discovery.heard(changed, HOST)).toBe(false);
    }
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    expect(fabric.discovery.heard(new Uint8Array(60), HOST)).toBe(false);
  });

  it('make no link when played back', () => {
    const fabric = pair();
    fabric.clock.advance(5_000);
    const old = fabric.sent.filter(({ out, atMs }) => samePort(out, B) && atMs < 3_000);
    expect(old.length).toBeGreaterThan(4);
    for (const { frame } of old) expect(fabric.discovery.heard(frame, HOST)).toBe(true);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    expect(fabric.kind(HOST)).toBe('host');
  });

  it('make no link when played back after the port or the switch was away', () => {
    const fabric = pair();
    fabric.clock.advance(5_000);
    const old = fabric.sent.filter(({ out }) => samePort(out, B));
    fabric.loses = () => true;
    fabric.portDown(B);
    fabric.portUp(B);
    for (const { frame } of old) fabric.discovery.heard(frame, HOST);
    expect(fabric.links()).toEqual([]);
    fabric.disconnect(S2);
    fabric.connect(S2, [1]);
    for (let step = 0; step < 40; step++) {
      fabric.clock.advance(50);
      for (const { frame } of old) fabric.discovery.heard(frame, HOST);
    }
    expect(fabric.links()).toEqual([]);
    expect(fabric.kind(HOST)).toBe('host');
  });

  it('do not undo what a newer probe has told', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    const [older, newer] = fabric.sent.filter(({ out }) => samePort(out, A)).slice(-2);
    fabric.discovery.heard(newer!.frame, B);
    fabric.discovery.heard(older!.frame, HOST);
    fabric.network.setSwitch(S3, switchOf(S3, [1]));
    fabric.discovery.heard(older!.frame, C);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });
});

describe('a fabric port that lost its link', () => {
  it('carries nothing for a while, is looked at anew, and may then be a host port', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.uncable(A);
    fabric.portDown(B);
    fabric.clock.advance(29_000);
    expect(fabric.kind(A)).toBe('fabric');
    while (fabric.kind(A) === 'fabric' && fabric.clock.now() < 60_000) fabric.clock.advance(10);
    expect(fabric.kind(A)).toBe('unknown');
    const lookedAt = fabric.clock.now();
    while (fabric.kind(A) === 'unknown' && fabric.clock.now() < 60_000) fabric.clock.advance(10);
    expect(fabric.kind(A)).toBe('host');
    const burst = fabric.sent.filter(({ out, atMs }) => samePort(out, A) && atMs >= lookedAt - 10);
    expect(burst.length).toBeGreaterThanOrEqual(4);
    expect(fabric.clock.now() - burst[3]!.atMs).toBeGreaterThanOrEqual(150);
  });

  it('is not looked at anew while it has one, though nobody hears its far end', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.loses = (out) => samePort(out, A);
    fabric.clock.advance(120_000);
    expect([fabric.kind(A), fabric.kind(B)]).toEqual(['fabric', 'fabric']);
  });
});

describe('bounds', () => {
  it('sends at most four probes a port in a burst, and then one an interval', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    const ports = Array.from({ length: 48 }, (_, index) => index + 1);
    for (const port of ports) fabric.cable({ dpid: S1, port }, { dpid: S2, port });
    fabric.connect(S1, ports);
    fabric.connect(S2, ports);
    fabric.clock.advance(DECIDED_MS - 1);
    expect(fabric.links()).toHaveLength(48);
    expect(fabric.sent.length).toBeLessThanOrEqual(2 * 48 * 5);
    const before = fabric.sent.length;
    fabric.clock.advance(10_000);
    expect(fabric.sent.length - before).toBeLessThanOrEqual(2 * 48 * (10_000 / INTERVAL_MS + 1));
    expect(fabric.links().every(({ bidirectional }) => bidirectional)).toBe(true);
  });

  it('spreads the probes of many ports over the interval', () => {
    const fabric = manyPorts(4, 48);
    fabric.clock.advance(1_500);
    const from = fabric.clock.now();
    fabric.clock.advance(3_000);
    const perTick = new Map<number, number>();
    for (const { atMs } of fabric.sent) if (atMs >= from) perTick.set(atMs, (perTick.get(atMs) ?? 0) + 1);
    const average = (4 * 48 * 20) / INTERVAL_MS;
    expect(Math.max(...perTick.values())).toBeLessThan(2 * average);
  });

  it('sends no more at once than a tick may take, and leaves nobody out', () => {
    const fabric = manyPorts(20, 48);
    fabric.clock.advance(1_500);
    const perTick = new Map<number, number>();
    for (const { atMs } of fabric.sent) perTick.set(atMs, (perTick.get(atMs) ?? 0) + 1);
    expect(Math.max(...perTick.values())).toBeLessThanOrEqual(2 * MAX_PROBES_PER_TICK);
    expect(fabric.links()).toHaveLength(10 * 48);
    expect(fabric.links().every(({ bidirectional }) => bidirectional)).toBe(true);
  });

  it('stops', () => {
    const fabric = pair();
    fabric.discovery.stop();
    const before = fabric.sent.length;
    fabric.clock.advance(10_000);
    expect(fabric.sent).toHaveLength(before);
  });
});
