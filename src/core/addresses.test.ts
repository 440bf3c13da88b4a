import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatIp,
  formatIpv4,
  formatIpv6,
  formatMac,
  isGroupMac,
  isLinkLocalIpv6,
  MAC_BROADCAST,
  parseIp,
  parseIpv4,
  parseIpv6,
  parseMac,
} from './addresses.ts';

const mac = fc.integer({ min: 0, max: MAC_BROADCAST });
const ipv4 = fc.integer({ min: 0, max: 0xffffffff });
const ipv6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
/** With the runs of zeros that random numbers hardly have. */
const sparseIpv6 = fc
  .array(fc.constantFrom(0n, 0n, 0n, 1n, 0xabcn, 0xffffn), { minLength: 8, maxLength: 8 })
  .map((words) => words.reduce<bigint>((value, word) => (value << 16n) | word, 0n));

describe('MAC addresses', () => {
  it('are the same after a round trip through text', () => {
    fc.assert(fc.property(mac, (value) => parseMac(formatMac(value)) === value));
  });

  it('are written in lower case with colons, and read in either case', () => {
    expect(formatMac(0x02_00_0a_ff_00_01)).toBe('02:00:0a:ff:00:01');
    expect(formatMac(0xfedcba987654)).toBe('fe:dc:ba:98:76:54');
    expect(parseMac('FE:DC:ba:98:76:54')).toBe(0xfedcba987654);
  });

  it.each([
    '',
    '02:00:00:00:00',
    '02:00:00:00:00:01:02',
    '02-00-00-00-00-01',
    '0200.0000.0001',
    '02:00:00:00:00:0g',
    '2:0:0:0:0:1',
    ' 02:00:00:00:00:01',
  ])('are not read from %j', (text) => {
    expect(parseMac(text)).toBeUndefined();
  });

  it('are group addresses by the lowest bit of the first byte', () => {
    expect(isGroupMac(MAC_BROADCAST)).toBe(true);
    expect(isGroupMac(0x0100_5e00_0001)).toBe(true);
    expect(isGroupMac(0x3333_0000_0001)).toBe(true);
    expect(isGroupMac(0xfe00_0000_0001)).toBe(false);
    expect(isGroupMac(0)).toBe(false);
  });
});

describe('IPv4 addresses', () => {
  it('are the same after a round trip through text', () => {
    fc.assert(
      fc.property(ipv4, (value) => parseIpv4(formatIpv4(value)) === value && parseIp(formatIp(value)) === value),
    );
  });

  it('stay unsigned', () => {
    expect(parseIpv4('255.255.255.255')).toBe(0xffffffff);
    expect(formatIpv4(0xc0a80001)).toBe('192.168.0.1');
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0.1',
    '10.0.0.256',
    '10.0.0.010',
    '10.0.0.-1',
    '10.0.0.1 ',
    '0x0a.0.0.1',
    '1000.0.0.1',
    '::1',
  ])('are not read from %j', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });
});

describe('IPv6 addresses', () => {
  it('are the same after a round trip through text', () => {
    fc.assert(
      fc.property(fc.oneof(ipv6, sparseIpv6), (value) => {
        return parseIpv6(formatIpv6(value)) === value && parseIp(formatIp(value)) === value;
      }),
    );
  });

  it('are written as the URL standard writes them, which follows RFC 5952', () => {
    fc.assert(
      fc.property(fc.oneof(ipv6, sparseIpv6), (value) => {
        const words = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
        expect(`[${formatIpv6(value)}]`).toBe(new URL(`http://[${words.join(':')}]/`).hostname);
      }),
    );
  });

  it.each(['', ':', '1::2::3', 'fe80::1%eth0', '12345::', '1:2:3:4:5:6:7', '::g', '[::1]', '10.0.0.1', '::1/64'])(
    'are not read from %j',
    (text) => {
      expect(parseIpv6(text)).toBeUndefined();
    },
  );

  it('are link-local in fe80::/10', () => {
    expect(isLinkLocalIpv6(parseIpv6('fe80::1')!)).toBe(true);
    expect(isLinkLocalIpv6(parseIpv6('febf:ffff::')!)).toBe(true);
    expect(isLinkLocalIpv6(parseIpv6('fec0::1')!)).toBe(false);
    expect(isLinkLocalIpv6(parseIpv6('2001:db8::1')!)).toBe(false);
  });
});
