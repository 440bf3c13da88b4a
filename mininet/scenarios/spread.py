"""How evenly do flows spread over the links of a fat tree?

FLOWS TCP flows between hosts of different pods, each host the sender and the receiver of as many as any other, one
segment each. Figures: for each kind of link, by layer and direction: links, flows (over all of them), least and most
(flows on one link), worst (the most, as a multiple of an even share), idle (links without any); lost flows.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import time

from lab.frames import BroadcastWatch, tcp_frame
from lab.network import link_host
from lab.pings import lost_pairs, pairs
from lab.program import scenario

FIRST_PORT = 20000
# Between segments, so that no queue overflows; and after the last.
PAUSE_S, SETTLE_S = 0.005, 0.5


def run(lab, options):
    network = lab.bring_up(ipv6=False)
    lab.rest.wait_for_discovery(network)
    lost_before = lost_pairs(pairs(network.hosts))
    watch = BroadcastWatch(network)
    try:
        for flow in range(options.flows):
            source, target = ends_of(network.hosts, flow)
            watch.sender(source).send(tcp_frame(source, target, FIRST_PORT + flow, 0, flow))
            time.sleep(PAUSE_S)
        time.sleep(SETTLE_S)
    finally:
        watch.stop()
    arrived = sum(watch.at_host[(0, flow), ends_of(network.hosts, flow)[1].name] == 1 for flow in range(options.flows))
    return {'flows': options.flows, 'lost': options.flows - arrived, 'lostBefore': lost_before,
            'layers': layers(network, watch)}


def ends_of(hosts, flow):
    """Hosts follow each other pod by pod: from one on, those 1/4, 1/2 and 3/4 of them away are in other pods."""
    turn, index = divmod(flow, len(hosts))
    return hosts[index], hosts[(index + len(hosts) // 4 * (1 + turn % 3)) % len(hosts)]


def layers(network, watch):
    """The name of each kind of link -> its figures."""
    level = levels(network)
    loads = {}
    for link in network.fabric():
        for sender, receiver in ((link.intf1, link.intf2), (link.intf2, link.intf1)):
            kind = '%s to %s' % (level[sender.node], level[receiver.node])
            crossed = sum(1 for _frame, interface in watch.at_fabric if interface == receiver.name)
            loads.setdefault(kind, []).append(crossed)
    return {kind: load_figures(counts) for kind, counts in loads.items()}


def load_figures(counts):
    return {'links': len(counts), 'flows': sum(counts), 'least': min(counts), 'most': max(counts),
            'worst': round(max(counts) * len(counts) / sum(counts), 2), 'idle': counts.count(0)}


def levels(network):
    """Of each switch: edge has hosts, aggregation has an edge beside it, core is the rest."""
    edges = {intf.node for link in network.mininet.links if link_host(link) for intf in (link.intf1, link.intf2)}
    beside = {intf.node for link in network.fabric() for intf in (link.intf1, link.intf2)
              if {link.intf1.node, link.intf2.node} & edges}
    return {switch: 'edge' if switch in edges else 'aggregation' if switch in beside else 'core'
            for switch in network.switches}


def add_arguments(parser):
    parser.add_argument('--flows', type=int, default=200, help='(default %(default)s)')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments)
