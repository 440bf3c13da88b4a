/** IPv6 and its extension headers (RFC 8200). */
import { putU128, putU16, putU32, u128, u16, u32, u8 } from './bytes.ts';
import { sumPseudoHeader } from './checksum.ts';
import { checkRange } from './errors.ts';
import type { LinkHeader } from './ethernet.ts';
import { ETHER_TYPE, startEthernet } from './ethernet.ts';
import { IP_PROTO } from './ip-proto.ts';
import { extensionLength, isExtension } from './ipv6-extensions.ts';
import type { IpDraft } from './ipv4.ts';

const HEADER = 40;
/** The least an extension header can be; all are multiples of 4 or 8 bytes. */
const MIN_EXTENSION = 8;
const MAX_PAYLOAD = 0xffff;
const DEFAULT_HOP_LIMIT = 64;
/** RFC 8200 section 4.1 knows of seven in one packet; more than twice that is an attack on whoever walks them. */
const MAX_EXTENSION_HEADERS = 16;

export interface Ipv6Packet {
  readonly src: bigint;
  readonly dst: bigint;
  /** The upper-layer protocol, after the extension headers. */
  readonly proto: number;
  readonly dscp: number;
  readonly ecn: number;
  readonly flowLabel: number;
  readonly hopLimit: number;
  readonly moreFragments: boolean;
  /** In bytes. Where it is not zero the payload does not start with a transport header. */
  readonly fragmentOffset: number;
  /** Where this header starts. */
  readonly header: number;
  /** Where the upper-layer payload starts, after the extension headers. */
  readonly payload: number;
  /** Where the payload ends: what follows is padding. */
  readonly end: number;
  /** The packet claims more bytes than were captured, as in a packet-in cut at max_len. */
  readonly truncated: boolean;
}

interface Walk {
  readonly proto: number;
  readonly payload: number;
  /** The fragment header's offset and flags; 0 where there is none. */
  readonly fragment: number;
}

/**
 * Reads the header and walks the extension headers up to the first that is not one of RFC 8200 or AH. Undefined where
 * it is not version 6 or a header ends early.
 */
export function parseIpv6(data: Uint8Array, offset: number): Ipv6Packet | undefined {
  if (data.length < offset + HEADER) return undefined;
  const first = u32(data, offset);
  if (first >>> 28 !== 6) return undefined;
  const claimedEnd = offset + HEADER + u16(data, offset + 4);
  const end = Math.min(claimedEnd, data.length);
  const walk = walkExtensions(data, u8(data, offset + 6), offset + HEADER, end);
  if (walk === undefined) return undefined;
  return {
    src: u128(data, offset + 8),
    dst: u128(data, offset + 24),
    proto: walk.proto,
    dscp: (first >>> 22) & 0x3f,
    ecn: (first >>> 20) & 3,
    flowLabel: first & 0xfffff,
    hopLimit: u8(data, offset + 7),
    moreFragments: (walk.fragment & 1) !== 0,
    fragmentOffset: walk.fragment & 0xfff8,
    header: offset,
    payload: walk.payload,
    end,
    truncated: claimedEnd > data.length,
  };
}

function walkExtensions(data: Uint8Array, firstHeader: number, start: number, end: number): Walk | undefined {
  let proto = firstHeader;
  let at = start;
  let fragment = 0;
  for (let count = 0; isExtension(proto); count++) {
    if (count >= MAX_EXTENSION_HEADERS || at + MIN_EXTENSION > end) return undefined;
    const length = extensionLength(proto, u8(data, at + 1));
    if (at + length > end) return undefined;
    if (proto === IP_PROTO.FRAGMENT) fragment = u16(data, at + 2);
    proto = u8(data, at);
    at += length;
    // A later fragment continues someone else's bytes: there is no header to walk on to.
    if ((fragment & 0xfff8) !== 0) break;
  }
  return { proto, payload: at, fragment };
}

export interface Ipv6Header {
  readonly src: bigint;
  readonly dst: bigint;
  /** Default 64. */
  readonly hopLimit?: number;
  readonly dscp?: number;
  readonly ecn?: number;
  readonly flowLabel?: number;
}

/** Starts a frame for an IPv6 payload of known size. Throws PacketBuildError where it does not fit. */
export function startIpv6(link: LinkHeader, ip: Ipv6Header, proto: number, payloadLength: number): IpDraft {
  const { dscp = 0, ecn = 0, flowLabel = 0, hopLimit = DEFAULT_HOP_LIMIT } = ip;
  checkRange('Length of the IPv6 payload', payloadLength, 0, MAX_PAYLOAD);
  checkRange('DSCP', dscp, 0, 63);
  checkRange('ECN', ecn, 0, 3);
  checkRange('Flow label', flowLabel, 0, 0xfffff);
  const { frame, offset } = startEthernet(link, ETHER_TYPE.IPV6, HEADER + payloadLength);
  putU32(frame, offset, (6 << 28) | (dscp << 22) | (ecn << 20) | flowLabel);
  putU16(frame, offset + 4, payloadLength);
  frame[offset + 6] = proto;
  frame[offset + 7] = hopLimit;
  putU128(frame, offset + 8, ip.src);
  putU128(frame, offset + 24, ip.dst);
  return {
    frame,
    offset: offset + HEADER,
    pseudoSum: sumPseudoHeader(frame, offset + 8, offset + HEADER, proto, payloadLength),
  };
}

/** A whole frame around an IPv6 payload. `proto` is the next header; the payload may begin with extension headers. */
export function buildIpv6(
  options: LinkHeader & Ipv6Header & { readonly proto: number; readonly payload: Uint8Array },
): Uint8Array {
  const { frame, offset } = startIpv6(options, options, options.proto, options.payload.length);
  frame.set(options.payload, offset);
  return frame;
}
