"""A Mininet network under a controller elsewhere: brought up as `mn` does it, and taken down without a trace."""

import os
import subprocess
from functools import partial

from mininet.net import Mininet
from mininet.node import Controller, Host, OVSSwitch

from lab.lock import forget_record, remove_bridges, remove_interfaces, write_record


class NamesTaken(Exception):
    """Somebody else's network is in the way."""


class LabHost(Host):
    """A host that uses IPv6 at once (no duplicate address detection), or that never speaks of itself."""

    def __init__(self, name, ipv6=True, **params):
        super().__init__(name, **params)
        settings = ['accept_dad=0', 'dad_transmits=0', 'accept_ra=0'] if ipv6 else ['disable_ipv6=1']
        # Before it has interfaces: they take the default of the namespace that they are moved into.
        self.cmd('sysctl -q -w %s' % ' '.join(
            'net.ipv6.conf.%s.%s' % (scope, setting) for scope in ('all', 'default') for setting in settings))


class OutsideController(Controller):
    """Where the switches find the controller. Mininet's RemoteController would connect there to have a look."""

    def checkListening(self):
        pass

    def start(self):
        pass

    def stop(self, deleteIntfs=True):
        pass


class Network:
    """The network of one run; `mininet` is Mininet's own object."""

    def __init__(self, topo, ovs, controller, protocols=None, ipv6=True, mac=False, arp=False, directories=()):
        """topo: a Topo; ovs: a lab.ovs object, started; controller: (address, port); protocols: as for OVS, None for
        its default; mac, arp: as for `mn`; directories: to be removed if this program is killed."""
        self.ovs, self.ipv6, self.directories = ovs, ipv6, list(directories)
        refuse_taken_names(topo)
        self._record_planned(topo)
        switch = partial(OVSSwitch, datapath=ovs.datapath, protocols=protocols)
        outside = OutsideController('c0', ip=controller[0], port=controller[1])
        self.mininet = Mininet(topo=topo, switch=switch, host=partial(LabHost, ipv6=ipv6), controller=outside,
                               autoSetMacs=mac, autoStaticArp=arp, build=False)

    def build(self):
        """Hosts, interfaces and addresses; no bridge yet."""
        self.mininet.build()
        for number, host in enumerate(self.mininet.hosts, start=1):
            self._configure(host, number)

    def _configure(self, host, number):
        commands = []
        if self.ipv6:
            host.ipv6 = 'fd00::%x' % number
            commands.append('ip -6 address add %s/64 dev %s nodad' % (host.ipv6, host.defaultIntf()))
        if self.ovs.datapath == 'user':
            # OVS in userspace hands on what the sender's kernel left to the hardware: TCP would wait for ever.
            commands.append('ethtool -K %s tx off' % host.defaultIntf())
        if commands:
            host.cmd(' && '.join(commands))

    def start(self):
        """The bridges come up and connect to the controller."""
        self.mininet.start()

    @property
    def hosts(self):
        return self.mininet.hosts

    @property
    def switches(self):
        return self.mininet.switches

    def fabric(self):
        """The links between switches, as Mininet's Link objects."""
        return [link for link in self.mininet.links if not link_host(link)]

    def expected_links(self):
        """The fabric as the controller should see it: a set of frozensets of two (dpid, port)."""
        return {frozenset((port_of(link.intf1), port_of(link.intf2))) for link in self.fabric()}

    def host_ports(self):
        """(dpid, port) of the switch ports that lead to hosts."""
        return {port_of(intf) for link in self.mininet.links if link_host(link)
                for intf in (link.intf1, link.intf2) if not isinstance(intf.node, Host)}

    def link_between(self, one, other):
        """The fabric link with these two (dpid, port) ends."""
        return next(link for link in self.fabric() if {port_of(link.intf1), port_of(link.intf2)} == {one, other})

    def _record_planned(self, topo):
        """Before anything is made, so that a run killed half-way is known too."""
        self.interfaces = [*topo.switches(), *planned_interfaces(topo)]
        own = [self.ovs.directory] if self.ovs.directory else []
        write_record({'bridges': topo.switches(), 'interfaces': self.interfaces, 'pids': self.ovs.pids(),
                      'directories': own + self.directories, 'ovsRunDirectory': self.ovs.directory})

    def stop(self):
        """Takes down all that was made. Not by Mininet's own stop, which gives up when a shell was interrupted."""
        switches = [switch.name for switch in self.switches]
        added = [name for switch in self.switches for name in switch.intfNames() if name != 'lo']
        remove_bridges(switches)
        for node in [*self.hosts, *self.switches, *self.mininet.controllers]:
            node.terminate()
        remove_interfaces(dict.fromkeys([*self.interfaces, *added, *switches]))
        forget_record()


def link_host(link):
    """The host at one end of a link, None for a link between switches."""
    return next((intf.node for intf in (link.intf1, link.intf2) if isinstance(intf.node, Host)), None)


def port_of(intf):
    """(dpid, port number) as REST writes them."""
    return (intf.node.dpid.rjust(16, '0'), intf.node.ports[intf])


def set_links(links, state):
    """Both ends of each link 'up' or 'down', in one go."""
    names = [intf.name for link in links for intf in (link.intf1, link.intf2)]
    commands = ''.join('link set dev %s %s\n' % (name, state) for name in names)
    subprocess.run(['ip', '-batch', '-'], input=commands, text=True, check=True)


def planned_interfaces(topo):
    """Names of the interfaces that Mininet will make in this namespace: those of switches."""
    for one, other, info in topo.links(withInfo=True):
        for node, port in ((one, info['port1']), (other, info['port2'])):
            if topo.isSwitch(node):
                yield '%s-eth%d' % (node, port)


def refuse_taken_names(topo):
    taken = [name for name in [*topo.switches(), *planned_interfaces(topo)]
             if os.path.exists('/sys/class/net/%s' % name)]
    if taken:
        raise NamesTaken('There is an interface named %s already, so another Mininet network is up. Exit it first; if '
                         'none runs, `sudo mn -c` removes what one left behind.' % taken[0])
