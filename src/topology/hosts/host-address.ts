/** Which addresses a host may have. */
import type { Ip } from '../../core/addresses.ts';

export function isHostIp(ip: Ip): boolean {
  return typeof ip === 'number' ? isHostIpv4(ip) : isHostIpv6(ip);
}

/** Not 0/8, loopback, multicast or broadcast (RFC 6890). */
function isHostIpv4(ip: number): boolean {
  const first = ip >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

/** Not unspecified, loopback or multicast (RFC 4291 section 2.4). */
function isHostIpv6(ip: bigint): boolean {
  return ip > 1n && ip >> 120n !== 0xffn;
}
