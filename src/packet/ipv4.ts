/** IPv4 (RFC 791), with DSCP (RFC 2474) and ECN (RFC 3168) in place of the old type of service. */
import { EMPTY, putU16, putU32, u16, u32, u8 } from './bytes.ts';
import { checksum, sumPseudoHeader } from './checksum.ts';
import { checkRange } from './errors.ts';
import type { Draft, LinkHeader } from './ethernet.ts';
import { ETHER_TYPE, startEthernet } from './ethernet.ts';

const MIN_HEADER = 20;
const MAX_OPTIONS = 40;
const MAX_TOTAL = 0xffff;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const DEFAULT_TTL = 64;
const OPTION_END = 0;
const OPTION_NOOP = 1;

export interface Ipv4Packet {
  readonly src: number;
  readonly dst: number;
  readonly proto: number;
  readonly dscp: number;
  readonly ecn: number;
  readonly ttl: number;
  readonly id: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes. Where it is not zero the payload does not start with a transport header. */
  readonly fragmentOffset: number;
  /** Where this header starts. */
  readonly header: number;
  /** Where the options (if any) end and the payload starts. */
  readonly payload: number;
  /** Where the payload ends: what follows is padding. */
  readonly end: number;
  /** The packet claims more bytes than were captured, as in a packet-in cut at max_len. */
  readonly truncated: boolean;
}

/**
 * Reads the header. Undefined where it is not version 4, ends early or contradicts itself. The checksum is not looked
 * at (`isIpv4ChecksumValid`): hosts behind checksum offload hand frames to a software switch without one.
 */
export function parseIpv4(data: Uint8Array, offset: number): Ipv4Packet | undefined {
  if (data.length < offset + MIN_HEADER) return undefined;
  const first = u8(data, offset);
  if (first >>> 4 !== 4) return undefined;
  const payload = offset + (first & 0xf) * 4;
  const end = offset + u16(data, offset + 2);
  if (payload < offset + MIN_HEADER || payload > data.length || end < payload) return undefined;
  const service = u8(data, offset + 1);
  const fragment = u16(data, offset + 6);
  return {
    src: u32(data, offset + 12),
    dst: u32(data, offset + 16),
    proto: u8(data, offset + 9),
    dscp: service >>> 2,
    ecn: service & 3,
    ttl: u8(data, offset + 8),
    id: u16(data, offset + 4),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    header: offset,
    payload,
    end: Math.min(end, data.length),
    truncated: end > data.length,
  };
}

export function isIpv4ChecksumValid(data: Uint8Array, ip: Ipv4Packet): boolean {
  return checksum(data, ip.header, ip.payload) === 0;
}

/** The offset of the first option of a type (its type byte, RFC 791 section 3.1), or undefined. */
export function findIpv4Option(data: Uint8Array, ip: Ipv4Packet, type: number): number | undefined {
  let at = ip.header + MIN_HEADER;
  while (at < ip.payload) {
    const here = u8(data, at);
    if (here === OPTION_END) return undefined;
    const length = here === OPTION_NOOP ? 1 : u8(data, at + 1);
    if (length < 1 || (here !== OPTION_NOOP && length < 2) || at + length > ip.payload) return undefined;
    if (here === type) return at;
    at += length;
  }
  return undefined;
}

export interface Ipv4Header {
  readonly src: number;
  readonly dst: number;
  /** Default 64. */
  readonly ttl?: number;
  readonly dscp?: number;
  readonly ecn?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  /** Raw options, at most 40 bytes; padded to a multiple of 4. */
  readonly options?: Uint8Array;
}

/** A frame with its IP header written, and the pseudo header's sum for a checksum of the payload. */
export interface IpDraft extends Draft {
  readonly pseudoSum: number;
}

/** Starts a frame for an IPv4 payload of known size. Throws PacketBuildError where it does not fit. */
export function startIpv4(link: LinkHeader, ip: Ipv4Header, proto: number, payloadLength: number): IpDraft {
  const { dscp = 0, ecn = 0, fragmentOffset = 0, options = EMPTY } = ip;
  checkRange('Length of the IPv4 options', options.length, 0, MAX_OPTIONS);
  const headerLength = MIN_HEADER + Math.ceil(options.length / 4) * 4;
  checkRange('Length of the IPv4 payload', payloadLength, 0, MAX_TOTAL - headerLength);
  checkRange('DSCP', dscp, 0, 63);
  checkRange('ECN', ecn, 0, 3);
  checkRange('Fragment offset in units of 8 bytes', fragmentOffset / 8, 0, 0x1fff);
  const { frame, offset } = startEthernet(link, ETHER_TYPE.IPV4, headerLength + payloadLength);
  frame[offset] = 0x40 | (headerLength / 4);
  frame[offset + 1] = (dscp << 2) | ecn;
  putU16(frame, offset + 2, headerLength + payloadLength);
  putU16(frame, offset + 4, ip.id ?? 0);
  const flags = (ip.dontFragment === true ? DONT_FRAGMENT : 0) | (ip.moreFragments === true ? MORE_FRAGMENTS : 0);
  putU16(frame, offset + 6, flags | (fragmentOffset / 8));
  frame[offset + 8] = ip.ttl ?? DEFAULT_TTL;
  frame[offset + 9] = proto;
  putU32(frame, offset + 12, ip.src);
  putU32(frame, offset + 16, ip.dst);
  frame.set(options, offset + MIN_HEADER);
  putU16(frame, offset + 10, checksum(frame, offset, offset + headerLength));
  return {
    frame,
    offset: offset + headerLength,
    pseudoSum: sumPseudoHeader(frame, offset + 12, offset + 20, proto, payloadLength),
  };
}

/** A whole frame around an IPv4 payload. The payload's own checksum is the caller's. */
export function buildIpv4(
  options: LinkHeader & Ipv4Header & { readonly proto: number; readonly payload: Uint8Array },
): Uint8Array {
  const { frame, offset } = startIpv4(options, options, options.proto, options.payload.length);
  frame.set(options.payload, offset);
  return frame;
}
