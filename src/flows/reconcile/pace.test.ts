import { expect, it } from 'vitest';
import { MAX_REST_MS, Pace, REST_MS } from './pace.ts';

it('rests after a read, and longer after each failure', () => {
  const pace = new Pace();
  expect(pace.isResting(0)).toBe(false);
  pace.wasRead(0);
  expect([pace.isResting(REST_MS - 1), pace.isResting(REST_MS)]).toEqual([true, false]);
  const rests = Array.from({ length: 10 }, () => {
    pace.failed(1_000);
    return pace.restUntil - 1_000;
  });
  expect(rests.slice(0, 3)).toEqual([2 * REST_MS, 4 * REST_MS, 8 * REST_MS]);
  expect(rests.at(-1)).toBe(MAX_REST_MS);
  pace.recovered();
  pace.failed(1_000);
  expect(pace.restUntil - 1_000).toBe(2 * REST_MS);
});

it('does not rest after the first lost answer', () => {
  const pace = new Pace();
  pace.lost(1_000);
  expect(pace.isResting(1_000)).toBe(false);
  pace.wasRead(1_000);
  pace.lost(2_000);
  expect(pace.isResting(2_000)).toBe(true);
  pace.reset();
  expect(pace.isResting(2_000)).toBe(false);
});
