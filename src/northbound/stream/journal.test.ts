import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import type { ChangeRecord } from './journal.ts';

function record(version: number, size = 1): ChangeRecord {
  return { version, isView: true, events: { switches: 'x'.repeat(size), links: '', hosts: '', events: '' } };
}

/** What the timeline told while a version stood. */
function meanwhile(version: number, events: string): ChangeRecord {
  return { version, isView: false, events: { switches: '', links: '', hosts: '', events } };
}

describe('the journal', () => {
  it('resumes from the version before its first change', () => {
    const journal = new Journal({ version: 5, maxChanges: 10, maxChars: 100 });
    expect(journal.since(5)).toEqual([]);
    journal.append(record(6));
    expect(journal.since(5)?.map(({ version }) => version)).toEqual([6]);
    expect(journal.since(6)).toEqual([]);
  });

  it('does not know versions from before, from the future, or that never were', () => {
    const journal = new Journal({ version: 5, maxChanges: 10, maxChars: 100 });
    journal.append(record(8));
    for (const version of [0, 4, 6, 7, 9]) expect(journal.since(version)).toBeUndefined();
  });

  it('keeps nothing of a change that is larger than itself, and still knows where it is', () => {
    const journal = new Journal({ version: 1, maxChanges: 10, maxChars: 100 });
    journal.append(record(2));
    journal.append(record(3, 101));
    expect(journal.since(2)).toBeUndefined();
    expect(journal.since(3)).toEqual([]);
  });

  it('tells again what was told while the version stood, since nobody knows who heard it', () => {
    const journal = new Journal({ version: 1, maxChanges: 10, maxChars: 100 });
    journal.append(meanwhile(1, 'a'));
    journal.append(record(2));
    journal.append(meanwhile(2, 'b'));
    journal.append(meanwhile(2, 'c'));
    const told = (version: number) =>
      journal.since(version)?.map(({ events, isView }) => (isView ? '|' : events.events));
    expect([told(1), told(2)]).toEqual([
      ['a', '|', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  it('does not go on from a version of which something is gone that was told while it stood', () => {
    const journal = new Journal({ version: 1, maxChanges: 2, maxChars: 100 });
    journal.append(meanwhile(1, 'a'));
    journal.append(meanwhile(1, 'b'));
    journal.append(record(2));
    expect(journal.since(1)).toBeUndefined();
    expect(journal.since(2)).toEqual([]);
    journal.append(meanwhile(2, 'c'));
    journal.append(meanwhile(2, 'd'));
    expect(journal.since(2)).toHaveLength(2);
  });

  it('never exceeds its bounds, and holds as much as they allow', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 })), (sizes) => {
        const journal = new Journal({ version: 0, maxChanges: 5, maxChars: 100 });
        sizes.forEach((size, index) => journal.append(record(index + 1, size)));
        const reachable = sizes.map((_, index) => index).filter((version) => journal.since(version) !== undefined);
        const fits = (from: number): boolean => {
          const kept = sizes.slice(from);
          return kept.length <= 5 && kept.reduce((sum, size) => sum + size, 0) <= 100;
        };
        expect(reachable).toEqual(sizes.map((_, index) => index).filter(fits));
      }),
    );
  });
});
