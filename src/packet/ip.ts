/** IPv4 or IPv6, whichever it is: what the layers above need of either. */
import { checksum, sumPseudoHeader } from './checksum.ts';
import { u16 } from './bytes.ts';
import type { LinkHeader } from './ethernet.ts';
import { IP_PROTO } from './ip-proto.ts';
import type { IpDraft, Ipv4Header, Ipv4Packet } from './ipv4.ts';
import { startIpv4 } from './ipv4.ts';
import type { Ipv6Header, Ipv6Packet } from './ipv6.ts';
import { startIpv6 } from './ipv6.ts';

export type IpPacket = Ipv4Packet | Ipv6Packet;
/** Both addresses of one kind. */
export type IpHeader = Ipv4Header | Ipv6Header;

/** Where the two addresses stand within the header. */
const IPV4_ADDRESSES = 12;
const IPV4_ADDRESSES_END = 20;
const IPV6_ADDRESSES = 8;
const IPV6_ADDRESSES_END = 40;

/** True for the first fragment as well as for later ones. */
export function isFragment(ip: IpPacket): boolean {
  return ip.moreFragments || ip.fragmentOffset !== 0;
}

export function isIpv4Header(ip: IpHeader): ip is Ipv4Header {
  return typeof ip.src === 'number';
}

/** Starts a frame of the addresses' own IP version. */
export function startIp(link: LinkHeader, ip: IpHeader, proto: number, payloadLength: number): IpDraft {
  return isIpv4Header(ip) ? startIpv4(link, ip, proto, payloadLength) : startIpv6(link, ip, proto, payloadLength);
}

/**
 * Checks the checksum of a TCP, UDP, ICMP or ICMPv6 payload. Undefined where it cannot be told: other protocols,
 * fragments, packets cut short, and UDP over IPv4 sent without one. A routing header's final destination is not
 * followed, so a source-routed packet counts as wrong (RFC 8200 section 8.1).
 */
export function isTransportChecksumValid(data: Uint8Array, ip: IpPacket): boolean | undefined {
  if (ip.truncated || isFragment(ip)) return undefined;
  const { proto, payload, end, header } = ip;
  if (proto === IP_PROTO.ICMP) return checksum(data, payload, end) === 0;
  if (proto !== IP_PROTO.TCP && proto !== IP_PROTO.UDP && proto !== IP_PROTO.ICMPV6) return undefined;
  const overIpv4 = typeof ip.src === 'number';
  if (proto === IP_PROTO.UDP && overIpv4 && u16(data, payload + 6) === 0) return undefined;
  const first = header + (overIpv4 ? IPV4_ADDRESSES : IPV6_ADDRESSES);
  const last = header + (overIpv4 ? IPV4_ADDRESSES_END : IPV6_ADDRESSES_END);
  return checksum(data, payload, end, sumPseudoHeader(data, first, last, proto, end - payload)) === 0;
}
