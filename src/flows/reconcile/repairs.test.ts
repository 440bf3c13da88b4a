import { expect, it } from 'vitest';
import { Repairs } from './repairs.ts';
import { WAR_REPAIRS } from './wars.ts';

it('counts what was put right, and nothing else', () => {
  const repairs = new Repairs();
  expect(repairs.drifted('a', 'someone did it', 0)).toBe(true);
  repairs.drifted('b', 'someone did it', 0);
  repairs.drifted('b', 'someone did more', 0);
  repairs.drifted('c', 'someone did it', 0);
  repairs.undone('c');
  expect(repairs.open).toBe(2);
  expect(repairs.confirmed('a', 1)).toEqual({ cause: 'someone did it', war: false });
  expect(repairs.confirmed('a', 1)).toBeUndefined();
  expect(repairs.confirmed('b', 1)).toEqual({ cause: 'someone did more', war: false });
  expect(repairs.confirmed('c', 1)).toBeUndefined();
  expect(repairs.count).toBe(2);
});

it('says when a repair makes it a war, and leaves the rule to audits from then on', () => {
  const repairs = new Repairs();
  for (let round = 1; round <= WAR_REPAIRS; round++) {
    expect(repairs.drifted('a', 'again', round)).toBe(true);
    expect(repairs.confirmed('a', round)?.war).toBe(round === WAR_REPAIRS);
  }
  expect(repairs.drifted('a', 'again', 100)).toBe(false);
  expect(repairs.drifted('b', 'first', 100)).toBe(true);
  expect(repairs.wars(100)).toEqual(['a']);
});
