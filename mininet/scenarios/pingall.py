"""Every pair of hosts pings, first over IPv4 in Mininet's order, then over IPv6.

Figures: discoveryS (from the last switch's connecting to the last link), portsOpenS and rulesS (to every host port known
and every rule installed), ipv4Lost and ipv6Lost (the pairs whose ping got no answer within a second or two).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from lab.pings import lost_in_turn, lost_pairs, pairs
from lab.program import scenario


def run(lab, options):
    ipv6 = not options.silent
    quiet = {'mac': options.mac or options.silent, 'arp': options.arp or options.silent}
    protocols = None if options.protocols == 'any' else options.protocols
    network = lab.bring_up(ipv6=ipv6, protocols=protocols, **quiet)
    figures = {'switches': len(network.switches), 'hosts': len(network.hosts), 'links': len(network.fabric())}
    if options.wait == 'discovery':
        figures.update(lab.rest.wait_for_discovery(network))
    else:
        lab.rest.wait_for_switches([switch.dpid.rjust(16, '0') for switch in network.switches])
    figures['ipv4Lost'] = lost_in_turn(network.hosts)
    if ipv6:
        figures['ipv6Lost'] = lost_pairs(pairs(network.hosts), family=6)
    figures['hostsSeen'] = len(lab.rest.get('hosts')['items'])
    return figures


def add_arguments(parser):
    parser.add_argument('--mac', action='store_true', help='hosts have MAC addresses by number, as with mn --mac')
    parser.add_argument('--arp', action='store_true', help='hosts know each other\'s MAC address, as with mn --arp')
    parser.add_argument('--silent', action='store_true', help='--mac --arp and no IPv6: no host ever speaks first')
    parser.add_argument('--protocols', default='OpenFlow13', help='of the bridges; "any": what OVS offers by itself')
    parser.add_argument('--wait', choices=['discovery', 'switches'], default='discovery', help='what to wait for before pinging')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments)
