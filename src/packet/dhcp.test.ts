import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DHCP_MESSAGE_TYPE, DHCP_OP, DHCP_PORT, parseDhcp } from './dhcp.ts';
import { buildDhcp } from './dhcp-build.ts';
import { PacketBuildError } from './errors.ts';
import { A, arbitrary, B, hex, LINK, V4 } from './fixtures.ts';
import { isTransportChecksumValid } from './ip.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseUdp } from './transport.ts';

const zeros = (count: number): string => '00'.repeat(count);
const FIXED = `01 01 06 00 12345678 0003 8000 00000000 0a000001 0a000002 00000000 0200 0000 0001 ${zeros(10)}`;
const COOKIE = '63825363';

/** A message with these options, and perhaps more in the sname and file fields. */
function message(options: string, sname = '', file = ''): Uint8Array {
  const data = hex(`${FIXED} ${zeros(192)} ${COOKIE} ${options}`);
  data.set(hex(sname), 44);
  data.set(hex(file), 108);
  return data;
}

describe('parseDhcp', () => {
  it('reads the fixed fields and the options, in any order and with pads between', () => {
    expect(parseDhcp(message('3604 0a000002 00 00 0c02 6831 3204 0a000009 3501 03 3304 00000e10 ff 99'), 0)).toEqual({
      op: DHCP_OP.BOOTREQUEST,
      xid: 0x12345678,
      secs: 3,
      broadcast: true,
      ciaddr: 0,
      yiaddr: A.ip,
      siaddr: B.ip,
      giaddr: 0,
      chaddr: A.mac,
      messageType: DHCP_MESSAGE_TYPE.REQUEST,
      requestedIp: 0x0a000009,
      serverId: B.ip,
      leaseTime: 3600,
      hostname: 'h1',
    });
  });

  it('reads options that overflow into file and sname (RFC 2131 section 4.1)', () => {
    const overloaded = message('3401 03 ff', '0c02 6832 ff', '3501 01 ff');
    expect(parseDhcp(overloaded, 0)).toMatchObject({ messageType: 1, hostname: 'h2' });
    expect(parseDhcp(message('3401 01 ff', '0c02 6832 ff', '3501 01 ff'), 0)?.hostname).toBeUndefined();
    expect(parseDhcp(message('3501 01 ff', '0c02 6832 ff'), 0)?.hostname).toBeUndefined();
  });

  it('takes the first of an option given twice, and needs no end option', () => {
    expect(parseDhcp(message('3501 01 3501 02'), 0)?.messageType).toBe(1);
  });

  it.each([
    ['plain BOOTP, without a message type', message('ff')],
    ['an option past the end', message('3501 01 0c05 6831')],
    ['an option without a length', message('3501 01 0c')],
    ['an address of three bytes', message('3501 01 3203 0a0000')],
    ['a message type of two bytes', message('3502 0101')],
    ['an option past the end of an overloaded field', message('3501 01 3401 02 ff', `${zeros(62)} 0c05`)],
    ['a message cut before its options', message('').subarray(0, 239)],
  ])('refuses %s', (_, data) => {
    expect(parseDhcp(data, 0)).toBeUndefined();
  });

  it('refuses another op, hardware or cookie', () => {
    for (const offset of [0, 1, 2, 236]) {
      const data = message('3501 01 ff');
      expect(parseDhcp(data, 0)).toBeDefined();
      data[offset] = 9;
      expect(parseDhcp(data, 0)).toBeUndefined();
    }
  });
});

describe('buildDhcp', () => {
  it('gives back what was built, from and to the right ports, with a right checksum', () => {
    const fields = fc.record({
      op: fc.constantFrom(DHCP_OP.BOOTREQUEST, DHCP_OP.BOOTREPLY),
      xid: arbitrary.u32,
      secs: arbitrary.u16,
      broadcast: fc.boolean(),
      ciaddr: arbitrary.u32,
      yiaddr: arbitrary.u32,
      siaddr: arbitrary.u32,
      giaddr: arbitrary.u32,
      chaddr: arbitrary.mac,
      messageType: arbitrary.u8,
      requestedIp: fc.option(arbitrary.u32, { nil: undefined }),
      serverId: fc.option(arbitrary.u32, { nil: undefined }),
      leaseTime: fc.option(arbitrary.u32, { nil: undefined }),
      hostname: fc.option(fc.string({ minLength: 1, maxLength: 255 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fields, (fields) => {
        const { requestedIp, serverId, leaseTime, hostname, ...rest } = fields;
        const frame = buildDhcp({
          ...LINK,
          ...V4,
          ...rest,
          ...(requestedIp === undefined ? {} : { requestedIp }),
          ...(serverId === undefined ? {} : { serverId }),
          ...(leaseTime === undefined ? {} : { leaseTime }),
          ...(hostname === undefined ? {} : { hostname }),
        });
        const ip = parseIpv4(frame, 14);
        const udp = parseUdp(frame, 34, ip?.end);
        expect(ip && isTransportChecksumValid(frame, ip)).toBe(true);
        expect(udp?.dstPort).toBe(fields.op === DHCP_OP.BOOTREQUEST ? DHCP_PORT.SERVER : DHCP_PORT.CLIENT);
        expect(parseDhcp(frame, 42, udp?.end)).toEqual(fields);
      }),
    );
  });

  it('names a hostname that is too long or empty', () => {
    const options = { ...LINK, ...V4, op: 1, xid: 1, chaddr: A.mac, messageType: 1 };
    expect(() => buildDhcp({ ...options, hostname: 'x'.repeat(256) })).toThrow(PacketBuildError);
    expect(() => buildDhcp({ ...options, hostname: '' })).toThrow(PacketBuildError);
  });
});
