import { describe, expect, it } from 'vitest';
import { parseEthernet } from './ethernet.ts';
import { FRAMES } from './fixtures.ts';
import { isFragment, isTransportChecksumValid } from './ip.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';

function parseIp(frame: Uint8Array) {
  const offset = parseEthernet(frame)?.payload ?? 0;
  const ip = parseIpv4(frame, offset) ?? parseIpv6(frame, offset);
  if (ip === undefined) throw new Error('The fixture is no IP packet.');
  return ip;
}

function fixture(name: string): Uint8Array {
  const frame = FRAMES[name];
  if (frame === undefined) throw new Error(`There is no fixture ${name}.`);
  return frame.slice();
}

const CHECKED = ['ping', 'ping6', 'udp', 'udp6', 'tcp', 'tcp6', 'extensions', 'neighborSolicitation', 'dhcpAck'];

describe('isTransportChecksumValid', () => {
  it.each(CHECKED)('takes %s, and not with one bit of its payload or addresses changed', (name) => {
    const frame = fixture(name);
    const ip = parseIp(frame);
    expect(isTransportChecksumValid(frame, ip)).toBe(true);
    const last = ip.end - 1;
    frame[last] = (frame[last] ?? 0) ^ 1;
    expect(isTransportChecksumValid(frame, ip)).toBe(false);
    frame[last] = (frame[last] ?? 0) ^ 1;
    // ICMP alone has no pseudo header.
    const source = ip.header + (typeof ip.src === 'number' ? 12 : 8);
    frame[source] = (frame[source] ?? 0) ^ 1;
    expect(isTransportChecksumValid(frame, ip)).toBe(name === 'ping');
  });

  it('cannot tell of fragments, of packets cut short, of other protocols and of UDP without a checksum', () => {
    for (const name of ['firstFragment', 'laterFragment', 'firstFragment6', 'laterFragment6']) {
      expect(isTransportChecksumValid(fixture(name), parseIp(fixture(name)))).toBeUndefined();
    }
    const udp = fixture('udp');
    const short = udp.subarray(0, 43);
    expect(isTransportChecksumValid(short, parseIp(short))).toBeUndefined();
    const ip = parseIp(udp);
    expect(isTransportChecksumValid(udp, { ...ip, proto: 132 })).toBeUndefined();
    udp.set([0, 0], ip.payload + 6);
    expect(isTransportChecksumValid(udp, ip)).toBeUndefined();
  });

  it('wants a checksum of UDP over IPv6 (RFC 8200 section 8.1)', () => {
    const udp = fixture('udp6');
    const ip = parseIp(udp);
    udp.set([0, 0], ip.payload + 6);
    expect(isTransportChecksumValid(udp, ip)).toBe(false);
  });
});

describe('isFragment', () => {
  it('is true for the first and for later ones', () => {
    const names = ['udp', 'firstFragment', 'laterFragment', 'udp6', 'firstFragment6', 'laterFragment6'];
    expect(names.map((name) => isFragment(parseIp(fixture(name))))).toEqual([false, true, true, false, true, true]);
  });
});
