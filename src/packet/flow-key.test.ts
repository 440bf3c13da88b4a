import { describe, expect, it } from 'vitest';
import { buildEthernet, ETHER_TYPE } from './ethernet.ts';
import { A, B, FRAMES, hex, LINK, V4, V6 } from './fixtures.ts';
import type { PacketFields } from './flow-key.ts';
import { toMatchFields } from './flow-key.ts';
import { buildIcmp } from './icmp.ts';
import { buildIpv4 } from './ipv4.ts';

const LINK_FIELDS = { inPort: 3, ethDst: B.mac, ethSrc: A.mac, vlanVid: 0 };
const IPV4 = { ...LINK_FIELDS, ethType: 0x0800, ipv4Src: A.ip, ipv4Dst: B.ip, ipDscp: 0, ipEcn: 0 };
const IPV6 = { ...LINK_FIELDS, ethType: 0x86dd, ipv6Src: A.ip6, ipv6Dst: B.ip6, ipv6Flabel: 0, ipDscp: 0, ipEcn: 0 };
const UDP = { ipProto: 17, udpSrc: 49_200, udpDst: 49_201 };

const EXPECTED: Readonly<Record<string, PacketFields>> = {
  arpRequest: {
    ...LINK_FIELDS,
    ethDst: 0xffffffffffff,
    ethType: 0x0806,
    arpOp: 1,
    arpSha: A.mac,
    arpSpa: A.ip,
    arpTha: 0,
    arpTpa: B.ip,
  },
  ping: { ...IPV4, ipProto: 1, icmpv4Type: 8, icmpv4Code: 0 },
  ping6: { ...IPV6, vlanVid: 0x1000, vlanPcp: 5, ipProto: 58, icmpv6Type: 128, icmpv6Code: 0 },
  udp: { ...IPV4, ...UDP, ipDscp: 46, ipEcn: 1 },
  udp6: { ...IPV6, ...UDP, ipDscp: 10, ipEcn: 2, ipv6Flabel: 0xabcde },
  tcp: { ...IPV4, ipProto: 6, tcpSrc: 40_000, tcpDst: 80 },
  firstFragment: { ...IPV4, ipProto: 17, udpSrc: 0, udpDst: 0 },
  laterFragment: { ...IPV4, ipProto: 17, udpSrc: 0, udpDst: 0 },
  extensions: { ...IPV6, ...UDP },
  firstFragment6: { ...IPV6, ipProto: 17, udpSrc: 0, udpDst: 0 },
  laterFragment6: { ...IPV6, ipProto: 44 },
  neighborSolicitation: {
    ...IPV6,
    ethDst: 0x3333ff000002,
    ipv6Dst: 0xff02_0000_0000_0000_0000_0001_ff00_0002n,
    ipProto: 58,
    icmpv6Type: 135,
    icmpv6Code: 0,
    ipv6NdTarget: B.ip6,
    ipv6NdSll: A.mac,
  },
  neighborAdvertisement: {
    ...IPV6,
    ipProto: 58,
    icmpv6Type: 136,
    icmpv6Code: 0,
    ipv6NdTarget: A.ip6,
    ipv6NdTll: A.mac,
  },
  lldp: { ...LINK_FIELDS, ethDst: 0x0180c200000e, ethType: 0x88cc },
  qinq: { ...LINK_FIELDS, vlanVid: 0x1064, vlanPcp: 0, ethType: ETHER_TYPE.VLAN },
  mpls: { ...LINK_FIELDS, ethType: 0x8847, mplsLabel: 100, mplsTc: 5, mplsBos: 1 },
};

describe('toMatchFields', () => {
  it.each(Object.entries(EXPECTED))('reads %s', (name, expected) => {
    expect(toMatchFields(FRAMES[name] ?? hex(''), 3)).toEqual(expected);
  });

  it('looks past a second tag where the switch does', () => {
    const fields = toMatchFields(FRAMES.qinq ?? hex(''), 3, 2);
    expect(fields).toEqual({ ...IPV4, ...UDP, vlanVid: 0x1064, vlanPcp: 0 });
  });

  it('reads SCTP ports', () => {
    const frame = buildIpv4({ ...LINK, ...V4, proto: 132, payload: hex('0001 0002 00000000 00000000') });
    expect(toMatchFields(frame, 3)).toEqual({ ...IPV4, ipProto: 132, sctpSrc: 1, sctpDst: 2 });
  });

  it('keeps what a frame cut at max_len still tells', () => {
    const udp = FRAMES.dhcpAck ?? hex('');
    expect(toMatchFields(udp.subarray(0, 128), 1)).toEqual(toMatchFields(udp, 1));
  });

  it('leaves out the fields of headers that are malformed or missing', () => {
    const empty = (etherType: number) => toMatchFields(buildEthernet({ ...LINK, etherType, payload: hex('') }), 3);
    for (const ethType of [0x0800, 0x0806, 0x86dd]) expect(empty(ethType)).toEqual({ ...LINK_FIELDS, ethType });
    const tcp = buildIpv4({ ...LINK, ...V4, proto: 6, payload: hex('0001 0002') });
    expect(toMatchFields(tcp, 3)).toEqual({ ...IPV4, ipProto: 6 });
    const solicitation = buildIcmp({ ...LINK, ...V6, message: hex('8700 0000 0000 0000') });
    expect(toMatchFields(solicitation, 3)).toEqual({ ...IPV6, ipProto: 58, icmpv6Type: 135, icmpv6Code: 0 });
    expect(toMatchFields(hex('0102'), 3)).toBeUndefined();
  });

  it('reads no ICMPv6 type from IPv4, and no ICMP type from IPv6', () => {
    const frame = buildIpv4({ ...LINK, ...V4, proto: 58, payload: hex('8000 0000 0000 0000') });
    expect(toMatchFields(frame, 3)).toEqual({ ...IPV4, ipProto: 58 });
  });
});
