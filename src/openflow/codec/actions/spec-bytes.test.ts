/** Every action and instruction beside the bytes of the specification (section in brackets), written by hand field by field. */
import { describe, expect, it } from 'vitest';
import * as of from '../index.ts';

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

describe('the bytes of the specification', () => {
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
});
