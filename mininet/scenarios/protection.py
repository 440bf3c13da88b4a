"""Links on the path of 1,000 UDP packets a second are cut and restored, one after the other: what is lost, how long?

For every link of the path of a flow, with the controller alive; and, where the switch that sends into the link has
another way in its group, with the controller killed (SIGKILL) before. This program starts the controller itself: give
its command after --, such as
    protection.py --rounds 5 -- node bin/signalbox.mjs
Figures: cuts (one by one: link, alternate, alive, lost, gapMs, lostOnReturn), by kind of cut the median and the worst
gap; of all cuts together duplicates, strays (arrivals at other hosts), maxCrossings (the most often that one packet
crossed one link in one direction: more than 1 is a loop), lostOnReturn.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import re
import statistics
import subprocess
import tempfile
import time

from lab.controller import ControllerProcess
from lab.frames import BroadcastWatch
from lab.network import port_of, set_links
from lab.pings import lost_pairs, pairs
from lab.program import address_of, scenario
from lab.udp import Flow

BEFORE_S = 0.5
AFTER_S = 0.7
# As src/flows/desired numbers the groups that lead to switches.
FIRST_GROUP = 1500000000


def run(lab, options):
    with tempfile.TemporaryDirectory(prefix='signalbox-data-') as data:
        http = int(options.rest.rpartition(':')[2])
        controller = ControllerProcess(options.command, address_of(options.controller)[1], http, data, data + '/log')
        try:
            controller.start()
            controller.wait_ready()
            network = lab.bring_up(ipv6=False)
            lab.rest.wait_for_discovery(network)
            lost_before = lost_pairs(pairs(network.hosts))
            watch = BroadcastWatch(network)
            try:
                cuts = Cuts(network, watch, controller).all(options.rounds)
            finally:
                watch.stop()
            return dict(summary(cuts, watch), lostBefore=lost_before, cuts=cuts)
        finally:
            controller.stop()


class Cuts:
    def __init__(self, network, watch, controller):
        self.network, self.watch, self.controller = network, watch, controller
        self.alive, self.flows = True, 0

    def all(self, rounds):
        """First those with the controller alive, then those without."""
        places = len(self.probe(0))
        cuts = [self.cut(number, place) for number in range(rounds) for place in range(places)]
        self.controller.kill()
        self.alive = False
        return cuts + [self.cut(number, place) for number in range(rounds) for place in range(places)
                       if self.has_alternate(self.probe(number)[place], self.ends(number)[1])]

    def ends(self, number):
        """Two hosts far from each other, others each time."""
        hosts = self.network.hosts
        return hosts[number % len(hosts)], hosts[(number + len(hosts) // 2) % len(hosts)]

    def probe(self, number):
        """The path of a short flow."""
        flow = self.begin(number)
        path = flow.path()
        flow.stop()
        return path

    def begin(self, number):
        # Every flow has a number of its own, and the source port of its round, so that it goes as its probe did.
        self.flows += 1
        flow = Flow(self.watch, *self.ends(number), number=self.flows, port=number)
        time.sleep(BEFORE_S)
        return flow

    def cut(self, number, place):
        """Cuts the link at this place of the path, restores it, and answers what became of the packets."""
        flow = self.begin(number)
        link = self.link_into(flow.path()[place])
        sender = link.intf1 if link.intf2.name == flow.path()[place] else link.intf2
        alternate = self.has_alternate(flow.path()[place], flow.target)
        expected = self.network.expected_links()
        began = time.monotonic()
        self.change(link, 'down', expected - {frozenset(map(port_of, (link.intf1, link.intf2)))})
        back = time.monotonic()
        self.change(link, 'up', expected)
        flow.stop()
        returned = flow.figures(began=back)
        return {'link': '%s - %s' % (sender.name, flow.path()[place]), 'place': place, 'alive': self.alive,
                'alternate': alternate, **flow.figures(ended=back), 'lostOnReturn': returned['lost'],
                'runs': flow.lost_runs(began), 'backMs': round((back - began) * 1000), 'returnGapMs': returned['gapMs'], 'duplicates': flow.duplicates(), 'strays': flow.strays()}

    def change(self, link, state, expected):
        set_links([link], state)
        if self.alive:
            self.controller.rest.wait_for_links(expected)
            self.controller.rest.wait_until('All rules on all switches', self.controller.rest.rules_are_installed, 10)
        time.sleep(AFTER_S)

    def link_into(self, interface):
        return next(link for link in self.network.fabric() if interface in (link.intf1.name, link.intf2.name))

    def has_alternate(self, interface, target):
        """Has the switch at the other end of the link that `interface` ends another way to the target's switch?"""
        link = self.link_into(interface)
        switch = (link.intf1 if link.intf2.name == interface else link.intf2).node
        last = next(other.intf1.node if other.intf2.node is target else other.intf2.node
                    for other in self.network.mininet.links if target in (other.intf1.node, other.intf2.node))
        groups = subprocess.run(['ovs-ofctl', '-O', 'OpenFlow13', 'dump-groups', switch.name], check=True,
                                capture_output=True, text=True).stdout
        wanted = re.search('group_id=%d,.*' % (FIRST_GROUP + int(last.dpid, 16)), groups).group()
        return len(set(re.findall(r'watch_port:"?([^,"]+)', wanted))) > 1


def summary(cuts, watch):
    kinds = {'aliveAlternate': (True, True), 'deadAlternate': (False, True), 'aliveNone': (True, False)}
    figures = {}
    for kind, (alive, alternate) in kinds.items():
        of_kind = [cut for cut in cuts if (cut['alive'], cut['alternate']) == (alive, alternate)]
        gaps = [cut['gapMs'] for cut in of_kind]
        figures[kind] = {'cuts': len(gaps), 'medianMs': statistics.median(gaps) if gaps else None,
                         'worstMs': max(gaps, default=None)}
    totals = {name: sum(cut[name] for cut in cuts) for name in ('sent', 'duplicates', 'strays', 'lostOnReturn')}
    return dict(figures, **totals, maxCrossings=watch.max_crossings(), notCounted=watch.dropped)


def add_arguments(parser):
    parser.add_argument('--rounds', type=int, default=1, help='each between other hosts (default %(default)s)')
    parser.add_argument('command', nargs='+', help='how to run the controller')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments)
