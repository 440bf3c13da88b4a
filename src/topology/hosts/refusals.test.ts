import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import { FIRST_HOLD_MS, MAX_REFUSALS, Refusals } from './refusals.ts';

describe('one that was turned away', () => {
  it('is held for a while, longer each time in a row, and told of now and then', () => {
    const clock = createManualClock();
    const refusals = new Refusals<string>(clock);
    const holds: number[] = [];
    let told = 0;
    for (let turn = 0; turn < 8; turn++) {
      if (refusals.note('x')) told++;
      const from = clock.now();
      while (refusals.hold('x')) clock.advance(100);
      holds.push(clock.now() - from);
    }
    expect(holds).toEqual([1, 2, 4, 8, 16, 16, 16, 16].map((times) => times * FIRST_HOLD_MS));
    expect(told).toBe(2);
    expect(refusals.hold('y')).toBe(false);
    clock.advance(100_000);
    expect(refusals.note('x')).toBe(true);
    clock.advance(FIRST_HOLD_MS);
    expect(refusals.hold('x')).toBe(false);
  });

  it('is forgotten where there are too many, the one of longest ago first', () => {
    const refusals = new Refusals<number>(createManualClock());
    for (let key = 0; key <= MAX_REFUSALS; key++) refusals.note(key);
    expect([refusals.hold(0), refusals.hold(1), refusals.hold(MAX_REFUSALS)]).toEqual([false, true, true]);
  });
});
