import { describe, expect, it } from 'vitest';
import type { Match } from '../match-types.ts';
import { unmetPrerequisites } from './unmet.ts';

describe('unmet prerequisites', () => {
  it.each<[Match, string[]]>([
    [{}, []],
    [{ ethType: 0x0800, ipv4Dst: 1 }, []],
    [{ ipv4Dst: 1 }, ['ipv4_dst needs eth_type ipv4']],
    [{ ethType: 0x86dd, ipv4Dst: { value: 1, mask: 1 } }, ['ipv4_dst needs eth_type ipv4']],
    [{ ipProto: 6 }, ['ip_proto needs eth_type ipv4,ipv6']],
    [{ ethType: 0x0800, tcpDst: 80 }, ['tcp_dst needs ip_proto 6']],
    [{ ethType: 0x0800, ipProto: 17, tcpDst: 80 }, ['tcp_dst needs ip_proto 6']],
    [{ vlanPcp: 3 }, ['vlan_pcp needs vlan_vid ']],
    [{ vlanPcp: 3, vlanVid: 0 }, ['vlan_pcp needs vlan_vid ']],
    [{ vlanPcp: 3, vlanVid: 0x1064 }, []],
    [{ inPhyPort: 3 }, ['in_phy_port needs in_port ']],
    [{ arpSpa: 1, ipv6Src: 1n }, ['arp_spa needs eth_type arp', 'ipv6_src needs eth_type ipv6']],
  ])('of %o are %j', (match, expected) => {
    const told = unmetPrerequisites(match).map(
      ({ field, needs, values }) => `${field} needs ${needs} ${values.join()}`,
    );
    expect(told).toEqual(expected);
  });
});
