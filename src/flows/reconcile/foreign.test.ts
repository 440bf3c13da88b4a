import { describe, expect, it } from 'vitest';
import { ForeignItems, MAX_FOREIGN_SHOWN } from './foreign.ts';
import { rule } from './testing/rules.ts';

describe("other people's items", () => {
  it('are counted, and the first of them shown', () => {
    const foreign = new ForeignItems();
    const many = Array.from({ length: 3 * MAX_FOREIGN_SHOWN }, (_, index) => rule(index));
    foreign.reset(many, many.length);
    expect(foreign.count).toBe(300);
    expect(foreign.shown()).toEqual(many.slice(0, MAX_FOREIGN_SHOWN));
    foreign.put(rule(1_000), true);
    expect(foreign.count).toBe(301);
    expect(foreign.shown()).toHaveLength(MAX_FOREIGN_SHOWN);
  });

  it('come, change and go as the switch tells', () => {
    const foreign = new ForeignItems();
    foreign.put(rule(1), true);
    foreign.put(rule(1, 2), true);
    foreign.put(rule(1, 3), false);
    expect(foreign.count).toBe(1);
    expect(foreign.shown()).toEqual([rule(1, 3)]);
    foreign.put(rule(2), false);
    expect(foreign.shown()).toHaveLength(1);
    foreign.remove(rule(1).key);
    expect([foreign.count, foreign.shown()]).toEqual([0, []]);
    foreign.remove(rule(1).key);
    expect(foreign.count).toBe(0);
  });

  it('that are not shown are counted out too', () => {
    const foreign = new ForeignItems();
    foreign.reset([rule(1)], 5);
    foreign.remove(rule(9).key);
    expect([foreign.count, foreign.shown()]).toEqual([4, [rule(1)]]);
  });
});
