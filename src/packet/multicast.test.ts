import { describe, expect, it } from 'vitest';
import { formatIpv6, formatMac, parseIpv4, parseIpv6 } from '../core/addresses.ts';
import { isMulticastIpv6, multicastMacOfIpv4, multicastMacOfIpv6, solicitedNode } from './multicast.ts';

describe('multicast', () => {
  it('derives the solicited-node group and its MAC', () => {
    const group = solicitedNode(parseIpv6('2001:db8::1:800:200e:8c6c') ?? 0n);
    expect(formatIpv6(group)).toBe('ff02::1:ff0e:8c6c');
    expect(formatMac(multicastMacOfIpv6(group))).toBe('33:33:ff:0e:8c:6c');
  });

  it('keeps 23 bits of an IPv4 group', () => {
    expect(formatMac(multicastMacOfIpv4(parseIpv4('239.255.1.2') ?? 0))).toBe('01:00:5e:7f:01:02');
  });

  it('knows groups by their first byte', () => {
    expect(isMulticastIpv6(0xff02n << 112n)).toBe(true);
    expect(isMulticastIpv6(0xfe80n << 112n)).toBe(false);
  });
});
