import { describe, expect, it } from 'vitest';
import * as of from './index.ts';

const DATA = Buffer.from('0102030405060708', 'hex');
const PORT: of.PortDesc = {
  portNo: 1,
  hwAddr: 0x020304050607,
  name: 'eth0',
  config: of.OFPPC.NO_FWD,
  state: of.OFPPS.LIVE,
  curr: 1,
  advertised: 2,
  supported: 3,
  peer: 4,
  currSpeed: 10_000_000,
  maxSpeed: 20_000_000,
};
const APPLY: of.Instruction = {
  type: 'applyActions',
  actions: [
    { type: 'pushVlan', ethertype: 0x8100 },
    { type: 'setField', field: { vlanVid: 0x1064 } },
    { type: 'output', port: 3 },
    { type: 'output', port: of.OFPP.CONTROLLER, maxLen: 128 },
  ],
};
const BUCKET = of.bucket({ weight: 5, actions: [{ type: 'output', port: 1 }] });
const FLOW_STATS: of.FlowStats = {
  tableId: 3,
  durationSec: 4,
  durationNsec: 5,
  priority: 6,
  idleTimeout: 7,
  hardTimeout: 8,
  flags: of.OFPFF.SEND_FLOW_REM,
  cookie: 9n,
  packetCount: 10n,
  byteCount: 2n ** 63n,
  match: { inPort: 4 },
  instructions: [APPLY, { type: 'gotoTable', tableId: 5 }],
};

const MESSAGES: readonly of.Message[] = [
  of.hello({ xid: 1 }),
  { type: 'hello', xid: 1, version: 1 },
  of.error({ errorType: of.OFPET.BAD_MATCH, code: of.OFPBMC.BAD_PREREQ, data: DATA }),
  of.error({ errorType: of.OFPET.EXPERIMENTER, code: 2300, experimenter: of.EXPERIMENTER_ID.ONF }),
  of.echoRequest({ xid: 0xffffffff, data: DATA }),
  of.echoReply({ data: DATA }),
  { type: 'experimenter', xid: 3, experimenter: 0x00abcdef, expType: 7, data: DATA },
  { type: 'featuresRequest', xid: 4 },
  {
    type: 'featuresReply',
    xid: 4,
    datapathId: 0xfedcba9876543210n,
    nBuffers: 0,
    nTables: 254,
    auxiliaryId: 0,
    capabilities: of.OFPC.FLOW_STATS | of.OFPC.PORT_BLOCKED,
  },
  { type: 'getConfigRequest', xid: 5 },
  { type: 'getConfigReply', xid: 5, flags: of.OFPC_FRAG.NORMAL, missSendLen: 128 },
  { type: 'setConfig', xid: 5, flags: 0, missSendLen: of.OFPCML.NO_BUFFER },
  {
    type: 'packetIn',
    xid: 0,
    bufferId: of.OFP_NO_BUFFER,
    totalLen: 8,
    reason: of.OFPR.ACTION,
    tableId: 3,
    cookie: 0x1234n,
    match: { inPort: 1, ipv4Src: 5 },
    data: DATA,
  },
  of.packetOut({ actions: [{ type: 'output', port: of.OFPP.FLOOD }], data: DATA }),
  of.flowMod({ cookie: 2n ** 64n - 1n, match: { inPort: 1 }, instructions: [APPLY, { type: 'meter', meterId: 3 }] }),
  {
    type: 'flowRemoved',
    xid: 0,
    cookie: 1n,
    priority: 2,
    reason: of.OFPRR.IDLE_TIMEOUT,
    tableId: 3,
    durationSec: 4,
    durationNsec: 5,
    idleTimeout: 6,
    hardTimeout: 7,
    packetCount: 8n,
    byteCount: 9n,
    match: { inPort: 1 },
  },
  of.groupMod({ groupId: 7, groupType: of.OFPGT.SELECT, buckets: [BUCKET, BUCKET] }),
  { type: 'portStatus', xid: 0, reason: of.OFPPR.MODIFY, desc: PORT },
  { type: 'barrierRequest', xid: 6 },
  { type: 'barrierReply', xid: 6 },
  { type: 'roleRequest', xid: 7, role: of.OFPCR_ROLE.MASTER, generationId: 8n },
  { type: 'roleReply', xid: 7, role: of.OFPCR_ROLE.SLAVE, generationId: 8n },
  of.bundleControl({ xid: 8, bundleId: 1, controlType: of.OFPBCT.OPEN_REQUEST }),
  of.bundleAdd({ xid: 8, bundleId: 1, message: of.flowMod({ xid: 8 }) }),
  of.bundleAdd({ xid: 8, bundleId: 1, message: of.groupMod({ xid: 8, groupId: 1 }) }),
  of.multipartRequest('desc', undefined, 9),
  of.multipartRequest('flow', of.flowStatsRequest({ tableId: 1 }), 9),
  of.multipartRequest('portStats', { portNo: of.OFPP.ANY }),
  of.multipartRequest('groupDesc', undefined),
  of.multipartRequest('portDesc', undefined),
  {
    type: 'multipartReply',
    xid: 9,
    kind: 'desc',
    more: false,
    body: { mfrDesc: 'Nicira, Inc.', hwDesc: 'Open vSwitch', swDesc: '3.1.0', serialNum: 'None', dpDesc: 'größe' },
  },
  { type: 'multipartReply', xid: 9, kind: 'flow', more: true, body: [FLOW_STATS, FLOW_STATS] },
  {
    type: 'multipartReply',
    xid: 9,
    kind: 'portStats',
    more: false,
    body: [
      {
        portNo: 1,
        rxPackets: 1n,
        txPackets: 2n,
        rxBytes: 3n,
        txBytes: 4n,
        rxDropped: 5n,
        txDropped: 6n,
        rxErrors: 7n,
        txErrors: 8n,
        rxFrameErr: 9n,
        rxOverErr: 10n,
        rxCrcErr: 11n,
        collisions: 12n,
        durationSec: 13,
        durationNsec: 14,
      },
    ],
  },
  {
    type: 'multipartReply',
    xid: 9,
    kind: 'groupDesc',
    more: false,
    body: [{ groupType: of.OFPGT.FF, groupId: 1, buckets: [BUCKET] }],
  },
  { type: 'multipartReply', xid: 9, kind: 'portDesc', more: false, body: [PORT, PORT] },
];

const label = (message: of.Message): string => `${message.type}${'kind' in message ? ` ${message.kind}` : ''}`;

describe('every message', () => {
  it.each(MESSAGES.map((message) => [label(message), message] as const))(
    '%s survives encode and decode',
    (_, message) => {
      const bytes = of.encode(message);
      expect(bytes.readUInt16BE(2)).toBe(bytes.length);
      expect(of.decode(bytes)).toEqual(message);
      expect(of.encode(of.decode(bytes))).toEqual(bytes);
    },
  );

  it.each(MESSAGES.map((message) => [label(message), of.encode(message)] as const))(
    '%s is refused whole when cut short or made longer',
    (_, bytes) => {
      for (let length = 0; length < bytes.length; length++) {
        expect(() => of.decode(bytes.subarray(0, length))).toThrow(of.DecodeError);
      }
      expect(() => of.decode(Buffer.concat([bytes, Buffer.alloc(8)]))).toThrow(of.DecodeError);
    },
  );
});

describe('decode', () => {
  const refusal = (hex: string): of.DecodeError => {
    try {
      of.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    } catch (error) {
      if (error instanceof of.DecodeError) return error;
      throw error;
    }
    throw new Error('this should have been refused');
  };

  it.each([
    ['01140008 00000001', 'BAD_REQUEST/BAD_VERSION'],
    ['04ff0008 00000001', 'BAD_REQUEST/BAD_TYPE'],
    ['04140010 00000001 0000000000000000', 'BAD_REQUEST/BAD_LEN'],
    ['04120010 00000001 00ee0000 00000000', 'BAD_REQUEST/BAD_MULTIPART'],
    ['040d0020 00000001 ffffffff fffffffd 0008000000000000 0063000800000000', 'BAD_ACTION/BAD_TYPE'],
    ['040d0020 00000001 ffffffff fffffffd 0008000000000000 0000000000000000', 'BAD_ACTION/BAD_LEN'],
    ['040d0020 00000001 ffffffff fffffffd 0008000000000000 0000001000000000', 'BAD_ACTION/BAD_LEN'],
    ['040f0018 00000001 00000000 00000001 0000000000000000', 'GROUP_MOD_FAILED/BAD_BUCKET'],
  ])('%s is answered with %s', (hex, name) => {
    const error = refusal(hex);
    expect(of.errorName(error.errorType, error.code)).toBe(name);
    expect(error.message).toContain(`at byte ${error.offset}`);
  });

  it('gives packets as views: nothing is copied', () => {
    const bytes = of.encode(of.packetOut({ actions: [], data: DATA }));
    const message = of.decode(bytes);
    expect(message.type === 'packetOut' && message.data.buffer).toBe(bytes.buffer);
  });
});

describe('encode', () => {
  it('leaves a writer as it was when a message is refused, and names field, value and rule', () => {
    const writer = new of.Writer();
    of.encodeInto(writer, of.echoRequest());
    const wrong = of.flowMod({ instructions: [{ type: 'applyActions', actions: [{ type: 'setNwTtl', ttl: 256 }] }] });
    expect(() => of.encodeInto(writer, wrong)).toThrow(
      'flowMod.instructions[0].actions[0].ttl is 256, but it must be an integer from 0 to 2^8 - 1',
    );
    expect(writer.take()).toEqual(of.encode(of.echoRequest()));
  });

  it('refuses what does not fit in one message', () => {
    const packet = of.packetOut({ actions: [], data: Buffer.alloc(65_536) });
    expect(() => of.encode(packet)).toThrow('packetOut.length is 65560, but it must be at most 65535 bytes');
    const actions = Array.from({ length: 5000 }, () => ({ type: 'output', port: 1 }) as const);
    expect(() => of.encode(of.flowMod({ instructions: [{ type: 'applyActions', actions }] }))).toThrow(of.EncodeError);
  });

  it('gives the message in a bundle the xid around it', () => {
    const bytes = of.encode(of.bundleAdd({ xid: 77, bundleId: 1, message: of.flowMod({ xid: 1 }) }));
    expect(bytes.readUInt32BE(28)).toBe(77);
  });
});

describe('instructions and actions in JSON', () => {
  it('read and write the same form', () => {
    const json = [
      {
        apply_actions: [
          { output: 3 },
          { output: 'controller' },
          { output: { port: 'controller', max_len: 128 } },
          { set_field: { eth_dst: '00:00:00:00:00:01' } },
          { push_vlan: '0x8100' },
          { pop_vlan: {} },
          { group: 1 },
          { experimenter: { experimenter: '0xabcdef', body: '0102030405060708' } },
        ],
      },
      { write_metadata: { metadata: '0x1', mask: '0xff' } },
      { goto_table: 6 },
    ];
    expect(of.instructionsToJson(of.instructionsFromJson(json))).toEqual(json);
    expect(of.actionsFromJson(['pop_vlan'])).toEqual([{ type: 'popVlan' }]);
  });

  it.each([
    [[{ aply_actions: [] }], /instructions\[0\]\.aply_actions .*no instruction has this name/],
    [[{ apply_actions: [{ outptu: 1 }] }], /apply_actions\.actions\[0\]\.outptu|no action has this name/],
    [[{ goto_table: 'x' }], /goto_table/],
    [[{ goto_table: 1, meter: 2 }], /one key/],
  ])('refuse %o', (json, message) => {
    expect(() => of.instructionsFromJson(json)).toThrow(message);
  });
});

it('names errors', () => {
  expect(of.errorName(of.OFPET.FLOW_MOD_FAILED, of.OFPFMFC.TABLE_FULL)).toBe('FLOW_MOD_FAILED/TABLE_FULL');
  expect(of.errorName(77, 3)).toBe('77/3');
});
