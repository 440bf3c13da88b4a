/** Ethernet II and 802.3 framing with VLAN tags (IEEE 802.3 clause 3, IEEE 802.1Q clause 9). */
import type { Mac } from '../core/addresses.ts';
import { putU16, putU48, u16, u24, u48, u8 } from './bytes.ts';
import { checkRange } from './errors.ts';

export const ETHER_TYPE = {
  IPV4: 0x0800,
  ARP: 0x0806,
  /** The C-tag of 802.1Q. */
  VLAN: 0x8100,
  /** The S-tag of 802.1ad. */
  SVLAN: 0x88a8,
  IPV6: 0x86dd,
  MPLS: 0x8847,
  MPLS_MULTICAST: 0x8848,
  LLDP: 0x88cc,
  /** Stands for an 802.3 frame without a type of its own, as Open vSwitch reports it in eth_type. */
  NONE: 0x05ff,
} as const;

/** The least a frame may be without its check sequence; shorter ones are padded with zeros. */
export const ETHERNET_MIN_FRAME = 60;
export const ETHERNET_HEADER = 14;
/** Q-in-Q is as deep as Open vSwitch reads; what lies under a third tag is opaque to both. */
export const MAX_VLAN_TAGS = 2;

const TAG = 4;
/** Type/length values below this are lengths (IEEE 802.3 clause 3.2.6). */
const FIRST_ETHER_TYPE = 0x0600;
/** LLC with SNAP: DSAP, SSAP, control, organisation, type. */
const SNAP_HEADER = 8;

export interface EthernetFrame {
  readonly dst: Mac;
  readonly src: Mac;
  /** The outermost tag's VLAN id; 0 in a priority tag, undefined where there is no tag. */
  readonly vlan: number | undefined;
  /** The outermost tag's priority; 0 where there is no tag. */
  readonly pcp: number;
  /** The second tag's VLAN id. */
  readonly innerVlan: number | undefined;
  /** The type after the tags; ETHER_TYPE.NONE for 802.3 frames that carry none. */
  readonly etherType: number;
  /** Where the payload starts. Padding is not told apart from payload here: the next header knows its length. */
  readonly payload: number;
}

export interface VlanTag {
  readonly vid: number;
  readonly pcp?: number;
  /** Drop eligible. */
  readonly dei?: boolean;
  /** ETHER_TYPE.VLAN (default) or ETHER_TYPE.SVLAN. */
  readonly tpid?: number;
}

/** What every builder needs to know of the link layer. */
export interface LinkHeader {
  readonly ethDst: Mac;
  readonly ethSrc: Mac;
  /** Outermost first. */
  readonly tags?: readonly VlanTag[];
}

/** A frame of zeros with its link header written; the payload goes at `offset`. */
export interface Draft {
  readonly frame: Uint8Array;
  readonly offset: number;
}

/**
 * Reads the link header. Undefined where the frame ends within it.
 * @param maxTags how many tags to look past; a further one is left in `etherType`
 */
export function parseEthernet(data: Uint8Array, maxTags = MAX_VLAN_TAGS): EthernetFrame | undefined {
  let at = ETHERNET_HEADER;
  if (data.length < at) return undefined;
  let etherType = u16(data, at - 2);
  let vlan: number | undefined;
  let innerVlan: number | undefined;
  let pcp = 0;
  for (let tag = 0; tag < maxTags && isTag(etherType); tag++) {
    if (data.length < at + TAG) return undefined;
    const control = u16(data, at);
    if (tag === 0) {
      vlan = control & 0xfff;
      pcp = control >>> 13;
    } else innerVlan ??= control & 0xfff;
    etherType = u16(data, at + 2);
    at += TAG;
  }
  if (etherType < FIRST_ETHER_TYPE) {
    etherType = snapType(data, at);
    if (etherType !== ETHER_TYPE.NONE) at += SNAP_HEADER;
  }
  return { dst: u48(data, 0), src: u48(data, 6), vlan, pcp, innerVlan, etherType, payload: at };
}

function isTag(etherType: number): boolean {
  return etherType === ETHER_TYPE.VLAN || etherType === ETHER_TYPE.SVLAN;
}

/** The type inside an LLC/SNAP header with organisation zero (RFC 1042). */
function snapType(data: Uint8Array, at: number): number {
  if (data.length < at + SNAP_HEADER) return ETHER_TYPE.NONE;
  if (u16(data, at) !== 0xaaaa || u8(data, at + 2) !== 3 || u24(data, at + 3) !== 0) return ETHER_TYPE.NONE;
  const type = u16(data, at + 6);
  return type >= FIRST_ETHER_TYPE ? type : ETHER_TYPE.NONE;
}

/** Starts a frame for a payload of known size, padded to the Ethernet minimum. */
export function startEthernet(link: LinkHeader, etherType: number, payloadLength: number): Draft {
  const tags = link.tags ?? [];
  const offset = ETHERNET_HEADER + TAG * tags.length;
  const frame = new Uint8Array(Math.max(ETHERNET_MIN_FRAME, offset + payloadLength));
  putU48(frame, 0, link.ethDst);
  putU48(frame, 6, link.ethSrc);
  let at = 12;
  for (const tag of tags) {
    const pcp = tag.pcp ?? 0;
    checkRange('VLAN id', tag.vid, 0, 0xfff);
    checkRange('VLAN priority', pcp, 0, 7);
    putU16(frame, at, tag.tpid ?? ETHER_TYPE.VLAN);
    putU16(frame, at + 2, (pcp << 13) | (tag.dei === true ? 0x1000 : 0) | tag.vid);
    at += TAG;
  }
  putU16(frame, at, etherType);
  return { frame, offset };
}

/** A whole frame around a payload, padded to 60 bytes. Throws PacketBuildError on a tag out of range. */
export function buildEthernet(
  options: LinkHeader & { readonly etherType: number; readonly payload: Uint8Array },
): Uint8Array {
  const { frame, offset } = startEthernet(options, options.etherType, options.payload.length);
  frame.set(options.payload, offset);
  return frame;
}
