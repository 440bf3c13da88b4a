import { describe, expect, it } from 'vitest';
import { flowItem } from '../items.ts';
import type { Item } from '../items.ts';
import { CAUSE } from './monitor.ts';
import { Installed } from './installed.ts';
import { newState } from './state.ts';
import type { SwitchState } from './state.ts';
import { takeIn } from './take-in.ts';
import type { Reading } from './take-in.ts';
import { group, rule, tableOf } from './testing/rules.ts';
import { WAR_REPAIRS } from './wars.ts';

function read(
  state: SwitchState,
  found: readonly Item[],
  wanted: readonly Item[],
  why: Reading['why'] = 'audit',
): void {
  const readBack = { items: tableOf(...found), flows: [], foreign: [rule(99)], foreignCount: 7 };
  takeIn(state, readBack, { desired: tableOf(...wanted), now: 0, wall: 1_000, why });
}

function believing(...items: readonly Item[]): SwitchState {
  const state = newState('0000000000000001');
  state.installed = new Installed(tableOf(...items));
  return state;
}

function causes(state: SwitchState): Record<string, string> {
  return Object.fromEntries([...state.repairs.keys()].map((key) => [key, state.repairs.confirmed(key, 0)!.cause]));
}

describe('what was read', () => {
  it('takes the place of what was believed, and marks what differs from what is desired', () => {
    const state = newState('0000000000000001');
    const wish = flowItem({ ...rule(1), owner: { kind: 'app', name: 'unit' } });
    read(state, [rule(1), rule(2), rule(3)], [wish, rule(2, 2), rule(4)], 'attach');
    expect([...state.dirty].sort()).toEqual([rule(2), rule(3), rule(4)].map(({ key }) => key));
    expect(state.installed?.get(wish.key)).toBe(wish);
    expect([state.readAt, state.foreign.count, state.foreign.shown()]).toEqual([1_000, 7, [rule(99)]]);
  });

  it('of a new session is nobody else’s doing', () => {
    const state = believing(rule(1));
    read(state, [rule(2)], [rule(1)], 'attach');
    expect(state.repairs.open).toBe(0);
  });

  it('tells what someone else did', () => {
    const state = believing(rule(1), rule(2), group(1));
    read(state, [rule(2, 9), group(1, 9), rule(3)], [rule(1), rule(2), group(1)]);
    expect(causes(state)).toEqual({
      [rule(1).key]: CAUSE.foundMissing,
      [rule(2).key]: CAUSE.foundChanged,
      [group(1).key]: CAUSE.foundChanged,
      [rule(3).key]: CAUSE.foundAdded,
    });
  });

  it('of what was in flight is our own doing, or was not believed', () => {
    const state = believing(rule(1));
    state.inFlight = new Map([
      [rule(1).key, { type: 'delete', item: rule(1) }],
      [rule(2).key, { type: 'add', item: rule(2) }],
    ]);
    state.contested.add(rule(2).key);
    read(state, [rule(2)], [rule(3)], 'doubt');
    expect(causes(state)).toEqual({});
    expect([state.inFlight.size, state.contested.size]).toEqual([0, 0]);
    expect([...state.dirty].sort()).toEqual([rule(2).key, rule(3).key]);
  });

  it('of what differs as it did before is not someone else’s doing', () => {
    const state = believing(rule(1), rule(2));
    read(state, [rule(1)], [rule(1, 2)]);
    expect(causes(state)).toEqual({});
  });

  it('ends what is as desired again', () => {
    const state = believing();
    state.repairs.drifted(rule(1).key, CAUSE.deleted, 0);
    read(state, [rule(1)], [rule(1)]);
    expect(state.repairs.open).toBe(0);
  });

  it('in doubt leaves alone what is fought over; an audit does not', () => {
    const state = believing();
    for (let round = 0; round < WAR_REPAIRS; round++) {
      state.repairs.drifted(rule(1).key, CAUSE.deleted, 0);
      state.repairs.confirmed(rule(1).key, 0);
    }
    read(state, [], [rule(1), rule(2)], 'doubt');
    expect([...state.dirty]).toEqual([rule(2).key]);
    read(state, [], [rule(1), rule(2)], 'audit');
    expect([...state.dirty]).toEqual([rule(1).key, rule(2).key]);
  });
});
