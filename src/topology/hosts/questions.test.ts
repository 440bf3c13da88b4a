import { describe, expect, it } from 'vitest';
import { parseIpv6, parseMac } from '../../core/addresses.ts';
import {
  ARP_OP,
  ETHER_TYPE,
  isAcceptableNd,
  isArpProbe,
  parseArp,
  parseEthernet,
  parseIpv6 as parseIpv6Packet,
  parseNd,
  solicitedNode,
} from '../../packet/index.ts';
import { P1, TestSegment } from '../testing/segment.ts';
import { CONTROLLER_MAC, linkLocalOf, whoHas } from './questions.ts';

const M = parseMac('02:00:00:00:00:01')!;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;

describe('a question', () => {
  it('for an IPv4 address is an ARP probe, which nobody learns from', () => {
    const frame = whoHas(IP);
    const ethernet = parseEthernet(frame)!;
    const arp = parseArp(frame, ethernet.payload)!;
    expect(ethernet).toMatchObject({ dst: 0xffff_ffff_ffff, src: CONTROLLER_MAC, vlan: undefined });
    expect(arp).toMatchObject({ op: ARP_OP.REQUEST, sha: CONTROLLER_MAC, tpa: IP });
    expect(isArpProbe(arp)).toBe(true);
  });

  it('for an IPv6 address is a solicitation that hosts accept, to its group', () => {
    const frame = whoHas(IP6);
    const ip = parseIpv6Packet(frame, parseEthernet(frame)!.payload)!;
    const nd = parseNd(frame, ip.payload, ip.end)!;
    expect(isAcceptableNd(frame, ip, nd)).toBe(true);
    expect(ip.dst).toBe(solicitedNode(IP6));
    expect(nd).toEqual({ type: 'neighborSolicitation', target: IP6, sourceLinkLayer: CONTROLLER_MAC });
  });

  it.each([
    ['IPv4', IP, ETHER_TYPE.ARP],
    ['IPv6', IP6, ETHER_TYPE.IPV6],
  ])('to one host goes to it alone, in its VLAN: %s', (_, address, etherType) => {
    expect(parseEthernet(whoHas(address, { mac: M, vlan: 7 }))).toMatchObject({ dst: M, vlan: 7, etherType });
    expect(parseEthernet(whoHas(address, { mac: M, vlan: undefined }))).toMatchObject({ dst: M, vlan: undefined });
  });

  it('is never taken for a host that speaks, wherever it comes back', () => {
    const world = new TestSegment();
    for (const frame of [whoHas(IP), whoHas(IP6)]) world.hosts.frame(frame, P1);
    expect([...world.network.hosts()]).toEqual([]);
  });
});

describe('the link-local address of a MAC', () => {
  it.each([
    ['02:00:00:00:00:01', 'fe80::ff:fe00:1'],
    ['34:56:78:9a:bc:de', 'fe80::3656:78ff:fe9a:bcde'],
  ])('of %s is %s (RFC 4291 appendix A)', (mac, ip) => {
    expect(linkLocalOf(parseMac(mac)!)).toBe(parseIpv6(ip));
  });
});
