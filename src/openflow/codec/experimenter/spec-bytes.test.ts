/** Every experimenter message beside the bytes of the specification (section in brackets), written by hand field by field. */
import { describe, expect, it } from 'vitest';
import { MULTIPARTS } from '../multipart/kinds.ts';
import { MESSAGES } from '../registry.ts';
import * as of from '../index.ts';
import {
  APPLY,
  APPLY_HEX,
  ask,
  frame,
  MATCH,
  MATCH_HEX,
  reply,
  request,
  specLabel,
  tell,
  type SpecCase,
  XID,
} from '../../../../test/support/spec-bytes.ts';

const CASES: readonly SpecCase[] = [
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

describe('the bytes of the specification', () => {
  it.each(CASES.map(([section, body, hex]) => [specLabel(body), section, body, hex] as const))(
    '%s [%s]',
    (_, _section, body, hex) => {
      const message = { ...body, xid: 0x11223344 } as of.Message;
      expect(of.encode(message).toString('hex')).toBe(hex);
      expect(of.decode(Buffer.from(hex, 'hex'))).toEqual(message);
    },
  );

  it('stand here for every experimenter message', () => {
    const shown = new Set(CASES.map(([, body]) => specLabel(body)));
    const messages = Object.values(MESSAGES).filter(({ vendor }) => vendor);
    const kinds = Object.entries(MULTIPARTS).filter(([, { vendor }]) => vendor);
    const all = kinds.flatMap(([kind]) => [`multipartRequest ${kind}`, `multipartReply ${kind}`]);
    expect([...messages.map(({ type }) => type), ...all].filter((name) => !shown.has(name))).toEqual([]);
  });
});
