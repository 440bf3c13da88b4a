/** What is seen of desired state on real Open vSwitch: groups and meters, drift with foreign rules, audits, the timeline. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { get, items, until } from '../support/rest.ts';
import { buildRing, dpidOf, HOST_PORT } from '../support/ring.ts';

const SIZE = 3;
const FOREIGN_COOKIE = '0x77';

interface Rule {
  readonly kind: string;
  readonly tableName?: string;
  readonly match?: Readonly<Record<string, unknown>>;
  readonly cookie?: string;
  readonly owner: { readonly kind: string } | null;
}
interface Drift {
  readonly name: string;
  readonly inSync: boolean;
  readonly readAt: string | null;
  readonly counts: Readonly<Record<'missing' | 'changed' | 'extra' | 'foreign', number>>;
  readonly missing: readonly Rule[];
  readonly foreign: readonly Rule[];
}
interface Audit {
  readonly found: Drift;
  readonly now: Drift;
  readonly repaired: { readonly count: number; readonly items: readonly Rule[] };
}
interface Bucket {
  readonly actions: readonly { readonly output?: number | { readonly port: number } }[];
  readonly packets: number | null;
}
interface Group {
  readonly groupId: number;
  readonly type: string;
  readonly buckets: readonly Bucket[];
  readonly references: number | null;
  readonly owner: { readonly kind: string } | null;
}
interface Meter {
  readonly meterId: number;
  readonly unit: string;
  readonly bands: readonly { readonly type: string; readonly rate: number; readonly burst: number | null }[];
  readonly owner: object | null;
}
interface Event {
  readonly id: number;
  readonly type: string;
  readonly severity: string;
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string };
  readonly message: string;
  readonly cause: string | null;
}
interface Events {
  readonly items: readonly Event[];
  readonly next: number;
}

describe('what is seen of real switches', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;

  const groups = (query = ''): Promise<readonly Group[]> => items(controller.baseUrl, `/switches/s1/groups${query}`);
  const meters = (): Promise<readonly Meter[]> => items(controller.baseUrl, '/switches/s1/meters');
  const events = (query: string): Promise<Events> => get(controller.baseUrl, `/events?${query}`);
  const drift = async (): Promise<Drift> => (await items<Drift>(controller.baseUrl, '/drift?switch=1'))[0]!;
  const reconcile = async (ref = 's1'): Promise<Audit> => {
    const response = await fetch(`${controller.baseUrl}/api/v1/switches/${ref}/reconcile`, { method: 'POST' });
    expect(response.status).toBe(200);
    return (await response.json()) as Audit;
  };
  /** Every link carries traffic, and every flood group has all its ports. */
  const whole = async (): Promise<void> => {
    await until(
      () => items<{ up: boolean; bidirectional: boolean }>(controller.baseUrl, '/links'),
      (links) => links.length === SIZE && links.every(({ up, bidirectional }) => up && bidirectional),
    );
    await until(
      () => items<Drift>(controller.baseUrl, '/drift'),
      (all) => all.length === SIZE && all.every(({ counts }) => counts.missing + counts.changed + counts.extra === 0),
    );
  };

  beforeAll(async () => {
    controller = await startController();
    ovs = await startPrivateOvs();
    await buildRing(ovs, SIZE, `tcp:127.0.0.1:${controller.openflowPort}`);
    await whole();
  });
  afterAll(async () => {
    await controller?.stop();
    await ovs?.dispose();
  });

  it('lists the groups that the switch itself lists, desired ones and others', async () => {
    await ovs.ofctl('add-group', 's1', 'group_id=9,type=select,bucket=weight=3,output:1,bucket=weight=1,output:2');
    const hostPort = (list: readonly Group[]): boolean =>
      list.some(({ buckets }) => buckets.some((bucket) => outputs(bucket).includes(HOST_PORT)));
    const desired = await until(() => groups('?source=desired'), hostPort);
    await until(async () => (await groups()).filter(({ owner }) => owner !== null), hostPort);
    const dump = (await ovs.ofctl('dump-groups', 's1')).split('\n').filter((line) => line.includes('group_id='));
    const told = await groups();
    const inWords = ({ groupId, type, buckets }: Group): string =>
      `group_id=${groupId},type=${type}` +
      buckets.map((bucket) => ` ${outputs(bucket).filter(Boolean).join()}`).join('');
    const dumped = dump.map((line) => {
      const [, id, type] = /group_id=(\d+),type=(\w+)/.exec(line) ?? [];
      const ports = [...line.matchAll(/output:"?([\w-]+)"?/g)].map(([, port]) => ` ${portNumber(port ?? '')}`);
      return `group_id=${id},type=${type}${ports.join('')}`;
    });
    expect(told.map(inWords).sort()).toEqual(dumped.sort());
    expect(told.map(({ owner }) => owner?.kind ?? null)).toEqual([null, desired[0]?.owner?.kind]);
    expect(told.every(({ references, buckets }) => references !== null && buckets[0]?.packets !== null)).toBe(true);
  });

  it('lists meters, and none where there are none', async () => {
    expect(await meters()).toEqual([]);
    await ovs.ofctl('add-meter', 's1', 'meter=5,kbps,burst,stats,band=type=drop,rate=1000,burst_size=200');
    expect(await meters()).toMatchObject([
      { meterId: 5, unit: 'bits', bands: [{ type: 'drop', rate: 1_000_000, burst: 200_000 }], owner: null },
    ]);
  });

  it('shows a foreign rule, and repairs what of ours was taken away, when told to look', async () => {
    await ovs.ofctl('add-flow', 's1', `cookie=${FOREIGN_COOKIE},table=1,priority=9,in_port=4000,actions=drop`);
    const { found } = await reconcile();
    expect(found).toMatchObject({ name: 's1', inSync: true });
    expect(found.foreign.find(({ cookie }) => cookie?.endsWith('77'))).toMatchObject({
      kind: 'flow',
      tableName: 'guard',
      match: { in_port: 4000 },
      owner: null,
    });
    expect((await drift()).counts.foreign).toBe(found.counts.foreign);

    await ovs.ofctl('del-flows', 's1', 'table=7');
    const { repaired, now } = await reconcile('1');
    expect(now.inSync).toBe(true);
    const dump = await ovs.ofctl('dump-flows', 's1', 'table=7');
    expect(dump.split('\n').filter((line) => line.includes('table=7')).length).toBeGreaterThan(0);
    // A switch that tells of changes by itself may have been repaired before the audit came to it.
    for (const rule of repaired.items)
      expect(rule).toMatchObject({ kind: 'flow', tableName: 'flood', owner: { kind: 'flood' } });
    expect(await ovs.ofctl('dump-flows', 's1', 'table=1')).toContain(`cookie=${FOREIGN_COOKIE}`);
  });

  it('tells in order what a cut cable brought about, and why', async () => {
    const { next } = await events('limit=1');
    await ovs.vsctl('del-port', 's1-1', '--', 'del-port', 's2-2');
    const { items: told } = await until(
      () => events(`since=${next}&type=port,link`),
      ({ items: found }) => found.some(({ type }) => type === 'link.down') && found.length >= 3,
    );
    expect(
      told
        .filter(({ type }) => type === 'port.removed')
        .map(({ subject }) => subject.name)
        .sort(),
    ).toEqual(['s1:1', 's2:2']);
    const [down, ...others] = told.filter(({ type }) => type === 'link.down');
    expect(others).toEqual([]);
    expect(down).toMatchObject({
      severity: 'warning',
      subject: { kind: 'link', id: `${dpidOf(1)}:1-${dpidOf(2)}:2`, name: 's1:1-s2:2' },
      message: 'Link s1:1-s2:2 is gone.',
    });
    expect(down?.cause).toMatch(/^Port s(1:1|2:2) was removed\.$/);
    expect(told.map(({ id }) => id)).toEqual(told.map(({ id }) => id).sort((x, y) => x - y));
  });

  it('tells of a switch whose session ends', async () => {
    const { next } = await events('limit=1');
    await ovs.vsctl('del-controller', 's3');
    const { items: told } = await until(
      () => events(`since=${next}&type=switch.disconnected`),
      ({ items: found }) => found.length > 0,
    );
    expect(told).toMatchObject([{ subject: { id: dpidOf(3), name: 's3' } }]);
    const response = await fetch(`${controller.baseUrl}/api/v1/switches/s3/reconcile`, { method: 'POST' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('is not connected') as string });
  });
});

/** The ports that a bucket sends to. */
function outputs({ actions }: Bucket): (number | undefined)[] {
  return actions.map(({ output }) => (typeof output === 'object' ? output.port : output));
}

/** Open vSwitch prints ports by name: patch ports are `<bridge>-<number>`, host ports `h<bridge>`. */
function portNumber(name: string): number {
  const [, patch] = /-(\d+)$/.exec(name) ?? [];
  if (patch !== undefined) return Number(patch);
  return /^\d+$/.test(name) ? Number(name) : HOST_PORT;
}
