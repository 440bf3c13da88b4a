import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBuildError } from './errors.ts';
import { arbitrary, hex, LINK, V6 } from './fixtures.ts';
import { IP_PROTO } from './ip-proto.ts';
import { buildIpv6, parseIpv6 } from './ipv6.ts';

const HEADER = 14;
const START = HEADER + 40;

/** Parses a packet of these bytes behind a header whose next header is `proto`. */
function parse(proto: number, digits: string) {
  return parseIpv6(buildIpv6({ ...LINK, ...V6, proto, payload: hex(digits) }), HEADER);
}

describe('parseIpv6', () => {
  it('reads a header and tells payload from padding', () => {
    const packet = hex(`6b9a bcde 0003 06 ff fe80${'00'.repeat(13)}01 fe80${'00'.repeat(13)}02 616263 0000`);
    expect(parseIpv6(packet, 0)).toEqual({
      ...V6,
      proto: IP_PROTO.TCP,
      dscp: 46,
      ecn: 1,
      flowLabel: 0xabcde,
      hopLimit: 255,
      moreFragments: false,
      fragmentOffset: 0,
      header: 0,
      payload: 40,
      end: 43,
      truncated: false,
    });
    expect(parseIpv6(packet.subarray(0, 41), 0)).toMatchObject({ end: 41, truncated: true });
    expect(parseIpv6(packet.subarray(0, 39), 0)).toBeUndefined();
    packet[0] = 0x4b;
    expect(parseIpv6(packet, 0)).toBeUndefined();
  });

  it('walks extension headers of every kind, each with its own unit of length', () => {
    const hopByHop = '2b01 0000 0000 0000 0000 0000 0000 0000';
    const routing = '3c00 0000 0000 0000';
    const destination = '3300 0104 0000 0000';
    const authentication = '1104 0000 0000 0001 0000 0001 0000 0000 0000 0000 0000 0000';
    const parsed = parse(IP_PROTO.HOP_BY_HOP, `${hopByHop}${routing}${destination}${authentication} 6162`);
    expect(parsed).toMatchObject({ proto: IP_PROTO.UDP, payload: START + 56, end: START + 58 });
  });

  it('reads fragments: the first has a transport header, the next ones none', () => {
    expect(parse(IP_PROTO.FRAGMENT, '1100 0001 00000009 1388')).toMatchObject({
      proto: IP_PROTO.UDP,
      moreFragments: true,
      fragmentOffset: 0,
      payload: START + 8,
    });
    // The next header names an extension, but its bytes are in another packet.
    expect(parse(IP_PROTO.FRAGMENT, '3c00 0010 00000009 ffff')).toMatchObject({
      proto: IP_PROTO.DESTINATION_OPTIONS,
      moreFragments: false,
      fragmentOffset: 16,
      payload: START + 8,
    });
  });

  it('stops at headers that it does not know', () => {
    expect(parse(50, '0000')).toMatchObject({ proto: 50, payload: START });
    expect(parse(IP_PROTO.NO_NEXT_HEADER, '')).toMatchObject({ proto: 59, payload: START, end: START });
  });

  it.each([
    ['an extension header that is missing', IP_PROTO.HOP_BY_HOP, ''],
    ['an extension header cut short', IP_PROTO.ROUTING, '1101 0000 0000 0000 0000'],
    ['an authentication header cut short', IP_PROTO.AUTHENTICATION, '11ff 0000 0000 0000'],
    ['a fragment header cut short', IP_PROTO.FRAGMENT, '1100 0001'],
    ['seventeen extension headers', IP_PROTO.DESTINATION_OPTIONS, `${'3c00 0104 0000 0000'.repeat(17)}1100`],
  ])('refuses %s', (_, proto, digits) => {
    expect(parse(proto, digits)).toBeUndefined();
  });

  it('does not walk on into padding', () => {
    const frame = buildIpv6({ ...LINK, ...V6, proto: IP_PROTO.HOP_BY_HOP, payload: hex('1100 0104 0000 0000') });
    frame[HEADER + 5] = 4;
    expect(parseIpv6(frame, HEADER)).toBeUndefined();
  });
});

describe('buildIpv6', () => {
  it('gives back what was built', () => {
    const header = fc.record({
      src: arbitrary.ipv6,
      dst: arbitrary.ipv6,
      hopLimit: arbitrary.u8,
      dscp: fc.integer({ min: 0, max: 63 }),
      ecn: fc.integer({ min: 0, max: 3 }),
      flowLabel: fc.integer({ min: 0, max: 0xfffff }),
    });
    const proto = fc.constantFrom(IP_PROTO.TCP, IP_PROTO.UDP, IP_PROTO.ICMPV6, IP_PROTO.NO_NEXT_HEADER, 200);
    fc.assert(
      fc.property(header, proto, arbitrary.bytes, (header, proto, payload) => {
        const frame = buildIpv6({ ...LINK, ...header, proto, payload });
        const place = { header: HEADER, payload: START, end: START + payload.length, truncated: false };
        expect(parseIpv6(frame, HEADER)).toEqual({
          ...header,
          proto,
          moreFragments: false,
          fragmentOffset: 0,
          ...place,
        });
        expect(frame.subarray(START, START + payload.length)).toEqual(payload);
      }),
    );
  });

  it('names what does not fit', () => {
    const options = { ...LINK, ...V6, proto: IP_PROTO.UDP, payload: hex('') };
    expect(() => buildIpv6({ ...options, payload: new Uint8Array(65_536) })).toThrow(PacketBuildError);
    expect(() => buildIpv6({ ...options, flowLabel: 0x100000 })).toThrow(PacketBuildError);
    expect(() => buildIpv6({ ...options, dscp: -1 })).toThrow(PacketBuildError);
  });
});
