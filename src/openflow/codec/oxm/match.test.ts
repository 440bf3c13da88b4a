import { describe, expect, it } from 'vitest';
import type { Match } from '../match-types.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import { matchFromJson, matchToJson } from './match-json.ts';
import { matchKey } from './match-key.ts';
import { readMatch } from './read.ts';
import { writeMatch } from './write.ts';

function bytesOf(match: Match): Buffer {
  const writer = new Writer();
  writeMatch(writer, match, 'rule');
  return writer.take();
}

function readHex(hex: string): Match {
  return readMatch(new Reader(Buffer.from(hex.replaceAll(' ', ''), 'hex')), 'rule');
}

describe('match on the wire', () => {
  it('is written as the spec lays it out', () => {
    const match: Match = { inPort: 1, ethType: 0x0800, ipv4Src: { value: 0x0a000000, mask: 0xffffff00 } };
    const hex = '0001001e 80000004 00000001 80000a02 0800 80001708 0a000000 ffffff00 0000'.replaceAll(' ', '');
    expect(bytesOf(match).toString('hex')).toBe(hex);
    expect(readHex(hex)).toEqual(match);
  });

  it('puts prerequisites first, whatever the order of the keys', () => {
    const match: Match = { tcpDst: 80, ipProto: 6, ethType: 0x86dd };
    expect(bytesOf(match)).toEqual(bytesOf({ ethType: 0x86dd, ipProto: 6, tcpDst: 80 }));
  });

  it('takes packet_type for eth_type, and puts it first', () => {
    const match: Match = { ipv4Dst: 1, packetType: 0x00010800 };
    expect(bytesOf(match).toString('hex')).toBe('000100148000580400010800800018040000000100000000');
    expect(readMatch(new Reader(bytesOf(match)), 'rule')).toEqual(match);
    expect(() => bytesOf({ ipv4Dst: 1, packetType: 0x000186dd })).toThrow('together with ethType');
  });

  it('keeps the order of keys that needs no change', () => {
    const hex = '00010017 80000a02 0800 80000004 00000001 80001401 06 00'.replaceAll(' ', '');
    const match = readHex(hex);
    expect(Object.keys(match)).toEqual(['ethType', 'inPort', 'ipProto']);
    expect(bytesOf(match).toString('hex')).toBe(hex);
  });

  it('keeps fields that it does not know', () => {
    const hex = '00010018 00010004 0000002a ffff0208 00abcdef 01020304'.replaceAll(' ', '');
    const match = readHex(hex.replace('00010004', '0001fe04'));
    expect(match).toEqual({
      'oxm:0001fe04': Buffer.from('0000002a', 'hex'),
      'oxm:ffff020800abcdef': Buffer.from('01020304', 'hex'),
    });
    expect(bytesOf(match).toString('hex')).toBe(hex.replace('00010004', '0001fe04'));
  });

  it.each([
    ['no prerequisite', '0001000c 80001604 0a000001 00000000', /stands without ethType/],
    ['twice', '00010014 80000004 00000001 80000004 00000001 00000000', /in_port stands twice/],
    ['too long for its match', '00010008 80000004 00000001', /needed/],
    ['wrong length', '0001000b 80000003 000001 0000000000', /cannot be 3 bytes/],
    ['mask where none is', '00010010 80000108 00000001 ffffffff', /cannot be|no mask/],
    ['value outside mask', '00010018 80000708 0000000000ff 000000000000 0000', /./],
    ['out of range', '00010011 80000c02 1064 80000e01 09 00000000000000', /larger than 7/],
    ['a length below 4', '00010003 00000000', /length of 3/],
  ])('refuses a field with %s', (_, hex, message) => {
    expect(() => readHex(hex)).toThrow(message);
  });

  it.each<[object, RegExp]>([
    [{ vlanPcp: 9, vlanVid: 0x1001 }, /match\.vlanPcp is 9, but it must be a number from 0 to 7/],
    [{ ipv4Src: 1 }, /match\.ipv4Src is 1, but it must be together with ethType 0x800/],
    [{ ethDst: { value: 3, mask: 1 } }, /match\.ethDst/],
    [{ inPort: { value: 1, mask: 1 } }, /without a mask/],
    [{ nonsense: 1 }, /no OXM field has this name/],
    [{ metadata: 5 }, /bigint/],
  ])('does not write %o', (match, message) => {
    expect(() => bytesOf(match as Match)).toThrow(message);
  });
});

describe('matchKey', () => {
  it('is the same for matches that mean the same', () => {
    const key = matchKey({ inPort: 1, ethDst: 5, metadata: { value: 0xf0n, mask: 0xf0n } });
    expect(matchKey({ metadata: { value: 0xffn, mask: 0xf0n }, ethDst: 5, inPort: 1 })).toBe(key);
    expect(
      matchKey({ ethDst: { value: 5, mask: 0xffffffffffff }, inPort: 1, metadata: { value: 0xf0n, mask: 0xf0n } }),
    ).toBe(key);
    expect(matchKey({ ipv4Src: { value: 9, mask: 0 } })).toBe(matchKey({}));
    expect(matchKey({ vlanVid: { value: 0x1005, mask: 0x1fff } })).toBe(matchKey({ vlanVid: 0x1005 }));
  });

  it('differs for matches that do not', () => {
    const keys = [
      {},
      { inPort: 1 },
      { inPort: 11 },
      { inPhyPort: 1 },
      { ethDst: { value: 1, mask: 1 } },
      { ethDst: 1 },
      { ipv4Src: { value: 0x0a000000, mask: 0xff000000 } },
      { ipv4Src: { value: 0x0a000000, mask: 0xffff0000 } },
      { ipv4Src: 0x0a000000 },
      { metadata: 1n },
    ].map(matchKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('match in JSON', () => {
  it.each<[Match, object]>([
    [
      { inPort: 3, ethType: 0x0800 },
      { in_port: 3, eth_type: 'ipv4' },
    ],
    [{ inPort: 0xfffffffe }, { in_port: 'local' }],
    [{ ethType: 0x1234 }, { eth_type: '0x1234' }],
    [{ ethDst: 1 }, { eth_dst: '00:00:00:00:00:01' }],
    [{ ethDst: { value: 2 ** 40, mask: 2 ** 40 } }, { eth_dst: '01:00:00:00:00:00/01:00:00:00:00:00' }],
    [{ ipv4Src: { value: 0x0a000000, mask: 0xffffff00 } }, { ipv4_src: '10.0.0.0/24' }],
    [{ ipv4Src: { value: 0x0a000001, mask: 0xff0000ff } }, { ipv4_src: '10.0.0.1/255.0.0.255' }],
    [{ ipv4Src: { value: 0, mask: 0 } }, { ipv4_src: '0.0.0.0/0' }],
    [{ ipv4Src: { value: 1, mask: 0xffffffff } }, { ipv4_src: '0.0.0.1/255.255.255.255' }],
    [{ ipv6Dst: 1n }, { ipv6_dst: '::1' }],
    [{ ipv6Dst: { value: 0xfe80n << 112n, mask: 0x3ffn << 118n } }, { ipv6_dst: 'fe80::/10' }],
    [{ vlanVid: 0x1064 }, { vlan_vid: 100 }],
    [{ vlanVid: 0 }, { vlan_vid: 'none' }],
    [{ vlanVid: { value: 0x1000, mask: 0x1000 } }, { vlan_vid: 'any' }],
    [{ vlanVid: { value: 0x1000, mask: 0x1001 } }, { vlan_vid: '0x1000/0x1001' }],
    [{ metadata: { value: 1n, mask: 3n } }, { metadata: '0x1/0x3' }],
    [{ tcpDst: { value: 80, mask: 0xfff0 } }, { tcp_dst: '0x50/0xfff0' }],
    [{ ipProto: 6 }, { ip_proto: 6 }],
    [{ 'oxm:0001fe04': Buffer.from('0102', 'hex') }, { 'oxm:0001fe04': '0102' }],
  ])('%o is %o', (match, json) => {
    expect(matchToJson(match)).toEqual(json);
    expect(matchFromJson(matchToJson(match))).toEqual(match);
  });

  it('understands /32, names of protocols and VLAN numbers as text', () => {
    expect(matchFromJson({ ipv4_src: '10.0.0.1/32', ip_proto: 'tcp', vlan_vid: '7' })).toEqual({
      ipv4Src: 0x0a000001,
      ipProto: 6,
      vlanVid: 0x1007,
    });
  });

  it.each([
    [{ eth_dest: 1 }, /match\.eth_dest .*no match field has this name/],
    [{ ipv4_src: '10.0.0.1/24' }, /bits outside its mask/],
    [{ ipv4_src: '10.0.0.300' }, /must be an IPv4 address/],
    [{ vlan_vid: 4096 }, /VLAN number/],
    [{ vlan_pcp: 8 }, /below 2\^3/],
    [{ in_port: '1/3' }, /./],
    [{ ip_proto: true }, /./],
  ])('refuses %o', (json, message) => {
    expect(() => matchFromJson(json)).toThrow(message);
  });
});
