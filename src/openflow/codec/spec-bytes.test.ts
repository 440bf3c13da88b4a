/**
 * Every message beside the bytes that the OpenFlow 1.3.5 specification lays out for it (section in brackets), written
 * field by field by hand: nothing here but hex text is between the spec and the codec.
 */
import { describe, expect, it } from 'vitest';
import { MULTIPARTS } from './internals.ts';
import * as of from './index.ts';

const XID = '11223344';

/** A frame: version, type and xid around the body, whose blanks do not count. */
function frame(type: number, ...body: readonly string[]): string {
  const hex = body.join('').replaceAll(' ', '');
  const length = (8 + hex.length / 2).toString(16).padStart(4, '0');
  return `04${type.toString(16).padStart(2, '0')}${length}${XID}${hex}`;
}
const zeros = (bytes: number): string => '00'.repeat(bytes);
const text = (value: string, bytes: number): string =>
  Buffer.from(value)
    .toString('hex')
    .padEnd(2 * bytes, '0');
const ask = (type: string, ...body: readonly string[]): string => frame(18, type, '0000 00000000', ...body);
const tell = (type: string, ...body: readonly string[]): string => frame(19, type, '0000 00000000', ...body);

/** match { in_port = 1 }: type 1, length 12, OXM header 0x80000004, value, padding to 16. */
const MATCH_HEX = '0001 000c 80000004 00000001 00000000';
const MATCH: of.Match = { inPort: 1 };
/** apply_actions [output 2]. */
const APPLY_HEX = '0004 0018 00000000 0000 0010 00000002 0000 000000000000';
const APPLY: of.Instruction[] = [{ type: 'applyActions', actions: [{ type: 'output', port: 2 }] }];
const BUCKET_HEX = '0020 0005 00000003 ffffffff 00000000 0000 0010 00000002 0000 000000000000';
const BUCKET: of.Bucket = { weight: 5, watchPort: 3, watchGroup: 0xffffffff, actions: [{ type: 'output', port: 2 }] };
const PORT_HEX = [
  '00000007 00000000 0a0b0c0d0e0f 0000',
  text('eth7', 16),
  '00000001 00000004 00000001 00000002 00000003 00000004 000f4240 001e8480',
].join('');
const PORT: of.PortDesc = {
  portNo: 7,
  hwAddr: 0x0a0b0c0d0e0f,
  name: 'eth7',
  config: 1,
  state: 4,
  curr: 1,
  advertised: 2,
  supported: 3,
  peer: 4,
  currSpeed: 1_000_000,
  maxSpeed: 2_000_000,
};
const BANDS_HEX =
  '0001 0010 00000064 00000032 00000000  0002 0010 00000065 00000033 04 000000  ffff 0018 00000066 00000034 00abcdef 0102030405060708';
const BANDS: of.MeterBand[] = [
  { type: 'drop', rate: 100, burstSize: 50 },
  { type: 'dscpRemark', rate: 101, burstSize: 51, precLevel: 4 },
  {
    type: 'experimenter',
    rate: 102,
    burstSize: 52,
    experimenter: 0x00abcdef,
    data: Buffer.from('0102030405060708', 'hex'),
  },
];
const ASYNC_HEX = '00000001 00000002 00000003 00000004 00000005 00000006';
const ASYNC: of.AsyncMasks = { packetInMask: [1, 2], portStatusMask: [3, 4], flowRemovedMask: [5, 6] };
const FLOW_REQUEST_HEX = ['05 000000 ffffffff fffffffe 00000000 0000000000000009 00000000000000ff', MATCH_HEX].join('');
const FLOW_REQUEST: of.FlowStatsRequest = {
  tableId: 5,
  outPort: 0xffffffff,
  outGroup: 0xfffffffe,
  cookie: 9n,
  cookieMask: 255n,
  match: MATCH,
};

type Body<M extends of.Message> = Omit<M, 'xid'>;
type AnyBody = { [M in of.Message as M['type']]: M extends of.Message ? Body<M> : never }[of.MessageType];
type Reply<K extends of.MultipartKind> = of.MultipartKinds[K]['reply'];

const request = <K extends of.MultipartKind>(kind: K, body: of.MultipartKinds[K]['request']): AnyBody =>
  ({ type: 'multipartRequest', kind, more: false, body }) as AnyBody;
const reply = <K extends of.MultipartKind>(kind: K, body: Reply<K>): AnyBody =>
  ({ type: 'multipartReply', kind, more: false, body }) as AnyBody;

const CASES: readonly (readonly [section: string, message: AnyBody, hex: string])[] = [
  ['7.5.1', { type: 'hello', version: 4, versions: [1, 4] }, frame(0, '0001 0008 00000012')],
  ['7.4.4', { type: 'error', errorType: 5, code: 1, data: Buffer.from([1, 2]) }, frame(1, '0005 0001 0102')],
  [
    '7.4.4',
    { type: 'error', errorType: 0xffff, code: 2300, experimenter: 0x4f4e4600, data: Buffer.alloc(0) },
    frame(1, 'ffff 08fc 4f4e4600'),
  ],
  ['7.5.2', { type: 'echoRequest', data: Buffer.from('hi') }, frame(2, '6869')],
  ['7.5.3', { type: 'echoReply', data: Buffer.alloc(0) }, frame(3)],
  [
    '7.5.4',
    { type: 'experimenter', experimenter: 0x00abcdef, expType: 5, data: Buffer.from([9]) },
    frame(4, '00abcdef 00000005 09'),
  ],
  ['7.3.1', { type: 'featuresRequest' }, frame(5)],
  [
    '7.3.1',
    {
      type: 'featuresReply',
      datapathId: 0x0102030405060708n,
      nBuffers: 256,
      nTables: 254,
      auxiliaryId: 1,
      capabilities: 0x4f,
    },
    frame(6, '0102030405060708 00000100 fe 01 0000 0000004f 00000000'),
  ],
  ['7.3.2', { type: 'getConfigRequest' }, frame(7)],
  ['7.3.2', { type: 'getConfigReply', flags: 1, missSendLen: 128 }, frame(8, '0001 0080')],
  ['7.3.2', { type: 'setConfig', flags: 0, missSendLen: 0xffff }, frame(9, '0000 ffff')],
  [
    '7.4.1',
    {
      type: 'packetIn',
      bufferId: 0xffffffff,
      totalLen: 3,
      reason: 1,
      tableId: 2,
      cookie: 7n,
      match: MATCH,
      data: Buffer.from([1, 2, 3]),
    },
    frame(10, 'ffffffff 0003 01 02 0000000000000007', MATCH_HEX, '0000 010203'),
  ],
  [
    '7.4.2',
    {
      type: 'flowRemoved',
      cookie: 7n,
      priority: 8,
      reason: 2,
      tableId: 3,
      durationSec: 4,
      durationNsec: 5,
      idleTimeout: 6,
      hardTimeout: 9,
      packetCount: 10n,
      byteCount: 11n,
      match: MATCH,
    },
    frame(11, '0000000000000007 0008 02 03 00000004 00000005 0006 0009 000000000000000a 000000000000000b', MATCH_HEX),
  ],
  ['7.4.3', { type: 'portStatus', reason: 2, desc: PORT }, frame(12, '02', zeros(7), PORT_HEX)],
  [
    '7.3.7',
    {
      type: 'packetOut',
      bufferId: 0xffffffff,
      inPort: 0xfffffffd,
      actions: [{ type: 'output', port: 2 }],
      data: Buffer.from([1]),
    },
    frame(13, 'ffffffff fffffffd 0010', zeros(6), '0000 0010 00000002 0000 000000000000 01'),
  ],
  [
    '7.3.4.1',
    {
      type: 'flowMod',
      cookie: 1n,
      cookieMask: 2n,
      tableId: 3,
      command: 4,
      idleTimeout: 5,
      hardTimeout: 6,
      priority: 7,
      bufferId: 8,
      outPort: 9,
      outGroup: 10,
      flags: 11,
      match: MATCH,
      instructions: APPLY,
    },
    frame(
      14,
      '0000000000000001 0000000000000002 03 04 0005 0006 0007 00000008 00000009 0000000a 000b 0000',
      MATCH_HEX,
      APPLY_HEX,
    ),
  ],
  [
    '7.3.4.2',
    { type: 'groupMod', command: 1, groupType: 1, groupId: 9, buckets: [BUCKET] },
    frame(15, '0001 01 00 00000009', BUCKET_HEX),
  ],
  [
    '7.3.4.3',
    { type: 'portMod', portNo: 7, hwAddr: 0x0a0b0c0d0e0f, config: 1, mask: 0x61, advertise: 3 },
    frame(16, '00000007 00000000 0a0b0c0d0e0f 0000 00000001 00000061 00000003 00000000'),
  ],
  ['7.3.3', { type: 'tableMod', tableId: 255, config: 3 }, frame(17, 'ff 000000 00000003')],
  ['7.3.8', { type: 'barrierRequest' }, frame(20)],
  ['7.3.8', { type: 'barrierReply' }, frame(21)],
  ['7.3.6', { type: 'queueGetConfigRequest', port: 7 }, frame(22, '00000007 00000000')],
  [
    '7.3.6',
    {
      type: 'queueGetConfigReply',
      port: 7,
      queues: [
        {
          queueId: 1,
          port: 7,
          properties: [
            { type: 'minRate', rate: 100 },
            { type: 'maxRate', rate: 900 },
            { type: 'experimenter', experimenter: 0x00abcdef, data: Buffer.alloc(0) },
          ],
        },
      ],
    },
    frame(
      23,
      '00000007 00000000',
      '00000001 00000007 0040 000000000000',
      '0001 0010 00000000 0064 000000000000',
      '0002 0010 00000000 0384 000000000000',
      'ffff 0010 00000000 00abcdef 00000000',
    ),
  ],
  ['7.3.9', { type: 'roleRequest', role: 2, generationId: 5n }, frame(24, '00000002 00000000 0000000000000005')],
  ['7.3.9', { type: 'roleReply', role: 3, generationId: 6n }, frame(25, '00000003 00000000 0000000000000006')],
  ['7.3.10', { type: 'getAsyncRequest' }, frame(26)],
  ['7.3.10', { type: 'getAsyncReply', ...ASYNC }, frame(27, ASYNC_HEX)],
  ['7.3.10', { type: 'setAsync', ...ASYNC }, frame(28, ASYNC_HEX)],
  [
    '7.3.4.4',
    { type: 'meterMod', command: 0, flags: 5, meterId: 9, bands: BANDS },
    frame(29, '0000 0005 00000009', BANDS_HEX),
  ],

  ['7.3.5.1', request('desc', undefined), ask('0000')],
  [
    '7.3.5.1',
    reply('desc', { mfrDesc: 'a', hwDesc: 'b', swDesc: 'c', serialNum: 'd', dpDesc: 'e' }),
    tell('0000', text('a', 256), text('b', 256), text('c', 256), text('d', 32), text('e', 256)),
  ],
  ['7.3.5.2', request('flow', FLOW_REQUEST), ask('0001', FLOW_REQUEST_HEX)],
  [
    '7.3.5.2',
    reply('flow', [
      {
        tableId: 1,
        durationSec: 2,
        durationNsec: 3,
        priority: 4,
        idleTimeout: 5,
        hardTimeout: 6,
        flags: 7,
        cookie: 8n,
        packetCount: 9n,
        byteCount: 10n,
        match: MATCH,
        instructions: APPLY,
      },
    ]),
    tell(
      '0001',
      '0058 01 00 00000002 00000003 0004 0005 0006 0007 00000000 0000000000000008 0000000000000009 000000000000000a',
      MATCH_HEX,
      APPLY_HEX,
    ),
  ],
  ['7.3.5.3', request('aggregate', FLOW_REQUEST), ask('0002', FLOW_REQUEST_HEX)],
  [
    '7.3.5.3',
    reply('aggregate', { packetCount: 1n, byteCount: 2n, flowCount: 3 }),
    tell('0002', '0000000000000001 0000000000000002 00000003 00000000'),
  ],
  ['7.3.5.4', request('table', undefined), ask('0003')],
  [
    '7.3.5.4',
    reply('table', [{ tableId: 1, activeCount: 2, lookupCount: 3n, matchedCount: 4n }]),
    tell('0003', '01 000000 00000002 0000000000000003 0000000000000004'),
  ],
  ['7.3.5.6', request('portStats', { portNo: 7 }), ask('0004', '00000007 00000000')],
  [
    '7.3.5.6',
    reply('portStats', [
      {
        portNo: 7,
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
    ]),
    tell(
      '0004',
      '00000007 00000000',
      ...Array.from({ length: 12 }, (_, i) => (i + 1).toString(16).padStart(16, '0')),
      '0000000d 0000000e',
    ),
  ],
  ['7.3.5.8', request('queue', { portNo: 7, queueId: 0xffffffff }), ask('0005', '00000007 ffffffff')],
  [
    '7.3.5.8',
    reply('queue', [
      { portNo: 1, queueId: 2, txBytes: 3n, txPackets: 4n, txErrors: 5n, durationSec: 6, durationNsec: 7 },
    ]),
    tell('0005', '00000001 00000002 0000000000000003 0000000000000004 0000000000000005 00000006 00000007'),
  ],
  ['7.3.5.9', request('group', { groupId: 9 }), ask('0006', '00000009 00000000')],
  [
    '7.3.5.9',
    reply('group', [
      {
        groupId: 9,
        refCount: 1,
        packetCount: 2n,
        byteCount: 3n,
        durationSec: 4,
        durationNsec: 5,
        buckets: [{ packetCount: 6n, byteCount: 7n }],
      },
    ]),
    tell(
      '0006',
      '0038 0000 00000009 00000001 00000000 0000000000000002 0000000000000003 00000004 00000005 0000000000000006 0000000000000007',
    ),
  ],
  ['7.3.5.10', request('groupDesc', undefined), ask('0007')],
  [
    '7.3.5.10',
    reply('groupDesc', [{ groupType: 1, groupId: 9, buckets: [BUCKET] }]),
    tell('0007', '0028 01 00 00000009', BUCKET_HEX),
  ],
  ['7.3.5.11', request('groupFeatures', undefined), ask('0008')],
  [
    '7.3.5.11',
    reply('groupFeatures', { types: 15, capabilities: 7, maxGroups: [1, 2, 3, 4], actions: [5, 6, 7, 8] }),
    tell('0008', '0000000f 00000007 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008'),
  ],
  ['7.3.5.12', request('meter', { meterId: 9 }), ask('0009', '00000009 00000000')],
  [
    '7.3.5.12',
    reply('meter', [
      {
        meterId: 9,
        flowCount: 1,
        packetInCount: 2n,
        byteInCount: 3n,
        durationSec: 4,
        durationNsec: 5,
        bands: [{ packetBandCount: 6n, byteBandCount: 7n }],
      },
    ]),
    tell(
      '0009',
      '00000009 0038 000000000000 00000001 0000000000000002 0000000000000003 00000004 00000005 0000000000000006 0000000000000007',
    ),
  ],
  ['7.3.5.13', request('meterConfig', { meterId: 9 }), ask('000a', '00000009 00000000')],
  [
    '7.3.5.13',
    reply('meterConfig', [{ flags: 5, meterId: 9, bands: BANDS }]),
    tell('000a', '0040 0005 00000009', BANDS_HEX),
  ],
  ['7.3.5.14', request('meterFeatures', undefined), ask('000b')],
  [
    '7.3.5.14',
    reply('meterFeatures', { maxMeter: 9, bandTypes: 6, capabilities: 15, maxBands: 3, maxColor: 4 }),
    tell('000b', '00000009 00000006 0000000f 03 04 0000'),
  ],
  ['7.3.5.5', request('tableFeatures', []), ask('000c')],
  [
    '7.3.5.5',
    reply('tableFeatures', [
      {
        tableId: 1,
        name: 't',
        metadataMatch: 2n,
        metadataWrite: 3n,
        config: 4,
        maxEntries: 5,
        properties: [
          { type: 'instructions', instructions: [1, { experimenter: 0x00abcdef, data: Buffer.alloc(0) }] },
          { type: 'nextTables', tableIds: [2, 3] },
          { type: 'writeActions', actions: [0, 22] },
          {
            type: 'match',
            fields: [
              { field: 'inPort', masked: false },
              { field: 'ethDst', masked: true },
            ],
          },
          { type: 'experimenterMiss', experimenter: 0x00abcdef, expType: 9, data: Buffer.alloc(0) },
        ],
      },
    ]),
    tell(
      '000c',
      '0088 01 0000000000',
      text('t', 32),
      '0000000000000002 0000000000000003 00000004 00000005',
      '0000 0010 0001 0004 ffff 0008 00abcdef',
      '0002 0006 02 03 0000',
      '0004 000c 0000 0004 0016 0004 00000000',
      '0008 000c 80000004 8000070c 00000000',
      'ffff 000c 00abcdef 00000009 00000000',
    ),
  ],
  ['7.3.5.7', request('portDesc', undefined), ask('000d')],
  ['7.3.5.7', reply('portDesc', [PORT]), tell('000d', PORT_HEX)],
  [
    '7.3.5.15',
    request('experimenter', { experimenter: 0x00abcdef, expType: 1, data: Buffer.from([2]) }),
    ask('ffff', '00abcdef 00000001 02'),
  ],
  [
    '7.3.5.15',
    reply('experimenter', { experimenter: 0x00abcdef, expType: 1, data: Buffer.from([2]) }),
    tell('ffff', '00abcdef 00000001 02'),
  ],

  [
    'ONF 230',
    { type: 'bundleControl', bundleId: 1, controlType: 4, flags: 3 },
    frame(4, '4f4e4600 000008fc 00000001 0004 0003'),
  ],
  [
    'ONF 230',
    {
      type: 'bundleAdd',
      bundleId: 1,
      flags: 3,
      message: { type: 'groupMod', xid: 0x11223344, command: 0, groupType: 0, groupId: 9, buckets: [] },
    },
    frame(4, '4f4e4600 000008fd 00000001 0000 0003', '040f0010', XID, '0000 00 00 00000009'),
  ],
  [
    'ONF 187',
    request('flowMonitor', [{ monitorId: 1, flags: 0x1f, outPort: 0xffffffff, tableId: 255, match: MATCH }]),
    ask('ffff', '4f4e4600 0000074e', '00000001 001f 000c ffffffff ff 000000', MATCH_HEX),
  ],
  [
    'ONF 187',
    reply('flowMonitor', [
      {
        type: 'deleted',
        reason: 2,
        priority: 3,
        idleTimeout: 4,
        hardTimeout: 5,
        tableId: 6,
        cookie: 7n,
        match: MATCH,
        instructions: APPLY,
      },
      { type: 'abbrev', xid: 9 },
    ]),
    tell(
      'ffff',
      '4f4e4600 0000074e',
      '0040 0001 0002 0003 0004 0005 000c 06 00 0000000000000007',
      MATCH_HEX,
      APPLY_HEX,
      '0008 0003 00000009',
    ),
  ],
  ['ONF 187', { type: 'flowMonitorCancel', monitorId: 5 }, frame(4, '4f4e4600 0000074e 00000005')],
  ['ONF 187', { type: 'flowMonitorPaused' }, frame(4, '4f4e4600 0000074f')],
  ['ONF 187', { type: 'flowMonitorResumed' }, frame(4, '4f4e4600 00000750')],
  ['nicira-ext', { type: 'setPacketInFormat', format: 2 }, frame(4, '00002320 00000010 00000002')],
  ['nicira-ext', { type: 'setControllerId', controllerId: 7 }, frame(4, '00002320 00000014 000000000000 0007')],
];

/** Sections 7.2.4 and 7.2.5: each action within apply_actions. */
const ACTION_CASES: readonly (readonly [of.Action, string])[] = [
  [{ type: 'output', port: 0xfffffffd, maxLen: 128 }, '0000 0010 fffffffd 0080 000000000000'],
  [{ type: 'output', port: 0xfffffffd }, '0000 0010 fffffffd ffff 000000000000'],
  [{ type: 'copyTtlOut' }, '000b 0008 00000000'],
  [{ type: 'copyTtlIn' }, '000c 0008 00000000'],
  [{ type: 'setMplsTtl', ttl: 5 }, '000f 0008 05 000000'],
  [{ type: 'decMplsTtl' }, '0010 0008 00000000'],
  [{ type: 'pushVlan', ethertype: 0x88a8 }, '0011 0008 88a8 0000'],
  [{ type: 'popVlan' }, '0012 0008 00000000'],
  [{ type: 'pushMpls', ethertype: 0x8847 }, '0013 0008 8847 0000'],
  [{ type: 'popMpls', ethertype: 0x0800 }, '0014 0008 0800 0000'],
  [{ type: 'setQueue', queueId: 9 }, '0015 0008 00000009'],
  [{ type: 'group', groupId: 9 }, '0016 0008 00000009'],
  [{ type: 'setNwTtl', ttl: 5 }, '0017 0008 05 000000'],
  [{ type: 'decNwTtl' }, '0018 0008 00000000'],
  [{ type: 'setField', field: { ethDst: 0x0a0b0c0d0e0f } }, '0019 0010 80000606 0a0b0c0d0e0f 0000'],
  [{ type: 'setField', field: { ipv6Src: 1n } }, '0019 0018 80003410 00000000000000000000000000000001'],
  [{ type: 'setField', field: { pbbIsid: 0x010203 } }, '0019 0010 80004a03 010203 0000000000'],
  [{ type: 'pushPbb', ethertype: 0x88e7 }, '001a 0008 88e7 0000'],
  [{ type: 'popPbb' }, '001b 0008 00000000'],
  [
    { type: 'experimenter', experimenter: 0x00abcdef, body: Buffer.from('0102030405060708', 'hex') },
    'ffff 0010 00abcdef 0102030405060708',
  ],
];

const INSTRUCTION_CASES: readonly (readonly [of.Instruction, string])[] = [
  [{ type: 'gotoTable', tableId: 5 }, '0001 0008 05 000000'],
  [{ type: 'writeMetadata', metadata: 5n, mask: 255n }, '0002 0018 00000000 0000000000000005 00000000000000ff'],
  [{ type: 'writeActions', actions: [{ type: 'popVlan' }] }, '0003 0010 00000000 0012 0008 00000000'],
  [{ type: 'applyActions', actions: [] }, '0004 0008 00000000'],
  [{ type: 'clearActions' }, '0005 0008 00000000'],
  [{ type: 'meter', meterId: 9 }, '0006 0008 00000009'],
  [{ type: 'experimenter', experimenter: 0x00abcdef, body: Buffer.alloc(0) }, 'ffff 0008 00abcdef'],
];

const labelOf = (body: AnyBody): string => ('kind' in body ? `${body.type} ${body.kind}` : body.type);

describe('the bytes of the specification', () => {
  it.each(CASES.map(([section, body, hex]) => [labelOf(body), section, body, hex] as const))(
    '%s [%s]',
    (_, _section, body, hex) => {
      const message = { ...body, xid: 0x11223344 } as of.Message;
      expect(of.encode(message).toString('hex')).toBe(hex);
      expect(of.decode(Buffer.from(hex, 'hex'))).toEqual(message);
    },
  );

  const plain = (hex: string): string => hex.replaceAll(' ', '');

  it.each(ACTION_CASES)('%o', (action, hex) => {
    const bytes = of.encode(of.packetOut({ actions: [action] }));
    expect(bytes.subarray(24).toString('hex')).toBe(plain(hex));
    expect(of.decode(bytes)).toMatchObject({ actions: [action] });
  });

  it.each(INSTRUCTION_CASES)('%o', (instruction, hex) => {
    const bytes = of.encode(of.flowMod({ instructions: [instruction] }));
    expect(bytes.subarray(56).toString('hex')).toBe(plain(hex));
    expect(of.decode(bytes)).toMatchObject({ instructions: [instruction] });
  });

  it('stand here for every message and every kind of multipart', async () => {
    const { MESSAGES } = await import('./registry.ts');
    const all = Object.keys(MESSAGES).flatMap((type) =>
      type.startsWith('multipart') ? Object.keys(MULTIPARTS).map((kind) => `${type} ${kind}`) : [type],
    );
    const shown = new Set(CASES.map(([, body]) => labelOf(body)));
    expect(all.filter((name) => !shown.has(name))).toEqual([]);
  });
});
