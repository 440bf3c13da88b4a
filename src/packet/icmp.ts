/** ICMP (RFC 792) and ICMPv6 (RFC 4443): the header they share, and echo. */
import { EMPTY, putU16, u16, u8 } from './bytes.ts';
import { checksum } from './checksum.ts';
import type { LinkHeader } from './ethernet.ts';
import type { IpHeader } from './ip.ts';
import { isIpv4Header, startIp } from './ip.ts';
import { IP_PROTO } from './ip-proto.ts';

export const ICMP_TYPE = {
  ECHO_REPLY: 0,
  DESTINATION_UNREACHABLE: 3,
  REDIRECT: 5,
  ECHO_REQUEST: 8,
  TIME_EXCEEDED: 11,
} as const;

export const ICMPV6_TYPE = {
  DESTINATION_UNREACHABLE: 1,
  PACKET_TOO_BIG: 2,
  TIME_EXCEEDED: 3,
  ECHO_REQUEST: 128,
  ECHO_REPLY: 129,
  ROUTER_SOLICITATION: 133,
  ROUTER_ADVERTISEMENT: 134,
  NEIGHBOR_SOLICITATION: 135,
  NEIGHBOR_ADVERTISEMENT: 136,
  REDIRECT: 137,
  MLDV2_REPORT: 143,
} as const;

/** Type, code, checksum and the four bytes whose meaning the type decides: no defined message is shorter. */
export const ICMP_HEADER = 8;

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** Of an echo; in other messages these two are the type's own. */
  readonly identifier: number;
  readonly sequence: number;
  readonly payload: number;
  readonly end: number;
}

/**
 * Reads the header of ICMP or ICMPv6. Undefined where fewer than 8 bytes are there.
 * @param end where the IP payload ends
 */
export function parseIcmp(data: Uint8Array, offset: number, end = data.length): IcmpMessage | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + ICMP_HEADER) return undefined;
  return {
    type: u8(data, offset),
    code: u8(data, offset + 1),
    identifier: u16(data, offset + 4),
    sequence: u16(data, offset + 6),
    payload: offset + ICMP_HEADER,
    end: last,
  };
}

/** ICMPv6 has the same header; its checksum also covers a pseudo header (RFC 4443 section 2.3). */
export const parseIcmpv6 = parseIcmp;

/**
 * Writes an ICMP message's bytes (their checksum field zero) behind an IP header and completes the checksum: ICMP
 * behind IPv4, ICMPv6 behind IPv6.
 */
export function buildIcmp(options: LinkHeader & IpHeader & { readonly message: Uint8Array }): Uint8Array {
  const { message } = options;
  const overIpv4 = isIpv4Header(options);
  const draft = startIp(options, options, overIpv4 ? IP_PROTO.ICMP : IP_PROTO.ICMPV6, message.length);
  const { frame, offset } = draft;
  frame.set(message, offset);
  putU16(frame, offset + 2, checksum(frame, offset, offset + message.length, overIpv4 ? 0 : draft.pseudoSum));
  return frame;
}

export interface IcmpEcho {
  /** A request unless true. */
  readonly reply?: boolean;
  readonly identifier: number;
  readonly sequence: number;
  readonly payload?: Uint8Array;
}

/** A ping or its answer, of the addresses' own IP version. */
export function buildIcmpEcho(options: LinkHeader & IpHeader & IcmpEcho): Uint8Array {
  const { reply = false, payload = EMPTY } = options;
  const types = isIpv4Header(options) ? ICMP_TYPE : ICMPV6_TYPE;
  const message = new Uint8Array(ICMP_HEADER + payload.length);
  message[0] = reply ? types.ECHO_REPLY : types.ECHO_REQUEST;
  putU16(message, 4, options.identifier);
  putU16(message, 6, options.sequence);
  message.set(payload, ICMP_HEADER);
  return buildIcmp({ ...options, message });
}
