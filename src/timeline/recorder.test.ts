import { describe, expect, it } from 'vitest';
import { createManualClock } from '../core/manual-clock.ts';
import type { AppFailure, Conflict } from '../flows/desired/tables.ts';
import { flowItem, groupItem, meterItem } from '../flows/items.ts';
import type { Item } from '../flows/items.ts';
import type { ReconcileEvent } from '../flows/reconcile/report.ts';
import { Network } from '../topology/network.ts';
import type { ViewUpdate } from '../topology/network.ts';
import { switchOf } from '../topology/testing/facts.ts';
import { dpidOf } from '../topology/testing/graphs.ts';
import { FAILURES_SHOWN_AT_ONCE } from './failure-watch.ts';
import { createRecorder } from './recorder.ts';
import { SHOWN_AT_ONCE } from './rule-happenings.ts';
import { Timeline } from './timeline.ts';

const [S1, S2] = [dpidOf(0), dpidOf(1)];
const OWNER = { kind: 'forward', name: '02:00:00:00:00:01' };
const RULE = flowItem({
  tableId: 6,
  priority: 100,
  match: { ethDst: 0x0200_0000_0001 },
  instructions: [],
  cookie: 1n,
  owner: OWNER,
});

function start() {
  const clock = createManualClock();
  const network = new Network(clock);
  const timeline = new Timeline({ clock });
  const recorder = createRecorder(timeline, () => network.view);
  let update: ViewUpdate | undefined;
  network.onUpdate((next) => (update = next));
  network.setSwitch(S1, switchOf(S1, [1]));
  network.flush();
  const state = { conflicts: [] as Conflict[], failures: [] as AppFailure[] };
  /** The same view again, with the tables as they stand. */
  const updated = (): void => {
    const { view } = network;
    const change = { switches: new Set<string>(), links: new Set<string>(), hosts: new Set<number>() };
    const same = { view, previous: view, change: { ...change, policies: new Set<string>() } };
    recorder.updated(same, { conflicts: () => state.conflicts, failures: () => state.failures });
  };
  const entries = () => timeline.read({ limit: 1_000 }).entries;
  return { recorder, state, updated, entries, first: () => update };
}

/** What was told in this go is recorded when it ends. */
async function turn(): Promise<void> {
  await Promise.resolve();
}

describe('a new view', () => {
  it('is recorded with what it brings', () => {
    const { recorder, first, entries } = start();
    const update = first();
    if (update) recorder.updated(update, { conflicts: () => [], failures: () => [] });
    expect(entries().map(({ type }) => type)).toEqual(['switch.connected']);
  });
});

describe('what the reconciler tells', () => {
  it('is recorded with rule, owner, switch and cause', async () => {
    const { recorder, entries } = start();
    recorder.reconciled({ type: 'repair', dpid: S1, item: RULE, cause: 'someone else deleted it' });
    recorder.reconciled({ type: 'refusal', dpid: S1, item: RULE, reason: 'The table is full.' });
    recorder.reconciled({ type: 'war', dpid: S1, item: { ...RULE, owner: undefined }, cause: 'Five times.' });
    await turn();
    const words = 'forward rule of priority 100 for eth_dst=02:00:00:00:00:01';
    const wanted = 'wanted by forward 02:00:00:00:00:01';
    expect(entries().map(({ type, severity, message, cause }) => [type, severity, message, cause])).toEqual([
      ['rule.repaired', 'warning', `The ${words} on s1, ${wanted}, was repaired.`, 'Someone else deleted it.'],
      ['rule.refused', 'warning', `Switch s1 refused the ${words}, ${wanted}.`, 'The table is full.'],
      ['rule.war', 'alarm', `The ${words} on s1 is changed by someone else again and again.`, 'Five times.'],
    ]);
    expect(entries()[0]?.subject).toEqual({ kind: 'rule', id: words, name: words, dpid: S1, owner: OWNER });
  });

  it.each<[string, Item]>([
    ['group 1600000000', groupItem({ groupId: 1_600_000_000, groupType: 0, buckets: [] })],
    ['meter 23297', meterItem({ meterId: 0x5b01, flags: 1, bands: [] })],
    [
      'flood rule of priority 0 for everything',
      flowItem({ tableId: 7, priority: 0, match: {}, instructions: [], cookie: 0n }),
    ],
  ])('names a %s', async (words, item) => {
    const { recorder, entries } = start();
    recorder.reconciled({ type: 'repair', dpid: S2, item, cause: 'So.' });
    await turn();
    expect(entries()[0]?.message).toBe(`The ${words} on ${S2} was repaired.`);
  });

  it('does not push everything else out, however much comes at once', async () => {
    const { recorder, entries } = start();
    const event: ReconcileEvent = { type: 'repair', dpid: S1, item: RULE, cause: 'The tables were cleared.' };
    for (let i = 0; i < 5_000; i++) recorder.reconciled(event);
    recorder.reconciled({ ...event, dpid: S2 });
    await turn();
    expect(entries()).toHaveLength(SHOWN_AT_ONCE + 2);
    expect(entries()[SHOWN_AT_ONCE]).toMatchObject({
      type: 'rule.repaired',
      subject: { kind: 'switch', id: S1, name: 's1' },
      message: `${5_000 - SHOWN_AT_ONCE} more rules on s1 were repaired.`,
      cause: 'The tables were cleared.',
    });
  });
});

describe('conflicts', () => {
  const conflict = (dpid: string, key: string): Conflict => ({
    dpid,
    key,
    holder: { kind: 'policy', name: 'a' },
    refused: { kind: 'policy', name: 'b' },
  });

  it('are told once for a pair of owners, by name, when they begin and when they end', () => {
    const { state, updated, entries } = start();
    state.conflicts = [conflict(S1, 'x'), conflict(S1, 'y'), conflict(S2, 'x')];
    updated();
    state.conflicts = [conflict(S1, 'x')];
    updated();
    state.conflicts = [];
    updated();
    updated();
    expect(entries().map(({ type, message, subject }) => [type, message, subject.kind, subject.id])).toEqual([
      ['conflict.began', `Policy b does not get 3 rules on s1, ${S2}: policy a has the place.`, 'policy', 'b'],
      ['conflict.ended', "Policy b and policy a are in each other's way no longer.", 'policy', 'b'],
    ]);
  });

  it('on many switches name some of them', () => {
    const { state, updated, entries } = start();
    state.conflicts = Array.from({ length: 8 }, (_, i) => conflict(dpidOf(i + 2), 'x'));
    updated();
    expect(entries()[0]?.message).toMatch(/ and 3 more: policy a has the place\.$/);
  });
});

describe('apps', () => {
  const failure = (name: string): AppFailure => ({ owner: { kind: 'forward', name }, error: new Error(`no ${name}`) });

  it('that fail are alarms, until they work again', () => {
    const { recorder, state, updated, entries } = start();
    recorder.failed(failure('x'));
    state.failures = [failure('x')];
    updated();
    updated();
    state.failures = [];
    updated();
    updated();
    expect(entries().map(({ type, severity, message, cause }) => [type, severity, message, cause])).toEqual([
      ['app.failed', 'alarm', 'Forward x failed: nothing that it wants is in the tables.', 'No x.'],
      ['app.recovered', 'info', 'Forward x fails no longer.', undefined],
    ]);
  });

  it('that fail for all are told by some and by number', () => {
    const { recorder, state, updated, entries } = start();
    state.failures = Array.from({ length: 1_000 }, (_, i) => failure(`${i}`));
    for (const each of state.failures) recorder.failed(each);
    updated();
    expect(entries()).toHaveLength(FAILURES_SHOWN_AT_ONCE + 1);
    expect(entries().at(-1)?.message).toBe('Forward failed for 980 more.');
  });
});
