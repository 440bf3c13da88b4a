import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { arbitrary, hex, LINK, V4 } from './fixtures.ts';
import { IP_PROTO } from './ip-proto.ts';
import type { Ipv4Header } from './ipv4.ts';
import { buildIpv4, findIpv4Option, isIpv4ChecksumValid, parseIpv4 } from './ipv4.ts';

/** 20 bytes of header, 3 of payload, 2 of padding. */
const PACKET = '45 b9 0017 1234 4000 40 06 1405 0a000001 0a000002  616263 0000';
const HEADER = 14;

function build(header: Partial<Ipv4Header>, payload = hex('616263')): Uint8Array {
  return buildIpv4({ ...LINK, ...V4, ...header, proto: IP_PROTO.TCP, payload });
}

describe('parseIpv4', () => {
  it('reads a header and tells payload from padding', () => {
    expect(parseIpv4(hex(PACKET), 0)).toEqual({
      ...V4,
      proto: IP_PROTO.TCP,
      dscp: 46,
      ecn: 1,
      ttl: 64,
      id: 0x1234,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      header: 0,
      payload: 20,
      end: 23,
      truncated: false,
    });
  });

  it('says so where the capture is shorter than the packet', () => {
    expect(parseIpv4(hex(PACKET).subarray(0, 21), 0)).toMatchObject({ payload: 20, end: 21, truncated: true });
  });

  it.each([
    ['another version', PACKET.replace('45', '65')],
    ['a header length below 20', PACKET.replace('45', '44')],
    ['a header longer than the data', PACKET.replace('45', '4f')],
    ['a total length below the header', PACKET.replace('0017', '0013')],
    ['a header cut short', PACKET.slice(0, 40)],
  ])('refuses %s', (_, digits) => {
    expect(parseIpv4(hex(digits), 0)).toBeUndefined();
  });
});

describe('the IPv4 checksum', () => {
  it('fits the header built, and no other', () => {
    const frame = build({ options: hex('94040000') });
    const ip = parseIpv4(frame, HEADER);
    expect(ip && isIpv4ChecksumValid(frame, ip)).toBe(true);
    frame[HEADER + 8] = 63;
    expect(ip && isIpv4ChecksumValid(frame, ip)).toBe(false);
  });

  it('is the one worked out by hand', () => {
    // 4500 + 0017 + 4006 + 0a00 + 0001 + 0a00 + 0002 = 9920, and its complement is 66df.
    expect(build({}).subarray(HEADER + 10, HEADER + 12)).toEqual(hex('66df'));
  });
});

describe('findIpv4Option', () => {
  const find = (options: string, type: number): number | undefined => {
    const frame = build({ options: hex(options) });
    const ip = parseIpv4(frame, HEADER);
    return ip && findIpv4Option(frame, ip, type);
  };

  it('finds an option behind others', () => {
    expect(find('01 0703 00 94040000', 0x94)).toBe(HEADER + 24);
    expect(find('01 94040000', 0x94)).toBe(HEADER + 21);
  });

  it('stops at the end option, at a length of 0 or 1, and at the header', () => {
    expect(find('00 94040000', 0x94)).toBeUndefined();
    expect(find('0700 94040000', 0x94)).toBeUndefined();
    expect(find('0701 94040000', 0x94)).toBeUndefined();
    expect(find('01010194', 0x94)).toBeUndefined();
    expect(find('94080000', 0x94)).toBeUndefined();
    expect(find('', 0x94)).toBeUndefined();
  });
});

describe('buildIpv4', () => {
  it('gives back what was built', () => {
    const header = fc.record({
      src: arbitrary.u32,
      dst: arbitrary.u32,
      ttl: arbitrary.u8,
      dscp: fc.integer({ min: 0, max: 63 }),
      ecn: fc.integer({ min: 0, max: 3 }),
      id: arbitrary.u16,
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: fc.integer({ min: 0, max: 0x1fff }).map((units) => units * 8),
    });
    const options = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(header, options, arbitrary.u8, arbitrary.bytes, (header, options, proto, payload) => {
        const frame = buildIpv4({ ...LINK, ...header, options, proto, payload });
        const start = HEADER + 20 + Math.ceil(options.length / 4) * 4;
        const ip = parseIpv4(frame, HEADER);
        const place = { header: HEADER, payload: start, end: start + payload.length, truncated: false };
        expect(ip).toEqual({ ...header, proto, ...place });
        expect(ip && isIpv4ChecksumValid(frame, ip)).toBe(true);
        expect(frame.subarray(start, start + payload.length)).toEqual(payload);
      }),
    );
  });

  it('names what does not fit', () => {
    expect(() => build({}, new Uint8Array(65_516))).toThrow(PacketBuildError);
    expect(() => build({ options: new Uint8Array(41) })).toThrow(PacketBuildError);
    expect(() => build({ fragmentOffset: 4 })).toThrow(PacketBuildError);
    expect(() => build({ dscp: 64 })).toThrow(PacketBuildError);
    expect(() => build({ ecn: 4 })).toThrow(PacketBuildError);
  });
});
