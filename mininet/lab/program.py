"""What every scenario's program has in common: arguments, the lock, a private OVS, one line of JSON, no trace."""

import argparse
import json
import os
import sys
import time

from mininet.log import setLogLevel

from lab.controller import ControllerFailed
from lab.lock import Busy, Lock
from lab.network import NamesTaken, Network
from lab.ovs import OvsFailed, PrivateOvs
from lab.processes import Interrupted, signals_interrupt, signals_wait
from lab.rest import NotInTime, Rest
from topologies import topology

LOCK_WAIT_S = 600
FAILURES = (Busy, NamesTaken, OvsFailed, NotInTime, ControllerFailed, ValueError)


class Lab:
    """A network that is about to come up, and what a scenario needs around it."""

    def __init__(self, options):
        self.options = options
        self.rest = Rest(options.rest)
        self.lock = self.ovs = self.network = None

    def start_ovs(self):
        """Takes the lock and starts OVS."""
        self.lock = Lock(os.path.basename(sys.argv[0]), self.options.wait_lock)
        self.ovs = PrivateOvs()
        self.ovs.start()
        return self.ovs

    def bring_up(self, start=True, **network_options):
        """Takes the lock, starts OVS, builds the network and, unless told otherwise, starts it."""
        self.start_ovs()
        topo = topology(self.options.topo)
        network_options.setdefault('protocols', 'OpenFlow13')
        self.network = Network(topo, self.ovs, address_of(self.options.controller), **network_options)
        self.network.build()
        if start:
            self.network.start()
        return self.network

    def take_down(self):
        if self.network:
            self.network.stop()
        if self.ovs:
            self.ovs.stop()
        if self.lock:
            self.lock.release()


def scenario(description, run, add_arguments=lambda parser: None, topo='fattree:4'):
    """The whole program: `run(lab, options)` answers the figures. Exits 0 with figures, 1 with a sentence."""
    options = read_options(description, add_arguments, topo)
    setLogLevel('error')
    signals_interrupt()
    lab = Lab(options)
    began = time.monotonic()
    try:
        figures = run(lab, options)
        figures = dict(topo=options.topo, **figures, tookS=round(time.monotonic() - began, 1))
    except FAILURES as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except Interrupted as signal:
        print('Interrupted by %s' % signal, file=sys.stderr)
        sys.exit(128 + signal.number)
    finally:
        signals_wait()
        lab.take_down()
    print(json.dumps(figures))


def read_options(description, add_arguments, topo):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('--topo', default=topo, help='NAME[:ARGS], see topologies.py (default %(default)s)')
    parser.add_argument('--controller', default='127.0.0.1:6653', help='where OpenFlow is spoken (default %(default)s)')
    parser.add_argument('--rest', default='http://127.0.0.1:8080', help='the northbound (default %(default)s)')
    parser.add_argument('--wait-lock', type=float, default=LOCK_WAIT_S,
                        help='seconds to wait for another network to end (default %(default)s)')
    add_arguments(parser)
    return parser.parse_args()


def address_of(text):
    host, _, port = text.rpartition(':')
    return host, int(port)
