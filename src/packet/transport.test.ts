import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { arbitrary, hex, LINK, V4, V6 } from './fixtures.ts';
import { isTransportChecksumValid } from './ip.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';
import { buildTcp, buildUdp, parseSctp, parseTcp, parseUdp, TCP_FLAG } from './transport.ts';

const SEGMENT = '9c40 0050 00000001 00000002 6012 faf0 0000 0000 020405b4 6162';

describe('parseTcp', () => {
  it('reads a header with options', () => {
    expect(parseTcp(hex(SEGMENT), 0)).toEqual({
      srcPort: 40_000,
      dstPort: 80,
      seq: 1,
      ack: 2,
      flags: TCP_FLAG.SYN | TCP_FLAG.ACK,
      window: 64_240,
      payload: 24,
      end: 26,
    });
  });

  it('refuses a header cut short, or options that reach past the end or into the header', () => {
    expect(parseTcp(hex(SEGMENT).subarray(0, 19), 0)).toBeUndefined();
    expect(parseTcp(hex(SEGMENT), 0, 23)).toBeUndefined();
    expect(parseTcp(hex(SEGMENT.replace('6012', '4012')), 0)).toBeUndefined();
    expect(parseTcp(hex(SEGMENT.replace('6012', 'f012')), 0)).toBeUndefined();
  });
});

describe('parseUdp', () => {
  it('reads a header, and cuts its length to what is there', () => {
    const datagram = hex('c030 0035 000a 0000 6162 0000');
    expect(parseUdp(datagram, 0)).toEqual({ srcPort: 49_200, dstPort: 53, payload: 8, end: 10 });
    expect(parseUdp(datagram, 0, 9)?.end).toBe(9);
  });

  it('refuses a header cut short and a length below its own', () => {
    expect(parseUdp(hex('c030 0035 0008 00'), 0)).toBeUndefined();
    expect(parseUdp(hex('c030 0035 0007 0000'), 0)).toBeUndefined();
  });
});

describe('parseSctp', () => {
  it('reads the common header', () => {
    const packet = hex('c030 0b59 11223344 00000000');
    expect(parseSctp(packet, 0)).toEqual({
      srcPort: 49_200,
      dstPort: 2905,
      verificationTag: 0x11223344,
      payload: 12,
      end: 12,
    });
    expect(parseSctp(packet, 0, 11)).toBeUndefined();
  });
});

const ports = { srcPort: arbitrary.u16, dstPort: arbitrary.u16, payload: arbitrary.bytes };

describe('buildUdp', () => {
  it('gives back what was built, over both versions, with a right checksum', () => {
    fc.assert(
      fc.property(fc.record(ports), (udp) => {
        const { srcPort, dstPort, payload } = udp;
        const frame = buildUdp({ ...LINK, ...V4, ...udp });
        const ip = parseIpv4(frame, 14);
        const end = 42 + payload.length;
        expect(ip && isTransportChecksumValid(frame, ip)).toBe(true);
        expect(parseUdp(frame, 34, ip?.end)).toEqual({ srcPort, dstPort, payload: 42, end });
        expect(frame.subarray(42, end)).toEqual(payload);

        const frame6 = buildUdp({ ...LINK, ...V6, ...udp });
        const ip6 = parseIpv6(frame6, 14);
        expect(ip6 && isTransportChecksumValid(frame6, ip6)).toBe(true);
        expect(parseUdp(frame6, 54, ip6?.end)).toEqual({ srcPort, dstPort, payload: 62, end: end + 20 });
      }),
    );
  });

  it('writes a checksum of zero as ffff (RFC 768)', () => {
    // 0a00 0001 0a00 0002 0011 0008 and ports 0, ebdb and length 8 sum to ffff.
    const frame = buildUdp({ ...LINK, ...V4, srcPort: 0, dstPort: 0xebdb });
    expect(frame.subarray(34, 42)).toEqual(hex('0000 ebdb 0008 ffff'));
  });

  it('names a port that is out of range', () => {
    expect(() => buildUdp({ ...LINK, ...V4, srcPort: 65_536, dstPort: 1 })).toThrow(PacketBuildError);
    expect(() => buildTcp({ ...LINK, ...V4, srcPort: 1, dstPort: -1 })).toThrow(PacketBuildError);
  });
});

describe('buildTcp', () => {
  it('gives back what was built, with a right checksum', () => {
    const fields = { seq: arbitrary.u32, ack: arbitrary.u32, flags: arbitrary.u8, window: arbitrary.u16 };
    fc.assert(
      fc.property(fc.record({ ...ports, ...fields }), (tcp) => {
        const frame = buildTcp({ ...LINK, ...V4, ...tcp });
        const ip = parseIpv4(frame, 14);
        expect(ip && isTransportChecksumValid(frame, ip)).toBe(true);
        const { payload, ...rest } = tcp;
        expect(parseTcp(frame, 34, ip?.end)).toEqual({ ...rest, payload: 54, end: 54 + payload.length });
      }),
    );
  });
});
