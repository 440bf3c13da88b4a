import { describe, expect, it } from 'vitest';
import { OFPRR } from '../../openflow/codec/index.ts';
import type { FullFlowUpdate } from '../../openflow/codec/index.ts';
import { makeCookie, RULE_CLASS } from '../cookie.ts';
import { flowItem } from '../items.ts';
import type { Item } from '../items.ts';
import { CAUSE, DOUBT, hear, MAX_HEARD, takeUpdate } from './monitor.ts';
import { Installed } from './installed.ts';
import { newState } from './state.ts';
import type { SwitchState } from './state.ts';
import { COOKIE, FOREIGN_COOKIE, rule, tableOf, told } from './testing/rules.ts';
import { WAR_REPAIRS } from './wars.ts';

function holding(...items: readonly Item[]): SwitchState {
  const state = newState('0000000000000001');
  state.installed = new Installed(tableOf(...items));
  return state;
}

function take(state: SwitchState, update: FullFlowUpdate, desired: ReadonlyMap<string, Item>): void {
  takeUpdate(state, update, desired, 0);
}

/** The cause of what is to be put right under a key, as the confirmation of a repair would tell it. */
function causeOf(state: SwitchState, { key }: Item): string | undefined {
  return state.repairs.confirmed(key, 0)?.cause;
}

const theirs = flowItem({ ...rule(1, 9), cookie: FOREIGN_COOKIE });
const reactive = flowItem({ ...rule(1, 9), cookie: makeCookie({ app: 4, ruleClass: RULE_CLASS.REACTIVE, unit: 1 }) });

describe('what a switch tells of a rule of ours', () => {
  it.each<[string, FullFlowUpdate, Item | undefined, string]>([
    ['deleted', told('deleted', rule(1)), undefined, CAUSE.deleted],
    ['timed out', told('deleted', rule(1), OFPRR.HARD_TIMEOUT), undefined, CAUSE.ranOut],
    ['changed', told('modified', rule(1, 2)), rule(1, 2), CAUSE.changed],
    ['put in anew', told('added', rule(1, 2)), rule(1, 2), CAUSE.changed],
    ['replaced', told('added', theirs), undefined, 'someone else put a rule with cookie 0x77 in its place'],
    ['hidden by an answer to packets', told('added', reactive), undefined, expect.stringContaining('in its place')],
  ])('moves installed and marks it: %s', (_name, update, there, cause) => {
    const state = holding(rule(1), rule(2));
    take(state, update, tableOf(rule(1), rule(2)));
    expect(new Map(state.installed)).toEqual(there ? tableOf(there, rule(2)) : tableOf(rule(2)));
    expect([...state.dirty]).toEqual([rule(1).key]);
    expect(state.doubt).toBeUndefined();
    expect(causeOf(state, rule(1))).toEqual(cause);
  });

  it('marks what is new under our cookie', () => {
    const state = holding();
    take(state, told('added', rule(1)), tableOf());
    expect(new Map(state.installed)).toEqual(tableOf(rule(1)));
    expect([...state.dirty]).toEqual([rule(1).key]);
    expect(causeOf(state, rule(1))).toBe(CAUSE.added);
  });

  it('is nothing new where it is as believed', () => {
    const state = holding(rule(1));
    take(state, told('added', rule(1)), tableOf(rule(1, 2)));
    take(state, told('deleted', rule(2)), tableOf());
    expect([state.dirty.size, state.repairs.open, new Map(state.installed)]).toEqual([0, 0, tableOf(rule(1))]);
  });

  it('needs no repair where it is as desired, and then is the desired item itself', () => {
    const wish = flowItem({ ...rule(1, 2), owner: { kind: 'app', name: 'unit' } });
    const state = holding(rule(1));
    take(state, told('deleted', rule(1)), tableOf(wish));
    expect(state.repairs.open).toBe(1);
    take(state, told('added', rule(1, 2)), tableOf(wish));
    expect(state.repairs.open).toBe(0);
    expect(state.installed?.get(wish.key)).toBe(wish);
    take(state, told('deleted', wish), tableOf());
    expect([state.repairs.open, state.installed?.size]).toEqual([0, 0]);
  });

  it('is in doubt where it went with its group or meter, which nobody tells of', () => {
    const METER_DELETE = 4;
    for (const reason of [OFPRR.GROUP_DELETE, METER_DELETE]) {
      const state = holding(rule(1));
      take(state, told('deleted', rule(1), reason), tableOf(rule(1)));
      expect(state.doubt).toBe(DOUBT.withGroup);
      expect(causeOf(state, rule(1))).toBe(CAUSE.withGroup);
    }
  });

  it('is in doubt where a change of ours is on its way: which was first is not known', () => {
    const op = { type: 'modify', item: rule(1, 2) } as const;
    for (const update of [told('deleted', rule(1)), told('modified', rule(1, 3)), told('added', theirs)]) {
      const state = holding(rule(1));
      state.inFlight = new Map([[rule(1).key, op]]);
      take(state, update, tableOf(rule(1, 2)));
      expect(state.doubt).toBe(DOUBT.contested);
      expect([...state.contested]).toEqual([rule(1).key]);
      expect(state.repairs.open).toBe(1);
    }
  });

  it('waits for an audit in a war', () => {
    const state = holding(rule(1));
    const desired = tableOf(rule(1));
    for (let round = 0; round < WAR_REPAIRS; round++) {
      take(state, told('deleted', rule(1)), desired);
      state.repairs.confirmed(rule(1).key, 0);
      state.installed?.set(rule(1).key, rule(1));
    }
    state.dirty.clear();
    take(state, told('deleted', rule(1)), desired);
    expect(state.installed?.size).toBe(0);
    expect(state.dirty.size).toBe(0);
  });
});

describe('what a switch tells of others', () => {
  it('is kept to be shown, and touches nothing of ours', () => {
    const state = holding(rule(2));
    take(state, told('added', theirs), tableOf(rule(2)));
    expect([state.foreign.count, state.foreign.shown()]).toEqual([1, [theirs]]);
    take(state, told('deleted', theirs), tableOf(rule(2)));
    expect([state.foreign.count, state.dirty.size, state.repairs.open]).toEqual([0, 0, 0]);
  });

  it('does not show answers to packets', () => {
    const state = holding();
    take(state, told('added', reactive), tableOf());
    expect([state.foreign.count, state.installed?.size]).toEqual([0, 0]);
  });

  it('means nothing before the switch was read', () => {
    const state = newState('0000000000000001');
    take(state, told('added', rule(1)), tableOf());
    expect([state.installed, state.dirty.size]).toEqual([undefined, 0]);
  });
});

it('keeps what is told during a read, not without end', () => {
  const state = holding();
  const update = told('added', flowItem({ ...rule(1), cookie: COOKIE }));
  hear(state, update);
  expect(state.heard).toBeUndefined();
  state.heard = [];
  for (let i = 0; i < MAX_HEARD; i++) hear(state, update);
  expect(state.doubt).toBeUndefined();
  hear(state, update);
  expect([state.heard.length, state.doubt]).toEqual([MAX_HEARD, DOUBT.tooMuch]);
});
