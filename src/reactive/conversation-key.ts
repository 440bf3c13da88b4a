/**
 * What tells one conversation from another, read from a frame's bytes into memory that is used again for every frame: where
 * its fields stand in the frame, so that they can be copied into a rule as they are.
 */
import { ETHER_TYPE, IP_PROTO } from '../packet/index.ts';

/** What rules of conversations match: the two addresses of Ethernet, or all five of addresses, protocol and ports. */
export type ReactiveMatch = 'mac' | '5tuple';

/**
 * The shapes of rules. `link` matches the type of what is neither IP nor whole; `ip` protocols without ports; those with ports
 * have fields of their own in OpenFlow.
 */
export const SHAPES = ['pair', 'link', 'ip4', 'tcp4', 'udp4', 'sctp4', 'ip6', 'tcp6', 'udp6', 'sctp6'] as const;
export type Shape = (typeof SHAPES)[number];

const MACS_END = 12;
const ETHERNET_HEADER = 14;
const TAG = 4;
/** Values below are lengths (IEEE 802.3 clause 3.2.6). */
const FIRST_ETHER_TYPE = 0x0600;
const SNAP_HEADER = 8;
/** Its first four bytes, signed. */
const SNAP_START = 0xaaaa0300 | 0;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** More fragments, or an offset (RFC 791 section 3.1). */
const FRAGMENT_BITS = 0x3fff;
const TRANSPORT: Readonly<Record<number, TransportKind>> = {
  [IP_PROTO.TCP]: { over4: 'tcp4', over6: 'tcp6', header: 20 },
  [IP_PROTO.UDP]: { over4: 'udp4', over6: 'udp6', header: 8 },
  [IP_PROTO.SCTP]: { over4: 'sctp4', over6: 'sctp6', header: 12 },
};

interface TransportKind {
  readonly over4: Shape;
  readonly over6: Shape;
  /** Its least length in bytes. */
  readonly header: number;
}

export class ConversationKey {
  readonly #match: ReactiveMatch;
  shape: Shape = 'pair';
  /** Destination and source, 48 bits each. */
  ethDst = 0;
  ethSrc = 0;
  etherType = 0;
  ipProto = 0;
  /** Where the two IP addresses stand in the frame, one behind the other: source first. */
  addresses = 0;
  /** Where the two ports stand, source first; -1 in fragments, whose ports count as 0 (OFPC_FRAG_NORMAL). */
  ports = 0;
  /** Two hashes of all that the rule matches: together as good as the key itself. */
  hash = 0;
  otherHash = 0;

  constructor(match: ReactiveMatch) {
    this.#match = match;
  }

  /** False where the frame has no whole Ethernet header or goes to a group: no conversation is one of two. */
  read(frame: Uint8Array): boolean {
    if (frame.length < ETHERNET_HEADER || (frame[0]! & 1) === 1) return false;
    this.ethDst = u48(frame, 0);
    this.ethSrc = u48(frame, 6);
    this.hash = 0x811c9dc5;
    this.otherHash = 0x9e3779b9;
    for (let at = 0; at < MACS_END; at += 4) this.#mix(u32(frame, at));
    if (this.#match === 'mac') this.shape = 'pair';
    else this.#readNetwork(frame);
    return true;
  }

  #readNetwork(frame: Uint8Array): void {
    let at = MACS_END;
    let type = u16(frame, at);
    // Open vSwitch looks past one tag by default (other_config:vlan-limit).
    if ((type === ETHER_TYPE.VLAN || type === ETHER_TYPE.SVLAN) && frame.length >= at + TAG + 2) {
      at += TAG;
      type = u16(frame, at);
    }
    this.etherType = type < FIRST_ETHER_TYPE ? snapType(frame, at + 2) : type;
    this.shape = 'link';
    if (type === ETHER_TYPE.IPV4) this.#readIpv4(frame, at + 2);
    else if (type === ETHER_TYPE.IPV6) this.#readIpv6(frame, at + 2);
    this.#mix(this.etherType);
  }

  #readIpv4(frame: Uint8Array, at: number): void {
    if (frame.length < at + IPV4_HEADER || frame[at]! >>> 4 !== 4) return;
    const payload = at + (frame[at]! & 0xf) * 4;
    const end = Math.min(at + u16(frame, at + 2), frame.length);
    if (payload < at + IPV4_HEADER || payload > end) return;
    const isFragment = (u16(frame, at + 6) & FRAGMENT_BITS) !== 0;
    this.ipProto = frame[at + 9]!;
    const kind = TRANSPORT[this.ipProto];
    if (!kind) this.shape = 'ip4';
    else if (isFragment || end - payload >= kind.header) this.#takePorts(frame, kind.over4, isFragment ? -1 : payload);
    if (this.shape !== 'link') this.#takeAddresses(frame, at + 12, 4);
  }

  /** Extension headers are not followed: such frames share the rule of their pair. */
  #readIpv6(frame: Uint8Array, at: number): void {
    if (frame.length < at + IPV6_HEADER || frame[at]! >>> 4 !== 6) return;
    const payload = at + IPV6_HEADER;
    const end = Math.min(payload + u16(frame, at + 4), frame.length);
    this.ipProto = frame[at + 6]!;
    const kind = TRANSPORT[this.ipProto];
    if (this.ipProto === IP_PROTO.ICMPV6) this.shape = 'ip6';
    else if (kind && end - payload >= kind.header) this.#takePorts(frame, kind.over6, payload);
    if (this.shape !== 'link') this.#takeAddresses(frame, at + 8, 16);
  }

  #takePorts(frame: Uint8Array, shape: Shape, at: number): void {
    this.shape = shape;
    this.ports = at;
    this.#mix(at < 0 ? 0 : u32(frame, at));
  }

  #takeAddresses(frame: Uint8Array, at: number, length: number): void {
    this.addresses = at;
    for (let word = 0; word < 2 * length; word += 4) this.#mix(u32(frame, at + word));
    this.#mix(this.ipProto);
  }

  #mix(word: number): void {
    this.hash = Math.imul(this.hash ^ word, 0x01000193);
    this.hash ^= this.hash >>> 15;
    this.otherHash = Math.imul(this.otherHash ^ word, 0x85ebca6b);
    this.otherHash ^= this.otherHash >>> 13;
  }
}

/** The type behind LLC and SNAP (RFC 1042), as Open vSwitch has it. */
function snapType(frame: Uint8Array, at: number): number {
  const isSnap = frame.length >= at + SNAP_HEADER && u32(frame, at) === SNAP_START && u16(frame, at + 4) === 0;
  const type = isSnap ? u16(frame, at + 6) : 0;
  return type < FIRST_ETHER_TYPE ? ETHER_TYPE.NONE : type;
}

function u16(data: Uint8Array, at: number): number {
  return (data[at]! << 8) | data[at + 1]!;
}

/** As a signed number: it is only mixed. */
function u32(data: Uint8Array, at: number): number {
  return (data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!;
}

function u48(data: Uint8Array, at: number): number {
  return u16(data, at) * 0x1_0000_0000 + (u32(data, at + 2) >>> 0);
}
