/**
 * The header fields of a frame as OXM names them (OpenFlow 1.3.5 section 7.2.3.7), with the values that Open vSwitch
 * would match on: what explains a packet's way through the tables and what a reactive rule is made from.
 */
import type { Mac } from '../core/addresses.ts';
import { parseArp } from './arp.ts';
import { u16, u32, u8 } from './bytes.ts';
import { ETHER_TYPE, parseEthernet } from './ethernet.ts';
import { ICMP_HEADER, ICMPV6_TYPE } from './icmp.ts';
import type { IpPacket } from './ip.ts';
import { isFragment } from './ip.ts';
import { IP_PROTO } from './ip-proto.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';
import { parseNd } from './nd.ts';
import { SCTP_HEADER, TCP_HEADER, UDP_HEADER } from './transport.ts';

/** A field is there where the frame has it. Addresses of IPv6 are bigints, all else are numbers. */
export interface PacketFields {
  readonly inPort: number;
  readonly ethDst: Mac;
  readonly ethSrc: Mac;
  readonly ethType: number;
  /** The outer tag's id with 0x1000 set; 0 for an untagged frame. */
  readonly vlanVid: number;
  readonly vlanPcp?: number;
  readonly ipDscp?: number;
  readonly ipEcn?: number;
  readonly ipProto?: number;
  readonly ipv4Src?: number;
  readonly ipv4Dst?: number;
  readonly tcpSrc?: number;
  readonly tcpDst?: number;
  readonly udpSrc?: number;
  readonly udpDst?: number;
  readonly sctpSrc?: number;
  readonly sctpDst?: number;
  readonly icmpv4Type?: number;
  readonly icmpv4Code?: number;
  readonly arpOp?: number;
  readonly arpSpa?: number;
  readonly arpTpa?: number;
  readonly arpSha?: Mac;
  readonly arpTha?: Mac;
  readonly ipv6Src?: bigint;
  readonly ipv6Dst?: bigint;
  readonly ipv6Flabel?: number;
  readonly icmpv6Type?: number;
  readonly icmpv6Code?: number;
  readonly ipv6NdTarget?: bigint;
  readonly ipv6NdSll?: Mac;
  readonly ipv6NdTll?: Mac;
  readonly mplsLabel?: number;
  readonly mplsTc?: number;
  readonly mplsBos?: number;
}

type Fields = { -readonly [K in keyof PacketFields]: PacketFields[K] };

/** VLAN_PRESENT in vlan_vid (OFPVID_PRESENT). */
const VLAN_PRESENT = 0x1000;
/** Open vSwitch's own default (`other_config:vlan-limit`): of a second tag it sees only the type. */
const DEFAULT_VLAN_LIMIT = 1;
const MPLS_HEADER = 4;

/**
 * The fields of a frame that came in at a port; undefined where it has no whole Ethernet header. Headers that are
 * malformed or cut off give no fields. In fragments the ports, types and codes are 0, as Open vSwitch has them under
 * the default fragment handling (OFPC_FRAG_NORMAL), and later fragments of IPv6 have protocol 44 and nothing beyond.
 * @param vlanLimit how many tags the switch looks past
 */
export function toMatchFields(
  data: Uint8Array,
  inPort: number,
  vlanLimit = DEFAULT_VLAN_LIMIT,
): PacketFields | undefined {
  const frame = parseEthernet(data, vlanLimit);
  if (frame === undefined) return undefined;
  const { dst, src, etherType, vlan, payload } = frame;
  const fields: Fields = { inPort, ethDst: dst, ethSrc: src, ethType: etherType, vlanVid: 0 };
  if (vlan !== undefined) {
    fields.vlanVid = vlan | VLAN_PRESENT;
    fields.vlanPcp = frame.pcp;
  }
  switch (etherType) {
    case ETHER_TYPE.IPV4:
      addIpv4(fields, data, payload);
      break;
    case ETHER_TYPE.IPV6:
      addIpv6(fields, data, payload);
      break;
    case ETHER_TYPE.ARP:
      addArp(fields, data, payload);
      break;
    case ETHER_TYPE.MPLS:
    case ETHER_TYPE.MPLS_MULTICAST:
      addMpls(fields, data, payload);
      break;
    default:
  }
  return fields;
}

function addArp(fields: Fields, data: Uint8Array, offset: number): void {
  const arp = parseArp(data, offset);
  if (arp === undefined) return;
  fields.arpOp = arp.op;
  fields.arpSpa = arp.spa;
  fields.arpTpa = arp.tpa;
  fields.arpSha = arp.sha;
  fields.arpTha = arp.tha;
}

function addMpls(fields: Fields, data: Uint8Array, offset: number): void {
  if (data.length < offset + MPLS_HEADER) return;
  const entry = u32(data, offset);
  fields.mplsLabel = entry >>> 12;
  fields.mplsTc = (entry >>> 9) & 7;
  fields.mplsBos = (entry >>> 8) & 1;
}

function addIpv4(fields: Fields, data: Uint8Array, offset: number): void {
  const ip = parseIpv4(data, offset);
  if (ip === undefined) return;
  fields.ipv4Src = ip.src;
  fields.ipv4Dst = ip.dst;
  addIp(fields, data, ip);
}

function addIpv6(fields: Fields, data: Uint8Array, offset: number): void {
  const ip = parseIpv6(data, offset);
  if (ip === undefined) return;
  fields.ipv6Src = ip.src;
  fields.ipv6Dst = ip.dst;
  fields.ipv6Flabel = ip.flowLabel;
  addIp(fields, data, ip);
}

function addIp(fields: Fields, data: Uint8Array, ip: IpPacket): void {
  const overIpv4 = typeof ip.src === 'number';
  const later = ip.fragmentOffset !== 0;
  fields.ipProto = later && !overIpv4 ? IP_PROTO.FRAGMENT : ip.proto;
  fields.ipDscp = ip.dscp;
  fields.ipEcn = ip.ecn;
  if (later && !overIpv4) return;
  const there = ip.end - ip.payload;
  const hidden = isFragment(ip);
  const first = hidden ? 0 : u16(data, ip.payload);
  const second = hidden ? 0 : u16(data, ip.payload + 2);
  if (ip.proto === IP_PROTO.TCP && (hidden || there >= TCP_HEADER)) {
    fields.tcpSrc = first;
    fields.tcpDst = second;
  } else if (ip.proto === IP_PROTO.UDP && (hidden || there >= UDP_HEADER)) {
    fields.udpSrc = first;
    fields.udpDst = second;
  } else if (ip.proto === IP_PROTO.SCTP && (hidden || there >= SCTP_HEADER)) {
    fields.sctpSrc = first;
    fields.sctpDst = second;
  } else if (ip.proto === IP_PROTO.ICMP && overIpv4 && (hidden || there >= ICMP_HEADER)) {
    fields.icmpv4Type = first >>> 8;
    fields.icmpv4Code = first & 0xff;
  } else if (ip.proto === IP_PROTO.ICMPV6 && !overIpv4 && (hidden || there >= ICMP_HEADER)) {
    fields.icmpv6Type = first >>> 8;
    fields.icmpv6Code = first & 0xff;
    if (!hidden) addNd(fields, data, ip);
  }
}

function addNd(fields: Fields, data: Uint8Array, ip: IpPacket): void {
  const type = u8(data, ip.payload);
  if (type !== ICMPV6_TYPE.NEIGHBOR_SOLICITATION && type !== ICMPV6_TYPE.NEIGHBOR_ADVERTISEMENT) return;
  const nd = parseNd(data, ip.payload, ip.end);
  if (nd?.type === 'neighborSolicitation') {
    fields.ipv6NdTarget = nd.target;
    if (nd.sourceLinkLayer !== undefined) fields.ipv6NdSll = nd.sourceLinkLayer;
  } else if (nd?.type === 'neighborAdvertisement') {
    fields.ipv6NdTarget = nd.target;
    if (nd.targetLinkLayer !== undefined) fields.ipv6NdTll = nd.targetLinkLayer;
  }
}
