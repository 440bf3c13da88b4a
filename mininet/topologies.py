"""Mininet topologies for Signalbox.

Used by the demo and the scenarios, and by Mininet itself:

    mn --custom mininet/topologies.py --topo fattree,4 --controller remote,port=6653
"""

import random

from mininet.topo import LinearTopo, SingleSwitchTopo, Topo
from mininet.topolib import TorusTopo, TreeTopo

# Mininet's own names are kept for hosts and switches: h1, h2 ... and s1, s2 ... with the number as dpid.


class FatTreeTopo(Topo):
    """A fat tree of k-port switches: k pods, (k/2)^2 core switches, k^3/4 hosts (Al-Fares et al., SIGCOMM 2008).

    Numbered from the top: core switches first, then for each pod its aggregation and its edge switches.
    """

    def build(self, k=4):
        if k < 2 or k % 2:
            raise ValueError('A fat tree needs an even k of at least 2, such as fattree:4')
        half = k // 2
        numbers = Numbers(self)
        cores = [numbers.switch() for _ in range(half * half)]
        for _ in range(k):
            aggregations = [numbers.switch() for _ in range(half)]
            edges = [numbers.switch() for _ in range(half)]
            for index, aggregation in enumerate(aggregations):
                for core in cores[index * half:(index + 1) * half]:
                    self.addLink(core, aggregation)
                for edge in edges:
                    self.addLink(aggregation, edge)
            for edge in edges:
                for _ in range(half):
                    self.addLink(edge, numbers.host())


class MeshTopo(Topo):
    """A full mesh of n switches, a host on each."""

    def build(self, n=6):
        switches = switches_with_a_host(self, n)
        for index, one in enumerate(switches):
            for other in switches[index + 1:]:
                self.addLink(one, other)


class RingTopo(Topo):
    """A ring of n switches, a host on each."""

    def build(self, n=5):
        if n < 3:
            raise ValueError('A ring needs at least 3 switches, such as ring:5')
        switches = switches_with_a_host(self, n)
        for one, other in zip(switches, switches[1:] + switches[:1]):
            self.addLink(one, other)


class RandomTopo(Topo):
    """n switches with a host each: a random tree, and half as many links again as it has switches. A seed gives the
    same network each time."""

    def build(self, n=8, seed=1):
        if n < 2:
            raise ValueError('A random network needs at least 2 switches, such as random:8,1')
        dice = random.Random(seed)
        switches = switches_with_a_host(self, n)
        linked = [(dice.randrange(index), index) for index in range(1, n)]
        spare = [(a, b) for a in range(n) for b in range(a + 1, n) if (a, b) not in set(linked)]
        linked += dice.sample(spare, min(n // 2, len(spare)))
        for a, b in linked:
            self.addLink(switches[a], switches[b])


class Numbers:
    """Hands out the next switch or host of a topology."""

    def __init__(self, topo):
        self.topo, self.switches, self.hosts = topo, 0, 0

    def switch(self):
        self.switches += 1
        return self.topo.addSwitch('s%d' % self.switches, dpid='%016x' % self.switches)

    def host(self):
        self.hosts += 1
        return self.topo.addHost('h%d' % self.hosts)


def switches_with_a_host(topo, count):
    numbers = Numbers(topo)
    switches = [numbers.switch() for _ in range(count)]
    for switch in switches:
        topo.addLink(switch, numbers.host())
    return switches


# What `mn --custom` reads; tree, linear, single and torus it has itself.
topos = {'fattree': FatTreeTopo, 'mesh': MeshTopo, 'ring': RingTopo, 'random': RandomTopo}

ALL = dict(topos, tree=TreeTopo, linear=LinearTopo, single=SingleSwitchTopo, torus=TorusTopo)


def topology(text):
    """The topology that a text like 'fattree:4' or 'torus:3,3' names (a comma for the colon does too).

    Raises ValueError with a sentence for the user.
    """
    name, _, rest = text.replace(':', ',').partition(',')
    if name not in ALL:
        raise ValueError("There is no topology '%s'; there are %s" % (name, ', '.join(sorted(ALL))))
    try:
        return ALL[name](*[int(number) for number in rest.split(',') if number])
    except TypeError as error:
        raise ValueError("Topology '%s' does not take these arguments: %s" % (text, error)) from error
