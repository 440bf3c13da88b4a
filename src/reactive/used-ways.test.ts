import { describe, expect, it } from 'vitest';
import { hasBit, UsedWays } from './used-ways.ts';

function listed(used: UsedWays, node: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  used.each(node, (port, target) => found.push([port, target]));
  return found;
}

describe('used ways', () => {
  it('are told by port and target, whatever word they stand in', () => {
    const used = new UsedWays();
    used.resize(100);
    for (const target of [0, 31, 32, 63, 99]) used.mark(3, 7, target);
    used.mark(3, 8, 1);
    expect(listed(used, 3)).toEqual([
      [7, 0],
      [7, 31],
      [7, 32],
      [7, 63],
      [7, 99],
      [8, 1],
    ]);
    used.unmark(3, 7, 31);
    expect([used.has(3, 7, 31), used.has(3, 7, 32), used.has(4, 7, 32)]).toEqual([false, true, false]);
    expect([used.leads(3, 1), used.leads(3, 2), used.leads(9, 1)]).toEqual([true, false, false]);
  });

  it('stay when there is room made for more', () => {
    const used = new UsedWays();
    used.resize(10);
    used.mark(0, 1, 9);
    used.resize(1_000);
    used.mark(0, 1, 999);
    expect(listed(used, 0)).toEqual([
      [1, 9],
      [1, 999],
    ]);
  });

  it('join into a set', () => {
    const used = new UsedWays();
    used.resize(64);
    used.mark(1, 1, 40);
    used.mark(2, 5, 3);
    const set = used.emptySet();
    used.collect(1, 1, set);
    used.collect(2, 5, set);
    used.collect(2, 6, set);
    expect([hasBit(set, 40), hasBit(set, 3), hasBit(set, 4)]).toEqual([true, true, false]);
  });

  it('of a switch go, and those to it when its number goes to another', () => {
    const used = new UsedWays();
    used.mark(0, 1, 5);
    used.mark(5, 1, 0);
    used.mark(2, 1, 5);
    used.mark(2, 1, 6);
    used.clearNode(0);
    expect(listed(used, 0)).toEqual([]);
    used.forgetNode(5);
    expect([listed(used, 5), listed(used, 2)]).toEqual([[], [[1, 6]]]);
  });
});
