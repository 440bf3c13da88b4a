/**
 * What a frame from a host port says about who is there: ARP (RFC 826), Neighbor Discovery (RFC 4861), DHCP (RFC 2131) and
 * any IP packet.
 */
import { isGroupMac } from '../../core/addresses.ts';
import type { Ip, Mac } from '../../core/addresses.ts';
import {
  DHCP_MESSAGE_TYPE,
  DHCP_PORT,
  ETHER_TYPE,
  IP_PROTO,
  isAcceptableNd,
  parseArp,
  parseDhcp,
  parseEthernet,
  parseIpv4,
  parseIpv6,
  parseNd,
  parseUdp,
} from '../../packet/index.ts';
import type { EthernetFrame, Ipv4Packet, Ipv6Packet, NdMessage } from '../../packet/index.ts';
import { isHostIp } from './host-address.ts';

export interface HostEvidence {
  /** The frame's sender. */
  readonly mac: Mac;
  readonly vlan: number | undefined;
  /** The sender's address, where the frame tells it. */
  readonly address: SenderAddress | undefined;
  /** A DHCP server has just given this address to that client. */
  readonly lease: { readonly mac: Mac; readonly ip: Ip } | undefined;
}

export interface SenderAddress {
  readonly ip: Ip;
  /** ARP and ND say whose an address is. An IP packet may have come through a router: then it is not its sender's. */
  readonly certain: boolean;
}

/** Undefined where the frame has no unicast sender. Never throws. */
export function readEvidence(frame: Uint8Array): HostEvidence | undefined {
  const ethernet = parseEthernet(frame);
  if (!ethernet || isGroupMac(ethernet.src) || ethernet.src === 0) return undefined;
  const { src: mac, vlan } = ethernet;
  switch (ethernet.etherType) {
    case ETHER_TYPE.ARP:
      return { mac, vlan, address: arpSender(frame, ethernet), lease: undefined };
    case ETHER_TYPE.IPV4: {
      const ip = parseIpv4(frame, ethernet.payload);
      const address = ip && isHostIp(ip.src) ? { ip: ip.src, certain: false } : undefined;
      return { mac, vlan, address, lease: ip && dhcpLease(frame, ip) };
    }
    case ETHER_TYPE.IPV6:
      return { mac, vlan, address: ipv6Sender(frame, ethernet), lease: undefined };
    default:
      return { mac, vlan, address: undefined, lease: undefined };
  }
}

function arpSender(frame: Uint8Array, ethernet: EthernetFrame): SenderAddress | undefined {
  const arp = parseArp(frame, ethernet.payload);
  return arp && arp.sha === ethernet.src && isHostIp(arp.spa) ? { ip: arp.spa, certain: true } : undefined;
}

function ipv6Sender(frame: Uint8Array, ethernet: EthernetFrame): SenderAddress | undefined {
  const ip = parseIpv6(frame, ethernet.payload);
  if (!ip) return undefined;
  if (ip.proto === IP_PROTO.ICMPV6 && ip.fragmentOffset === 0) {
    const nd = parseNd(frame, ip.payload, ip.end);
    if (nd) return ndSender(frame, { nd, ip, ethernet });
  }
  return isHostIp(ip.src) ? { ip: ip.src, certain: false } : undefined;
}

/** Nothing where the sender speaks for another (a proxy), or asks whether an address is free (RFC 4862 section 5.4). */
function ndSender(
  frame: Uint8Array,
  { nd, ip, ethernet }: { nd: NdMessage; ip: Ipv6Packet; ethernet: EthernetFrame },
): SenderAddress | undefined {
  if (!isAcceptableNd(frame, ip, nd)) return undefined;
  const advertised = nd.type === 'neighborAdvertisement';
  const linkLayer = advertised ? nd.targetLinkLayer : nd.sourceLinkLayer;
  if (linkLayer !== undefined && linkLayer !== ethernet.src) return undefined;
  const address = advertised ? nd.target : ip.src;
  return isHostIp(address) ? { ip: address, certain: true } : undefined;
}

function dhcpLease(frame: Uint8Array, ip: Ipv4Packet): HostEvidence['lease'] {
  if (ip.proto !== IP_PROTO.UDP || ip.fragmentOffset !== 0) return undefined;
  const udp = parseUdp(frame, ip.payload, ip.end);
  if (udp?.srcPort !== DHCP_PORT.SERVER) return undefined;
  const dhcp = parseDhcp(frame, udp.payload, udp.end);
  if (dhcp?.messageType !== DHCP_MESSAGE_TYPE.ACK || !isHostIp(dhcp.yiaddr)) return undefined;
  return { mac: dhcp.chaddr, ip: dhcp.yiaddr };
}
