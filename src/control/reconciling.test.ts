import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../core/errors.ts';
import { createManualClock } from '../core/manual-clock.ts';
import { createSignal } from '../core/signal.ts';
import { OUR_COOKIE } from '../flows/cookie.ts';
import { flowItem, groupItem } from '../flows/items.ts';
import type { SwitchReport } from '../flows/reconcile/report.ts';
import type { ReconcileNews } from '../northbound/services.ts';
import { OFPGT } from '../openflow/codec/index.ts';
import { createReconciling } from './reconciling.ts';

const OWNER = { kind: 'forward', name: 'h1' };
const rule = (priority: number, cookie: bigint, owner?: typeof OWNER) =>
  flowItem({ tableId: 6, priority, match: {}, instructions: [], cookie, owner });
const MISSING = rule(1, OUR_COOKIE, OWNER);
const WISH = rule(2, OUR_COOKIE, OWNER);
const HELD = { ...rule(2, OUR_COOKIE), content: 'other' };
const EXTRA = rule(3, OUR_COOKIE + 5n);
const FOREIGN = rule(4, 77n);
const REFUSED = groupItem({ groupId: 0x5b000001, groupType: OFPGT.ALL, buckets: [], owner: OWNER });

const IN_SYNC: SwitchReport = {
  dpid: '1',
  connected: true,
  monitored: true,
  readAt: 5,
  missing: [],
  changed: [],
  extra: [],
  foreign: [FOREIGN],
  foreignCount: 300,
  refused: [],
  repairs: 4,
  wars: [WISH],
};
const BROKEN: SwitchReport = {
  ...IN_SYNC,
  missing: [MISSING, REFUSED],
  changed: [{ desired: WISH, installed: HELD }],
  extra: [EXTRA],
  refused: [{ item: REFUSED, reason: 'full', since: 1, retryAt: 9 }],
};

/** A reconciler whose report and audits a test sets, and a clock that goes on by itself while something waits for it. */
function start(report: SwitchReport | undefined = BROKEN) {
  const clock = createManualClock();
  const state: { report: SwitchReport | undefined; busy: number; audits: number } = { report, busy: 0, audits: 0 };
  const news = createSignal<ReconcileNews>();
  const reconciling = createReconciling({
    reconciler: {
      report: () => state.report,
      audit: async () => {
        state.audits++;
        return state.busy-- > 0 ? undefined : {};
      },
      stats: () => ({ dirty: 12 }),
    },
    desired: { conflicts: () => [] },
    news,
    clock,
  });
  /** Lets time pass until the promise settles. */
  const settle = async <T>(promise: Promise<T>, each: () => void = () => undefined): Promise<T> => {
    let done = false;
    const end = (): void => void (done = true);
    promise.then(end, end);
    for (;;) {
      await setImmediate();
      if (done) return promise;
      each();
      clock.advance(20);
    }
  };
  return { clock, state, news, reconciling, settle };
}

describe('drift', () => {
  it('shows each rule with whoever wants it, and what is there in its place', () => {
    const { reconciling } = start();
    const drift = reconciling.drift('1', 10);
    expect(drift).toMatchObject({
      connected: true,
      monitored: true,
      readAt: 5,
      repairs: 4,
      missing: {
        count: 2,
        first: [
          { kind: 'flow', owner: OWNER },
          { kind: 'group', owner: OWNER },
        ],
      },
      changed: { count: 1, first: [{ desired: { owner: OWNER }, installed: { kind: 'flow', owner: OWNER } }] },
      extra: { count: 1, first: [{ owner: { kind: 'signalbox', name: 'leaving' } }] },
      foreign: { count: 300, first: [{ owner: null, cookie: 77n }] },
      refused: { count: 1, first: [{ rule: { kind: 'group' }, reason: 'full', since: 1, retryAt: 9 }] },
      wars: { count: 1, first: [{ priority: 2 }] },
    });
  });

  it('bounds its lists and not its counts', () => {
    const { reconciling } = start();
    const drift = reconciling.drift('1', 1);
    expect([drift?.missing.first.length, drift?.missing.count]).toEqual([1, 2]);
    expect(reconciling.drift('1', 0)?.foreign).toEqual({ first: [], count: 300 });
  });

  it('of a switch that nobody knows is not known', () => {
    const { reconciling, state } = start();
    state.report = undefined;
    expect(reconciling.drift('1', 1)).toBeUndefined();
  });
});

describe('an audit', () => {
  const options = { timeoutMs: 1_000, rules: 10 };

  it('tells what was found and what was put right, and does not wait for what is refused', async () => {
    const { reconciling, state, settle } = start();
    let looks = 0;
    const result = await settle(reconciling.audit('1', options), () => {
      if (++looks === 3) state.report = { ...IN_SYNC, missing: [REFUSED], refused: BROKEN.refused };
    });
    expect(looks).toBe(3);
    expect([result.found.missing.count, result.now.missing.count, result.repaired.count]).toEqual([2, 1, 3]);
    expect(result.repaired.first.map((each) => each.kind === 'flow' && each.priority)).toEqual([1, 2, 3]);
    expect(result.repaired.first[2]?.owner).toEqual({ kind: 'signalbox', name: 'leaving' });
  });

  it('answers at once where nothing differs', async () => {
    const { reconciling, clock } = start(IN_SYNC);
    expect((await reconciling.audit('1', options)).repaired).toEqual({ first: [], count: 0 });
    expect(clock.now()).toBe(0);
  });

  it('tells what is left when its time is up', async () => {
    const { reconciling, clock, settle } = start();
    const { repaired, now } = await settle(reconciling.audit('1', options));
    expect([repaired.count, now.missing.count, clock.now()]).toEqual([0, 2, 1_000]);
  });

  it('waits its turn at a switch that is at work', async () => {
    const { reconciling, state, settle } = start(IN_SYNC);
    state.busy = 3;
    await settle(reconciling.audit('1', options));
    expect(state.audits).toBe(4);
  });

  it('fails where the switch is at work all the time, not connected, or gone meanwhile', async () => {
    const { reconciling, state, settle } = start(IN_SYNC);
    state.busy = Infinity;
    await expect(settle(reconciling.audit('1', options))).rejects.toThrow('at work or does not answer');
    const going = reconciling.audit('1', options);
    state.report = { ...IN_SYNC, connected: false };
    await expect(settle(going)).rejects.toThrow('is not connected');
    await expect(reconciling.audit('1', options)).rejects.toThrow(UnavailableError);
    state.report = undefined;
    await expect(reconciling.audit('1', options)).rejects.toThrow(UnavailableError);
  });

  it('does not wait for repairs of a switch that has gone', async () => {
    const { reconciling, state, settle, clock } = start();
    await settle(reconciling.audit('1', options), () => (state.report = { ...BROKEN, connected: false }));
    expect(clock.now()).toBeLessThan(1_000);
  });
});

describe('what the reconciler tells', () => {
  it('is handed on until nobody listens, and its queue is counted', () => {
    const { reconciling, news } = start();
    const heard: string[] = [];
    const stop = reconciling.onNews(({ type }) => heard.push(type));
    news.emit({ type: 'repair' });
    stop();
    news.emit({ type: 'war' });
    expect([heard, reconciling.pendingKeys(), reconciling.conflicts()]).toEqual([['repair'], 12, 0]);
  });
});
