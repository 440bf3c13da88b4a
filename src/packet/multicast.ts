/** Group addresses that follow from other addresses. */
import type { Mac } from '../core/addresses.ts';

export const IPV6_ALL_NODES = 0xff02_0000_0000_0000_0000_0000_0000_0001n;
export const IPV6_ALL_ROUTERS = 0xff02_0000_0000_0000_0000_0000_0000_0002n;

const SOLICITED_NODE_PREFIX = 0xff02_0000_0000_0000_0000_0001_ff00_0000n;
const IPV6_MULTICAST_MAC = 0x3333_0000_0000;
const IPV4_MULTICAST_MAC = 0x0100_5e00_0000;

/** ff00::/8 (RFC 4291 section 2.7). */
export function isMulticastIpv6(ip: bigint): boolean {
  return ip >> 120n === 0xffn;
}

/** ff02::1:ffXX:XXXX, where neighbours listen for solicitations of this address (RFC 4291 section 2.7.1). */
export function solicitedNode(ip: bigint): bigint {
  return SOLICITED_NODE_PREFIX | (ip & 0xff_ffffn);
}

/** 33:33 and the group's low 32 bits (RFC 2464 section 7). */
export function multicastMacOfIpv6(group: bigint): Mac {
  return IPV6_MULTICAST_MAC + Number(group & 0xffff_ffffn);
}

/** 01:00:5e and the group's low 23 bits (RFC 1112 section 6.4). */
export function multicastMacOfIpv4(group: number): Mac {
  return IPV4_MULTICAST_MAC + (group & 0x7f_ffff);
}
