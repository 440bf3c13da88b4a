import { describe, expect, it } from 'vitest';
import { samePort } from '../../core/ids.ts';
import { TestFabric } from '../testing/fabric.ts';
import { A, B, pair, S1, S2 } from '../testing/pair.ts';
import { WindowedMin } from './windowed-min.ts';

/** Channels that take 3 and 4 ms to the switches, 5 and 1 back. */
function lopsided(linkMs: number): TestFabric {
  const fabric = new TestFabric();
  fabric.channelDelays.set(S1, { toSwitchMs: 3, toControllerMs: 5 }).set(S2, { toSwitchMs: 4, toControllerMs: 1 });
  fabric.delayMs = () => linkMs;
  fabric.cable(A, B);
  for (const dpid of [S1, S2]) fabric.connect(dpid, [1]);
  fabric.clock.advance(3_000);
  return fabric;
}

/** Views published while time passes. */
function views(fabric: TestFabric, ms: number): number {
  const { version } = fabric.network.view;
  fabric.clock.advance(ms);
  return fabric.network.view.version - version;
}

describe('a link’s latency', () => {
  it.each([0, 2, 7.5, 100])('is what frames take on it, without the channels: %d ms', (linkMs) => {
    expect(lopsided(linkMs).latencyMs(A, B)).toBeCloseTo(linkMs, 2);
  });

  it('is the mean of both ways', () => {
    const fabric = lopsided(2);
    fabric.delayMs = (out) => (samePort(out, A) ? 10 : 30);
    fabric.clock.advance(20_000);
    expect(fabric.latencyMs(A, B)).toBeCloseTo(20, 2);
  });

  it('is not known before a few probes have come both ways', () => {
    const fabric = pair();
    fabric.clock.advance(500);
    expect(fabric.latencyMs(A, B)).toBeUndefined();
    fabric.clock.advance(2_500);
    expect(fabric.latencyMs(A, B)).toBe(1);
  });

  it('makes no views of noise: what is held up now and then does not count', () => {
    const fabric = lopsided(2);
    let probe = 0;
    fabric.delayMs = () => (++probe % 4 === 0 ? 2 : 2 + (probe % 7) * 3);
    expect(views(fabric, 60_000)).toBe(0);
    expect(fabric.latencyMs(A, B)).toBe(2);
  });

  it.each([
    ['half a millisecond', 0.1, 0.5],
    ['a fifth', 100, 119],
  ])('is not told anew where it changed by no more than %s', (_, before, after) => {
    const fabric = lopsided(before);
    fabric.delayMs = () => after;
    expect(views(fabric, 60_000)).toBe(0);
  });

  it('is told anew where it changed by much, and not more often than every five seconds', () => {
    const fabric = lopsided(2);
    fabric.delayMs = () => 10;
    expect(views(fabric, 20_000)).toBe(1);
    expect(fabric.latencyMs(A, B)).toBe(10);
    // Falls at once, since the least counts, and rises again: a view each time would be thirty.
    fabric.delayMs = () => (Math.floor(fabric.clock.now() / 12_000) % 2 === 0 ? 1 : 50);
    expect(views(fabric, 120_000)).toBeLessThanOrEqual(24);
  });

  it('starts anew with the link', () => {
    const fabric = lopsided(50);
    fabric.portDown(A);
    fabric.delayMs = () => 1;
    fabric.portUp(A);
    fabric.clock.advance(300);
    expect(fabric.links()).toHaveLength(1);
    expect(fabric.latencyMs(A, B)).toBeUndefined();
    fabric.clock.advance(3_000);
    expect(fabric.latencyMs(A, B)).toBe(1);
  });
});

describe('the least of a window', () => {
  it('forgets what is older than the window, and nothing younger than half of it', () => {
    const least = new WindowedMin();
    expect(least.value(0)).toBeUndefined();
    least.add(1, 0);
    for (let now = 1_000; now <= 30_000; now += 1_000) {
      least.add(5, now);
      const expected = least.value(now);
      if (now <= 5_000) expect(expected).toBe(1);
      if (now >= 10_000) expect(expected).toBe(5);
    }
    expect(least.value(60_000)).toBeUndefined();
  });
});
