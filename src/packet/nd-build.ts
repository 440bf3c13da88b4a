/** Building Neighbor Discovery messages (RFC 4861 section 4): whole frames, hop limit 255, checksums done. */
import type { Mac } from '../core/addresses.ts';
import { putU128, putU16, putU32, putU48 } from './bytes.ts';
import { checkRange, PacketBuildError } from './errors.ts';
import type { LinkHeader } from './ethernet.ts';
import { buildIcmp, ICMPV6_TYPE } from './icmp.ts';
import { IPV6_ALL_NODES, IPV6_ALL_ROUTERS, isMulticastIpv6, multicastMacOfIpv6, solicitedNode } from './multicast.ts';
import type { NeighborAdvertisement, PrefixInformation, RouterAdvertisement } from './nd.ts';
import { NA_FLAG, ND_HOP_LIMIT, ND_LENGTH, ND_OPTION, PREFIX_FLAG, RA_FLAG } from './nd.ts';

const LINK_LAYER_OPTION = 8;
const MTU_OPTION = 8;
const PREFIX_OPTION = 32;

/** What all four take. */
interface NdEnvelope extends Pick<LinkHeader, 'ethSrc' | 'tags'> {
  readonly src: bigint;
  /** Default: the group that the message is for. */
  readonly dst?: bigint;
  /** Default: the MAC of the group `dst`; must be given where `dst` is one host. */
  readonly ethDst?: Mac;
}

export interface NeighborSolicitationOptions extends NdEnvelope {
  readonly target: bigint;
}

/**
 * Asks who has `target`: its solicited-node group, or the neighbour at `dst` and `ethDst`. From 0n it asks whether the
 * address is free (RFC 4862 section 5.4) and carries no link-layer address.
 */
export function buildNeighborSolicitation(options: NeighborSolicitationOptions): Uint8Array {
  const message = new Uint8Array(ND_LENGTH.NEIGHBOR + sourceOptionLength(options));
  message[0] = ICMPV6_TYPE.NEIGHBOR_SOLICITATION;
  putU128(message, 8, options.target);
  putSourceOption(message, ND_LENGTH.NEIGHBOR, options);
  return sendNd(message, options, solicitedNode(options.target));
}

export interface NeighborAdvertisementOptions extends NdEnvelope, Omit<NeighborAdvertisement, 'type'> {
  readonly targetLinkLayer: Mac;
}

/** Says that `target` is at `targetLinkLayer`: to the asker at `dst` and `ethDst`, or to all nodes. */
export function buildNeighborAdvertisement(options: NeighborAdvertisementOptions): Uint8Array {
  const message = new Uint8Array(ND_LENGTH.NEIGHBOR + LINK_LAYER_OPTION);
  message[0] = ICMPV6_TYPE.NEIGHBOR_ADVERTISEMENT;
  message[4] =
    (options.router ? NA_FLAG.ROUTER : 0) |
    (options.solicited ? NA_FLAG.SOLICITED : 0) |
    (options.override ? NA_FLAG.OVERRIDE : 0);
  putU128(message, 8, options.target);
  putLinkLayer(message, ND_LENGTH.NEIGHBOR, ND_OPTION.TARGET_LINK_LAYER, options.targetLinkLayer);
  return sendNd(message, options, IPV6_ALL_NODES);
}

/** Asks the routers of the link to advertise. From 0n it carries no link-layer address. */
export function buildRouterSolicitation(options: NdEnvelope): Uint8Array {
  const message = new Uint8Array(ND_LENGTH.ROUTER_SOLICITATION + sourceOptionLength(options));
  message[0] = ICMPV6_TYPE.ROUTER_SOLICITATION;
  putSourceOption(message, ND_LENGTH.ROUTER_SOLICITATION, options);
  return sendNd(message, options, IPV6_ALL_ROUTERS);
}

export interface RouterAdvertisementOptions
  extends NdEnvelope, Omit<RouterAdvertisement, 'type' | 'mtu' | 'sourceLinkLayer'> {
  readonly mtu?: number;
}

/** Advertises a router and the link's prefixes. `src` is the router's link-local address. */
export function buildRouterAdvertisement(options: RouterAdvertisementOptions): Uint8Array {
  const { prefixes, mtu } = options;
  const mtuAt = ND_LENGTH.ROUTER_ADVERTISEMENT + sourceOptionLength(options);
  const prefixesAt = mtuAt + (mtu === undefined ? 0 : MTU_OPTION);
  const message = new Uint8Array(prefixesAt + prefixes.length * PREFIX_OPTION);
  message[0] = ICMPV6_TYPE.ROUTER_ADVERTISEMENT;
  message[4] = options.hopLimit;
  message[5] = (options.managed ? RA_FLAG.MANAGED : 0) | (options.other ? RA_FLAG.OTHER : 0);
  putU16(message, 6, options.routerLifetime);
  putU32(message, 8, options.reachableTimeMs);
  putU32(message, 12, options.retransTimerMs);
  putSourceOption(message, ND_LENGTH.ROUTER_ADVERTISEMENT, options);
  if (mtu !== undefined) {
    putOptionHead(message, mtuAt, ND_OPTION.MTU, MTU_OPTION);
    putU32(message, mtuAt + 4, mtu);
  }
  prefixes.forEach((prefix, index) => putPrefix(message, prefixesAt + index * PREFIX_OPTION, prefix));
  return sendNd(message, options, IPV6_ALL_NODES);
}

function putPrefix(message: Uint8Array, at: number, prefix: PrefixInformation): void {
  checkRange('Prefix length', prefix.prefixLength, 0, 128);
  putOptionHead(message, at, ND_OPTION.PREFIX, PREFIX_OPTION);
  message[at + 2] = prefix.prefixLength;
  message[at + 3] = (prefix.onLink ? PREFIX_FLAG.ON_LINK : 0) | (prefix.autonomous ? PREFIX_FLAG.AUTONOMOUS : 0);
  putU32(message, at + 4, prefix.validLifetime);
  putU32(message, at + 8, prefix.preferredLifetime);
  putU128(message, at + 16, prefix.prefix);
}

/** The source's link-layer address must not be there when the source address is unspecified. */
function sourceOptionLength(options: NdEnvelope): number {
  return options.src === 0n ? 0 : LINK_LAYER_OPTION;
}

function putSourceOption(message: Uint8Array, at: number, options: NdEnvelope): void {
  if (options.src !== 0n) putLinkLayer(message, at, ND_OPTION.SOURCE_LINK_LAYER, options.ethSrc);
}

function putLinkLayer(message: Uint8Array, at: number, type: number, mac: Mac): void {
  putOptionHead(message, at, type, LINK_LAYER_OPTION);
  putU48(message, at + 2, mac);
}

function putOptionHead(message: Uint8Array, at: number, type: number, length: number): void {
  message[at] = type;
  message[at + 1] = length / 8;
}

function sendNd(message: Uint8Array, envelope: NdEnvelope, group: bigint): Uint8Array {
  const { src, dst = group, ethSrc, tags = [] } = envelope;
  const { ethDst = isMulticastIpv6(dst) ? multicastMacOfIpv6(dst) : undefined } = envelope;
  if (ethDst === undefined) throw new PacketBuildError('dst is one host: give its MAC address as ethDst.');
  return buildIcmp({ ethDst, ethSrc, tags, src, dst, hopLimit: ND_HOP_LIMIT, message });
}
