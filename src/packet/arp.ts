/** ARP for IPv4 over Ethernet (RFC 826), with the probes and announcements of RFC 5227. */
import type { Mac } from '../core/addresses.ts';
import { MAC_BROADCAST } from '../core/addresses.ts';
import { putU16, putU32, putU48, u16, u32, u48 } from './bytes.ts';
import type { LinkHeader } from './ethernet.ts';
import { ETHER_TYPE, startEthernet } from './ethernet.ts';

export const ARP_OP = { REQUEST: 1, REPLY: 2 } as const;

const ARP_LENGTH = 28;
const HARDWARE_ETHERNET = 1;
/** Lengths of a MAC and of an IPv4 address, as the packet's fifth and sixth byte. */
const ADDRESS_LENGTHS = 0x0604;

export interface ArpPacket {
  readonly op: number;
  readonly sha: Mac;
  readonly spa: number;
  readonly tha: Mac;
  readonly tpa: number;
}

/** Undefined unless it is ARP for IPv4 over Ethernet, and whole. Any op is taken: it is the caller's to judge. */
export function parseArp(data: Uint8Array, offset: number): ArpPacket | undefined {
  if (data.length < offset + ARP_LENGTH) return undefined;
  if (u16(data, offset) !== HARDWARE_ETHERNET || u16(data, offset + 2) !== ETHER_TYPE.IPV4) return undefined;
  if (u16(data, offset + 4) !== ADDRESS_LENGTHS) return undefined;
  return {
    op: u16(data, offset + 6),
    sha: u48(data, offset + 8),
    spa: u32(data, offset + 14),
    tha: u48(data, offset + 18),
    tpa: u32(data, offset + 24),
  };
}

/** A request from nobody: it asks whether an address is free and must not be learned from (RFC 5227 section 2.1.1). */
export function isArpProbe(arp: ArpPacket): boolean {
  return arp.op === ARP_OP.REQUEST && arp.spa === 0;
}

/** The sender states its own address (RFC 5227 section 2.3), as request or as reply. */
export function isArpAnnouncement(arp: ArpPacket): boolean {
  return arp.spa === arp.tpa && arp.spa !== 0;
}

export type ArpOptions = ArpPacket & Partial<LinkHeader>;

/** An ARP frame. It is sent from `sha`, to all when it asks and to `tha` when it answers, unless told otherwise. */
export function buildArp(options: ArpOptions): Uint8Array {
  const { op, sha, spa, tha, tpa, ethSrc = sha, tags = [] } = options;
  const { ethDst = op === ARP_OP.REQUEST ? MAC_BROADCAST : tha } = options;
  const { frame, offset } = startEthernet({ ethDst, ethSrc, tags }, ETHER_TYPE.ARP, ARP_LENGTH);
  putU16(frame, offset, HARDWARE_ETHERNET);
  putU16(frame, offset + 2, ETHER_TYPE.IPV4);
  putU16(frame, offset + 4, ADDRESS_LENGTHS);
  putU16(frame, offset + 6, op);
  putU48(frame, offset + 8, sha);
  putU32(frame, offset + 14, spa);
  putU48(frame, offset + 18, tha);
  putU32(frame, offset + 24, tpa);
  return frame;
}
