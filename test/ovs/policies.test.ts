/** Policies of kind `flow` from REST to a real Open vSwitch and back: written, changed, refused, kept over restarts, gone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instructionsToJson, matchFromJson, matchKey, matchToJson } from '../../src/openflow/codec/index.ts';
import type { JsonObject } from '../../src/openflow/codec/index.ts';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { watchFlows } from '../support/flow-watch.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { someRawFlow } from '../support/raw-flows.ts';
import { items, until } from '../support/rest.ts';

const DPID = '0000000000000001';
const HOST_PORTS = [1, 2, 3];
/** Enough to meet every field and action, some with masks. */
const RANDOM_FLOWS = 200;

interface PolicyJson {
  readonly name: string;
  readonly revision: number;
  readonly status: { readonly phase: string; readonly reason: string | null; readonly rules: number };
}
interface PlanJson {
  readonly switches: readonly { readonly added: readonly unknown[]; readonly changed: readonly unknown[] }[];
}
interface FlowJson {
  readonly tableName: string;
  readonly priority: number;
  readonly match: JsonObject;
  readonly instructions: readonly unknown[];
  readonly owner: { readonly kind: string; readonly name: string } | null;
}

describe('raw flows on a real switch', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;
  let data: string;

  async function send(method: string, path: string, body?: unknown): Promise<{ status: number; json: PolicyJson }> {
    const response = await fetch(`${controller.baseUrl}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as PolicyJson };
  }
  const put = (name: string, spec: object) =>
    send('PUT', `/policies/${name}`, { kind: 'flow', spec: { dpid: 's1', priority: 100, ...spec } });
  const dump = async (table: number): Promise<string> => ovs.ofctl('dump-flows', 's1', `table=${table}`, '--no-stats');
  const flowOf = async (name: string): Promise<FlowJson | undefined> =>
    (await items<FlowJson>(controller.baseUrl, `/switches/s1/flows`)).find(
      ({ owner }) => owner?.kind === 'flow' && owner.name === name,
    );
  const trace = (fields: string): Promise<string> => ovs.appctl('ofproto/trace', 's1', fields);
  /** The switch is connected, its ports are known, and it holds what is desired of it. */
  const settled = async (): Promise<void> => {
    const flows = async (source: string): Promise<string> => {
      const found = await items<FlowJson>(controller.baseUrl, `/switches/s1/flows?source=${source}`);
      return found
        .filter(({ owner }) => owner !== null)
        .map(({ tableName, match }) => `${tableName} ${JSON.stringify(Object.entries(match).sort(byName))}`)
        .sort()
        .join('\n');
    };
    await until(
      async () => {
        const [sw] = await items<{ connected: boolean; ports: { kind: string }[] }>(controller.baseUrl, '/switches');
        if (!sw?.connected || sw.ports.some(({ kind }) => kind !== 'host')) return ['not', 'ready'];
        return [await flows('desired'), await flows('installed')];
      },
      ([desired, installed]) => desired === installed,
    );
  };
  const restart = async (end: 'stop' | 'kill'): Promise<void> => {
    const openflow = `127.0.0.1:${controller.openflowPort}`;
    await controller[end]();
    controller = await startController({ data, args: ['--openflow', openflow] });
    await settled();
  };

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'signalbox-policies-'));
    controller = await startController({ data });
    ovs = await startPrivateOvs();
    await ovs.addBridge('s1', { dpid: DPID, controller: `tcp:127.0.0.1:${controller.openflowPort}` });
    for (const port of HOST_PORTS) await ovs.dummyPort('s1', `h${port}`, { ofport: port });
    await until(
      () => items(controller.baseUrl, '/switches'),
      (found) => found.length === 1,
    );
    await settled();
  });
  afterAll(async () => {
    await controller?.stop();
    await ovs?.dispose();
    await rm(data, { recursive: true, force: true });
  });

  const match = { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' };
  const FRAME = 'in_port=1,dl_type=0x0800,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_dst=10.0.0.9';

  it('stand on the switch when the write is answered, and frames take them', async () => {
    const spec = { table: 'steer', match, instructions: [{ apply_actions: [{ output: 3 }] }] };
    const { status, json } = await put('web', spec);
    expect([status, json.status.phase, json.status.reason, json.status.rules]).toEqual([201, 'active', null, 1]);
    expect(await dump(5)).toContain('priority=100,ip,nw_dst=10.0.0.9 actions=output:3');
    expect((await flowOf('web'))?.match).toEqual(match);
    expect(await trace(FRAME)).toMatch(/5\. ip,nw_dst=10\.0\.0\.9, priority 100, cookie \w+\n +output:3\n/);
  });

  it('tell what a change would do without doing it, and do it by exactly one flow-mod', async () => {
    const before = await dump(5);
    const patch = { spec: { instructions: [{ apply_actions: [{ output: 2 }] }] } };
    const plan = (await send('PATCH', '/policies/web?dryRun=true', patch)).json as unknown as PlanJson;
    expect(plan.switches.map(({ added, changed }) => [added.length, changed.length])).toEqual([[0, 1]]);
    expect(await dump(5)).toBe(before);
    const watched = await watchFlows(ovs, 's1');
    const { status, json } = await send('PATCH', '/policies/web', patch);
    expect([status, json.revision, json.status.phase]).toEqual([200, 2, 'active']);
    const seen = await watched();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain('event=MODIFIED');
    expect(await dump(5)).toContain('nw_dst=10.0.0.9 actions=output:2');
  });

  it('do what they say in every table that takes them, and are told again as they were given', async () => {
    const rules: Record<string, { table: string; match?: object; instructions: unknown[] }> = {
      guarded: { table: 'guard', match: { in_port: 2, eth_src: '02:00:00:00:00:aa' }, instructions: [] },
      shaped: {
        table: 'shape',
        match: { in_port: 3, vlan_vid: 5, vlan_pcp: 3 },
        instructions: [
          { apply_actions: [{ pop_vlan: {} }, { set_queue: 1 }] },
          { write_metadata: { metadata: '0x5', mask: '0xff' } },
          { goto_table: 3 },
        ],
      },
      rewritten: {
        table: 'service',
        match: { eth_type: 'ipv6', ip_proto: 6, ipv6_dst: 'fd00::/64', tcp_dst: 443, ip_dscp: 10 },
        instructions: [
          {
            apply_actions: [
              { set_field: { eth_dst: '02:00:00:00:00:03' } },
              { set_field: { tcp_dst: 8443 } },
              { dec_nw_ttl: {} },
            ],
          },
          { goto_table: 5 },
        ],
      },
      tagged: {
        table: 'steer',
        match: { eth_dst: '02:00:00:00:00:00/ff:ff:ff:ff:ff:00', vlan_vid: 'none', metadata: '0x5/0xff' },
        instructions: [
          {
            apply_actions: [
              { push_vlan: '0x8100' },
              { set_field: { vlan_vid: 7 } },
              { output: 2 },
              { output: 'controller' },
            ],
          },
        ],
      },
      arp: {
        table: 'steer',
        match: { eth_type: 'arp', arp_op: 1, arp_spa: '10.0.0.0/8', arp_tpa: '10.0.0.9', arp_sha: '02:00:00:00:00:01' },
        instructions: [
          'clear_actions',
          { write_actions: [{ set_field: { eth_src: '02:00:00:00:00:09' } }, { output: 'in_port' }] },
        ],
      },
      neighbour: {
        table: 'guard',
        match: {
          eth_type: 'ipv6',
          ip_proto: 58,
          icmpv6_type: 135,
          ipv6_nd_target: 'fd00::1',
          ipv6_nd_sll: '02:00:00:00:00:01',
        },
        instructions: [{ goto_table: 2 }],
      },
      ping: {
        table: 'steer',
        match: {
          eth_type: 'ipv4',
          ip_proto: 1,
          icmpv4_type: 8,
          icmpv4_code: 0,
          ipv4_src: '10.0.0.1/255.0.0.255',
          ip_ecn: 1,
        },
        instructions: [
          {
            apply_actions: [
              { set_nw_ttl: 9 },
              { push_mpls: '0x8847' },
              { set_field: { mpls_label: 17 } },
              { output: 3 },
            ],
          },
        ],
      },
      ports: {
        table: 'steer',
        match: { eth_type: 'ipv4', ip_proto: 17, udp_src: '0x1000/0xf000', udp_dst: 53 },
        instructions: [{ apply_actions: [{ output: 3 }] }, { goto_table: 6 }],
      },
      label: {
        table: 'service',
        match: { eth_type: 'mpls', mpls_label: 17, mpls_tc: 1, mpls_bos: 1 },
        instructions: [{ apply_actions: [{ dec_mpls_ttl: {} }, { pop_mpls: '0x0800' }] }, { goto_table: 5 }],
      },
    };
    for (const [name, rule] of Object.entries(rules)) {
      const { status, json } = await put(name, rule);
      expect([name, status, json.status.reason]).toEqual([name, 201, null]);
      const flow = await flowOf(name);
      expect([name, flow?.match, flow?.tableName]).toEqual([name, rule.match, rule.table]);
      const given = rule.instructions.map((each) => (each === 'clear_actions' ? { clear_actions: {} } : each));
      expect([name, flow?.instructions]).toEqual([name, given]);
    }
    // The guard drops what the first of them matches.
    expect(await trace('in_port=2,dl_src=02:00:00:00:00:aa,dl_dst=02:00:00:00:00:01')).toContain(
      'Datapath actions: drop',
    );
  });

  it('are told by the switch as they are desired, whatever it takes of them', async () => {
    let taken = 0;
    for (let seed = 1; seed <= RANDOM_FLOWS; seed++) {
      const { match: some, instructions } = someRawFlow(seed * 7_919);
      // A meter would have to be there.
      const plain = instructions.filter(({ type }) => type !== 'meter');
      const spec = { table: 'steer', match: matchToJson(some), instructions: instructionsToJson(plain) };
      const { status, json } = await put(`random-${seed}`, { ...spec, priority: 1_000 + seed });
      expect([status, json.status.phase]).toEqual([201, expect.stringMatching(/^(active|failed)$/)]);
    }
    const desired = await items<FlowJson>(controller.baseUrl, '/switches/s1/flows?source=desired');
    const wanted = new Map(desired.map((flow) => [placeOf(flow), JSON.stringify(flow.instructions)]));
    const installed = await items<FlowJson>(controller.baseUrl, '/switches/s1/flows');
    for (const flow of installed.filter(({ tableName, priority }) => tableName === 'steer' && priority > 1_000)) {
      expect(JSON.stringify(flow.instructions)).toBe(wanted.get(placeOf(flow)));
      taken++;
    }
    expect(taken).toBeGreaterThan(RANDOM_FLOWS / 2);
    for (let seed = 1; seed <= RANDOM_FLOWS; seed++) {
      const { json } = await send('GET', `/policies/random-${seed}`);
      if (json.status.phase === 'active') taken--;
      expect((await send('DELETE', `/policies/random-${seed}`)).status).toBe(204);
    }
    expect(taken).toBe(0);
  });

  it('survive a kill and a stop of the controller, which then changes nothing on the switch', async () => {
    const { status } = await put('late', {
      table: 'guard',
      match: { in_port: 1, eth_type: 'arp' },
      instructions: [{ goto_table: 'shape' }],
    });
    expect(status).toBe(201);
    const before = (await items<PolicyJson>(controller.baseUrl, '/policies')).map(({ name, revision }) => [
      name,
      revision,
    ]);
    expect(before).toContainEqual(['late', 1]);
    for (const end of ['kill', 'stop'] as const) {
      const watched = await watchFlows(ovs, 's1');
      await restart(end);
      const after = await items<PolicyJson>(controller.baseUrl, '/policies');
      expect(after.map(({ name, revision }) => [name, revision])).toEqual(before);
      for (const { name, status: now } of after) expect([name, now.phase]).toEqual([name, 'active']);
      expect(await watched()).toEqual([]);
    }
  });

  it('that were changed while the switch was without a controller make exactly that difference', async () => {
    const openflow = `127.0.0.1:${controller.openflowPort}`;
    const watched = await watchFlows(ovs, 's1');
    await controller.kill();
    // At another port, where the switch does not come.
    controller = await startController({ data, args: ['--openflow', '127.0.0.1:0'] });
    const instructions = [{ apply_actions: [{ output: 2 }] }, { goto_table: 'shape' }];
    const { status, json } = await send('PATCH', '/policies/late?timeoutMs=1', { spec: { instructions } });
    expect([status, json.revision, json.status.phase]).toEqual([202, 2, 'pending']);
    await controller.stop();
    controller = await startController({ data, args: ['--openflow', openflow] });
    await settled();
    const seen = await watched();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/event=MODIFIED table=1 .*arp,in_port=1/);
    expect((await send('GET', '/policies/late')).json.status.phase).toBe('active');
  });

  it('say why the switch refuses them, and stand once they are mended', async () => {
    const refused = { table: 'steer', match: { in_port: 3 }, instructions: [{ apply_actions: [{ group: 99 }] }] };
    const { status, json } = await put('lost', refused);
    expect([status, json.status.phase]).toEqual([201, 'failed']);
    expect(json.status.reason).toMatch(/^s1 refuses the rule in steer, priority 100, in_port=3: .*BAD_OUT_GROUP/);
    const unsupported = { ...refused, instructions: [{ apply_actions: [{ copy_ttl_out: {} }, { output: 1 }] }] };
    const again = await put('lost', unsupported);
    expect([again.status, again.json.status.phase]).toEqual([200, 'failed']);
    expect(again.json.status.reason).toMatch(/BAD_ACTION/);
    // What others want is there all the same.
    expect((await send('GET', '/policies/web')).json.status.phase).toBe('active');
    const mended = await put('lost', { ...refused, instructions: [{ apply_actions: [{ output: 1 }] }] });
    expect([mended.status, mended.json.status.phase, mended.json.status.reason]).toEqual([200, 'active', null]);
    expect((await send('DELETE', '/policies/lost')).status).toBe(204);
  });

  it('name the owner of a place that two want, and give it to the other when the first goes', async () => {
    const place = { table: 'steer', match: { in_port: 2 } };
    const instructions = (port: number) => ({ instructions: [{ apply_actions: [{ output: port }] }] });
    expect((await put('alpha', { ...place, ...instructions(1) })).json.status.phase).toBe('active');
    const { json } = await put('beta', { ...place, ...instructions(3) });
    expect(json.status.phase).toBe('failed');
    expect(json.status.reason).toContain('On s1, the rule in steer, priority 100, in_port=2 is flow "alpha"');
    expect((await send('DELETE', '/policies/alpha')).status).toBe(204);
    expect((await send('GET', '/policies/beta')).json.status).toMatchObject({
      phase: 'active',
      reason: null,
    });
    expect(await dump(5)).toContain('in_port=2 actions=output:3');
    expect((await send('DELETE', '/policies/beta')).status).toBe(204);
  });

  it('wait for a switch that is not there, and are put there when it comes', async () => {
    const spec = { table: 'guard', match: { in_port: 1 }, instructions: [{ goto_table: 'shape' }], dpid: 's2' };
    const { status, json } = await put('elsewhere', spec);
    expect([status, json.status.phase]).toEqual([202, 'pending']);
    expect(json.status.reason).toContain('There is no switch s2');
    await ovs.addBridge('s2', { dpid: '0000000000000002', controller: `tcp:127.0.0.1:${controller.openflowPort}` });
    await until(
      async () => (await send('GET', '/policies/elsewhere')).json.status.phase,
      (phase) => phase === 'active',
    );
    expect(await ovs.ofctl('dump-flows', 's2', 'table=1', '--no-stats')).toContain('in_port=1 actions=goto_table:2');
  });

  it('are gone from the switch when the delete is answered, and when they are not enabled', async () => {
    const off = await send('PATCH', '/policies/web', { enabled: false });
    expect([off.status, off.json.status.phase]).toEqual([200, 'pending']);
    expect(await dump(5)).not.toContain('nw_dst=10.0.0.9 actions');
    const on = await send('PATCH', '/policies/web', { enabled: true });
    expect([on.status, on.json.status.phase]).toEqual([200, 'active']);
    expect(await dump(5)).toContain('nw_dst=10.0.0.9 actions=output:2');
    expect((await send('DELETE', '/policies/web')).status).toBe(204);
    expect(await dump(5)).not.toContain('nw_dst=10.0.0.9 actions');
    expect((await send('GET', '/policies/web')).status).toBe(404);
    expect(await trace(FRAME)).toMatch(/5\. priority 0, cookie \w+\n +goto_table:6\n/);
  });
});

function placeOf({ tableName, priority, match }: FlowJson): string {
  return `${tableName} ${priority} ${matchKey(matchFromJson(match))}`;
}

function byName([x]: readonly [string, unknown], [y]: readonly [string, unknown]): number {
  return x < y ? -1 : 1;
}
