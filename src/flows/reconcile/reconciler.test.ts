import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../core/manual-clock.ts';
import type { Dpid } from '../../core/ids.ts';
import { Network } from '../../topology/network.ts';
import type { Item } from '../items.ts';
import { sameItem } from '../items.ts';
import type { CommitRecord, ReconcileEvent } from './report.ts';
import { MAX_REST_MS, REST_MS } from './pace.ts';
import { Reconciler } from './reconciler.ts';
import { FIRST_RETRY_MS } from './refusals.ts';
import { group, rule, ruleBy, tableOf, told } from './testing/rules.ts';
import { readBackOf, scriptedTransport } from './testing/scripted-transport.ts';
import type { ScriptedTransport } from './testing/scripted-transport.ts';
import type { Refusal } from './transport.ts';
import { WAR_QUIET_MS, WAR_REPAIRS } from './wars.ts';

const S1 = '0000000000000001';

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** One reconciler, switches that are scripted, time that stands still. */
class World {
  readonly clock = createManualClock();
  readonly events: ReconcileEvent[] = [];
  readonly commits: CommitRecord[] = [];
  readonly ready: Dpid[] = [];
  readonly #desired = new Map<Dpid, Map<string, Item>>();
  readonly #view = new Network(this.clock).view;
  /** What a look at the desired tables costs. */
  planMs = 0;
  readonly reconciler = new Reconciler({
    desired: (dpid) => {
      this.clock.block(this.planMs);
      return this.#tableOf(dpid);
    },
    clock: this.clock,
    logger: pino({ level: 'silent' }),
    onReady: (dpid) => void this.ready.push(dpid),
    keepLeftovers: () => false,
    onEvent: (event) => void this.events.push(event),
    onCommit: (commit) => void this.commits.push(commit),
  });

  /** Sets what a switch shall hold. */
  async desire(...items: readonly Item[]): Promise<void> {
    const before = this.#tableOf(S1);
    const now = tableOf(...items);
    this.#desired.set(S1, now);
    const keys = [...new Set([...before.keys(), ...now.keys()])];
    const changed = new Set(keys.filter((key) => !sameItem(before.get(key), now.get(key))));
    this.reconciler.changed(this.#view, new Map([[S1, changed]]));
    await this.turns();
  }

  async attach(transport: ScriptedTransport, ...items: readonly Item[]): Promise<void> {
    this.reconciler.attach(S1, transport, readBackOf(...items));
    await this.turns();
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.turns();
  }

  async turns(count = 5): Promise<void> {
    for (let turn = 0; turn < count; turn++) await nextTurn();
  }

  keys(): string[] {
    return [...this.reconciler.installed(S1)!.keys()].sort();
  }

  #tableOf(dpid: Dpid): Map<string, Item> {
    return this.#desired.get(dpid) ?? new Map<string, Item>();
  }
}

/** A switch that holds what is desired of it. */
async function settled(...items: readonly Item[]): Promise<{ world: World; device: ScriptedTransport }> {
  const world = new World();
  const device = scriptedTransport();
  await world.desire(...items);
  await world.attach(device, ...items);
  expect([device.commitCount, device.readCount]).toEqual([0, 0]);
  return { world, device };
}

function refuseAll(device: ScriptedTransport, given: Partial<Refusal> = {}): void {
  const [commit] = device.commits;
  commit?.confirm(commit.ops.map((op) => ({ op, reason: 'no room', mayPass: true, stale: false, ...given })));
}

describe('a switch that is attached', () => {
  it('is sent nothing where nothing differs', async () => {
    const { world } = await settled(rule(1));
    expect(world.ready).toEqual([S1]);
    expect(world.reconciler.report(S1)).toMatchObject({ connected: true, monitored: true, missing: [] });
    expect(world.reconciler.stats()).toMatchObject({ commits: 0, reads: 1, monitored: 1, dirty: 0 });
  });

  it('is sent the difference in one commit, and counts it when it is confirmed', async () => {
    const world = new World();
    const device = scriptedTransport();
    await world.desire(rule(1), rule(2), rule(3));
    await world.attach(device, rule(1), rule(2, 9), rule(4));
    expect(device.commits[0]!.ops.map(({ type, item }) => `${type} ${item.key}`).sort()).toEqual([
      `add ${rule(3).key}`,
      `delete ${rule(4).key}`,
      `modify ${rule(2).key}`,
    ]);
    expect([world.ready, world.reconciler.stats()]).toMatchObject([[], { inFlight: 3, confirmed: 0 }]);
    world.clock.advance(7);
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.commits).toEqual([{ dpid: S1, ops: 3, refused: 0, tookMs: 7 }]);
    expect(world.ready).toEqual([S1]);
    expect(world.reconciler.stats()).toMatchObject({ dirty: 0, inFlight: 0, confirmed: 3, lastOps: 3, totalOps: 3 });
    expect([device.commitCount, world.events]).toEqual([1, []]);
  });

  it('is sent one commit at a time, the next one with all that changed meanwhile', async () => {
    const { world, device } = await settled();
    for (let index = 1; index <= 5; index++) await world.desire(rule(index));
    expect(device.commitCount).toBe(1);
    device.commits[0]!.confirm();
    await world.turns();
    expect(device.commits[0]!.ops.map(({ type, item }) => [type, item.key])).toEqual([
      ['delete', rule(1).key],
      ['add', rule(5).key],
    ]);
  });

  it('is unknown to those who ask of another', () => {
    expect(new World().reconciler.report(S1)).toMatchObject({ connected: false, readAt: undefined, missing: [] });
  });
});

describe('a refused rule', () => {
  it('is tried again after a while that doubles, and until then never', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    for (let attempt = 0; attempt < 4; attempt++) {
      refuseAll(device);
      await world.turns(20);
      await world.pass(FIRST_RETRY_MS * 2 ** attempt - 1);
      expect(device.commitCount).toBe(attempt + 1);
      await world.pass(3);
      expect(device.commitCount).toBe(attempt + 2);
    }
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.keys()).toEqual([rule(1).key]);
    expect(world.reconciler.report(S1).refused).toEqual([]);
    expect(world.events).toEqual([{ type: 'refusal', dpid: S1, item: rule(1), reason: 'no room' }]);
    expect(world.reconciler.stats()).toMatchObject({ refusals: 4, refused: 0 });
  });

  it('that cannot pass is tried again only when something else is desired, and then at once', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    refuseAll(device, { mayPass: false });
    await world.turns();
    await world.pass(3_600_000);
    expect(device.commitCount).toBe(1);
    expect(world.reconciler.report(S1)).toMatchObject({ missing: [rule(1)], refused: [{ retryAt: undefined }] });
    await world.desire(rule(1, 2));
    expect(device.commits[0]!.ops).toEqual([{ type: 'add', item: rule(1, 2) }]);
    refuseAll(device, { mayPass: false });
    await world.desire();
    expect(world.reconciler.report(S1).refused).toEqual([]);
    const audit = world.reconciler.audit(S1);
    await world.turns();
    device.reads[0]!.answer();
    await audit;
    expect(world.reconciler.stats().refused).toBe(0);
  });

  it('holds up nothing else', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    refuseAll(device);
    await world.desire(rule(1), rule(2));
    expect(device.commits[0]!.ops.map(({ item }) => item.key)).toEqual([rule(2).key]);
  });

  it('may be a removal, which is not tried in a loop either', async () => {
    const { world, device } = await settled(rule(1));
    await world.desire();
    refuseAll(device);
    await world.turns(20);
    expect(device.commitCount).toBe(1);
    await world.pass(FIRST_RETRY_MS + 2);
    expect(device.commitCount).toBe(2);
  });

  it('goes at once when the group comes that it waited for', async () => {
    const { world, device } = await settled();
    await world.desire(group(1), ruleBy(group(1), 1));
    const [commit] = device.commits;
    const refusals = commit!.ops.map((op) => ({ op, reason: 'no', mayPass: op.item.kind === 'group', stale: false }));
    commit!.confirm(refusals);
    await world.turns();
    await world.pass(FIRST_RETRY_MS + 2);
    expect(device.commits[0]!.ops.map(({ item }) => item.kind)).toEqual(['group']);
    device.commits[0]!.confirm();
    await world.turns();
    expect(device.commits[0]!.ops.map(({ item }) => item.kind)).toEqual(['flow']);
  });

  it('that contradicts what is believed has the switch read', async () => {
    const { world, device } = await settled();
    await world.desire(group(1));
    refuseAll(device, { stale: true });
    await world.turns();
    expect(device.readCount).toBe(1);
  });
});

describe('an answer that is lost', () => {
  it('has the switch read at once, and decides by what was read', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1), rule(2));
    device.commits[0]!.lose();
    await world.turns();
    expect(device.readCount).toBe(1);
    expect(world.reconciler.stats()).toMatchObject({ inFlight: 2, unknown: 1, confirmed: 0 });
    device.reads[0]!.answer(rule(1));
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([{ type: 'add', item: rule(2) }]);
    expect(world.events).toEqual([]);
  });

  it('again and again is asked for less and less often', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    const waits: number[] = [];
    for (let round = 0; round < 12; round++) {
      device.commits[0]!.lose();
      await world.turns();
      let waited = 0;
      for (; device.reads.length === 0; waited += REST_MS) await world.pass(REST_MS);
      waits.push(waited);
      device.reads[0]!.answer();
      await world.pass(REST_MS);
    }
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(0);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(MAX_REST_MS);
    expect(waits.at(-1)).toBeLessThanOrEqual(MAX_REST_MS + 2 * REST_MS);
  });

  it('to a read is asked for again, and nothing is sent before', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    device.commits[0]!.lose();
    await world.turns();
    device.reads[0]!.fail();
    await world.desire(rule(2));
    expect([device.commitCount, device.readCount]).toEqual([1, 1]);
    await world.pass(MAX_REST_MS);
    expect([device.commitCount, device.readCount]).toEqual([1, 2]);
    device.reads[0]!.answer();
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([{ type: 'add', item: rule(2) }]);
  });

  it('to a repair is no repair: a bridge that is deleted tells that all its rules go, and comes back empty', async () => {
    const { world, device } = await settled(rule(1));
    device.watcher.changed(told('deleted', rule(1)));
    await world.turns();
    expect(device.commits).toHaveLength(1);
    world.reconciler.detach(S1);
    const next = scriptedTransport();
    await world.attach(next);
    next.commits[0]!.confirm();
    await world.turns();
    expect([world.events, world.reconciler.report(S1).repairs]).toEqual([[], 0]);
  });

  it('of a session that is gone changes nothing', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    const [old] = device.commits;
    const next = scriptedTransport();
    world.reconciler.detach(S1);
    await world.attach(next);
    old!.confirm();
    device.watcher.changed(told('added', rule(7)));
    device.watcher.missed('gone');
    await world.turns();
    expect(world.keys()).toEqual([]);
    expect(next.commits).toHaveLength(1);
    expect(world.reconciler.stats()).toMatchObject({ confirmed: 0, repairs: 0 });
  });
});

describe('what a switch tells', () => {
  it('is put right at once, counted and told', async () => {
    const { world, device } = await settled(rule(1), rule(2));
    device.watcher.changed(told('deleted', rule(1)));
    device.watcher.changed(told('added', rule(9)));
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([
      { type: 'add', item: rule(1) },
      { type: 'delete', item: rule(9) },
    ]);
    expect(world.events).toEqual([]);
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.events).toMatchObject([
      { type: 'repair', dpid: S1, item: rule(1), cause: 'someone else deleted it' },
      { type: 'repair', dpid: S1, item: rule(9) },
    ]);
    expect([world.reconciler.report(S1).repairs, world.reconciler.stats().repairs]).toEqual([2, 2]);
    expect(device.readCount).toBe(0);
  });

  it('during a commit of the same rule has the switch read', async () => {
    const { world, device } = await settled(rule(1), rule(2));
    await world.desire(rule(1, 5), rule(2, 5));
    device.watcher.changed(told('modified', rule(1, 7)));
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.reconciler.stats()).toMatchObject({ confirmed: 1, inFlight: 1 });
    expect(device.reads).toHaveLength(1);
    device.reads[0]!.answer(rule(1, 7), rule(2, 5));
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([{ type: 'modify', item: rule(1, 5) }]);
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.events).toMatchObject([
      { type: 'repair', item: rule(1, 5), cause: 'someone else changed what it does' },
    ]);
  });

  it('during a read counts after what was read', async () => {
    const { world, device } = await settled(rule(1), rule(2));
    const audit = world.reconciler.audit(S1);
    await world.turns();
    device.watcher.changed(told('deleted', rule(1)));
    device.reads[0]!.answer(rule(1), rule(2));
    await audit;
    expect(world.keys()).toEqual([rule(2).key]);
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([{ type: 'add', item: rule(1) }]);
  });

  it('is not lost where the read fails', async () => {
    const { world, device } = await settled(rule(1));
    const audit = world.reconciler.audit(S1);
    await world.turns();
    device.watcher.changed(told('deleted', rule(1)));
    device.reads[0]!.fail();
    expect(await audit).toBeUndefined();
    await world.turns();
    expect(device.commits[0]!.ops).toEqual([{ type: 'add', item: rule(1) }]);
  });

  it('with gaps has the switch read, after a rest where it was just read', async () => {
    const { world, device } = await settled(rule(1));
    device.watcher.missed('some were left out');
    await world.turns();
    expect(device.reads).toHaveLength(1);
    // Gaps that come about during the read may be of after it.
    device.watcher.missed('some more');
    device.reads[0]!.answer();
    await world.turns();
    expect([device.readCount, device.commitCount]).toEqual([1, 0]);
    await world.pass(REST_MS + 2);
    expect(device.readCount).toBe(2);
    device.reads[0]!.answer(rule(1));
    await world.turns();
    expect([device.commitCount, world.events]).toEqual([0, []]);
  });
});

describe('a war', () => {
  async function fight(world: World, device: ScriptedTransport): Promise<void> {
    device.watcher.changed(told('deleted', rule(1)));
    await world.turns();
    device.commits[0]?.confirm();
    await world.turns();
  }

  it('is one alarm; then only audits repair, until nobody touched the rule for a minute', async () => {
    const { world, device } = await settled(rule(1), rule(2));
    for (let round = 0; round < WAR_REPAIRS; round++) await fight(world, device);
    expect(world.events.map(({ type }) => type)).toEqual(['repair', 'repair', 'repair', 'repair', 'repair', 'war']);
    for (let round = 0; round < 10; round++) await fight(world, device);
    expect(device.commitCount).toBe(WAR_REPAIRS);
    expect(world.reconciler.report(S1)).toMatchObject({ missing: [rule(1)], wars: [rule(1)], repairs: WAR_REPAIRS });

    const audit = world.reconciler.audit(S1);
    await world.turns();
    device.reads[0]!.answer(rule(2));
    await audit;
    await world.turns();
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.reconciler.report(S1)).toMatchObject({ missing: [], repairs: WAR_REPAIRS + 1 });
    expect(world.events.filter(({ type }) => type === 'war')).toHaveLength(1);

    await world.pass(WAR_QUIET_MS);
    expect(world.reconciler.report(S1).wars).toEqual([]);
    await fight(world, device);
    expect(world.reconciler.report(S1)).toMatchObject({ missing: [], repairs: WAR_REPAIRS + 2 });
  });

  it('does not go on through reads for doubt', async () => {
    const { world, device } = await settled(rule(1), rule(2));
    for (let round = 0; round <= WAR_REPAIRS; round++) await fight(world, device);
    device.watcher.missed('some were left out');
    await world.turns();
    device.reads[0]!.answer(rule(2));
    await world.turns();
    expect(device.commitCount).toBe(WAR_REPAIRS);
  });
});

describe('an audit', () => {
  it('comes after what is under way, once for all who ask meanwhile', async () => {
    const { world, device } = await settled();
    await world.desire(rule(1));
    const audits = [world.reconciler.audit(S1), world.reconciler.audit(S1)];
    await world.turns();
    expect(device.readCount).toBe(0);
    device.commits[0]!.confirm();
    await world.turns();
    expect(device.readCount).toBe(1);
    const later = world.reconciler.audit(S1);
    device.reads[0]!.answer(rule(1));
    const [first, second] = await Promise.all(audits);
    expect(first).toBe(second);
    expect(first?.items).toEqual(tableOf(rule(1)));
    // It asked when the read was under way, which may have missed what it asks about.
    await world.turns();
    device.reads[0]!.answer();
    expect((await later)?.items.size).toBe(0);
  });

  it('finds what a switch without a monitor does not tell', async () => {
    const world = new World();
    const device = scriptedTransport(false);
    await world.desire(rule(1), rule(2));
    await world.attach(device, rule(1), rule(2));
    expect(world.reconciler.report(S1).monitored).toBe(false);
    const audit = world.reconciler.audit(S1);
    await world.turns();
    device.reads[0]!.answer(rule(1, 9));
    await audit;
    await world.turns();
    device.commits[0]!.confirm();
    await world.turns();
    expect(world.events).toMatchObject([
      { type: 'repair', item: rule(1), cause: 'a read of the switch found it changed' },
      { type: 'repair', item: rule(2), cause: 'a read of the switch found it missing' },
    ]);
  });

  it('of a switch that is not there, or goes meanwhile, finds nothing', async () => {
    const { world, device } = await settled();
    expect(await world.reconciler.audit('00000000000000ff')).toBeUndefined();
    await world.desire(rule(1));
    const waiting = world.reconciler.audit(S1);
    world.reconciler.detach(S1);
    expect(await waiting).toBeUndefined();
    await world.attach(device);
    device.commits.at(-1)!.confirm();
    await world.turns();
    const reading = world.reconciler.audit(S1);
    await world.turns();
    world.reconciler.forget(S1);
    device.reads[0]!.answer();
    expect(await reading).toBeUndefined();
    expect(world.reconciler.reports()).toEqual([]);
  });
});

it('works on many switches in turns, not all in one', async () => {
  const world = new World();
  const devices = Array.from({ length: 20 }, () => scriptedTransport());
  for (const [index, device] of devices.entries()) {
    world.reconciler.attach(`00000000000001${String(index).padStart(2, '0')}`, device, readBackOf(rule(1)));
  }
  world.planMs = 2;
  const begun = (): number => devices.filter(({ commitCount }) => commitCount > 0).length;
  await world.turns(1);
  expect(begun()).toBeGreaterThan(0);
  expect(begun()).toBeLessThan(5);
  await world.turns(20);
  expect(begun()).toBe(20);
});
