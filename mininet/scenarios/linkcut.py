"""A link is cut under traffic: how long until every ping over it is answered again?

Pairs ping at 10 ms intervals; the link that carries most of their frames, and has a way around it, is cut. Figures:
gapMs (the longest time without an answer), lost (pings), lostPairs (of all pairs, with the link down) and
lostPairsRestored, lostOnReturn (pings while the link came back), relinkS (from then until it is seen).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import time

from lab.network import port_of, set_links
from lab.pings import lost_pairs, pairs
from lab.program import scenario
from lab.streams import Streams

PAIRS = 6
BEFORE_S = 1
AFTER_S = 1


def run(lab, options):
    network = lab.bring_up()
    lab.rest.wait_for_discovery(network)
    # Everybody has spoken, as in a network that has run for a while.
    first = lost_pairs(pairs(network.hosts))
    return dict(cut_under_traffic(network, lab.rest, pairs(network.hosts)), lostBefore=first)


class NoWayAround(ValueError):
    """No link can be cut without cutting the network in two."""


def cut_under_traffic(network, rest, all_pairs):
    """all_pairs: the pairs that must still ping with the link down, and when it is back"""
    expected = network.expected_links()
    watched = far_pairs(network.hosts)
    with Streams() as streams:
        streams.start(watched)
        time.sleep(BEFORE_S / 2)
        link = busiest(on_paths(network, rest, watched), BEFORE_S / 2)
        without = expected - {frozenset(map(port_of, (link.intf1, link.intf2)))}
        change_link(link, 'down', rest, without)
        pings = streams.finish()
    lost_after = lost_pairs(all_pairs)
    with Streams() as streams:
        streams.start(watched)
        time.sleep(BEFORE_S)
        relink = change_link(link, 'up', rest, expected)
        pings_back = streams.finish()
    worst = max(pings, key=lambda ping: (ping['lost'], ping['gapMs'] or 0))
    return {'link': '%s - %s' % (link.intf1.name, link.intf2.name), 'gapMs': worst['gapMs'], 'lost': worst['lost'],
            'lostPairs': lost_after, 'relinkS': round(relink, 3), 'lostPairsRestored': lost_pairs(all_pairs),
            'lostOnReturn': sum(ping['lost'] for ping in pings_back), 'pings': pings, 'pingsBack': pings_back}


def change_link(link, state, rest, expected):
    """Cuts or restores a link, and waits until the controller has seen it and the rules have followed; seconds until
    it was seen."""
    set_links([link], state)
    seen = rest.wait_for_links(expected)
    rest.wait_until('All rules on all switches', rest.rules_are_installed, 10)
    time.sleep(AFTER_S)
    return seen


def far_pairs(hosts):
    """Pairs of hosts far from each other: each of the first with its counterpart in the other half."""
    half = len(hosts) // 2
    return list(zip(hosts[:half], hosts[half:]))[:PAIRS]


def on_paths(network, rest, watched):
    """The fabric links on the pairs' shortest paths, as the controller names them, that are no bridge of the graph."""
    links = []
    for source, target in watched:
        hops = rest.path(source.MAC(), target.MAC())
        for one, other in zip(hops, hops[1:]):
            link = network.link_between((one['dpid'], one['outPort']), (other['dpid'], other['inPort']))
            if link not in links and has_way_around(network.fabric(), link):
                links.append(link)
    if not links:
        raise NoWayAround('No link on a path between far hosts has a way around it; choose a topology with loops')
    return links


def has_way_around(fabric, cut):
    """Are the ends of a link connected without it?"""
    reached, grown = {cut.intf1.node}, True
    while grown:
        grown = False
        for link in fabric:
            ends = {link.intf1.node, link.intf2.node}
            if link is not cut and len(ends & reached) == 1:
                reached |= ends
                grown = True
    return cut.intf2.node in reached


def busiest(links, seconds):
    """The link that carries most frames for so long; a path among several equal ones may have none of a pair's."""
    before = [frames(link) for link in links]
    time.sleep(seconds)
    return max(zip(links, before), key=lambda pair: frames(pair[0]) - pair[1])[0]


def frames(link):
    """Frames that went over a link so far, both ways."""
    return sum(read_counter(link.intf1.name, name) for name in ('rx_packets', 'tx_packets'))


def read_counter(interface, name):
    with open('/sys/class/net/%s/statistics/%s' % (interface, name), encoding='ascii') as file:
        return int(file.read())


if __name__ == '__main__':
    scenario(__doc__, run)
