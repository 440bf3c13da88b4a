/** Neighbor Discovery for IPv6 (RFC 4861): reading and judging. `nd-build.ts` builds. */
import type { Mac } from '../core/addresses.ts';
import { isLinkLocalIpv6 } from '../core/addresses.ts';
import { u128, u16, u32, u48, u8 } from './bytes.ts';
import { ICMPV6_TYPE } from './icmp.ts';
import { isTransportChecksumValid } from './ip.ts';
import type { Ipv6Packet } from './ipv6.ts';
import { isMulticastIpv6, solicitedNode } from './multicast.ts';

export const ND_OPTION = { SOURCE_LINK_LAYER: 1, TARGET_LINK_LAYER: 2, PREFIX: 3, MTU: 5 } as const;
/** Anything less has been through a router, so it is not a neighbour's (RFC 4861 section 3.1). */
export const ND_HOP_LIMIT = 255;
export const NA_FLAG = { ROUTER: 0x80, SOLICITED: 0x40, OVERRIDE: 0x20 } as const;
export const RA_FLAG = { MANAGED: 0x80, OTHER: 0x40 } as const;
export const PREFIX_FLAG = { ON_LINK: 0x80, AUTONOMOUS: 0x40 } as const;
/** Bytes before the options, by message. */
export const ND_LENGTH = { NEIGHBOR: 24, ROUTER_SOLICITATION: 8, ROUTER_ADVERTISEMENT: 16 } as const;

export interface NeighborSolicitation {
  readonly type: 'neighborSolicitation';
  readonly target: bigint;
  readonly sourceLinkLayer: Mac | undefined;
}

export interface NeighborAdvertisement {
  readonly type: 'neighborAdvertisement';
  readonly target: bigint;
  readonly targetLinkLayer: Mac | undefined;
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
}

export interface RouterSolicitation {
  readonly type: 'routerSolicitation';
  readonly sourceLinkLayer: Mac | undefined;
}

export interface RouterAdvertisement {
  readonly type: 'routerAdvertisement';
  readonly hopLimit: number;
  readonly managed: boolean;
  readonly other: boolean;
  /** In seconds; 0 where the sender is no default router. */
  readonly routerLifetime: number;
  readonly reachableTimeMs: number;
  readonly retransTimerMs: number;
  readonly sourceLinkLayer: Mac | undefined;
  readonly mtu: number | undefined;
  readonly prefixes: readonly PrefixInformation[];
}

export interface PrefixInformation {
  readonly prefix: bigint;
  readonly prefixLength: number;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  /** In seconds; 0xffffffff is for ever. */
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

export type NdMessage = NeighborSolicitation | NeighborAdvertisement | RouterSolicitation | RouterAdvertisement;

interface NdOptions {
  sourceLinkLayer: Mac | undefined;
  targetLinkLayer: Mac | undefined;
  mtu: number | undefined;
  readonly prefixes: PrefixInformation[];
}

/**
 * Reads one of the four messages at the ICMPv6 header. Undefined where it is another type, its code is not 0, it or an
 * option ends early, an option's length is 0, the target is a group, or a link-layer address is given twice.
 * @param end where the IP payload ends
 */
export function parseNd(data: Uint8Array, offset: number, end = data.length): NdMessage | undefined {
  const last = Math.min(end, data.length);
  if (last < offset + ND_LENGTH.ROUTER_SOLICITATION || u8(data, offset + 1) !== 0) return undefined;
  switch (u8(data, offset)) {
    case ICMPV6_TYPE.NEIGHBOR_SOLICITATION:
    case ICMPV6_TYPE.NEIGHBOR_ADVERTISEMENT:
      return parseNeighbor(data, offset, last);
    case ICMPV6_TYPE.ROUTER_SOLICITATION: {
      const options = parseOptions(data, offset + ND_LENGTH.ROUTER_SOLICITATION, last);
      return options && { type: 'routerSolicitation', sourceLinkLayer: options.sourceLinkLayer };
    }
    case ICMPV6_TYPE.ROUTER_ADVERTISEMENT:
      return parseRouterAdvertisement(data, offset, last);
    default:
      return undefined;
  }
}

function parseNeighbor(data: Uint8Array, offset: number, end: number): NdMessage | undefined {
  if (end < offset + ND_LENGTH.NEIGHBOR) return undefined;
  const target = u128(data, offset + 8);
  const options = parseOptions(data, offset + ND_LENGTH.NEIGHBOR, end);
  if (options === undefined || isMulticastIpv6(target)) return undefined;
  if (u8(data, offset) === ICMPV6_TYPE.NEIGHBOR_SOLICITATION) {
    return { type: 'neighborSolicitation', target, sourceLinkLayer: options.sourceLinkLayer };
  }
  const flags = u8(data, offset + 4);
  return {
    type: 'neighborAdvertisement',
    target,
    targetLinkLayer: options.targetLinkLayer,
    router: (flags & NA_FLAG.ROUTER) !== 0,
    solicited: (flags & NA_FLAG.SOLICITED) !== 0,
    override: (flags & NA_FLAG.OVERRIDE) !== 0,
  };
}

function parseRouterAdvertisement(data: Uint8Array, offset: number, end: number): RouterAdvertisement | undefined {
  if (end < offset + ND_LENGTH.ROUTER_ADVERTISEMENT) return undefined;
  const options = parseOptions(data, offset + ND_LENGTH.ROUTER_ADVERTISEMENT, end);
  if (options === undefined) return undefined;
  const flags = u8(data, offset + 5);
  return {
    type: 'routerAdvertisement',
    hopLimit: u8(data, offset + 4),
    managed: (flags & RA_FLAG.MANAGED) !== 0,
    other: (flags & RA_FLAG.OTHER) !== 0,
    routerLifetime: u16(data, offset + 6),
    reachableTimeMs: u32(data, offset + 8),
    retransTimerMs: u32(data, offset + 12),
    sourceLinkLayer: options.sourceLinkLayer,
    mtu: options.mtu,
    prefixes: options.prefixes,
  };
}

/** Options count their length in units of 8 bytes; unknown ones are passed over (RFC 4861 section 4.6). */
function parseOptions(data: Uint8Array, start: number, end: number): NdOptions | undefined {
  const options: NdOptions = { sourceLinkLayer: undefined, targetLinkLayer: undefined, mtu: undefined, prefixes: [] };
  let at = start;
  while (at < end) {
    if (at + 2 > end) return undefined;
    const length = u8(data, at + 1) * 8;
    if (length === 0 || at + length > end) return undefined;
    if (!takeOption(options, data, at, length)) return undefined;
    at += length;
  }
  return options;
}

function takeOption(options: NdOptions, data: Uint8Array, at: number, length: number): boolean {
  const type = u8(data, at);
  if (type === ND_OPTION.SOURCE_LINK_LAYER && length === 8) {
    if (options.sourceLinkLayer !== undefined) return false;
    options.sourceLinkLayer = u48(data, at + 2);
  } else if (type === ND_OPTION.TARGET_LINK_LAYER && length === 8) {
    if (options.targetLinkLayer !== undefined) return false;
    options.targetLinkLayer = u48(data, at + 2);
  } else if (type === ND_OPTION.MTU && length === 8) {
    options.mtu = u32(data, at + 4);
  } else if (type === ND_OPTION.PREFIX && length === 32) {
    options.prefixes.push(parsePrefix(data, at));
  }
  return true;
}

function parsePrefix(data: Uint8Array, at: number): PrefixInformation {
  const flags = u8(data, at + 3);
  return {
    prefixLength: u8(data, at + 2),
    onLink: (flags & PREFIX_FLAG.ON_LINK) !== 0,
    autonomous: (flags & PREFIX_FLAG.AUTONOMOUS) !== 0,
    validLifetime: u32(data, at + 4),
    preferredLifetime: u32(data, at + 8),
    prefix: u128(data, at + 16),
  };
}

/**
 * True where a receiver may act on the message (RFC 4861 sections 6.1.1, 6.1.2, 7.1.1, 7.1.2): it comes from this link,
 * its checksum is right, and source, destination and options agree. Ask it before learning or answering.
 */
export function isAcceptableNd(data: Uint8Array, ip: Ipv6Packet, nd: NdMessage): boolean {
  if (ip.hopLimit !== ND_HOP_LIMIT || isTransportChecksumValid(data, ip) !== true) return false;
  switch (nd.type) {
    case 'neighborSolicitation':
      return ip.src !== 0n || (ip.dst === solicitedNode(nd.target) && nd.sourceLinkLayer === undefined);
    case 'neighborAdvertisement':
      return !(nd.solicited && isMulticastIpv6(ip.dst));
    case 'routerSolicitation':
      return ip.src !== 0n || nd.sourceLinkLayer === undefined;
    default:
      return isLinkLocalIpv6(ip.src);
  }
}
