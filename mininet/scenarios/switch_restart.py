"""A bridge is deleted and added again, then ovs-vswitchd is killed and started again: whole without a hand?

Figures for each: unseenS (until the controller sees the loss), wholeAgainS (from the restart until all switches, links
and rules are there), pingsWholeS (from the restart until all pairs ping), lostPairs (of the last try).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import subprocess
import time

from lab.pings import lost_pairs, pairs
from lab.program import scenario

PATIENCE_S = 30


def run(lab, options):
    network = lab.bring_up()
    lab.rest.wait_for_discovery(network)
    lost_before = lost_pairs(pairs(network.hosts))
    bridge = restart(lab, network, delete_bridge(network, options.switch), add_bridge(network, options.switch))
    vswitchd = restart(lab, network, network.ovs.kill_vswitchd, network.ovs.start_vswitchd)
    return {'lostBefore': lost_before, 'bridge': bridge, 'vswitchd': vswitchd}


def restart(lab, network, down, up):
    """Brings something down and up again; the figures."""
    dpids = set(lab.rest.connected())
    down()
    unseen = lab.rest.wait_until('The loss of a switch', lambda: set(lab.rest.connected()) != dpids, PATIENCE_S)
    up()
    began = time.monotonic()
    lab.rest.wait_for_switches(dpids, PATIENCE_S)
    lab.rest.wait_for_discovery(network)
    whole = time.monotonic() - began
    lost = lost_pairs(pairs(network.hosts), wait_s=1)
    while lost and time.monotonic() - began < PATIENCE_S:
        lost = lost_pairs(pairs(network.hosts), wait_s=1)
    return {'unseenS': round(unseen, 3), 'wholeAgainS': round(whole, 3), 'lostPairs': lost,
            'pingsWholeS': round(time.monotonic() - began, 3)}


def delete_bridge(network, name):
    return lambda: subprocess.run(['ovs-vsctl', '--timeout=10', 'del-br', name], check=True)


def add_bridge(network, name):
    """Mininet's own start: the same ports with the same numbers."""
    return lambda: network.mininet[name].start(network.mininet.controllers)


def add_arguments(parser):
    parser.add_argument('--switch', default='s1', help='the bridge to restart (default %(default)s)')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments)
