import { describe, expect, it } from 'vitest';
import { ARP_OP, buildArp } from './arp.ts';
import { DHCP_OP } from './dhcp.ts';
import { buildDhcp } from './dhcp-build.ts';
import { buildEthernet } from './ethernet.ts';
import { A, FRAMES, hex, LINK, V4 } from './fixtures.ts';
import { buildIpv4 } from './ipv4.ts';
import { buildLldp, lldpTextId } from './lldp-build.ts';
import { summarize } from './summary.ts';

const LINES: Readonly<Record<string, string>> = {
  arpRequest: 'ARP who-has 10.0.0.2 tell 10.0.0.1',
  arpReply: 'VLAN 10 ARP reply 10.0.0.2 is-at 02:00:00:00:00:02',
  ping: 'IPv4 10.0.0.1 > 10.0.0.2 ICMP echo request',
  pingReply: 'IPv4 10.0.0.1 > 10.0.0.2 ICMP echo reply',
  ping6: 'VLAN 0 IPv6 fe80::1 > fe80::2 ICMPv6 echo request',
  udp: 'IPv4 10.0.0.1 > 10.0.0.2 UDP 49200 > 49201',
  udp6: 'IPv6 fe80::1 > fe80::2 UDP 49200 > 49201',
  tcp: 'IPv4 10.0.0.1 > 10.0.0.2 TCP 40000 > 80 SYN',
  tcp6: 'IPv6 fe80::1 > fe80::2 TCP 40000 > 80 RST ACK',
  routerAlert: 'IPv4 10.0.0.1 > 10.0.0.2 UDP 49200 > 49201',
  firstFragment: 'IPv4 10.0.0.1 > 10.0.0.2 UDP 49200 > 49201 first fragment',
  laterFragment: 'IPv4 10.0.0.1 > 10.0.0.2 UDP fragment at 8',
  extensions: 'IPv6 fe80::1 > fe80::2 UDP 49200 > 49201',
  firstFragment6: 'IPv6 fe80::1 > fe80::2 UDP 49200 > 49201 first fragment',
  laterFragment6: 'IPv6 fe80::1 > fe80::2 UDP fragment at 8',
  neighborSolicitation: 'IPv6 fe80::1 > ff02::1:ff00:2 ICMPv6 neighbor solicitation who-has fe80::2',
  duplicateDetection: 'IPv6 :: > ff02::1:ff00:1 ICMPv6 neighbor solicitation who-has fe80::1',
  neighborAdvertisement: 'IPv6 fe80::1 > fe80::2 ICMPv6 neighbor advertisement fe80::1 is-at 02:00:00:00:00:01',
  routerSolicitation: 'IPv6 fe80::1 > ff02::2 ICMPv6 router solicitation',
  routerAdvertisement: 'IPv6 fe80::1 > ff02::1 ICMPv6 router advertisement',
  dhcpDiscover: 'IPv4 0.0.0.0 > 255.255.255.255 DHCP discover 10.0.0.1 for 02:00:00:00:00:01 (h1)',
  dhcpAck: 'IPv4 10.0.0.2 > 10.0.0.1 DHCP ack 10.0.0.1 for 02:00:00:00:00:01',
  lldp: 'LLDP chassis 02:00:00:00:00:01 port s1-eth1 ttl 120 s',
  qinq: 'VLAN 100 VLAN 10 IPv4 10.0.0.1 > 10.0.0.2 UDP 49200 > 49201',
  mpls: 'EtherType 0x8847 02:00:00:00:00:01 > 02:00:00:00:00:02',
};

describe('summarize', () => {
  it.each(Object.entries(FRAMES))('has a line for %s', (name, frame) => {
    expect(summarize(frame)).toBe(LINES[name]);
  });

  it('tells probes and announcements', () => {
    const arp = { op: ARP_OP.REQUEST, sha: A.mac, spa: 0, tha: 0, tpa: A.ip };
    expect(summarize(buildArp(arp))).toBe('ARP probe 10.0.0.1 from 02:00:00:00:00:01');
    expect(summarize(buildArp({ ...arp, spa: A.ip }))).toBe('ARP announcement 10.0.0.1 is-at 02:00:00:00:00:01');
    expect(summarize(buildArp({ ...arp, op: 9 }))).toBe('ARP op 9 0.0.0.0 > 10.0.0.1');
  });

  it('names protocols it cannot read further, and what is malformed', () => {
    const ip = (proto: number, payload: string) => buildIpv4({ ...LINK, ...V4, proto, payload: hex(payload) });
    expect(summarize(ip(2, ''))).toBe('IPv4 10.0.0.1 > 10.0.0.2 IGMP');
    expect(summarize(ip(200, ''))).toBe('IPv4 10.0.0.1 > 10.0.0.2 protocol 200');
    expect(summarize(ip(6, '0001'))).toBe('IPv4 10.0.0.1 > 10.0.0.2 malformed TCP');
    expect(summarize(ip(1, '2a03 0000 0000 0000'))).toBe('IPv4 10.0.0.1 > 10.0.0.2 ICMP type 42 code 3');
    expect(summarize(ip(132, '0001 0002 00000000 00000000'))).toBe('IPv4 10.0.0.1 > 10.0.0.2 SCTP 1 > 2');
    const ends = '02:00:00:00:00:01 > 02:00:00:00:00:02';
    const empty = (etherType: number) => summarize(buildEthernet({ ...LINK, etherType, payload: hex('') }));
    expect([0x0806, 0x0800, 0x86dd, 0x88cc].map(empty)).toEqual([
      `malformed ARP ${ends}`,
      `malformed IPv4 ${ends}`,
      `malformed IPv6 ${ends}`,
      `malformed LLDP ${ends}`,
    ]);
    expect(empty(0x0026)).toBe(`802.3 ${ends}`);
    expect(summarize(hex('0102'))).toBe('malformed Ethernet frame of 2 bytes');
  });

  it("keeps strangers' text to one short line", () => {
    const portId = lldpTextId(7, 'p\n\u001b[2J\u202e');
    const lldp = buildLldp({ ethSrc: A.mac, chassisId: lldpTextId(7, 'x'.repeat(100)), portId, ttl: 1 });
    expect(summarize(lldp)).toBe(`LLDP chassis ${'x'.repeat(64)}… port p\ufffd\ufffd[2J\ufffd ttl 1 s`);
    const dhcp = { ...LINK, ...V4, op: DHCP_OP.BOOTREQUEST, xid: 1, chaddr: A.mac, messageType: 99, hostname: '\r' };
    expect(summarize(buildDhcp(dhcp))).toMatch(/ DHCP type 99 for 02:00:00:00:00:01 \(\ufffd\)$/);
  });
});
