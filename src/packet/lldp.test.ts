import { describe, expect, it } from 'vitest';
import { A, hex } from './fixtures.ts';
import { CHASSIS_ID_SUBTYPE, lldpIdMac, lldpIdText, parseLldp, PORT_ID_SUBTYPE } from './lldp.ts';

const CHASSIS = '0207 04 0200 0000 0001';
const PORT = '0408 05 73312d65746831';
const TTL = '0602 0078';
const END = '0000';

const parse = (...tlvs: string[]) => parseLldp(hex(tlvs.join('')), 0);

describe('parseLldp', () => {
  it('reads the mandatory TLVs', () => {
    expect(parse(CHASSIS, PORT, TTL, END)).toEqual({
      chassisId: { subtype: CHASSIS_ID_SUBTYPE.MAC, value: hex('020000000001') },
      portId: { subtype: PORT_ID_SUBTYPE.INTERFACE_NAME, value: hex('73312d65746831') },
      ttl: 120,
      portDescription: undefined,
      systemName: undefined,
      systemDescription: undefined,
      organizational: [],
    });
  });

  it('reads optional TLVs in any order and passes over what it does not know', () => {
    const lldp = parse('fe06 0080c2 01 000a', '0c02 6f73', '0a02 7331', 'f002 ffff', '0802 7031', TTL, PORT, CHASSIS);
    expect(lldp).toMatchObject({
      portDescription: 'p1',
      systemName: 's1',
      systemDescription: 'os',
      organizational: [{ oui: 0x0080c2, subtype: 1, value: hex('000a') }],
    });
  });

  it('reads ids as MAC address or text', () => {
    const lldp = parse(CHASSIS, PORT, TTL, END);
    expect(lldp && lldpIdMac(lldp.chassisId)).toBe(A.mac);
    expect(lldp && lldpIdMac(lldp.portId)).toBeUndefined();
    expect(lldp && lldpIdText(lldp.portId)).toBe('s1-eth1');
  });

  it('reads nothing after the End TLV, and does without one at the end of the frame', () => {
    expect(parse(CHASSIS, PORT, TTL, END, 'ffff ff')).toBeDefined();
    expect(parse(CHASSIS, PORT, TTL)).toBeDefined();
    expect(parse(CHASSIS, PORT, END, TTL)).toBeUndefined();
  });

  it.each([
    ['no chassis id', [PORT, TTL, END]],
    ['no port id', [CHASSIS, TTL, END]],
    ['no TTL', [CHASSIS, PORT, END]],
    ['two chassis ids', [CHASSIS, CHASSIS, PORT, TTL, END]],
    ['two port ids', [CHASSIS, PORT, PORT, TTL, END]],
    ['two TTLs', [CHASSIS, PORT, TTL, TTL, END]],
    ['a chassis id of a subtype only', ['0201 04', PORT, TTL, END]],
    ['a port id of 256 bytes', [CHASSIS, `0501 05${'61'.repeat(256)}`, TTL, END]],
    ['a TTL of one byte', [CHASSIS, PORT, '0601 78', END]],
    ['a TLV past the end', [CHASSIS, PORT, TTL, '0a05 7331']],
    ['half a TLV header', [CHASSIS, PORT, TTL, '0a']],
    ['an End TLV with content', [CHASSIS, PORT, TTL, '0001 00']],
    ['an organisational TLV without subtype', [CHASSIS, PORT, TTL, 'fe03 0080c2', END]],
    ['65 organisational TLVs', [CHASSIS, PORT, TTL, 'fe04 0080c2 01'.repeat(65), END]],
  ])('refuses %s', (_, tlvs) => {
    expect(parse(...tlvs)).toBeUndefined();
  });

  it('takes a port id of 255 bytes and 64 organisational TLVs', () => {
    expect(parse(CHASSIS, `0500 05${'61'.repeat(255)}`, TTL, 'fe04 0080c2 01'.repeat(64), END)).toBeDefined();
  });
});
