import { describe, expect, it } from 'vitest';
import { linkId, samePort } from '../../core/ids.ts';
import type { TestFabric } from '../testing/fabric.ts';
import { A, B, INTERVAL_MS, linkOf, pair, S1, S2 } from '../testing/pair.ts';

/** A view follows 20 ms later at most, its rules some more: this leaves room for a second in all. */
const FOUND_WITHIN_MS = 800;

function settled(): TestFabric {
  const fabric = pair();
  fabric.clock.advance(2_000);
  return fabric;
}

function usable(fabric: TestFabric): boolean {
  return fabric.links().some(({ bidirectional }) => bidirectional);
}

/** Milliseconds until the link carries nothing any more; Infinity where it does after a minute still. */
function timeToNotice(fabric: TestFabric): number {
  const from = fabric.clock.now();
  while (usable(fabric)) {
    if (fabric.clock.now() - from > 60_000) return Infinity;
    fabric.clock.advance(5);
  }
  return fabric.clock.now() - from;
}

describe('a link that loses what is sent while its ports stay up', () => {
  it.each([
    ['both ways', () => true],
    ['one way', (out: typeof A) => samePort(out, A)],
    ['the other way', (out: typeof A) => samePort(out, B)],
  ])('is found in time when it does so %s, whenever that begins', (_, loses) => {
    for (let offset = 0; offset < INTERVAL_MS; offset += 10) {
      const fabric = settled();
      fabric.clock.advance(offset);
      fabric.loses = loses;
      expect(timeToNotice(fabric)).toBeLessThan(FOUND_WITHIN_MS);
    }
  });

  it('is told once, with its cause', () => {
    const fabric = settled();
    expect(fabric.notices).toEqual([]);
    fabric.loses = () => true;
    fabric.clock.advance(5_000);
    expect(fabric.notices).toMatchObject([{ type: 'link.silent', severity: 'alarm', subject: { link: linkId(A, B) } }]);
    expect(fabric.notices[0]?.cause).toContain('3 probes in a row');
  });

  it('is found in time at the end of slow channels', () => {
    const fabric = settled();
    for (const dpid of [S1, S2]) {
      fabric.channel(dpid).toSwitchMs = 20;
      fabric.channel(dpid).toControllerMs = 20;
    }
    fabric.clock.advance(1_000);
    fabric.loses = () => true;
    expect(timeToNotice(fabric)).toBeLessThan(1_000);
  });
});

describe('no alarm is given', () => {
  it('for switches that are asked nothing while all goes well but the round trip, once a second each', () => {
    const fabric = settled();
    const before = fabric.asked;
    fabric.clock.advance(10_000);
    expect(fabric.asked - before).toBeLessThanOrEqual(2 * 11);
  });

  it.each([
    ['sends', S1],
    ['hears', S2],
  ])('for a switch that %s and works through nothing for a while', (_, dpid) => {
    const fabric = settled();
    for (let round = 0; round < 5; round++) {
      fabric.channel(dpid).hold();
      for (let ms = 0; ms < 4_000; ms += 10) {
        fabric.clock.advance(10);
        expect(usable(fabric)).toBe(true);
      }
      fabric.channel(dpid).release();
      for (let ms = 0; ms < 2_000; ms += 10) {
        fabric.clock.advance(10);
        expect(usable(fabric)).toBe(true);
      }
    }
    expect(fabric.notices).toEqual([]);
  });

  it('for a switch whose answers are stuck behind a long one', () => {
    const fabric = settled();
    fabric.channel(S2).toControllerMs = 5_000;
    for (let ms = 0; ms < 20_000; ms += 10) {
      fabric.clock.advance(10);
      expect(usable(fabric)).toBe(true);
    }
  });

  it('for a controller that is held up, however often and long', () => {
    const fabric = settled();
    for (let round = 0; round < 200; round++) {
      fabric.clock.block((round * 37) % 2_500);
      fabric.clock.advance((round * 13) % 90);
      expect(usable(fabric)).toBe(true);
    }
  });

  it('for a queue on the link that grows by as much as time passes, up to more than a second', () => {
    const fabric = settled();
    const from = fabric.clock.now();
    fabric.delayMs = () => Math.min((fabric.clock.now() - from) / 2, 1_200);
    for (let ms = 0; ms < 10_000; ms += 10) {
      fabric.clock.advance(10);
      expect(fabric.links()).toEqual([linkOf(A, B)]);
    }
  });
});

describe('a silent link', () => {
  it('that is silent for slow switches, too, is found once they answer', () => {
    const fabric = settled();
    fabric.loses = () => true;
    fabric.channel(S1).hold();
    fabric.clock.advance(3_000);
    expect(usable(fabric)).toBe(true);
    fabric.channel(S1).release();
    expect(timeToNotice(fabric)).toBeLessThan(FOUND_WITHIN_MS);
  });
});
