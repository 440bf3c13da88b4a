import { describe, expect, it } from 'vitest';
import type { Item } from '../items.ts';
import { confirm } from './confirm.ts';
import type { Op, OpType } from './op.ts';
import { Installed } from './installed.ts';
import { newState } from './state.ts';
import type { SwitchState } from './state.ts';
import { group, rule, ruleBy, tableOf } from './testing/rules.ts';
import type { Refusal } from './transport.ts';

const MOMENT = { now: 0, wall: 0 };

function op(item: Item, type: OpType = 'add'): Op {
  return { type, item };
}

function refusal(of: Op, given: Partial<Refusal> = {}): Refusal {
  return { op: of, reason: 'no', mayPass: false, stale: false, ...given };
}

function sent(state: SwitchState, ops: readonly Op[]): void {
  state.inFlight = new Map(ops.map((one) => [one.item.key, one]));
}

function holding(...items: readonly Item[]): SwitchState {
  const state = newState('0000000000000001');
  state.installed = new Installed(tableOf(...items));
  return state;
}

describe('a confirmed commit', () => {
  it('moves what is installed, and nothing that was refused', () => {
    const state = holding(rule(1), rule(2));
    const ops = [op(rule(1), 'delete'), op(rule(2, 5), 'modify'), op(rule(3)), op(rule(4))];
    sent(state, ops);
    const outcome = confirm(state, { ops, refusals: [refusal(ops[3]!)], ...MOMENT });
    expect(new Map(state.installed)).toEqual(tableOf(rule(2, 5), rule(3)));
    expect(state.inFlight.size).toBe(0);
    expect([outcome.confirmed, outcome.repaired, outcome.news]).toEqual([3, [], [refusal(ops[3]!)]]);
    expect(state.refused.blocks(rule(4).key, rule(4))).toBe(true);
    expect(state.doubt).toBeUndefined();
  });

  it('tells what it repaired', () => {
    const state = holding();
    state.repairs.drifted(rule(1).key, 'someone did it', 0);
    const ops = [op(rule(1)), op(rule(2))];
    const { repaired } = confirm(state, { ops, refusals: [], ...MOMENT });
    expect(repaired).toEqual([{ item: rule(1), cause: 'someone did it', war: false }]);
  });

  it('leaves in flight what someone else changed meanwhile', () => {
    const state = holding(rule(1, 9));
    state.repairs.drifted(rule(1).key, 'someone did it', 0);
    const ops = [op(rule(1)), op(rule(2))];
    sent(state, ops);
    state.contested.add(rule(1).key);
    const { confirmed, repaired } = confirm(state, { ops, refusals: [], ...MOMENT });
    expect([confirmed, repaired]).toEqual([1, []]);
    expect([...state.inFlight.keys()]).toEqual([rule(1).key]);
    expect(new Map(state.installed)).toEqual(tableOf(rule(1, 9), rule(2)));
  });

  it('frees what waited for the group that came', () => {
    const state = holding();
    const waiting = op(ruleBy(group(1), 1));
    confirm(state, { ops: [waiting], refusals: [refusal(waiting)], ...MOMENT });
    state.dirty.clear();
    confirm(state, { ops: [op(group(1))], refusals: [], ...MOMENT });
    expect([...state.dirty]).toEqual([waiting.item.key]);
    expect(state.refused.blocks(waiting.item.key, waiting.item)).toBe(false);
  });

  it('raises doubt where a refusal contradicts what is believed, and only there', () => {
    const unknown = op(ruleBy(group(1), 1));
    const state = holding();
    confirm(state, { ops: [unknown], refusals: [refusal(unknown, { stale: true })], ...MOMENT });
    expect(state.doubt).toBeUndefined();
    state.installed?.set(group(1).key, group(1));
    confirm(state, { ops: [unknown], refusals: [refusal(unknown, { stale: true })], ...MOMENT });
    expect(state.doubt).toBe('no');
  });
});
