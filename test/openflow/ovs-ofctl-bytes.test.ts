/** What ovs-ofctl sends and a switch answers passes through our codec unchanged, and says what was asked. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  decode,
  encode,
  type FlowMod,
  instructionsToJson,
  type Json,
  matchToJson,
  type Message,
  messageFromJson,
  messageToJson,
} from '../../src/openflow/codec/index.ts';
import { type PrivateOvs, startPrivateOvs } from '../support/private-ovs.ts';
import { recordOfctl } from '../support/recorded-ofctl.ts';
import { hasOvs, withOvs } from '../support/tools.ts';

/** Flows in ovs-ofctl's words, and in ours. */
const FLOWS: readonly { readonly flow: string; readonly match: Json; readonly instructions: Json }[] = [
  {
    flow: 'actions=resubmit(3,5)',
    match: {},
    instructions: [{ apply_actions: [{ resubmit: { in_port: '0x3', table_id: 5 } }] }],
  },
  {
    flow: 'tcp,tcp_flags=+syn,actions=drop',
    match: { eth_type: 'ipv4', ip_proto: 6, tcp_flags: '0x2/0x2' },
    instructions: [],
  },
  {
    flow: 'reg1=5,xreg1=6,metadata=0x7/0xff,tun_id=9,actions=write_metadata:5/0xff,goto_table:3',
    match: { reg1: '0x5', reg2: '0x0', reg3: '0x6', metadata: '0x7/0xff', tunnel_id: '0x9' },
    instructions: [{ write_metadata: { metadata: '0x5', mask: '0xff' } }, { goto_table: 3 }],
  },
  {
    flow: 'tcp,ct_state=+trk,actions=ct(commit,zone=5,table=3,exec(set_field:1->ct_mark),nat(src=10.0.0.1-10.0.0.2:5-9,random))',
    match: { eth_type: 'ipv4', ip_proto: 6, ct_state: '0x20/0x20' },
    instructions: [
      {
        apply_actions: [
          {
            ct: {
              flags: ['commit'],
              zone: 5,
              recirc_table: 3,
              alg: 0,
              actions: [
                { set_field: { ct_mark: '0x1' } },
                {
                  nat: {
                    flags: ['src', 'random'],
                    ipv4_min: '10.0.0.1',
                    ipv4_max: '10.0.0.2',
                    port_min: 5,
                    port_max: 9,
                  },
                },
              ],
            },
          },
        ],
      },
    ],
  },
  {
    flow: 'actions=learn(table=1,idle_timeout=5,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:5->NXM_NX_REG0[0..15],output:NXM_OF_IN_PORT[])',
    match: {},
    instructions: [
      {
        apply_actions: [
          {
            learn: {
              idle_timeout: 5,
              hard_timeout: 0,
              priority: 32768,
              cookie: '0x0',
              flags: [],
              table_id: 1,
              fin_idle_timeout: 0,
              fin_hard_timeout: 0,
              specs: [
                { type: 'match', src: 'vlan_tci[0..11]', dst: 'vlan_tci[0..11]' },
                { type: 'match', src: 'eth_src[0..47]', dst: 'eth_dst[0..47]' },
                { type: 'load', src: { value: '0x5', bits: 16 }, dst: 'reg0[0..15]' },
                { type: 'output', src: 'in_port[0..15]' },
              ],
            },
          },
        ],
      },
    ],
  },
  {
    flow: 'conj_id=5,ip,actions=dec_ttl(1,2),controller(max_len=100,id=5),controller(userdata=01.02.03,pause),note:01.02.03,exit',
    match: { conj_id: 5, eth_type: 'ipv4' },
    instructions: [
      {
        apply_actions: [
          { dec_ttl_ids: [1, 2] },
          { controller: { max_len: 100, controller_id: 5, reason: 'action' } },
          { controller_userdata: { userdata: '010203', pause: true } },
          { note: '010203000000' },
          { exit: {} },
        ],
      },
    ],
  },
  {
    flow: 'actions=move:reg0[0..5]->reg1[26..31],load:5->reg1[0..7],push:reg0,pop:reg1[0..15],output:reg2[0..15]',
    match: {},
    instructions: [
      {
        apply_actions: [
          { move: { src: 'reg0[0..5]', dst: 'reg1[26..31]' } },
          { load: { dst: 'reg1[0..7]', value: '0x5' } },
          { stack_push: 'reg0[0..31]' },
          { stack_pop: 'reg1[0..15]' },
          { output_reg: { src: 'reg2[0..15]', max_len: 65535 } },
        ],
      },
    ],
  },
  {
    flow: 'in_port=1,dl_vlan=5,dl_vlan_pcp=3,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,actions=mod_vlan_vid:6,strip_vlan,set_queue:2,group:1',
    match: { in_port: 1, eth_dst: '01:00:00:00:00:00/01:00:00:00:00:00', vlan_vid: 5, vlan_pcp: 3 },
    instructions: [
      { apply_actions: [{ set_field: { vlan_vid: 6 } }, { pop_vlan: {} }, { set_queue: 2 }, { group: 1 }] },
    ],
  },
  {
    flow: 'ipv6,ipv6_src=fe80::/10,actions=clone(push_vlan:0x8100,output:1)',
    match: { eth_type: 'ipv6', ipv6_src: 'fe80::/10' },
    instructions: [{ apply_actions: [{ clone: [{ push_vlan: '0x8100' }, { output: 1 }] }] }],
  },
  {
    flow: 'packet_type=(1,0x800),nw_dst=10.0.0.1,actions=drop',
    match: { packet_type: '0x10800', ipv4_dst: '10.0.0.1' },
    instructions: [],
  },
  {
    flow: 'udp,udp_dst=53,actions=conjunction(1,2/3)',
    match: { eth_type: 'ipv4', ip_proto: 17, udp_dst: 53 },
    instructions: [{ apply_actions: [{ conjunction: { clause: 1, n_clauses: 3, id: 1 } }] }],
  },
];

/** Flows whose actions we do not know by name: they pass all the same. */
const UNKNOWN_TO_US: readonly string[] = [
  'actions=multipath(eth_src,50,modulo_n,1,0,reg0[])',
  'actions=bundle(eth_src,0,hrw,ofport,members:4,8)',
  'actions=sample(probability=12345,collector_set_id=23456,obs_domain_id=34567,obs_point_id=45678)',
  'actions=check_pkt_larger(1000)->reg0[0]',
  'actions=learn(table=1,limit=5,result_dst=NXM_NX_REG0[0],output:NXM_OF_IN_PORT[])',
  'dl_type=0x894f,nsh_spi=5,actions=dec_nsh_ttl,load:1->nsh_si',
];

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['add-group', 'group_id=7,type=select,bucket=weight:3,output:1,bucket=weight:5,output:2'],
  ['add-group', 'group_id=8,type=ff,bucket=watch_port:1,output:1'],
  ['dump-groups'],
  ['dump-group-stats'],
  ['dump-group-features'],
  ['add-meter', 'meter=1 kbps burst stats bands=type=drop rate=100 burst_size=10'],
  ['dump-meters'],
  ['meter-stats'],
  ['meter-features'],
  ['mod-port', 'p1', 'down'],
  ['dump-flows'],
  ['dump-aggregate'],
  ['dump-tables'],
  ['dump-table-features'],
  ['dump-ports'],
  ['dump-ports-desc'],
  ['dump-desc'],
  ['queue-stats'],
  ['show'],
  ['get-frags'],
  ['set-frags', 'drop'],
  ['packet-out', 'in_port=1,packet=0102030405060708090a0b0c0d0e0f10,actions=output:2'],
  ['--bundle add-flow', 'priority=5,actions=drop'],
  ['del-flows'],
];

let ovs: PrivateOvs;

beforeAll(async () => {
  if (!hasOvs) return;
  ovs = await startPrivateOvs();
  await ovs.addBridge('s1', { dpid: '0000000000000001' });
  await ovs.dummyPort('s1', 'p1', { ofport: 1 });
  await ovs.dummyPort('s1', 'p2', { ofport: 2 });
  await ovs.ofctl('add-group', 's1', 'group_id=1,type=all,bucket=output:1');
});

afterAll(async () => ovs?.dispose());

/** Both ends' frames, checked to come out as they went in. */
async function recorded(command: string, ...args: string[]): Promise<Message[]> {
  const [last, ...options] = command.split(' ').reverse();
  const { sent, received } = await recordOfctl(ovs, last!, 's1', ...args, ...options);
  const messages = [...sent, ...received].map((frame) => {
    const message = decode(frame);
    expect(encode(message).toString('hex')).toBe(frame.toString('hex'));
    const json = JSON.parse(JSON.stringify(messageToJson(message))) as Json;
    expect(encode(messageFromJson(json)).toString('hex')).toBe(frame.toString('hex'));
    return message;
  });
  expect(messages.filter((message) => message.type === 'error')).toEqual([]);
  return messages;
}

describe('ovs-ofctl add-flow', () => {
  for (const { flow, match, instructions } of FLOWS) {
    withOvs(flow, async () => {
      const messages = await recorded('add-flow', flow);
      const flowMod = messages.find((message): message is FlowMod => message.type === 'flowMod')!;
      expect(matchToJson(flowMod.match)).toEqual(match);
      expect(instructionsToJson(flowMod.instructions)).toEqual(instructions);
    });
  }
  for (const flow of UNKNOWN_TO_US) {
    withOvs(flow, async () => {
      await recorded('add-flow', flow);
    });
  }
});

describe('ovs-ofctl', () => {
  for (const [command, ...args] of COMMANDS) {
    withOvs([command, ...args].join(' '), async () => {
      expect((await recorded(command, ...args)).length).toBeGreaterThan(1);
    });
  }
});
