import { describe, expect, it } from 'vitest';
import type { DriftInfo } from './wire.ts';
import { driftState, driftWords } from './drift.ts';

const COUNTS = { missing: 0, changed: 0, extra: 0, refused: 0, foreign: 0, wars: 0 };
const CLEAN: DriftInfo = {
  inSync: true,
  monitored: true,
  readAt: '2026-01-01T00:00:00.000Z',
  counts: COUNTS,
  refused: [],
  repairs: 0,
};

describe('the state of a switch', () => {
  it.each<[string, DriftInfo | undefined]>([
    ['unknown', undefined],
    ['unknown', { ...CLEAN, inSync: false, readAt: null }],
    ['in-sync', CLEAN],
    ['in-sync', { ...CLEAN, counts: { ...COUNTS, foreign: 5 } }],
    ['differs', { ...CLEAN, inSync: false, counts: { ...COUNTS, missing: 1 } }],
    ['refused', { ...CLEAN, inSync: false, counts: { ...COUNTS, missing: 3, refused: 2 } }],
  ])('is %s', (name, drift) => {
    expect(driftState(drift).name).toBe(name);
  });
});

describe('what is told of it', () => {
  it('is short where all is well', () => {
    expect(driftWords(CLEAN)).toBe('The switch tells of changes at once.');
    expect(driftWords({ ...CLEAN, monitored: false })).toBe('Checked every 30 s.');
  });

  it('counts what is not', () => {
    const counts = { missing: 1, changed: 2, extra: 3, refused: 0, foreign: 4, wars: 5 };
    expect(driftWords({ ...CLEAN, counts, repairs: 1_200 })).toBe(
      '1 rule missing, 2 rules changed, 3 rules on the way out, 5 rules changed by someone else again and again, ' +
        '4 foreign rules left alone, 1,200 repairs. The switch tells of changes at once.',
    );
  });
});
