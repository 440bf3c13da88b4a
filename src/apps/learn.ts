/**
 * Learn: frames of a known host at its port pass; those of an unknown one pass too, and are shown to the controller. ARP,
 * ND and DHCP are always shown, since they tell which addresses a host has.
 */
import { apply, ETHER_TYPE, formatMac, goto, IP_PROTO, parseMac, toController } from './sdk.ts';
import type { App, Instruction, Match } from './sdk.ts';

const PRIORITY = { TELLING: 30, KNOWN: 10, UNKNOWN: 0 } as const;

const DHCP_SERVER_PORT = 67;
const DHCP_CLIENT_PORT = 68;
const NEIGHBOR_SOLICITATION = 135;
const NEIGHBOR_ADVERTISEMENT = 136;

const PASS: readonly Instruction[] = [goto('service')];
const PASS_AND_SHOW: readonly Instruction[] = [apply(toController()), goto('service')];

const TELLING: readonly Match[] = [
  { ethType: ETHER_TYPE.ARP },
  { ethType: ETHER_TYPE.IPV6, ipProto: IP_PROTO.ICMPV6, icmpv6Type: NEIGHBOR_SOLICITATION },
  { ethType: ETHER_TYPE.IPV6, ipProto: IP_PROTO.ICMPV6, icmpv6Type: NEIGHBOR_ADVERTISEMENT },
  { ethType: ETHER_TYPE.IPV4, ipProto: IP_PROTO.UDP, udpSrc: DHCP_SERVER_PORT },
  { ethType: ETHER_TYPE.IPV4, ipProto: IP_PROTO.UDP, udpSrc: DHCP_CLIENT_PORT },
];
const ANYTHING: Match = {};

/** Shows the controller what it needs to know hosts by; one unit a switch. */
export const show: App = {
  name: 'show',
  id: 3,
  units: (facts) => facts.switches(),
  build: (_facts, dpid, output) => {
    for (const match of TELLING) {
      output.rule(dpid, { table: 'learn', priority: PRIORITY.TELLING, match, instructions: PASS_AND_SHOW });
    }
    output.rule(dpid, { table: 'learn', priority: PRIORITY.UNKNOWN, match: ANYTHING, instructions: PASS_AND_SHOW });
  },
};

/** Lets known hosts pass unseen; one unit a host. */
export const learn: App = {
  name: 'learn',
  id: 4,
  units: (facts) => facts.hosts().map(formatMac),
  build: (facts, unit, output) => {
    const host = facts.host(parseMac(unit)!);
    if (!host || !facts.isHostPort(host.at)) return;
    const match = { inPort: host.at.port, ethSrc: host.mac };
    output.rule(host.at.dpid, { table: 'learn', priority: PRIORITY.KNOWN, match, instructions: PASS });
  },
};
