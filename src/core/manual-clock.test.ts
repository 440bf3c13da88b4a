import { describe, expect, it } from 'vitest';
import { createManualClock } from './manual-clock.ts';

describe('the manual clock', () => {
  it('stands still until told', () => {
    const clock = createManualClock(1_000);
    let called = false;
    clock.after(0, () => (called = true));
    expect([clock.now(), clock.wall(), called]).toEqual([0, 1_000, false]);
    clock.advance(0);
    expect(called).toBe(true);
    clock.advance(5);
    expect([clock.now(), clock.wall()]).toEqual([5, 1_005]);
  });

  it('calls back in order of time, first come first among equals, at the time they fall due', () => {
    const clock = createManualClock();
    const calls: string[] = [];
    const note = (name: string) => () => calls.push(`${name}@${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.advance(15);
    expect(calls).toEqual(['first@10', 'second@10']);
    clock.advance(5);
    expect(calls).toEqual(['first@10', 'second@10', 'late@20']);
  });

  it('calls on the way what is set on the way, and not what was cancelled', () => {
    const clock = createManualClock();
    const calls: number[] = [];
    const cancel = clock.after(10, () => calls.push(-1));
    clock.after(5, () => {
      cancel();
      clock.after(2, () => calls.push(clock.now()));
    });
    clock.advance(100);
    expect(calls).toEqual([7]);
  });

  it('lets time pass without calling, then calls what is overdue late', () => {
    const clock = createManualClock();
    const calls: number[] = [];
    clock.after(10, () => {
      calls.push(clock.now());
      clock.after(10, () => calls.push(clock.now()));
    });
    clock.block(100);
    expect([clock.now(), calls]).toEqual([100, []]);
    clock.advance(5);
    expect(calls).toEqual([100]);
    clock.advance(5);
    expect(calls).toEqual([100, 110]);
  });
});
