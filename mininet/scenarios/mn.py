"""What a user types: `mn --test pingall` itself, which pings as soon as the switches are connected.

Arguments after -- go to mn as they stand, such as: mn.py --topo tree,3 -- --mac --arp
Figures: droppedPercent, received, sent, as mn printed them.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import re
import subprocess

from lab.lock import remove_bridges, remove_interfaces, write_record, forget_record
from lab.network import planned_interfaces
from lab.processes import spawn
from lab.program import address_of, scenario
from topologies import __file__ as topologies_file
from topologies import topology


def run(lab, options):
    ovs = lab.start_ovs()
    topo = topology(options.topo)
    interfaces = [*topo.switches(), *planned_interfaces(topo)]
    write_record({'bridges': topo.switches(), 'interfaces': interfaces, 'pids': ovs.pids(),
                  'directories': [ovs.directory], 'ovsRunDirectory': ovs.directory})
    address, port = address_of(options.controller)
    command = ['mn', '--custom', topologies_file, '--topo', options.topo.replace(':', ','),
               '--controller', 'remote,ip=%s,port=%d' % (address, port), '--switch', 'ovs,datapath=user',
               '--test', 'pingall', *options.arguments]
    process = spawn(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output = process.communicate()[0]
    finally:
        # mn asked to end would kill by name what it takes for its own.
        process.kill()
        process.wait()
        remove_bridges(topo.switches())
        remove_interfaces(interfaces)
        forget_record()
    return read_results(output)


def read_results(output):
    results = re.search(r'Results: (\d+)% dropped \((\d+)/(\d+) received\)', output)
    if results is None:
        raise ValueError('mn printed no results:\n%s' % output)
    dropped, received, sent = map(int, results.groups())
    return {'droppedPercent': dropped, 'received': received, 'sent': sent}


def add_arguments(parser):
    parser.add_argument('arguments', nargs='*', help='more arguments for mn')


if __name__ == '__main__':
    scenario(__doc__, run, add_arguments, topo='tree:3')
