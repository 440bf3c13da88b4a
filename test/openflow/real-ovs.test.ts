/** A real Open vSwitch takes what we encode, and tells back what we meant. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import * as of from '../../src/openflow/codec/internals.ts';
import { connectOpenflow, type OpenflowClient } from '../support/openflow-client.ts';
import { type PrivateOvs, startPrivateOvs } from '../support/private-ovs.ts';
import {
  ACTION_EXAMPLES,
  ACTIONS_WITHOUT,
  apply,
  FIELDS_WITHOUT,
  matchesFor,
  TOLD_OTHERWISE,
} from '../support/ovs-examples.ts';
import { hasOvs, withOvs } from '../support/tools.ts';

let ovs: PrivateOvs;
let client: OpenflowClient;

beforeAll(async () => {
  if (!hasOvs) return;
  ovs = await startPrivateOvs();
  await ovs.addBridge('s1', { dpid: '0000000000000001' });
  for (const port of [1, 2, 3]) await ovs.dummyPort('s1', `p${port}`, { ofport: port });
  client = await connectOpenflow(ovs.mgmtSocket('s1'));
  await client.exchange(
    { type: 'setConfig', xid: 0, flags: 0, missSendLen: of.OFPCML.NO_BUFFER }, // or it sends nothing unasked
    of.groupMod({ groupId: 1, buckets: [of.bucket({ actions: [{ type: 'output', port: 1 }] })] }),
    of.meterMod({ meterId: 1, bands: [{ type: 'drop', rate: 100, burstSize: 0 }] }),
  );
});

afterAll(async () => {
  client?.close();
  await ovs?.dispose();
});

/** The ERRORs with which the switch answers. */
async function errorsOf(...messages: of.Message[]): Promise<string[]> {
  const replies = await client.exchange(...messages);
  return replies.filter((message) => message.type === 'error').map(of.messageToText);
}

/** Puts one flow into an empty switch; gives what the switch says to that, and the flow as it tells it. */
async function tellBack(flow: of.FlowMod): Promise<{ said: of.Message[]; flows: readonly of.FlowStats[] }> {
  await client.exchange(of.flowMod({ command: of.OFPFC.DELETE, tableId: of.OFPTT.ALL }));
  const said = (await client.exchange(flow)).filter((message) => message.type === 'error');
  return { said, flows: await client.ask('flow', of.flowStatsRequest()) };
}

describe('flow-mods', () => {
  const fields = of.OXM_FIELDS.filter((field) => !FIELDS_WITHOUT.includes(field.name));
  for (const field of fields) {
    withOvs(`match on ${field.snakeName}`, async () => {
      for (const match of matchesFor(field)) {
        const { said, flows } = await tellBack(of.flowMod({ match, instructions: apply({ type: 'output', port: 1 }) }));
        expect(said.map(of.messageToText)).toEqual([]);
        if (TOLD_OTHERWISE.test(field.name)) expect(flows.length).toBe(1);
        else expect(flows.map((flow) => of.matchKey(flow.match))).toEqual([of.matchKey(match)]);
      }
    });
  }

  for (const name of FIELDS_WITHOUT) {
    withOvs(`match on ${name} is refused as a field that it lacks`, async () => {
      const field = of.OXM_FIELDS.find((candidate) => candidate.name === name)!;
      const context =
        name === 'pbbIsid' ? { ethType: 0x88e7 } : name === 'ipv6Exthdr' ? { ethType: 0x86dd } : { inPort: 1 };
      const { said } = await tellBack(of.flowMod({ match: { ...context, [field.name]: 1 } }));
      const [error] = said;
      expect(error?.type === 'error' && of.errorName(error.errorType, error.code)).toBe('BAD_MATCH/BAD_FIELD');
    });
  }

  for (const { match = {}, action, told = action } of ACTION_EXAMPLES) {
    withOvs(`do ${JSON.stringify(of.actionsToJson([action]))}`, async () => {
      const { said, flows } = await tellBack(of.flowMod({ match, instructions: apply(action) }));
      expect(said.map(of.messageToText)).toEqual([]);
      expect(flows.map((flow) => flow.instructions)).toEqual([apply(told)]);
    });
  }

  withOvs('have an example of every action', () => {
    const shown = new Set<string>(ACTION_EXAMPLES.map(({ action }) => action.type));
    const special = ['setTunnel', 'setTunnel64', 'loadField']; // taken, but told back as set-fields
    const missing = Object.keys(of.ACTIONS).filter(
      (type) => !shown.has(type) && !ACTIONS_WITHOUT.includes(type) && !special.includes(type),
    );
    expect(missing).toEqual([]);
  });

  withOvs('carry all instructions, timeouts, cookie and flags', async () => {
    const instructions: of.Instruction[] = [
      { type: 'meter', meterId: 1 },
      { type: 'applyActions', actions: [{ type: 'output', port: 1 }] },
      { type: 'clearActions' },
      { type: 'writeActions', actions: [{ type: 'group', groupId: 1 }] },
      { type: 'writeMetadata', metadata: 5n, mask: 0xffn },
      { type: 'gotoTable', tableId: 6 },
    ];
    const flow = of.flowMod({
      cookie: 0xfedcba9876543210n,
      tableId: 5,
      priority: 7,
      idleTimeout: 100,
      hardTimeout: 200,
      flags: of.OFPFF.SEND_FLOW_REM,
      instructions,
    });
    const { said, flows } = await tellBack(flow);
    expect(said).toEqual([]);
    expect(flows).toMatchObject([
      {
        cookie: flow.cookie,
        tableId: 5,
        priority: 7,
        idleTimeout: 100,
        hardTimeout: 200,
        flags: 1,
        match: {},
        instructions,
      },
    ]);
    const dump = await ovs.ofctl('dump-flows', 's1');
    expect(dump).toContain('cookie=0xfedcba9876543210');
    expect(dump).toContain('idle_timeout=100, hard_timeout=200, send_flow_rem priority=7');
    expect(dump).toContain(
      'meter:1,output:1,clear_actions,write_actions(group:1),write_metadata:0x5/0xff,goto_table:6',
    );
  });

  withOvs('say what dump-flows says', async () => {
    const match = of.matchFromJson({
      in_port: 1,
      eth_type: 'ipv4',
      ip_proto: 'tcp',
      ipv4_src: '10.0.0.0/24',
      tcp_dst: 80,
      vlan_vid: 5,
    });
    await tellBack(of.flowMod({ match, instructions: apply({ type: 'popVlan' }, { type: 'output', port: 2 }) }));
    expect(await ovs.ofctl('--no-stats dump-flows', 's1').catch(() => ovs.ofctl('dump-flows', 's1'))).toContain(
      'tcp,in_port=1,dl_vlan=5,nw_src=10.0.0.0/24,tp_dst=80 actions=pop_vlan,output:2',
    );
  });
});

describe('groups, meters, bundles, monitors', () => {
  const output = (port: number): of.Bucket => of.bucket({ actions: [{ type: 'output', port }] });

  withOvs('groups of all four types', async () => {
    const groups: of.GroupDesc[] = [
      { groupType: of.OFPGT.ALL, groupId: 10, buckets: [output(1), output(2)] },
      {
        groupType: of.OFPGT.SELECT,
        groupId: 11,
        buckets: [
          { ...output(1), weight: 3 },
          { ...output(2), weight: 5 },
        ],
      },
      { groupType: of.OFPGT.INDIRECT, groupId: 12, buckets: [output(3)] },
      {
        groupType: of.OFPGT.FF,
        groupId: 13,
        buckets: [
          { ...output(1), watchPort: 1 },
          { ...output(2), watchGroup: 12 },
        ],
      },
    ];
    expect(await errorsOf(...groups.map((group) => of.groupMod(group)))).toEqual([]);
    const told = await client.ask('groupDesc', undefined);
    const byId = (a: of.GroupDesc, b: of.GroupDesc): number => a.groupId - b.groupId;
    expect([...told].sort(byId).slice(1)).toEqual(groups);
    expect((await client.ask('group', { groupId: of.OFPG.ALL })).length).toBe(5);
  });

  withOvs('meters with their bands', async () => {
    const meter = {
      meterId: 5,
      flags: of.OFPMF.PKTPS | of.OFPMF.BURST,
      bands: [{ type: 'drop', rate: 50, burstSize: 60 }],
    } as const;
    expect(await errorsOf(of.meterMod(meter))).toEqual([]);
    expect(await client.ask('meterConfig', { meterId: 5 })).toEqual([meter]);
    expect(await client.ask('meter', { meterId: 5 })).toMatchObject([{ meterId: 5, bands: [{ packetBandCount: 0n }] }]);
  });

  withOvs('a bundle, all at once', async () => {
    await tellBack(of.flowMod());
    const bundleId = 77;
    const control = (controlType: number): of.Message => of.bundleControl({ xid: 5, bundleId, controlType });
    const add = (message: of.BundledMessage): of.Message => of.bundleAdd({ xid: 6, bundleId, message });
    const replies = await client.exchange(
      control(of.OFPBCT.OPEN_REQUEST),
      add(of.groupMod({ groupId: 20, buckets: [output(1)] })),
      add(of.flowMod({ priority: 9, instructions: apply({ type: 'group', groupId: 20 }) })),
    );
    expect(replies).toMatchObject([{ type: 'bundleControl', bundleId, controlType: of.OFPBCT.OPEN_REPLY }]);
    expect((await client.ask('flow', of.flowStatsRequest())).length).toBe(1);
    const [committed] = await client.exchange(control(of.OFPBCT.COMMIT_REQUEST));
    expect(committed).toMatchObject({ type: 'bundleControl', controlType: of.OFPBCT.COMMIT_REPLY });
    expect(
      (await client.ask('flow', of.flowStatsRequest())).map((flow) => flow.priority).sort((a, b) => a - b),
    ).toEqual([9, 32768]);
  });

  withOvs('a flow monitor tells changes', async () => {
    await tellBack(of.flowMod({ priority: 1, match: { inPort: 1 } }));
    const all = of.OFPFMF.INITIAL | of.OFPFMF.ADD | of.OFPFMF.DELETE | of.OFPFMF.MODIFY | of.OFPFMF.ACTIONS;
    const request = { monitorId: 3, flags: all, outPort: of.OFPP.ANY, tableId: of.OFPTT.ALL, match: {} };
    expect(await client.ask('flowMonitor', [request])).toMatchObject([
      { type: 'added', priority: 1, match: { inPort: 1 } },
    ]);
    await ovs.ofctl('add-flow', 's1', 'priority=2,arp,actions=output:2');
    const update = await client.next((message) => message.type === 'multipartReply' && message.kind === 'flowMonitor');
    expect(update).toMatchObject({
      body: [
        { type: 'added', priority: 2, match: { ethType: 0x0806 }, instructions: apply({ type: 'output', port: 2 }) },
      ],
    });
    expect(await errorsOf({ type: 'flowMonitorCancel', xid: 1, monitorId: 3 })).toEqual([]);
  });
});

describe('what the switch tells', () => {
  withOvs('every multipart answers', async () => {
    expect(await client.ask('desc', undefined)).toMatchObject({ mfrDesc: 'Nicira, Inc.', hwDesc: 'Open vSwitch' });
    expect(await client.ask('aggregate', of.flowStatsRequest())).toHaveProperty('flowCount');
    expect((await client.ask('table', undefined)).length).toBe(254);
    expect((await client.ask('portStats', { portNo: of.OFPP.ANY })).map((port) => port.portNo)).toContain(3);
    expect((await client.ask('portDesc', undefined)).map((port) => port.name)).toContain('p3');
    const queues = await client.ask('queue', { portNo: of.OFPP.ANY, queueId: of.OFPQ.ALL });
    expect(queues.map((queue) => queue.portNo)).toContain(3);
    expect((await client.ask('groupFeatures', undefined)).types).toBe(0xf);
    expect((await client.ask('meterFeatures', undefined)).maxBands).toBeGreaterThan(0);
    const tables = await client.ask('tableFeatures', []);
    expect(tables.length).toBe(254);
    const [match] = tables[0]!.properties.filter((property) => property.type === 'match');
    expect(match?.type === 'match' && match.fields).toContainEqual({ field: 'ipv4Src', masked: true });
  });

  withOvs('features, configuration, roles, asynchronous settings, queues, packets', async () => {
    const replies = await client.exchange(
      { type: 'featuresRequest', xid: 1 },
      { type: 'getConfigRequest', xid: 2 },
      { type: 'roleRequest', xid: 3, role: of.OFPCR_ROLE.MASTER, generationId: 1n },
      { type: 'getAsyncRequest', xid: 4 },
      { type: 'queueGetConfigRequest', xid: 5, port: 1 },
      of.echoRequest({ xid: 6, data: Buffer.from('hi') }),
    );
    expect(replies).toMatchObject([
      { type: 'featuresReply', xid: 1, datapathId: 1n, nTables: 254 },
      { type: 'getConfigReply', xid: 2 },
      { type: 'roleReply', xid: 3, role: of.OFPCR_ROLE.MASTER, generationId: 1n },
      { type: 'getAsyncReply', xid: 4 },
      { type: 'queueGetConfigReply', xid: 5, port: 1, queues: [{ queueId: 0, port: 1, properties: [] }] },
      { type: 'echoReply', xid: 6, data: Buffer.from('hi') },
    ]);
    await tellBack(of.flowMod({ cookie: 9n, instructions: apply({ type: 'output', port: of.OFPP.CONTROLLER }) }));
    const packet = of.packetOut({
      inPort: 2,
      actions: [{ type: 'output', port: of.OFPP.TABLE }],
      data: Buffer.alloc(60, 1),
    });
    client.send(packet);
    const packetIn = await client.next((message) => message.type === 'packetIn');
    expect(packetIn).toMatchObject({
      type: 'packetIn',
      cookie: 9n,
      match: { inPort: 2 },
      data: Buffer.alloc(60, 1),
      totalLen: 60,
    });
  });

  withOvs('ports that change and flows that go', async () => {
    const desc = (await client.ask('portDesc', undefined)).find((port) => port.portNo === 3)!;
    const down = { type: 'portMod', xid: 1, portNo: 3, hwAddr: desc.hwAddr, config: 1, mask: 1, advertise: 0 } as const;
    expect(await errorsOf(down, { ...down, config: 0 })).toEqual([]);
    await tellBack(of.flowMod({ flags: of.OFPFF.SEND_FLOW_REM, cookie: 11n }));
    client.send(of.flowMod({ command: of.OFPFC.DELETE }));
    const removed = await client.next((message) => message.type === 'flowRemoved' && message.cookie === 11n);
    expect(removed).toMatchObject({ reason: of.OFPRR.DELETE });
  });

  withOvs('all its frames are the same after decoding and encoding', () => {
    expect(client.frames.length).toBeGreaterThan(100);
    for (const frame of client.frames) expect(of.encode(of.decode(frame)).toString('hex')).toBe(frame.toString('hex'));
  });
});
