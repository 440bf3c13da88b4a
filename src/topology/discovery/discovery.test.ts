import { describe, expect, it } from 'vitest';
import { formatDpid, linkId, samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import { TestFabric } from '../testing/fabric.ts';
import { switchOf } from '../testing/facts.ts';
import { buildProbe } from './probe.ts';

const S1 = formatDpid(1n);
const S2 = formatDpid(2n);
const S3 = formatDpid(3n);
const A: PortRef = { dpid: S1, port: 1 };
const B: PortRef = { dpid: S2, port: 1 };
const C: PortRef = { dpid: S3, port: 1 };
const HOST: PortRef = { dpid: S1, port: 9 };
/** The last probe of a burst, and the grace after it. */
const DECIDED_MS = 240 + 160;
const INTERVAL_MS = 500;

/** Two switches and a cable; S1 has a port more, for a host. */
function pair(): TestFabric {
  const fabric = new TestFabric(INTERVAL_MS);
  fabric.cable(A, B);
  fabric.connect(S1, [1, 9]);
  fabric.connect(S2, [1]);
  return fabric;
}

function linkOf(a: PortRef, b: PortRef, bidirectional = true) {
  return { id: linkId(a, b), a, b, bidirectional };
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

describe('forged and old probes', () => {
  it('make no link when built with another key, or changed', () => {
    const fabric = pair();
    fabric.clock.advance(DECIDED_MS + 100);
    const forged = buildProbe(new Uint8Array(32), { from: B, sequence: 1_000 }, 1);
    expect(fabric.discovery.heard(forged, HOST)).toBe(false);
    const { frame } = fabric.sent.findLast(({ out }) => samePort(out, B))!;
    // The counter and the HMAC, before the End TLV.
    for (let at = frame.length - 22; at < frame.length - 2; at++) {
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

describe('a link', () => {
  it('goes at once when a port goes down, and comes back when it is up', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.portDown(B);
    expect(fabric.links()).toEqual([]);
    expect(fabric.kind(B)).toBe('unknown');
    // Nobody has looked where the far end leads now: it stays shut.
    expect(fabric.kind(A)).toBe('fabric');
    fabric.portUp(B);
    fabric.clock.advance(50);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('goes when three probes were missed both ways, and not before', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.loses = () => true;
    fabric.clock.advance(2 * INTERVAL_MS);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    fabric.clock.advance(2 * INTERVAL_MS + 50);
    expect(fabric.links()).toEqual([]);
  });

  it('stays when two probes in a row are lost, again and again', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    let count = 0;
    fabric.loses = (out) => samePort(out, A) && count++ % 3 !== 0;
    for (let ms = 0; ms < 20_000; ms += 100) {
      fabric.clock.advance(100);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });

  it.each([
    ['A', A],
    ['B', B],
  ])('carries nothing when probes of %s alone are lost, and does again when they come', (_, lost) => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.loses = (out) => samePort(out, lost);
    fabric.clock.advance(4 * INTERVAL_MS);
    expect(fabric.links()).toEqual([linkOf(A, B, false)]);
    fabric.clock.advance(60_000);
    expect(fabric.links()).toEqual([linkOf(A, B, false)]);
    expect([fabric.kind(A), fabric.kind(B)]).toEqual(['fabric', 'fabric']);
    fabric.loses = () => false;
    fabric.clock.advance(INTERVAL_MS + 50);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('that works one way is not taken for whole because a switch came back', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.loses = (out) => samePort(out, B);
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.connect(S2, [1]);
    fabric.clock.advance(2_000);
    for (const dpid of [S2, S1]) {
      fabric.disconnect(dpid);
      fabric.clock.advance(100);
      fabric.connect(dpid, [1]);
      for (let ms = 0; ms < 3_000; ms += 20) {
        fabric.clock.advance(20);
        for (const { bidirectional } of fabric.links()) expect(bidirectional).toBe(false);
      }
      expect(fabric.links()).toHaveLength(1);
    }
    fabric.loses = () => true;
    fabric.clock.advance(5 * INTERVAL_MS);
    expect(fabric.links()).toEqual([]);
  });

  it('that worked one way is gone when the end that was heard comes back and is not', () => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.loses = (out) => samePort(out, B);
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.connect(S2, [1]);
    fabric.clock.advance(2_000);
    expect(fabric.links()).toEqual([linkOf(A, B, false)]);
    fabric.disconnect(S1);
    fabric.loses = () => true;
    fabric.connect(S1, [1]);
    fabric.clock.advance(5 * INTERVAL_MS);
    expect(fabric.links()).toEqual([]);
  });

  it('does not suffer from an event loop that is held up', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    for (let round = 0; round < 5; round++) {
      fabric.clock.block(10_000);
      fabric.clock.advance(5);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
      fabric.clock.advance(700);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });

  it.each([0, 50, 250])('is not lost, nor a port taken for a host, when a hold-up comes %i ms into the burst', (ms) => {
    const fabric = new TestFabric(INTERVAL_MS);
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.clock.advance(ms);
    fabric.clock.block(3_000);
    fabric.clock.advance(1);
    expect(fabric.kind(A)).toBe('unknown');
    fabric.connect(S2, [1]);
    fabric.clock.advance(60);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('moves with its cable: a port that is heard elsewhere ends the link it had', () => {
    const fabric = pair();
    fabric.connect(S3, [1]);
    fabric.clock.advance(1_000);
    expect(fabric.kind(C)).toBe('host');
    fabric.cable(A, C);
    fabric.clock.advance(INTERVAL_MS + 50);
    expect(fabric.links()).toEqual([linkOf(A, C)]);
    fabric.clock.advance(10 * INTERVAL_MS);
    expect(fabric.links()).toEqual([linkOf(A, C)]);
  });

  it('is not mistaken when two cables are crossed over', () => {
    const fabric = pair();
    const D: PortRef = { dpid: S3, port: 2 };
    fabric.cable(C, HOST);
    fabric.connect(S3, [1, 2]);
    fabric.clock.advance(1_000);
    expect(new Set(fabric.links())).toEqual(new Set([linkOf(A, B), linkOf(HOST, C)]));
    fabric.cable(A, C);
    fabric.cable(B, HOST);
    fabric.clock.advance(INTERVAL_MS + 100);
    expect(new Set(fabric.links())).toEqual(new Set([linkOf(A, C), linkOf(HOST, B)]));
    expect(fabric.kind(D)).toBe('host');
  });
});

describe('a switch without a session', () => {
  it('keeps its links for a while, since it forwards on', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.disconnect(S2);
    fabric.clock.advance(14_000);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    fabric.connect(S2, [1]);
    for (let ms = 0; ms < 5_000; ms += 20) {
      fabric.clock.advance(20);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });

  it('keeps its links however long it is gone, since it forwards on', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.disconnect(S2);
    fabric.clock.advance(600_000);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('is not taken to be gone because we were held up', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.disconnect(S2);
    fabric.clock.advance(1_000);
    fabric.clock.block(60_000);
    fabric.clock.advance(5_000);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('does not count what was missed before', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.loses = (out) => samePort(out, A);
    fabric.clock.advance(3 * INTERVAL_MS - 100);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    fabric.disconnect(S2);
    fabric.clock.advance(3_000);
    fabric.loses = () => false;
    fabric.connect(S2, [1]);
    for (let ms = 0; ms < 2_000; ms += 10) {
      fabric.clock.advance(10);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });

  it('has each absence counted anew', () => {
    const fabric = pair();
    for (let round = 0; round < 4; round++) {
      fabric.clock.advance(2_000);
      fabric.disconnect(S2);
      fabric.clock.advance(10_000);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
      fabric.connect(S2, [1]);
    }
  });

  it('keeps its links while all sessions are gone', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.disconnect(S1);
    fabric.disconnect(S2);
    fabric.clock.advance(600_000);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
  });

  it('is not probed, and is when it is back', () => {
    const fabric = pair();
    fabric.clock.advance(1_000);
    fabric.disconnect(S2);
    const from = fabric.clock.now();
    fabric.clock.advance(5_000);
    const late = (): number => fabric.sent.filter(({ out, atMs }) => out.dpid === S2 && atMs > from).length;
    expect(late()).toBe(0);
    fabric.connect(S2, [1]);
    fabric.clock.advance(1_000);
    expect(late()).toBeGreaterThanOrEqual(4);
  });
});

describe('a link known from before a restart', () => {
  function remembered(): TestFabric {
    const fabric = new TestFabric(INTERVAL_MS);
    for (const dpid of [S1, S2]) {
      fabric.network.setSwitch(dpid, switchOf(dpid, [1], false));
      fabric.network.setPortKind({ dpid, port: 1 }, 'fabric');
    }
    fabric.network.setLink(linkId(A, B), linkOf(A, B));
    return fabric;
  }

  it('holds, and its probes are its proof', () => {
    const fabric = remembered();
    fabric.cable(A, B);
    fabric.connect(S1, [1]);
    fabric.clock.advance(8_000);
    fabric.connect(S2, [1]);
    for (let ms = 0; ms < 3_000; ms += 20) {
      fabric.clock.advance(20);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });

  it('goes when its probes are missed', () => {
    const fabric = remembered();
    fabric.connect(S1, [1]);
    fabric.connect(S2, [1]);
    fabric.clock.advance(DECIDED_MS);
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    fabric.clock.advance(4 * INTERVAL_MS);
    expect(fabric.links()).toEqual([]);
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

  it('stops', () => {
    const fabric = pair();
    fabric.discovery.stop();
    const before = fabric.sent.length;
    fabric.clock.advance(10_000);
    expect(fabric.sent).toHaveLength(before);
  });
});
