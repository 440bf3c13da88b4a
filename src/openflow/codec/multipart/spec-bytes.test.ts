/** Every kind of multipart beside the bytes of the specification (section in brackets), written by hand field by field. */
import { describe, expect, it } from 'vitest';
import { MULTIPARTS } from './kinds.ts';
import * as of from '../index.ts';
import {
  APPLY,
  APPLY_HEX,
  ask,
  BANDS,
  BANDS_HEX,
  BUCKET,
  BUCKET_HEX,
  MATCH,
  MATCH_HEX,
  PORT,
  PORT_HEX,
  reply,
  request,
  specLabel,
  tell,
  text,
  type SpecCase,
} from '../../../../test/support/spec-bytes.ts';

const FLOW_REQUEST_HEX = ['05 000000 ffffffff fffffffe 00000000 0000000000000009 00000000000000ff', MATCH_HEX].join('');
const FLOW_REQUEST: of.FlowStatsRequest = {
  tableId: 5,
  outPort: 0xffffffff,
  outGroup: 0xfffffffe,
  cookie: 9n,
  cookieMask: 255n,
  match: MATCH,
};

const CASES: readonly SpecCase[] = [
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
];

describe('the bytes of the specification', () => {
  it.each(CASES.map(([section, body, hex]) => [specLabel(body), section, body, hex] as const))(
    '%s [%s]',
    (_, _section, body, hex) => {
      const message = { ...body, xid: 0x11223344 } as of.Message;
      expect(of.encode(message).toString('hex')).toBe(hex);
      expect(of.decode(Buffer.from(hex, 'hex'))).toEqual(message);
    },
  );

  it('stand here for every kind, asked and answered', () => {
    const shown = new Set(CASES.map(([, body]) => specLabel(body)));
    const kinds = Object.entries(MULTIPARTS).filter(([, { vendor }]) => !vendor);
    const all = kinds.flatMap(([kind]) => [`multipartRequest ${kind}`, `multipartReply ${kind}`]);
    expect(all.filter((name) => !shown.has(name))).toEqual([]);
  });
});
