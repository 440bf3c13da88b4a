import { describe, expect, it } from 'vitest';
import { linkId, samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import { TestFabric } from '../testing/fabric.ts';
import { switchOf } from '../testing/facts.ts';
import { A, B, C, DECIDED_MS, HOST, INTERVAL_MS, linkOf, pair, S1, S2, S3 } from '../testing/pair.ts';

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
    const from = fabric.clock.now();
    while (fabric.sentBy(A, from) < 3 && fabric.sentBy(B, from) < 3) {
      expect(fabric.links()).toEqual([linkOf(A, B)]);
      fabric.clock.advance(10);
    }
    expect(fabric.links()).toEqual([linkOf(A, B)]);
    while (fabric.links().length > 0) fabric.clock.advance(10);
    expect(fabric.clock.now() - from).toBeLessThan(800);
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
    const from = fabric.clock.now();
    while (fabric.sentBy(A, from) < 2) fabric.clock.advance(10);
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
