/** Someone else changes what a real Open vSwitch holds: it is put right, and only what is ours. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCookie, RULE_CLASS } from '../../src/flows/cookie.ts';
import { flowItem, groupItem, meterItem } from '../../src/flows/items.ts';
import type { FlowItem, Item } from '../../src/flows/items.ts';
import { GROUP_BASE, METER_BASE, TABLES } from '../../src/flows/pipeline.ts';
import type { ReconcileEvent } from '../../src/flows/reconcile/report.ts';
import { WAR_REPAIRS } from '../../src/flows/reconcile/wars.ts';
import { bucket, OFPGT, OFPMF } from '../../src/openflow/codec/index.ts';
import { startKeeper } from '../support/keeper.ts';
import type { Keeper } from '../support/keeper.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { until } from '../support/rest.ts';

const COOKIE = makeCookie({ app: 4, ruleClass: RULE_CLASS.DESIRED, unit: 7 });
const OUR_RULES = 'cookie=0x5b0c000000000000/0xffff000000000000';
const RULES = 20;

const group = groupItem({
  groupId: GROUP_BASE + 9,
  groupType: OFPGT.ALL,
  buckets: [1, 2].map((port) => bucket({ actions: [{ type: 'output', port }] })),
});
const meter = meterItem({
  meterId: METER_BASE + 1,
  flags: OFPMF.KBPS | OFPMF.BURST,
  bands: [{ type: 'drop', rate: 1_000, burstSize: 100 }],
});

function rule(index: number): FlowItem {
  return flowItem({
    tableId: TABLES.forward.id,
    priority: 100,
    match: { ethDst: 0x0200_0000_0000 + index },
    instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: index }] }],
    cookie: COOKIE,
  });
}

const byGroup = flowItem({
  tableId: TABLES.steer.id,
  priority: 100,
  match: { inPort: 7 },
  instructions: [{ type: 'applyActions', actions: [{ type: 'group', groupId: group.groupId }] }],
  cookie: COOKIE,
});
const byMeter = flowItem({
  tableId: TABLES.shape.id,
  priority: 100,
  match: { inPort: 7 },
  instructions: [
    { type: 'meter', meterId: meter.meterId },
    { type: 'gotoTable', tableId: TABLES.learn.id },
  ],
  cookie: COOKIE,
});
const rules = Array.from({ length: RULES }, (_, index) => rule(index + 1));
const everything: readonly Item[] = [group, meter, byGroup, byMeter, ...rules];
const flowCount = RULES + 2;

describe('a switch that others change', () => {
  let ovs: PrivateOvs;
  let keeper: Keeper;
  let bridges = 0;
  /** A bridge for each test, so that no war of one is the war of another. */
  let name: string;
  let dpid: string;

  const target = (): string => `tcp:127.0.0.1:${keeper.server.port}`;
  const dump = async (): Promise<string> => {
    const flows = (await ovs.ofctl('dump-flows', name, '--no-stats')).trim().split('\n');
    return flows.sort((x, y) => (x < y ? -1 : 1)).join('\n');
  };
  const clean = (): boolean => {
    const { missing, changed, extra } = keeper.reconciler.report(dpid);
    return missing.length + changed.length + extra.length === 0;
  };
  const whole = async (): Promise<void> => {
    await until(
      () => Promise.resolve(keeper.reconciler.report(dpid)),
      ({ connected }) => connected && clean(),
    );
  };
  const repair = (item: Item): Promise<ReconcileEvent> =>
    keeper.events.next((event) => event.type === 'repair' && event.item.key === item.key, `repair of ${item.key}`);
  const deleteRule = async ({ tableId, match }: FlowItem): Promise<void> => {
    await ovs.ofctl('del-flows', name, `table=${tableId},dl_dst=${macText(match.ethDst)}`);
  };
  /** An audit finds the switch as it is believed to be, and nothing to put right. */
  const expectSound = async (): Promise<void> => {
    await whole();
    const { confirmed } = keeper.reconciler.stats();
    const believed = [...keeper.reconciler.installed(dpid)!.keys()].sort();
    const readBack = await keeper.reconciler.audit(dpid);
    expect([...readBack!.items.keys()].sort()).toEqual(believed);
    expect(clean()).toBe(true);
    expect(keeper.reconciler.stats().confirmed).toBe(confirmed);
  };

  beforeAll(async () => {
    keeper = await startKeeper();
    ovs = await startPrivateOvs();
  });
  afterAll(async () => {
    await keeper?.stop();
    await ovs?.dispose();
  });
  beforeEach(async () => {
    name = `s${++bridges}`;
    dpid = bridges.toString(16).padStart(16, '0');
    keeper.desire(dpid, everything);
    await ovs.addBridge(name, { dpid, controller: target() });
    await whole();
    expect(keeper.events.drain()).toEqual([]);
    expect(keeper.reconciler.report(dpid)).toMatchObject({ monitored: true, repairs: 0, foreignCount: 0 });
  });

  it('takes back all rules that someone deleted', async () => {
    const before = await dump();
    await ovs.ofctl('del-flows', name, OUR_RULES);
    await keeper.events.filled(flowCount);
    expect(await dump()).toBe(before);
    const causes = new Set(keeper.events.drain().map((event) => event.type === 'repair' && event.cause));
    expect(causes).toEqual(new Set(['someone else deleted it']));
    expect(keeper.reconciler.report(dpid).repairs).toBe(flowCount);
    await expectSound();
  });

  it('takes its own changes for its own', async () => {
    const { reads } = keeper.reconciler.stats();
    keeper.desire(
      dpid,
      everything.map((item) =>
        item.key === rules[0]!.key ? { ...rule(77), key: item.key, match: rules[0]!.match } : item,
      ),
    );
    await whole();
    keeper.desire(dpid, [group, meter, byGroup]);
    await whole();
    keeper.desire(dpid, everything);
    await expectSound();
    expect(keeper.events.drain()).toEqual([]);
    expect(keeper.reconciler.stats().reads).toBe(reads + 1);
  });

  it('puts right a rule that someone changed', async () => {
    const before = await dump();
    await ovs.ofctl('mod-flows', name, `table=${TABLES.forward.id},dl_dst=02:00:00:00:00:03,actions=drop`);
    expect(await repair(rules[2]!)).toMatchObject({ dpid, cause: 'someone else changed what it does' });
    expect(await dump()).toBe(before);
    await expectSound();
  });

  it('removes a rule that someone added under its cookie', async () => {
    const before = await dump();
    const added = `table=${TABLES.flood.id},priority=7,cookie=0x${COOKIE.toString(16)},in_port=5,actions=output:6`;
    await ovs.ofctl('add-flow', name, added);
    const event = await keeper.events.next(({ type }) => type === 'repair');
    expect(event).toMatchObject({ cause: 'someone else added it under a cookie of this controller' });
    expect(await dump()).toBe(before);
    await expectSound();
  });

  it('takes back the place that a rule of someone else took', async () => {
    const before = await dump();
    const theirs = `table=${TABLES.forward.id},priority=100,cookie=0x77,dl_dst=02:00:00:00:00:04,actions=drop`;
    await ovs.ofctl('add-flow', name, theirs);
    expect(await repair(rules[3]!)).toMatchObject({
      cause: 'someone else put a rule with cookie 0x77 in its place',
    });
    expect(await dump()).toBe(before);
    await expectSound();
  });

  it("leaves other people's rules, groups and meters alone, and shows them", async () => {
    await ovs.ofctl('add-group', name, 'group_id=5,type=all,bucket=output:1');
    await ovs.ofctl('add-meter', name, 'meter=5,kbps,band=type=drop,rate=100');
    await ovs.ofctl('add-flow', name, 'table=6,priority=9,cookie=0x77,in_port=5,actions=group:5');
    await ovs.ofctl('add-flow', name, 'table=99,priority=9,in_port=5,actions=meter:5,output:1');
    // Rules are told at once; groups and meters are found by reading.
    await until(
      () => Promise.resolve(keeper.reconciler.report(dpid).foreignCount),
      (count) => count === 2,
    );
    await keeper.reconciler.audit(dpid);
    const { foreign, foreignCount } = keeper.reconciler.report(dpid);
    expect(foreignCount).toBe(4);
    expect(foreign.map(({ kind }) => kind).sort()).toEqual(['flow', 'flow', 'group', 'meter']);
    keeper.desire(dpid, rules);
    await expectSound();
    expect(await dump()).toContain('cookie=0x77');
    expect(await dump()).toContain('table=99');
    expect(await ovs.ofctl('dump-groups', name)).toContain('group_id=5');
    expect(await ovs.ofctl('dump-meters', name)).toContain('meter=5');
    await ovs.ofctl('del-flows', name, 'table=99');
    await until(
      () => Promise.resolve(keeper.reconciler.report(dpid).foreignCount),
      (count) => count === 3,
    );
    expect(keeper.events.drain()).toEqual([]);
  });

  it('puts back groups and meters that someone deleted, and the rules that went with them', async () => {
    const before = await dump();
    await ovs.ofctl('del-groups', name);
    await repair(byGroup);
    await repair(group);
    await ovs.ofctl('del-meters', name);
    await repair(byMeter);
    await repair(meter);
    expect(await dump()).toBe(before);
    await expectSound();
  });

  it('finds a changed group at an audit', async () => {
    await ovs.ofctl('mod-group', name, `group_id=${group.groupId},type=all,bucket=output:9`);
    await keeper.reconciler.audit(dpid);
    expect(await repair(group)).toMatchObject({ cause: 'a read of the switch found it changed' });
    expect(await ovs.ofctl('dump-groups', name)).not.toContain('output:9');
    await expectSound();
  });

  it('raises one alarm about a rule that someone deletes again and again, and leaves it to audits', async () => {
    const [fought, other] = [rules[4]!, rules[5]!];
    for (let round = 1; round <= WAR_REPAIRS; round++) {
      await deleteRule(fought);
      await repair(fought);
    }
    expect(keeper.events.drain()).toMatchObject([{ type: 'war', dpid, item: { key: fought.key } }]);
    expect(keeper.reconciler.report(dpid).wars.map(({ key }) => key)).toEqual([fought.key]);
    await deleteRule(fought);
    await deleteRule(other);
    await repair(other);
    expect(keeper.reconciler.report(dpid).missing.map(({ key }) => key)).toEqual([fought.key]);
    expect(await dump()).not.toContain('dl_dst=02:00:00:00:00:05');
    await keeper.reconciler.audit(dpid);
    await repair(fought);
    expect(await dump()).toContain('dl_dst=02:00:00:00:00:05');
    expect(keeper.events.drain()).toEqual([]);
  });

  it('says why a rule was refused, gives the rest, and tries again when there may be room', async () => {
    const limit = ['--id=@ft', 'create', 'Flow_Table', `flow_limit=${RULES + 1}`, 'overflow_policy=refuse'];
    await ovs.vsctl('--', ...limit, '--', 'set', 'bridge', name, `flow_tables:${TABLES.forward.id}=@ft`);
    const more = [rule(101), rule(102), rule(103)];
    const elsewhere = { ...byMeter, ...flowItem({ ...byMeter, match: { inPort: 8 } }) };
    keeper.desire(dpid, [...everything, ...more, elsewhere]);
    const refused = [0, 1].map(() => keeper.events.next(({ type }) => type === 'refusal'));
    for (const event of await Promise.all(refused)) {
      expect(event).toMatchObject({
        dpid,
        reason: expect.stringMatching(/^FLOW_MOD_FAILED\/TABLE_FULL: table 6 \(forward\) has no room; remove rules/),
      });
    }
    expect(await dump()).toContain('in_port=8');
    const { refused: told, missing } = keeper.reconciler.report(dpid);
    expect(missing).toHaveLength(2);
    expect(told.map(({ item }) => item.key).sort()).toEqual(missing.map(({ key }) => key).sort());
    for (const { since, retryAt } of told) expect(retryAt).toBeGreaterThan(since);
    await ovs.vsctl('clear', 'bridge', name, 'flow_tables');
    await whole();
    expect(keeper.reconciler.report(dpid).refused).toEqual([]);
    expect(keeper.events.drain()).toEqual([]);
    await expectSound();
  });

  it('tells a rule that cannot be from one that waits for its group, and tries neither again', async () => {
    // A group of type INDIRECT has one bucket, and this has two (section 5.6.1).
    const badGroup = groupItem({ ...group, groupId: GROUP_BASE + 10, groupType: OFPGT.INDIRECT });
    const waiting = flowItem({
      ...byGroup,
      match: { inPort: 9 },
      instructions: [{ type: 'applyActions', actions: [{ type: 'group', groupId: badGroup.groupId }] }],
    });
    keeper.desire(dpid, [...everything, badGroup, waiting, rule(101)]);
    await keeper.events.filled(2);
    expect(keeper.events.drain().map(({ type }) => type)).toEqual(['refusal', 'refusal']);
    const reasons = keeper.reconciler.report(dpid).refused.map(({ reason, retryAt }) => [reason, retryAt]);
    expect(reasons).toEqual([
      [
        expect.stringMatching(/^GROUP_MOD_FAILED\/INVALID_GROUP: the switch cannot have group \d+ like this/),
        undefined,
      ],
      [expect.stringMatching(/^it waits for the group that it uses, which the switch refused: GROUP_MOD/), undefined],
    ]);
    expect(await dump()).toContain('dl_dst=02:00:00:00:00:65');
    keeper.desire(dpid, [...everything, groupItem({ ...badGroup, groupType: OFPGT.ALL }), waiting]);
    await expectSound();
    expect(await dump()).toContain('in_port=9');
  });

  it('makes a bridge whole that lost everything without its controller', async () => {
    await ovs.vsctl('set', 'bridge', name, 'fail_mode=standalone');
    const before = await dump();
    // Without a controller it forgets all and becomes a learning switch.
    await ovs.vsctl('del-controller', name);
    await until(dump, (flows) => !flows.includes('cookie=0x5b0c') && flows.includes('NORMAL'));
    await ovs.vsctl('set-controller', name, target());
    await until(dump, (flows) => flows === before);
    await whole();
    expect(await ovs.ofctl('dump-groups', name)).toContain(`group_id=${group.groupId}`);
    await expectSound();
  });

  it('reads again when the switch had more to tell than was read', async () => {
    const before = await dump();
    const outputs = Array.from({ length: 200 }, (_, port) => `output:${port + 1}`).join();
    const lines = Array.from(
      { length: 6_000 },
      (_, n) =>
        `table=7,priority=9,cookie=0x${COOKIE.toString(16)},dl_vlan=${n % 4_000},in_port=${n},actions=${outputs}`,
    );
    const file = join(ovs.dir, 'many-flows');
    await writeFile(file, lines.join('\n'));
    const { reads } = keeper.reconciler.stats();
    // Nothing is read in this process meanwhile, as on a machine that is too busy.
    execFileSync('ovs-ofctl', ['-O', 'OpenFlow13', 'add-flows', `unix:${ovs.mgmtSocket(name)}`, file]);
    // A dump of all that takes long: it is looked at when the reconciler thinks that it is done.
    await until(
      async () => keeper.reconciler.stats().reads,
      (now) => now > reads,
    );
    await expectSound();
    expect(await dump()).toBe(before);
  });
});

function macText(mac: unknown): string {
  const hex = Number(mac).toString(16).padStart(12, '0');
  return hex.replace(/(..)(?=.)/g, '$1:');
}
