import { describe, expect, it } from 'vitest';
import { bytesBetween, NOT_COUNTED } from './counters.ts';

const TOP_32 = 2n ** 32n;
const TOP_64 = 2n ** 64n;

describe('bytes between two readings', () => {
  it.each([
    ['nothing', 7n, 7n, 0],
    ['some', 7n, 107n, 100],
    ['some, far beyond what a number holds exactly', 2n ** 60n, 2n ** 60n + 3n, 3],
    ['some, from below 32 bits to beyond', TOP_32 - 1n, TOP_32 + 1n, 2],
  ])('are %s', (_what, before, now, bytes) => {
    for (const livedOn of [true, false]) expect(bytesBetween(before, now, livedOn)).toBe(bytes);
  });

  it('go on where a counter wrapped, of 32 bits or 64, on a port that lived on', () => {
    expect(bytesBetween(TOP_32 - 10n, 90n, true)).toBe(100);
    expect(bytesBetween(TOP_64 - 10n, 90n, true)).toBe(100);
  });

  it.each([
    ['it counts from the beginning, and nobody says that it lived on', TOP_32 - 10n, 90n, false],
    ['it was set back: half a round is no wrap', 1_000n, 10n, true],
    ['it was set back from beyond 32 bits', TOP_32 + 5n, 10n, true],
  ])('began anew where %s', (_what, before, now, livedOn) => {
    expect(bytesBetween(before, now, livedOn)).toBe('anew');
  });

  it('are not known where the switch does not count them', () => {
    expect(bytesBetween(NOT_COUNTED, 10n, true)).toBeUndefined();
    expect(bytesBetween(10n, NOT_COUNTED, true)).toBeUndefined();
  });
});
