/** Every message beside the bytes of the specification (section in brackets), written by hand field by field. */
import { describe, expect, it } from 'vitest';
import { MESSAGES } from '../registry.ts';
import * as of from '../index.ts';
import {
  APPLY,
  APPLY_HEX,
  BANDS,
  BANDS_HEX,
  BUCKET,
  BUCKET_HEX,
  frame,
  MATCH,
  MATCH_HEX,
  PORT,
  PORT_HEX,
  specLabel,
  type SpecCase,
  zeros,
} from '../../../../test/support/spec-bytes.ts';

const ASYNC_HEX = '00000001 00000002 00000003 00000004 00000005 00000006';
const ASYNC: of.AsyncMasks = { packetInMask: [1, 2], portStatusMask: [3, 4], flowRemovedMask: [5, 6] };
const CASES: readonly SpecCase[] = [
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

  it('stand here for every message', () => {
    const shown = new Set<string>(CASES.map(([, body]) => body.type));
    const all = Object.values(MESSAGES).filter(({ type, vendor }) => !vendor && !type.startsWith('multipart'));
    expect(all.map(({ type }) => type).filter((type) => !shown.has(type))).toEqual([]);
  });
});
