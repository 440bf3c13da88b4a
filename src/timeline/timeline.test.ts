import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../core/manual-clock.ts';
import type { EntryType, Happening } from './entry.ts';
import { Timeline } from './timeline.ts';
import type { TimelinePage } from './timeline.ts';

const START = Date.UTC(2026, 0, 1);

function happening(type: EntryType, name = 'h1'): Happening {
  const subject = { kind: 'host', id: name, name, dpid: undefined, owner: undefined } as const;
  return { type, subject, message: `${name}.`, cause: undefined };
}

function start(capacity = 5) {
  const clock = createManualClock(START);
  const timeline = new Timeline({ clock, capacity });
  const record = (...names: string[]): void => timeline.record(names.map((name) => happening('host.seen', name)));
  return { clock, timeline, record };
}

function names({ entries }: TimelinePage): string {
  return entries.map(({ subject }) => subject.name).join('');
}

describe('the timeline', () => {
  it('numbers what it is told without a gap, from the start of the run, and adds time and severity', () => {
    const { clock, timeline } = start();
    timeline.record([happening('host.seen'), happening('rule.war')]);
    clock.advance(1_500);
    timeline.record([happening('link.down')]);
    const { entries } = timeline.read({ limit: 10 });
    expect(entries.map(({ id, at, severity }) => [id - START, at - START, severity])).toEqual([
      [0, 0, 'info'],
      [1, 0, 'alarm'],
      [2, 1_500, 'warning'],
    ]);
  });

  it('reads the newest where nothing is said, oldest first among them', () => {
    const { timeline, record } = start();
    record('a', 'b', 'c');
    expect(timeline.read({ limit: 2 })).toMatchObject({ next: START + 2, more: false, dropped: false });
    expect(names(timeline.read({ limit: 2 }))).toBe('bc');
    expect(timeline.read({ limit: 2, types: new Set(['rule.war']) }).entries).toEqual([]);
  });

  it('goes on where the reader left, page by page, without missing one', () => {
    const { timeline, record } = start();
    record('a', 'b', 'c', 'd');
    const first = timeline.read({ since: { id: 0 }, limit: 3 });
    expect([names(first), first.more, first.dropped]).toEqual(['abc', true, false]);
    record('e');
    const second = timeline.read({ since: { id: first.next }, limit: 3 });
    expect([names(second), second.more, second.dropped]).toEqual(['de', false, false]);
    const third = timeline.read({ since: { id: second.next }, limit: 3 });
    expect(third).toEqual({ entries: [], next: second.next, more: false, dropped: false });
  });

  it('says that entries fell out of the ring, to those who missed them and to no other', () => {
    const { timeline, record } = start(3);
    record('a', 'b', 'c', 'd', 'e');
    const since = (id: number) => timeline.read({ since: { id: START + id }, limit: 9 });
    expect([names(since(0)), since(0).dropped]).toEqual(['cde', true]);
    expect([names(since(1)), since(1).dropped]).toEqual(['cde', false]);
    expect([names(since(3)), since(3).dropped]).toEqual(['e', false]);
    expect(timeline.read({ since: { id: 0 }, limit: 9 }).dropped).toBe(true);
  });

  it('gives all it has to those who know another run, and says that there was more', () => {
    const { timeline, record } = start();
    record('a', 'b');
    for (const id of [START - 5_000, START + 2, START * 2]) {
      const page = timeline.read({ since: { id }, limit: 9 });
      expect([names(page), page.dropped, page.next]).toEqual(['ab', true, START + 1]);
    }
  });

  it('reads from a moment on', () => {
    const { clock, timeline, record } = start(3);
    for (const name of 'abcd') {
      record(name);
      clock.advance(1_000);
    }
    const from = (ms: number) => timeline.read({ since: { at: START + ms }, limit: 9 });
    expect([names(from(2_000)), from(2_000).dropped]).toEqual(['cd', false]);
    expect([names(from(1)), from(1).dropped]).toEqual(['bcd', false]);
    // At that moment a happened, which is gone.
    expect([names(from(0)), from(0).dropped]).toEqual(['bcd', true]);
    expect([names(from(9_000)), from(9_000).next]).toEqual(['', START + 3]);
  });

  it('does not know what was before it started', () => {
    const { timeline, record } = start();
    record('a');
    expect(timeline.read({ since: { at: START }, limit: 9 }).dropped).toBe(false);
    expect(timeline.read({ since: { at: START - 1 }, limit: 9 }).dropped).toBe(true);
  });

  it('looks past what is of other types, and goes on behind it', () => {
    const { timeline, record } = start();
    record('a');
    timeline.record([happening('link.down', 'x')]);
    record('b');
    const types = new Set<EntryType>(['link.down']);
    expect(timeline.read({ since: { id: 0 }, limit: 9, types })).toMatchObject({ next: START + 2, more: false });
    expect(timeline.read({ since: { id: 0 }, limit: 1, types })).toMatchObject({ next: START + 1, more: true });
  });

  it('tells listeners at once, together what came together, and nothing of nothing', () => {
    const { timeline, record } = start();
    const heard: number[] = [];
    const stop = timeline.onEntries((entries) => heard.push(entries.length));
    record('a', 'b');
    timeline.record([]);
    record('c');
    stop();
    record('d');
    expect(heard).toEqual([2, 1]);
  });

  it('loses nothing to a reader that keeps up, and tells one that does not, whatever the order of things', () => {
    const step = fc.oneof(
      fc.record({ record: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ limit: fc.integer({ min: 1, max: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { timeline } = start(5);
        let recorded = 0;
        let since = 0;
        let seen = 0;
        for (const each of steps) {
          if ('record' in each) {
            timeline.record(Array.from({ length: each.record }, () => happening('host.seen', `${recorded++}.`)));
            continue;
          }
          const { entries, next, more, dropped } = timeline.read({ since: { id: since }, limit: each.limit });
          const numbers = entries.map(({ subject }) => Number.parseInt(subject.name, 10));
          const first = Math.max(seen, recorded - 5);
          expect(numbers).toEqual(Array.from({ length: Math.min(each.limit, recorded - first) }, (_, i) => first + i));
          expect(dropped).toBe(first > seen);
          seen = first + numbers.length;
          expect(more).toBe(seen < recorded);
          since = recorded === 0 ? 0 : next;
        }
      }),
    );
  });
});
