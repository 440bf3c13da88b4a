import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowItem } from '../items.ts';
import type { Item } from '../items.ts';
import { changePlaced } from './placed.ts';
import type { Placed } from './placed.ts';

/** Made anew at each call, as a unit does that runs again. */
function rule(priority: number, cookie: number): Item {
  return flowItem({ tableId: 1, priority, match: {}, instructions: [], cookie: BigInt(cookie) });
}

function textsOf(placed: readonly Placed[]): string[] {
  return placed
    .flatMap(({ item, where }) => where.map((dpid) => `${dpid} ${item.key} ${item.kind === 'flow' ? item.cookie : ''}`))
    .sort();
}

describe('what a unit puts where', () => {
  const known = new Map<string, Item>();
  /** Sometimes the object of before, sometimes one like it. */
  const wish = fc
    .record({ priority: fc.nat(3), cookie: fc.nat(1), again: fc.boolean(), where: fc.subarray(['a', 'b', 'c']) })
    .map(({ priority, cookie, again, where }): Placed => {
      const name = `${priority}/${cookie}`;
      const item = (again ? known.get(name) : undefined) ?? rule(priority, cookie);
      known.set(name, item);
      return { item, where };
    });
  const wishes = fc.array(wish, { maxLength: 8 });

  it('changes from what it was to what it is by what is told gone and come', () => {
    fc.assert(
      fc.property(wishes, wishes, (before, after) => {
        const { now, gone, come } = changePlaced(before, after);
        expect(textsOf(now)).toEqual(textsOf(after));
        const rest = textsOf(before);
        for (const text of textsOf(gone)) expect(rest.splice(rest.indexOf(text), 1)).toEqual([text]);
        expect([...rest, ...textsOf(come)].sort()).toEqual(textsOf(after));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the objects of what stays, wherever it stands now', () => {
    const before = [1, 2, 3].map((priority) => ({ item: rule(priority, 0), where: ['a', 'b'] }));
    const after = [
      { item: rule(3, 0), where: ['b', 'c'] },
      { item: rule(2, 0), where: ['a', 'b'] },
      { item: rule(1, 1), where: ['a'] },
    ];
    const { now, gone, come } = changePlaced(before, after);
    expect(now.map(({ item }) => before.findIndex((old) => old.item === item))).toEqual([2, 1, -1]);
    expect([textsOf(gone), textsOf(come)]).toEqual([
      ['a f1/1/ 0', 'a f1/3/ 0', 'b f1/1/ 0'],
      ['a f1/1/ 1', 'c f1/3/ 0'],
    ]);
  });
});
