/**
 * What tells one conversation from another, read from a frame's bytes into memory that is used again for every frame: where
 * its fields stand in the frame, so that they can be copied into a rule as they are.
 */
import { ETHER_TYPE, extensionLength, IP_PROTO, isExtension } from '../packet/index.ts';

/** What rules of conversations match: the two addresses of Ethernet, or all five of addresses, protocol and ports. */
export type ReactiveMatch = 'mac' | '5tuple';

/**
 * The shapes of rules. `link` matches the type of what is not IP; `ip4` and `ip6` protocols without ports; those with ports have
 * fields of their own in OpenFlow. No rule of one shape matches what another is for: a flow of TCP never meets any but its own.
 */
export const SHAPES = ['pair', 'link', 'ip4', 'tcp4', 'udp4', 'sctp4', 'ip6', 'tcp6', 'udp6', 'sctp6'] as const;
export type Shape = (typeof SHAPES)[number];

/** Of addresses or ports that count as 0. */
export const ZERO = -1;

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
const EXTENSION_LEAST = 8;
/** More fragments, or an offset (RFC 791 section 3.1). */
const FRAGMENT_BITS = 0x3fff;
/** An offset (RFC 8200 section 4.5). */
const FRAGMENT6_OFFSET = 0xfff8;
/** Of a packet whose headers are broken: HOPOPT, with which none ends. */
const NO_PROTO = IP_PROTO.HOP_BY_HOP;
/** Where a TCP header's length stands, in words of four bytes. */
const TCP_OFFSET = 12;
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
  /** Where the two IP addresses stand in the frame, one behind the other, source first; or ZERO. */
  addresses = ZERO;
  /** Where the two ports stand, source first; or ZERO. */
  ports = ZERO;
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
    at += 2;
    if (type < FIRST_ETHER_TYPE) {
      type = snapType(frame, at);
      at += SNAP_HEADER;
    }
    this.etherType = type;
    this.shape = 'link';
    if (type === ETHER_TYPE.IPV4) this.#readIpv4(frame, at);
    else if (type === ETHER_TYPE.IPV6) this.#readIpv6(frame, at);
    this.#mix(this.etherType);
  }

  /**
   * What Open vSwitch makes of a packet (`miniflow_extract`): where the header is broken all counts as 0, in fragments
   * (OFPC_FRAG_NORMAL) and where the transport's header is cut off its ports do.
   */
  #readIpv4(frame: Uint8Array, at: number): void {
    this.shape = 'ip4';
    const there = frame.length - at;
    const header = there < IPV4_HEADER ? 0 : (frame[at]! & 0xf) * 4;
    const total = header < IPV4_HEADER ? 0 : u16(frame, at + 2);
    if (total < header || total > there || total === 0) {
      this.#takeAddresses(frame, ZERO, 4);
      this.#takeProto(frame, NO_PROTO, ZERO, 0);
      return;
    }
    const isFragment = (u16(frame, at + 6) & FRAGMENT_BITS) !== 0;
    this.#takeAddresses(frame, at + 12, 4);
    this.#takeProto(frame, frame[at + 9]!, isFragment ? ZERO : at + header, at + total);
  }

  #readIpv6(frame: Uint8Array, at: number): void {
    this.shape = 'ip6';
    const there = frame.length - at;
    const total = there < IPV6_HEADER ? there + 1 : IPV6_HEADER + u16(frame, at + 4);
    if (total > there) {
      this.#takeAddresses(frame, ZERO, 16);
      this.#takeProto(frame, NO_PROTO, ZERO, 0);
      return;
    }
    this.#takeAddresses(frame, at + 8, 16);
    this.#followExtensions(frame, frame[at + 6]!, at + IPV6_HEADER, at + total);
  }

  /** Later fragments, which begin in the middle of something, have the protocol 44; where a header is cut off, none. */
  #followExtensions(frame: Uint8Array, first: number, start: number, end: number): void {
    let proto = first;
    let at = start;
    let isFragment = false;
    while (isExtension(proto)) {
      const left = end - at;
      const length = left < EXTENSION_LEAST ? EXTENSION_LEAST : extensionLength(proto, frame[at + 1]!);
      if (left < length) {
        this.#takeProto(frame, NO_PROTO, ZERO, 0);
        return;
      }
      if (proto === IP_PROTO.FRAGMENT) {
        const bits = u16(frame, at + 2);
        isFragment ||= bits !== 0;
        if ((bits & FRAGMENT6_OFFSET) !== 0) break;
      }
      proto = frame[at]!;
      at += length;
    }
    this.#takeProto(frame, proto, isFragment ? ZERO : at, end);
  }

  /** @param payload where it begins, up to `end`; or ZERO where its header is not there */
  #takeProto(frame: Uint8Array, proto: number, payload: number, end: number): void {
    this.ipProto = proto;
    this.#mix(proto);
    const kind = TRANSPORT[proto];
    if (!kind) return;
    this.shape = this.shape === 'ip4' ? kind.over4 : kind.over6;
    this.ports = payload !== ZERO && isWhole(frame, proto, payload, end - payload) ? payload : ZERO;
    this.#mix(this.ports === ZERO ? 0 : u32(frame, this.ports));
  }

  #takeAddresses(frame: Uint8Array, at: number, length: number): void {
    this.addresses = at;
    for (let word = 0; word < 2 * length; word += 4) this.#mix(at === ZERO ? 0 : u32(frame, at + word));
  }

  #mix(word: number): void {
    this.hash = Math.imul(this.hash ^ word, 0x01000193);
    this.hash ^= this.hash >>> 15;
    this.otherHash = Math.imul(this.otherHash ^ word, 0x85ebca6b);
    this.otherHash ^= this.otherHash >>> 13;
  }
}

/** True where a transport's header is there, with its options. */
function isWhole(frame: Uint8Array, proto: number, at: number, left: number): boolean {
  const { header } = TRANSPORT[proto]!;
  if (left < header || proto !== IP_PROTO.TCP) return left >= header;
  const length = (frame[at + TCP_OFFSET]! >>> 4) * 4;
  return length >= header && length <= left;
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
