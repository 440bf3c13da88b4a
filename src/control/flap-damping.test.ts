import { describe, expect, it } from 'vitest';
import { createManualClock } from '../core/manual-clock.ts';
import { FlapDamper } from './flap-damping.ts';

function start() {
  const clock = createManualClock();
  const released: { key: string; atMs: number }[] = [];
  const damper = new FlapDamper({ clock, onRelease: (key) => released.push({ key, atMs: clock.now() }) });
  /** Losses at a steady pace; returns after how many it was held. */
  const flap = (times: number, everyMs: number): number | undefined => {
    let heldAfter: number | undefined;
    for (let i = 1; i <= times; i++) {
      if (damper.lost('p')) heldAfter ??= i;
      clock.advance(everyMs);
    }
    return heldAfter;
  };
  return { clock, damper, released, flap };
}

describe('what goes up and down', () => {
  it.each([
    [1, 1_000],
    [3, 50],
    [5, 10],
    [60, 1_000],
    [30, 10_000],
  ])('%i times, every %i ms, is not held down', (times, everyMs) => {
    const { damper, flap } = start();
    expect(flap(times, everyMs)).toBeUndefined();
    expect(damper.isHeld('p')).toBe(false);
  });

  it('fifty times a second is held down within a fifth of a second', () => {
    const { damper, flap } = start();
    const after = flap(50, 20);
    expect(after).toBeLessThanOrEqual(10);
    expect(damper.isHeld('p')).toBe(true);
    expect(damper.isHeld('another')).toBe(false);
  });

  it('is held down while it goes on, is released when it was quiet for a while, and may then be lost again', () => {
    const { clock, damper, released, flap } = start();
    flap(50 * 60, 20);
    expect([damper.isHeld('p'), released]).toEqual([true, []]);
    expect(damper.losses('p')).toBe(50 * 60);
    const quietFrom = clock.now();
    clock.advance(60_000);
    expect(released).toHaveLength(1);
    const quietMs = released[0]!.atMs - quietFrom;
    expect(quietMs).toBeGreaterThan(4_000);
    expect(quietMs).toBeLessThan(10_000);
    expect(damper.isHeld('p')).toBe(false);
    expect(damper.lost('p')).toBe(false);
    expect(damper.losses('p')).toBe(1);
  });

  it('is held by one timer, however often it is lost meanwhile', () => {
    let timers = 0;
    const clock = createManualClock();
    const counting = {
      ...clock,
      after: (ms: number, callback: () => void) => {
        timers++;
        return clock.after(ms, callback);
      },
    };
    const damper = new FlapDamper({ clock: counting, onRelease: () => {} });
    for (let i = 0; i < 10_000; i++) damper.lost('p');
    expect(timers).toBe(1);
    damper.stop();
    clock.advance(100_000);
    expect(timers).toBe(1);
  });

  it('is forgotten among many others once it is quiet', () => {
    const { clock, damper } = start();
    for (let i = 0; i < 4_096; i++) damper.lost(`old ${i}`);
    clock.advance(60_000);
    damper.lost('new');
    expect(damper.losses('old 7')).toBe(0);
    expect(damper.losses('new')).toBe(1);
  });
});
