"""The controller is killed with SIGKILL under traffic, stays dead for a while, and comes back under traffic.

Two pairs ping 100 times a second all along, over IPv4 and IPv6; a third pair, whose hosts have never exchanged a packet,
begins when the controller is dead. This program starts the controller itself: give its command after --, such as
    controller_kill.py -- node bin/signalbox.mjs
Figures: lost (pings of the two pairs), strangersLost, wholeAgainS (from the restart to all links), lostPairsDead (of all
pairs, without a controller), lostPairs (afterwards).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import tempfile
import time

from lab.controller import ControllerProcess
from lab.pings import lost_pairs, pairs
from lab.program import address_of, scenario
from lab.streams import Streams

BEFORE_S = 1.5
DEAD_S = 4
AFTER_S = 2


def run(lab, options):
    with tempfile.TemporaryDirectory(prefix='signalbox-data-') as data:
        http = int(options.rest.rpartition(':')[2])
        controller = ControllerProcess(options.command, address_of(options.controller)[1], http, data, data + '/log')
        try:
            controller.start()
            controller.wait_ready()
            network = lab.bring_up()
            lab.rest.wait_for_discovery(network)
            return kill_under_traffic(network, controller)
        finally:
            controller.stop()


def strangers_of(hosts):
    """The pair that nothing else lets talk to each other."""
    return hosts[0], hosts[-1]


def busy_pairs(hosts):
    if len(hosts) < 4:
        raise ValueError('Killing the controller under traffic takes 4 hosts; choose a larger topology')
    return [(hosts[1], hosts[-2]), (hosts[2], hosts[-1])]


def kill_under_traffic(network, controller):
    """Until now the `strangers_of` the hosts must not have exchanged a packet."""
    busy, strangers = busy_pairs(network.hosts), strangers_of(network.hosts)
    with Streams() as streams, Streams() as late:
        streams.start(busy)
        streams.start(busy, family=6)
        time.sleep(BEFORE_S)
        controller.kill()
        time.sleep(DEAD_S / 4)
        late.start([strangers])
        late.start([strangers], family=6)
        time.sleep(DEAD_S * 3 / 4)
        lost_dead = lost_pairs(pairs(network.hosts))
        controller.start()
        whole = controller.rest.wait_until('All links after the restart', lambda: sees_all(network, controller), 30)
        time.sleep(AFTER_S)
        pings, new_pings = streams.finish(), late.finish()
    lost_after = lost_pairs(pairs(network.hosts)) + lost_pairs(pairs(network.hosts), family=6)
    return {'lost': sum(ping['lost'] for ping in pings), 'strangersLost': sum(ping['lost'] for ping in new_pings),
            'busySent': sum(ping['sent'] for ping in pings), 'strangersSent': sum(ping['sent'] for ping in new_pings),
            'lostPairsDead': lost_dead, 'wholeAgainS': round(whole, 3), 'lostPairs': lost_after,
            'pings': pings + new_pings}


def sees_all(network, controller):
    return controller.rest.links() == network.expected_links()


def add_arguments(parser):
    parser.add_argument('command', nargs='+', help='how to run the controller')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments)
