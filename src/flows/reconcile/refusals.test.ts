import { describe, expect, it } from 'vitest';
import type { Item } from '../items.ts';
import type { Op, OpType } from './op.ts';
import { FIRST_RETRY_MS, MAX_RETRY_MS, Refusals } from './refusals.ts';
import { group, meter, rule, ruleBy, ruleWith, tableOf } from './testing/rules.ts';
import type { Refusal } from './transport.ts';

const WALL = 1_000_000;

function refusal(item: Item, given: Partial<Refusal> & { type?: OpType } = {}): Refusal {
  const { type = 'add', ...rest } = given;
  const op: Op = { type, item };
  return { op, reason: 'no room', mayPass: true, stale: false, ...rest };
}

function at(now: number) {
  return { now, wall: WALL + now };
}

describe('a refused change', () => {
  it('is tried again after a while that doubles up to a minute', () => {
    const refusals = new Refusals();
    let now = 0;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      refusals.note(refusal(rule(1)), at(now));
      const next = refusals.nextDueAt()!;
      expect(refusals.due(next - 1)).toEqual([]);
      expect(refusals.blocks(rule(1).key, rule(1))).toBe(true);
      expect(refusals.due(next)).toEqual([rule(1).key]);
      expect(refusals.blocks(rule(1).key, rule(1))).toBe(false);
      expect(refusals.nextDueAt()).toBeUndefined();
      waits.push(next - now);
      now = next;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * FIRST_RETRY_MS));
    expect(Math.max(...waits)).toBe(MAX_RETRY_MS);
    expect(refusals.list(tableOf(rule(1)))).toEqual([
      { item: rule(1), reason: 'no room', since: WALL, retryAt: WALL + now },
    ]);
  });

  it('that cannot pass is not tried again', () => {
    const refusals = new Refusals();
    refusals.note(refusal(rule(1), { mayPass: false }), at(0));
    expect(refusals.nextDueAt()).toBeUndefined();
    expect(refusals.due(1e9)).toEqual([]);
    expect(refusals.list(tableOf(rule(1)))).toMatchObject([{ retryAt: undefined }]);
  });

  it('stands in the way of itself only, at once free for another wish', () => {
    const refusals = new Refusals();
    refusals.note(refusal(rule(1)), at(0));
    expect(refusals.blocks(rule(1).key, rule(1))).toBe(true);
    expect(refusals.blocks(rule(1).key, rule(1, 2))).toBe(false);
    expect(refusals.blocks(rule(1).key, undefined)).toBe(false);
    expect(refusals.blocks(rule(2).key, rule(2))).toBe(false);
    refusals.forget(rule(1).key);
    expect(refusals.blocks(rule(1).key, rule(1))).toBe(false);
  });

  it('may be a removal', () => {
    const refusals = new Refusals();
    refusals.note(refusal(rule(1), { type: 'delete' }), at(0));
    expect(refusals.blocks(rule(1).key, undefined)).toBe(true);
    expect(refusals.blocks(rule(1).key, rule(1))).toBe(false);
  });

  it('is news once, and again for another reason or another wish', () => {
    const refusals = new Refusals();
    const news = [
      refusal(rule(1)),
      refusal(rule(1), { type: 'modify' }),
      refusal(rule(1), { reason: 'other' }),
      refusal(rule(1, 2), { reason: 'other' }),
    ].map((one) => refusals.note(one, at(0)));
    expect(news).toEqual([true, false, true, true]);
    expect(refusals.size).toBe(1);
  });

  it('counts no more when it is wanted no more', () => {
    const refusals = new Refusals();
    refusals.note(refusal(rule(1)), at(0));
    refusals.note(refusal(rule(2), { type: 'delete' }), at(0));
    const shown = (desired: ReadonlyMap<string, Item>): string[] => refusals.list(desired).map(({ item }) => item.key);
    expect(shown(tableOf(rule(1)))).toEqual([rule(1).key, rule(2).key]);
    expect(shown(tableOf(rule(2)))).toEqual([]);
    refusals.prune(tableOf());
    expect([refusals.size, shown(tableOf())]).toEqual([1, [rule(2).key]]);
  });

  it('goes when the group or meter comes that it lacked', () => {
    const refusals = new Refusals();
    const waiting = [ruleBy(group(1), 1), ruleWith(meter(1), 2), ruleBy(group(2), 3)];
    for (const item of [group(1), ...waiting]) refusals.note(refusal(item, { mayPass: false }), at(0));
    expect(refusals.taken(group(1).key)).toEqual([waiting[0]!.key]);
    expect(refusals.blocks(waiting[0]!.key, waiting[0])).toBe(false);
    expect(refusals.taken(group(1).key)).toEqual([]);
    expect(refusals.taken(meter(1).key)).toEqual([waiting[1]!.key]);
    expect(refusals.blocks(waiting[2]!.key, waiting[2])).toBe(true);
    expect(refusals.size).toBe(3);
  });
});
