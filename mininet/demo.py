"""The demo: controller, Open vSwitch and a Mininet network brought up, shown, and taken down without a trace.

Started by `npm run demo`, which installs what is missing and says what the options mean.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time

from mininet.cli import CLI
from mininet.log import setLogLevel

from lab.controller import ControllerFailed, ControllerProcess
from lab.lock import Busy, Lock
from lab.network import NamesTaken, Network
from lab.ovs import OvsFailed, SystemOvs
from lab.processes import Interrupted, signals_interrupt, signals_wait
from lab.rest import NotInTime
from lab.tour import Tour, check_pairs
from topologies import topology

FAILURES = (Busy, NamesTaken, OvsFailed, ControllerFailed, NotInTime, ValueError)


class Demo:
    """All that is up; `stop` takes down as much of it as there is."""

    def __init__(self, options):
        self.options = options
        self.lock = self.ovs = self.controller = self.network = self.directory = None

    def start(self):
        topo = topology(self.options.topo)
        self.lock = Lock('the demo', self.options.wait_lock)
        self.ovs = SystemOvs()
        self.ovs.start()
        self.start_controller()
        began = time.monotonic()
        self.network = Network(topo, self.ovs, ('127.0.0.1', self.options.openflow), 'OpenFlow13',
                               directories=[self.directory])
        self.network.build()
        self.network.start()
        print('Network: %s, %d switches, %d hosts, %d links between switches, up in %.1f s; %s datapath' % (
            self.options.topo, len(self.network.switches), len(self.network.hosts), len(self.network.fabric()),
            time.monotonic() - began, self.ovs.datapath), flush=True)

    def start_controller(self):
        self.directory = tempfile.mkdtemp(prefix='signalbox-demo-')
        self.controller = ControllerProcess(self.options.command, self.options.openflow, self.options.http,
                                            os.path.join(self.directory, 'data'), os.path.join(self.directory, 'log'))
        self.controller.start()
        self.controller.wait_ready()
        print('Controller: OpenFlow on 127.0.0.1:%d, web view on %s/' % (self.options.openflow, self.web_view))

    @property
    def web_view(self):
        return self.controller.rest.base

    def stop(self):
        if self.network:
            self.network.stop()
        if self.controller:
            self.controller.stop()
        if self.ovs:
            self.ovs.stop()
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)
        if self.lock:
            self.lock.release()

    def show(self):
        """On a terminal Mininet's prompt, otherwise the tour; answers the exit code."""
        if self.options.check or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return self.tour()
        lines, well = check_pairs(self.network, self.controller.rest)
        print('\n'.join([*lines, '', 'Web view: %s/' % self.web_view, '']))
        prompt(self.network)
        return 0 if well else 1

    def tour(self):
        tour = Tour(self.network, self.controller)
        all_held = tour.run()
        print('\n%s\n\n%s' % (tour.table(), 'Everything held.' if all_held else 'Not everything held.'))
        if not all_held:
            print("The controller's last lines:\n%s" % self.controller.last_lines())
        print('Web view while it ran: %s/' % self.web_view)
        return 0 if all_held else 1


def prompt(network):
    """Mininet's prompt, where Ctrl-C ends a command and not the demo."""
    setLogLevel('output')
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        CLI(network.mininet)
    finally:
        signal.signal(signal.SIGINT, interrupt)


def main():
    options = read_options()
    setLogLevel('error')
    signals_interrupt()
    demo = Demo(options)
    try:
        demo.start()
        return demo.show()
    except FAILURES as error:
        print(error, file=sys.stderr)
        return 1
    except Interrupted as signal_:
        print('\nInterrupted by %s, cleaning up' % signal_, file=sys.stderr)
        return 128 + signal_.number
    finally:
        signals_wait()
        demo.stop()


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--topo', default='fattree:4', help='NAME[:ARGS], see topologies.py (default %(default)s)')
    parser.add_argument('--check', action='store_true', help='run the tour also on a terminal')
    parser.add_argument('--openflow', type=int, default=6653, help='port (default %(default)s)')
    parser.add_argument('--http', type=int, default=8080, help='port (default %(default)s)')
    parser.add_argument('--wait-lock', type=float, default=0, help='seconds to wait for another network to end')
    parser.add_argument('command', nargs='+', help='how to run the controller (after --)')
    return parser.parse_args()


if __name__ == '__main__':
    sys.exit(main())
