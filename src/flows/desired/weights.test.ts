import { describe, expect, it } from 'vitest';
import { sharesOf } from './weights.ts';

const G = 1e9;

function worstLoad(speeds: readonly number[]): number {
  const shares = sharesOf(speeds);
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
  return Math.max(...shares.map((share, i) => share / sum(shares) / (speeds[i]! / sum(speeds))));
}

describe('shares', () => {
  it.each([
    { speeds: [G], shares: [1] },
    { speeds: [G, G, G], shares: [1, 1, 1] },
    { speeds: [100 * G, 40 * G], shares: [3, 1] },
    { speeds: [40 * G, 25 * G], shares: [3, 2] },
    { speeds: [100 * G, 10 * G], shares: [10, 1] },
    { speeds: [100 * G, 10 * G, 100 * G, 100 * G, 100 * G], shares: [10, 1, 10, 10, 10] },
    { speeds: [100 * G, 100 * G, 40 * G], shares: [3, 3, 1] },
    { speeds: [100 * G, 0], shares: [1, 1] },
    // Of the sum of all, 64 at most.
    { speeds: [100 * G, G / 100], shares: [63, 1] },
  ])('of $speeds are $shares', ({ speeds, shares }) => {
    expect(sharesOf(speeds)).toEqual(shares);
  });

  it('of any two or three usual speeds load no link by 6% more than the others, where none is too slow for 64 parts', () => {
    const usual = [1, 2.5, 5, 10, 25, 40, 50, 100, 200, 400, 800].map((speed) => speed * G);
    const parts = (speeds: readonly number[]): number =>
      speeds.reduce((all, speed) => all + speed, 0) / Math.min(...speeds);
    for (const x of usual) {
      for (const y of usual) {
        for (const speeds of [[x, y], ...usual.map((z) => [x, y, z])]) {
          if (parts(speeds) <= 64) expect([speeds, worstLoad(speeds) <= 1.06]).toEqual([speeds, true]);
        }
      }
    }
  });

  it('are 1 each of more links than parts', () => {
    const speeds = Array.from({ length: 70 }, (_, i) => (i + 1) * G);
    expect(sharesOf(speeds)).toEqual(speeds.map(() => 1));
  });
});
