"""A host moves under traffic: how long until it is reachable, and is any rule for its old place left?

The first host and a far one ping each other at 10 ms intervals. In turns the host is unplugged and plugged in at the next
switch (`cable`), or goes over to another network card there while the old one stays plugged in and falls silent (`card`),
so that the old port must be asked first. Figures of each move: gapMs (the longest time without an answered ping from the
moment on when the new port is added, or the card takes over; of the two ways the longer), rulesLeft (of its old place, on
any switch). Over all moves of a kind: medianMs, worstMs.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import json
import statistics
import subprocess
import time

from lab.network import port_of
from lab.pings import in_host, lost_pairs, pairs
from lab.program import scenario
from lab.streams import Streams

BEFORE_S, UNPLUGGED_S, AFTER_S = 0.5, 0.1, 1.5
# What an idle card is called by.
IDLE_MAC = '02:1d:1e:00:00:01'


def run(lab, options):
    network = lab.bring_up(start=False, ipv6=False)
    host, far = network.hosts[0], network.hosts[len(network.hosts) // 2]
    cable = host.defaultIntf()
    # A second card, far from the first, that is plugged in all the time and has nothing to say.
    card = network.mininet.addLink(host, network.switches[-1]).intf1
    host.cmd('ip link set dev %s address %s up' % (card, IDLE_MAC))
    network.start()
    lab.rest.wait_for_discovery(network)
    lost_before = lost_pairs(pairs(network.hosts))
    moves = []
    for turn in range(options.rounds):
        moves.append(measure('cable', lab.rest, (host, far), port_at_switch(cable),
                             replug(network, port_at_switch(cable), turn)))
    cards = [cable, card]
    for _turn in range(options.rounds):
        moves.append(measure('card', lab.rest, (host, far), port_at_switch(cards[0]), go_over(host, far, *cards)))
        cards.reverse()
    return dict(kinds(moves), lostBefore=lost_before, lostAfter=lost_pairs(pairs(network.hosts)), moves=moves)


def measure(kind, rest, ends, place, move):
    """place: the switch's interface that the host leaves; move: moves it, and answers when, and the interface it is at
    then"""
    host, far = ends
    old, mac = port_of(place), host.MAC()
    with Streams() as streams:
        streams.start([(host, far), (far, host)])
        time.sleep(BEFORE_S)
        began, place = move()
        time.sleep(AFTER_S)
        streams.finish()
        gap = max(longest_silence(stream, began) for stream in streams.streams)
    rest.wait_until('All rules on all switches', rest.rules_are_installed, 10)
    return {'kind': kind, 'from': list(old), 'to': list(port_of(place)), 'gapMs': round(gap * 1000, 1),
            'rulesLeft': len(rules_left(rest, mac, old, port_of(place)))}


def longest_silence(stream, began):
    """Seconds without an answer, from then until the last request was sent."""
    times = [began, *sorted(arrived for arrived in stream.arrived.values() if arrived > began), stream.sent[-1]]
    return max(later - earlier for earlier, later in zip(times, times[1:]))


def replug(network, place, turn):
    """Mininet's own way to move a host (examples/mobility.py): its cable's end goes over to another switch. Not to the
    last one: the other card is there."""
    def move():
        old, new = place.node, network.switches[(turn + 1) % (len(network.switches) - 1)]
        old.detach(place)
        old.delIntf(place)
        time.sleep(UNPLUGGED_S)
        new.addIntf(place)
        place.node = new
        began = time.monotonic()
        subprocess.run(['ovs-vsctl', '--timeout=10', 'add-port', new.name, place.name, '--', 'set', 'Interface',
                        place.name, 'ofport_request=%d' % new.ports[place]], check=True)
        return began, place
    return move


def go_over(host, far, one, other):
    """The host's addresses go from one card to another, as with a bond whose first link has failed without a word."""
    def move():
        commands = ['address flush dev %s' % one, 'link set dev %s address %s' % (one, IDLE_MAC),
                    'link set dev %s address %s' % (other, mac), 'address add %s/8 dev %s' % (host.IP(), other),
                    'neighbour replace %s lladdr %s dev %s' % (far.IP(), far.MAC(), other)]
        began = time.monotonic()
        in_host(host, ['ip', '-batch', '-'], stdin=subprocess.PIPE, text=True).communicate('\n'.join(commands) + '\n')
        return began, port_at_switch(other)
    mac = host.MAC()
    return move


def port_at_switch(intf):
    """The other end of a host's cable."""
    return intf.link.intf2 if intf.link.intf1 is intf else intf.link.intf1


def rules_left(rest, mac, old, new):
    """Rules by which the host would still be at its old place: its frames pass there, or those to it leave there."""
    left = []
    for dpid in rest.connected():
        for flow in rest.get('switches/%s/flows' % dpid)['items']:
            match = flow['match']
            passes = match.get('eth_src') == mac and (dpid, match.get('in_port')) != new
            leaves = (match.get('eth_dst') == mac and dpid == old[0]
                      and '"output": %d}' % old[1] in json.dumps(flow['instructions']))
            if passes or leaves:
                left.append(flow)
    return left


def kinds(moves):
    """The figures of all moves of each kind."""
    figures = {}
    for kind in ('cable', 'card'):
        gaps = [move['gapMs'] for move in moves if move['kind'] == kind]
        figures[kind] = {'medianMs': round(statistics.median(gaps), 1), 'worstMs': max(gaps)}
    return figures


def add_arguments(parser):
    parser.add_argument('--rounds', type=int, default=3, help='moves of each kind (default %(default)s)')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments, topo='ring:4')
