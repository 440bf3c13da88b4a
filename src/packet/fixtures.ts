/** What the tests of this room share: hex, arbitrary values, and a frame of every kind. Nothing else imports it. */
import * as fc from 'fast-check';
import { ARP_OP, buildArp } from './arp.ts';
import { DHCP_MESSAGE_TYPE, DHCP_OP } from './dhcp.ts';
import { buildDhcp } from './dhcp-build.ts';
import type { LinkHeader } from './ethernet.ts';
import { ETHER_TYPE, buildEthernet } from './ethernet.ts';
import { buildIcmpEcho } from './icmp.ts';
import { IP_PROTO } from './ip-proto.ts';
import { buildIpv4 } from './ipv4.ts';
import { buildIpv6 } from './ipv6.ts';
import { CHASSIS_ID_SUBTYPE, PORT_ID_SUBTYPE } from './lldp.ts';
import { buildLldp, lldpMacId, lldpTextId } from './lldp-build.ts';
import {
  buildNeighborAdvertisement,
  buildNeighborSolicitation,
  buildRouterAdvertisement,
  buildRouterSolicitation,
} from './nd-build.ts';
import { buildTcp, buildUdp, TCP_FLAG } from './transport.ts';

/** Bytes from hex digits; white space is for the reader. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replaceAll(/\s/g, '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export const arbitrary = {
  mac: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  u8: fc.integer({ min: 0, max: 0xff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  u32: fc.integer({ min: 0, max: 0xffffffff }),
  ipv6: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  /** Not a group: a target or a next hop. */
  ipv6Host: fc.bigInt({ min: 1n, max: (0xffn << 120n) - 1n }),
  bytes: fc.uint8Array({ maxLength: 200 }),
  tags: fc.array(
    fc.record({
      vid: fc.integer({ min: 0, max: 0xfff }),
      pcp: fc.integer({ min: 0, max: 7 }),
      dei: fc.boolean(),
      tpid: fc.constantFrom(ETHER_TYPE.VLAN, ETHER_TYPE.SVLAN),
    }),
    { maxLength: 2 },
  ),
};

export const A = { mac: 0x0200_0000_0001, ip: 0x0a000001, ip6: 0xfe80_0000_0000_0000_0000_0000_0000_0001n } as const;
export const B = { mac: 0x0200_0000_0002, ip: 0x0a000002, ip6: 0xfe80_0000_0000_0000_0000_0000_0000_0002n } as const;
export const LINK: LinkHeader = { ethDst: B.mac, ethSrc: A.mac };
export const V4 = { src: A.ip, dst: B.ip } as const;
export const V6 = { src: A.ip6, dst: B.ip6 } as const;

const PING = { identifier: 7, sequence: 1, payload: hex('61 62 63') };
const NA = { target: A.ip6, targetLinkLayer: A.mac, router: true, solicited: true, override: true } as const;
const PREFIX = {
  prefix: 0x2001_0db8n << 96n,
  prefixLength: 64,
  onLink: true,
  autonomous: true,
  validLifetime: 3600,
  preferredLifetime: 1800,
};
const RA = {
  hopLimit: 64,
  managed: true,
  other: false,
  routerLifetime: 1800,
  reachableTimeMs: 30_000,
  retransTimerMs: 1000,
  mtu: 1500,
  prefixes: [PREFIX, { ...PREFIX, prefix: 0x2001_0db9n << 96n }],
};
const DHCP = { xid: 0x12345678, chaddr: A.mac };
/** Ports that tshark ties to no protocol. */
const PORTS = { srcPort: 49_200, dstPort: 49_201 };
const UDP4 = buildUdp({ ...LINK, ...V4, ...PORTS, payload: hex('0001020304050607') });
const UDP6 = buildUdp({ ...LINK, ...V6, ...PORTS, payload: hex('0001020304050607') });
const IP_PACKET = UDP4.subarray(14, 14 + 36);
const DATAGRAM = UDP4.subarray(34, 34 + 16);
const DATAGRAM6 = UDP6.subarray(54, 54 + 16);
/** Hop-by-hop and destination options of one PadN each. */
const EXTENSIONS = hex('3c00 0104 00000000  1100 0104 00000000');

/** One valid frame of every kind that this room builds. */
export const FRAMES: Readonly<Record<string, Uint8Array>> = {
  arpRequest: buildArp({ op: ARP_OP.REQUEST, sha: A.mac, spa: A.ip, tha: 0, tpa: B.ip }),
  arpReply: buildArp({ op: ARP_OP.REPLY, sha: B.mac, spa: B.ip, tha: A.mac, tpa: A.ip, tags: [{ vid: 10, pcp: 3 }] }),
  ping: buildIcmpEcho({ ...LINK, ...V4, ...PING }),
  pingReply: buildIcmpEcho({ ...LINK, ...V4, ...PING, reply: true }),
  ping6: buildIcmpEcho({ ...LINK, ...V6, ...PING, tags: [{ vid: 0, pcp: 5 }] }),
  udp: buildUdp({ ...LINK, ...V4, dscp: 46, ecn: 1, ...PORTS, payload: hex('01 02 03') }),
  udp6: buildUdp({ ...LINK, ...V6, dscp: 10, ecn: 2, flowLabel: 0xabcde, ...PORTS }),
  tcp: buildTcp({ ...LINK, ...V4, srcPort: 40_000, dstPort: 80, seq: 1 }),
  tcp6: buildTcp({ ...LINK, ...V6, srcPort: 40_000, dstPort: 80, flags: TCP_FLAG.RST | TCP_FLAG.ACK, ack: 2 }),
  /** Options: router alert (RFC 2113). */
  routerAlert: buildIpv4({
    ...LINK,
    ...V4,
    options: hex('94 04 00 00'),
    proto: IP_PROTO.UDP,
    payload: DATAGRAM,
  }),
  firstFragment: buildIpv4({
    ...LINK,
    ...V4,
    moreFragments: true,
    proto: IP_PROTO.UDP,
    payload: DATAGRAM.subarray(0, 8),
  }),
  laterFragment: buildIpv4({
    ...LINK,
    ...V4,
    fragmentOffset: 8,
    proto: IP_PROTO.UDP,
    payload: DATAGRAM.subarray(8),
  }),
  extensions: buildIpv6({
    ...LINK,
    ...V6,
    proto: IP_PROTO.HOP_BY_HOP,
    payload: Uint8Array.of(...EXTENSIONS, ...DATAGRAM6),
  }),
  /** Fragment header: UDP follows, offset 0, more to come. */
  firstFragment6: buildIpv6({
    ...LINK,
    ...V6,
    proto: IP_PROTO.FRAGMENT,
    payload: Uint8Array.of(...hex('1100 0001 00000009'), ...DATAGRAM6.subarray(0, 8)),
  }),
  /** Fragment header: UDP continues at byte 8. */
  laterFragment6: buildIpv6({
    ...LINK,
    ...V6,
    proto: IP_PROTO.FRAGMENT,
    payload: Uint8Array.of(...hex('1100 0008 00000009'), ...DATAGRAM6.subarray(8)),
  }),
  neighborSolicitation: buildNeighborSolicitation({ ethSrc: A.mac, src: A.ip6, target: B.ip6 }),
  duplicateDetection: buildNeighborSolicitation({ ethSrc: A.mac, src: 0n, target: A.ip6 }),
  neighborAdvertisement: buildNeighborAdvertisement({ ...LINK, ...V6, ...NA }),
  routerSolicitation: buildRouterSolicitation({ ethSrc: A.mac, src: A.ip6 }),
  routerAdvertisement: buildRouterAdvertisement({ ethSrc: A.mac, src: A.ip6, ...RA }),
  dhcpDiscover: buildDhcp({
    ...LINK,
    ...DHCP,
    ethDst: 0xffffffffffff,
    src: 0,
    dst: 0xffffffff,
    op: DHCP_OP.BOOTREQUEST,
    messageType: DHCP_MESSAGE_TYPE.DISCOVER,
    broadcast: true,
    requestedIp: A.ip,
    hostname: 'h1',
  }),
  dhcpAck: buildDhcp({
    ...LINK,
    ...DHCP,
    src: B.ip,
    dst: A.ip,
    op: DHCP_OP.BOOTREPLY,
    messageType: DHCP_MESSAGE_TYPE.ACK,
    yiaddr: A.ip,
    serverId: B.ip,
    leaseTime: 3600,
  }),
  lldp: buildLldp({
    ethSrc: A.mac,
    chassisId: lldpMacId(CHASSIS_ID_SUBTYPE.MAC, A.mac),
    portId: lldpTextId(PORT_ID_SUBTYPE.INTERFACE_NAME, 's1-eth1'),
    ttl: 120,
    portDescription: 'to s2',
    systemName: 's1',
    systemDescription: 'a switch',
    organizational: [{ oui: 0x0080c2, subtype: 1, value: hex('000a') }],
  }),
  qinq: buildUdp({
    ...LINK,
    ...V4,
    tags: [{ vid: 100, tpid: ETHER_TYPE.SVLAN }, { vid: 10 }],
    ...PORTS,
  }),
  mpls: buildEthernet({
    ...LINK,
    etherType: ETHER_TYPE.MPLS,
    payload: Uint8Array.of(...hex('0006 4b40'), ...IP_PACKET),
  }),
};
