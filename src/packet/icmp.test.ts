import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrary, hex, LINK, V4, V6 } from './fixtures.ts';
import { buildIcmpEcho, ICMP_TYPE, ICMPV6_TYPE, parseIcmp, parseIcmpv6 } from './icmp.ts';
import { isTransportChecksumValid } from './ip.ts';
import { IP_PROTO } from './ip-proto.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';

describe('parseIcmp', () => {
  it('reads an echo request', () => {
    expect(parseIcmp(hex('0800 1234 0007 0001 616263'), 0, 10)).toEqual({
      type: ICMP_TYPE.ECHO_REQUEST,
      code: 0,
      identifier: 7,
      sequence: 1,
      payload: 8,
      end: 10,
    });
  });

  it('refuses fewer than 8 bytes', () => {
    expect(parseIcmp(hex('0800 1234 0007 00'), 0)).toBeUndefined();
    expect(parseIcmp(hex('0800 1234 0007 0001'), 0, 7)).toBeUndefined();
  });
});

describe('buildIcmpEcho', () => {
  it('works out the checksum of an empty ping by hand', () => {
    // 0800 + 0001 + 0001 = 0802, and its complement is f7fd.
    const frame = buildIcmpEcho({ ...LINK, ...V4, identifier: 1, sequence: 1 });
    expect(frame.subarray(34, 42)).toEqual(hex('0800 f7fd 0001 0001'));
  });

  it('gives back what was built, over both versions, with a right checksum', () => {
    const echo = fc.record({
      reply: fc.boolean(),
      identifier: arbitrary.u16,
      sequence: arbitrary.u16,
      payload: arbitrary.bytes,
    });
    fc.assert(
      fc.property(echo, (echo) => {
        const { reply, identifier, sequence, payload } = echo;
        const frame = buildIcmpEcho({ ...LINK, ...V4, ...echo });
        const ip = parseIpv4(frame, 14);
        expect(ip?.proto).toBe(IP_PROTO.ICMP);
        expect(ip && isTransportChecksumValid(frame, ip)).toBe(true);
        const type = reply ? ICMP_TYPE.ECHO_REPLY : ICMP_TYPE.ECHO_REQUEST;
        const fields = { code: 0, identifier, sequence };
        const end = 42 + payload.length;
        expect(parseIcmp(frame, 34, ip?.end)).toEqual({ type, ...fields, payload: 42, end });
        expect(frame.subarray(42, end)).toEqual(payload);

        const frame6 = buildIcmpEcho({ ...LINK, ...V6, ...echo });
        const ip6 = parseIpv6(frame6, 14);
        expect(ip6?.proto).toBe(IP_PROTO.ICMPV6);
        expect(ip6 && isTransportChecksumValid(frame6, ip6)).toBe(true);
        const type6 = reply ? ICMPV6_TYPE.ECHO_REPLY : ICMPV6_TYPE.ECHO_REQUEST;
        expect(parseIcmpv6(frame6, 54, ip6?.end)).toEqual({ type: type6, ...fields, payload: 62, end: end + 20 });
      }),
    );
  });
});
