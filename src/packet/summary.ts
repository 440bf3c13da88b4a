/** One line about a frame, for people: logs, the live view, explanations. */
import { formatIp, formatIpv4, formatIpv6, formatMac } from '../core/addresses.ts';
import { ARP_OP, isArpAnnouncement, isArpProbe, parseArp } from './arp.ts';
import { DHCP_MESSAGE_TYPE, DHCP_PORT, parseDhcp } from './dhcp.ts';
import type { EthernetFrame } from './ethernet.ts';
import { ETHER_TYPE, parseEthernet } from './ethernet.ts';
import { ICMP_TYPE, ICMPV6_TYPE, parseIcmp } from './icmp.ts';
import type { IpPacket } from './ip.ts';
import { IP_PROTO } from './ip-proto.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';
import type { LldpId } from './lldp.ts';
import { CHASSIS_ID_SUBTYPE, lldpIdMac, lldpIdText, parseLldp, PORT_ID_SUBTYPE } from './lldp.ts';
import { parseNd } from './nd.ts';
import { parseSctp, parseTcp, parseUdp, TCP_FLAG } from './transport.ts';

/** A name or id longer than this would push the rest off the line. */
const MAX_TEXT = 64;

const ICMP_NAMES = namesOf(ICMP_TYPE);
const ICMPV6_NAMES = namesOf(ICMPV6_TYPE);
const DHCP_NAMES = namesOf(DHCP_MESSAGE_TYPE);
const PROTO_NAMES = namesOf(IP_PROTO);

/** Never throws and never holds control characters, whatever the bytes. */
export function summarize(data: Uint8Array): string {
  const frame = parseEthernet(data);
  if (frame === undefined) return `malformed Ethernet frame of ${data.length} bytes`;
  const tag = frame.vlan === undefined ? '' : `VLAN ${frame.vlan} `;
  const innerTag = frame.innerVlan === undefined ? '' : `VLAN ${frame.innerVlan} `;
  return tag + innerTag + summarizePayload(data, frame);
}

function summarizePayload(data: Uint8Array, frame: EthernetFrame): string {
  switch (frame.etherType) {
    case ETHER_TYPE.ARP:
      return summarizeArp(data, frame.payload) ?? malformed('ARP', frame);
    case ETHER_TYPE.IPV4:
      return summarizeIp('IPv4', data, parseIpv4(data, frame.payload)) ?? malformed('IPv4', frame);
    case ETHER_TYPE.IPV6:
      return summarizeIp('IPv6', data, parseIpv6(data, frame.payload)) ?? malformed('IPv6', frame);
    case ETHER_TYPE.LLDP:
      return summarizeLldp(data, frame.payload) ?? malformed('LLDP', frame);
    case ETHER_TYPE.NONE:
      return `802.3 ${ends(frame)}`;
    default:
      return `EtherType 0x${frame.etherType.toString(16).padStart(4, '0')} ${ends(frame)}`;
  }
}

function malformed(what: string, frame: EthernetFrame): string {
  return `malformed ${what} ${ends(frame)}`;
}

function ends(frame: EthernetFrame): string {
  return `${formatMac(frame.src)} > ${formatMac(frame.dst)}`;
}

function summarizeArp(data: Uint8Array, offset: number): string | undefined {
  const arp = parseArp(data, offset);
  if (arp === undefined) return undefined;
  const { op, sha, spa, tpa } = arp;
  if (isArpProbe(arp)) return `ARP probe ${formatIpv4(tpa)} from ${formatMac(sha)}`;
  if (isArpAnnouncement(arp)) return `ARP announcement ${formatIpv4(spa)} is-at ${formatMac(sha)}`;
  if (op === ARP_OP.REQUEST) return `ARP who-has ${formatIpv4(tpa)} tell ${formatIpv4(spa)}`;
  if (op === ARP_OP.REPLY) return `ARP reply ${formatIpv4(spa)} is-at ${formatMac(sha)}`;
  return `ARP op ${op} ${formatIpv4(spa)} > ${formatIpv4(tpa)}`;
}

function summarizeIp(version: string, data: Uint8Array, ip: IpPacket | undefined): string | undefined {
  if (ip === undefined) return undefined;
  const head = `${version} ${formatIp(ip.src)} > ${formatIp(ip.dst)}`;
  const name = protocolName(ip.proto);
  if (ip.fragmentOffset !== 0) return `${head} ${name} fragment at ${ip.fragmentOffset}`;
  return `${head} ${summarizeTransport(data, ip) ?? `malformed ${name}`}${ip.moreFragments ? ' first fragment' : ''}`;
}

function summarizeTransport(data: Uint8Array, ip: IpPacket): string | undefined {
  switch (ip.proto) {
    case IP_PROTO.ICMP:
      return summarizeIcmp('ICMP', ICMP_NAMES, data, ip);
    case IP_PROTO.ICMPV6:
      return summarizeNd(data, ip) ?? summarizeIcmp('ICMPv6', ICMPV6_NAMES, data, ip);
    case IP_PROTO.TCP:
      return summarizeTcp(data, ip);
    case IP_PROTO.UDP:
      return summarizeUdp(data, ip);
    case IP_PROTO.SCTP: {
      const sctp = parseSctp(data, ip.payload, ip.end);
      return sctp && `SCTP ${sctp.srcPort} > ${sctp.dstPort}`;
    }
    default:
      return protocolName(ip.proto);
  }
}

function summarizeIcmp(
  name: string,
  types: ReadonlyMap<number, string>,
  data: Uint8Array,
  ip: IpPacket,
): string | undefined {
  const icmp = parseIcmp(data, ip.payload, ip.end);
  return icmp && `${name} ${types.get(icmp.type) ?? `type ${icmp.type} code ${icmp.code}`}`;
}

function summarizeNd(data: Uint8Array, ip: IpPacket): string | undefined {
  const nd = parseNd(data, ip.payload, ip.end);
  switch (nd?.type) {
    case 'neighborSolicitation':
      return `ICMPv6 neighbor solicitation who-has ${formatIpv6(nd.target)}`;
    case 'neighborAdvertisement': {
      const where = nd.targetLinkLayer === undefined ? '' : ` is-at ${formatMac(nd.targetLinkLayer)}`;
      return `ICMPv6 neighbor advertisement ${formatIpv6(nd.target)}${where}`;
    }
    default:
      return undefined;
  }
}

function summarizeTcp(data: Uint8Array, ip: IpPacket): string | undefined {
  const tcp = parseTcp(data, ip.payload, ip.end);
  if (tcp === undefined) return undefined;
  const flags = Object.entries(TCP_FLAG)
    .filter(([, bit]) => (tcp.flags & bit) !== 0)
    .map(([flag]) => ` ${flag}`)
    .join('');
  return `TCP ${tcp.srcPort} > ${tcp.dstPort}${flags}`;
}

function summarizeUdp(data: Uint8Array, ip: IpPacket): string | undefined {
  const udp = parseUdp(data, ip.payload, ip.end);
  if (udp === undefined) return undefined;
  const dhcp = udp.dstPort === DHCP_PORT.SERVER || udp.dstPort === DHCP_PORT.CLIENT;
  const details = dhcp ? summarizeDhcp(data, udp.payload, udp.end) : undefined;
  return details ?? `UDP ${udp.srcPort} > ${udp.dstPort}`;
}

function summarizeDhcp(data: Uint8Array, offset: number, end: number): string | undefined {
  const dhcp = parseDhcp(data, offset, end);
  if (dhcp === undefined) return undefined;
  const name = DHCP_NAMES.get(dhcp.messageType) ?? `type ${dhcp.messageType}`;
  const offered = dhcp.yiaddr || dhcp.requestedIp;
  const address = offered ? ` ${formatIpv4(offered)}` : '';
  const hostname = dhcp.hostname === undefined ? '' : ` (${printable(dhcp.hostname)})`;
  return `DHCP ${name}${address} for ${formatMac(dhcp.chaddr)}${hostname}`;
}

function summarizeLldp(data: Uint8Array, offset: number): string | undefined {
  const lldp = parseLldp(data, offset);
  if (lldp === undefined) return undefined;
  const chassis = describeId(lldp.chassisId, CHASSIS_ID_SUBTYPE.MAC);
  const port = describeId(lldp.portId, PORT_ID_SUBTYPE.MAC);
  return `LLDP chassis ${chassis} port ${port} ttl ${lldp.ttl} s`;
}

function describeId(id: LldpId, macSubtype: number): string {
  const mac = id.subtype === macSubtype ? lldpIdMac(id) : undefined;
  return mac === undefined ? printable(lldpIdText(id)) : formatMac(mac);
}

/** Strangers' text on one line: no control or format characters (which could steer a terminal), not too long. */
function printable(value: string): string {
  const clean = value.slice(0, MAX_TEXT).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return value.length > MAX_TEXT ? `${clean}…` : clean;
}

function protocolName(proto: number): string {
  return PROTO_NAMES.get(proto)?.toUpperCase() ?? `protocol ${proto}`;
}

/** `{ ECHO_REQUEST: 8 }` as 8 → 'echo request'. */
function namesOf(constants: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(constants).map(([name, value]) => [value, name.toLowerCase().replaceAll('_', ' ')]));
}
