import { describe, expect, it } from 'vitest';
import { meterItem, flowItem, groupItem } from '../items.ts';
import { apply } from '../pipeline.ts';
import { Installed } from './installed.ts';

function rule(priority: number, ...groups: readonly number[]) {
  const actions = groups.map((groupId) => ({ type: 'group', groupId }) as const);
  return flowItem({ tableId: 6, priority, match: {}, instructions: [apply(...actions)], cookie: 1n });
}

describe('what is installed', () => {
  it('knows which rules use which groups and meters', () => {
    const [one, two] = [rule(1, 7), rule(2, 7, 8)];
    const meter = meterItem({ meterId: 3, flags: 1, bands: [] });
    const metered = flowItem({ ...one, priority: 9, instructions: [{ type: 'meter', meterId: 3 }] });
    const installed = new Installed([one, two, meter, metered].map((item) => [item.key, item]));
    expect(installed.size).toBe(4);
    expect([...installed.usersOf('g7')]).toEqual([one.key, two.key]);
    expect([...installed.usersOf('g8')]).toEqual([two.key]);
    expect([...installed.usersOf('m3')]).toEqual([metered.key]);
    expect([...installed.usersOf('g9')]).toEqual([]);
  });

  it('follows rules that change and go, and groups that hand on to groups', () => {
    const installed = new Installed();
    const [before, after] = [rule(1, 7), rule(1, 8)];
    installed.set(before.key, before).set(after.key, after);
    expect([[...installed.usersOf('g7')], [...installed.usersOf('g8')]]).toEqual([[], [after.key]]);
    expect(installed.delete(after.key)).toBe(true);
    expect([...installed.usersOf('g8')]).toEqual([]);
    expect(installed.delete(after.key)).toBe(false);
    const bucket = { weight: 0, watchPort: 0, watchGroup: 8, actions: [{ type: 'group', groupId: 8 }] } as const;
    const group = groupItem({ groupId: 9, groupType: 3, buckets: [bucket] });
    installed.set(group.key, group);
    expect([...installed.usersOf('g8')]).toEqual(['g9']);
    installed.clear();
    expect([installed.size, installed.usersOf('g8').length]).toEqual([0, 0]);
  });
});
