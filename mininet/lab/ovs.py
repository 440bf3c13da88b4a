"""Open vSwitch: the machine's own for the demo, a private one for the scenarios.

The private one needs nothing of the machine's and disturbs nothing of it: its database, sockets and processes are its
own, it forwards in userspace, and a scenario may kill it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time

from lab.processes import spawn, stop

SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema'
OVS_CTL = '/usr/share/openvswitch/scripts/ovs-ctl'
START_TIMEOUT_S = 15


class OvsFailed(Exception):
    """OVS does not run, and why."""


class PrivateOvs:
    """An ovsdb-server and an ovs-vswitchd of our own; Mininet finds them by OVS_RUNDIR in the environment."""

    datapath = 'user'

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix='signalbox-ovs-')
        self.processes = {}
        for name in ('OVS_RUNDIR', 'OVS_LOGDIR', 'OVS_DBDIR', 'OVS_SYSCONFDIR'):
            os.environ[name] = self.directory

    def start(self):
        database = os.path.join(self.directory, 'conf.db')
        subprocess.run(['ovsdb-tool', 'create', database, SCHEMA], check=True)
        self._spawn('ovsdb-server', database, '--remote=punix:%s/db.sock' % self.directory)
        wait_for('ovsdb-server', lambda: os.path.exists(self.directory + '/db.sock'))
        subprocess.run(['ovs-vsctl', '--timeout=%d' % START_TIMEOUT_S, '--no-wait', 'init'], check=True)
        self.start_vswitchd()

    def start_vswitchd(self):
        """Starts ovs-vswitchd, and waits until it has done what the database says."""
        self._spawn('ovs-vswitchd', 'unix:%s/db.sock' % self.directory, '--disable-system')
        wait_for('ovs-vswitchd', vswitchd_answers)

    def kill_vswitchd(self):
        """SIGKILL: every bridge is gone at once, and nothing is tidied up."""
        process = self.processes.pop('ovs-vswitchd')
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _spawn(self, name, *arguments):
        log = '--log-file=%s/%s.log' % (self.directory, name)
        command = [name, *arguments, '--pidfile', '--no-chdir', '-vconsole:off', log]
        self.processes[name] = spawn(command, stdin=subprocess.DEVNULL)

    def pids(self):
        return [process.pid for process in self.processes.values()]

    def stop(self):
        for name in ('ovs-vswitchd', 'ovsdb-server'):
            if name in self.processes:
                stop(self.processes.pop(name))
        shutil.rmtree(self.directory, ignore_errors=True)


class SystemOvs:
    """The machine's own OVS: started where it does not run, and stopped again only if it was started here."""

    directory = None

    def __init__(self):
        self.started = False
        self.datapath = 'user'

    def start(self):
        if not is_running():
            print('Starting Open vSwitch')
            self.started = True
            self._control('start')
            wait_for('ovs-vswitchd', vswitchd_answers)
        self.datapath = 'kernel' if kernel_has_datapath() else 'user'

    def _control(self, verb):
        with open('/proc/1/comm', encoding='ascii') as file:
            has_systemd = file.read().strip() == 'systemd'
        options = ['--system-id=random'] if verb == 'start' else []
        command = ['systemctl', verb, 'openvswitch-switch'] if has_systemd else [OVS_CTL, verb, *options]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if verb == 'start' and done.returncode != 0 and not is_running():
            raise OvsFailed('Open vSwitch did not start: %s' % (done.stdout + done.stderr).strip())

    def pids(self):
        return []

    def stop(self):
        if self.started:
            self._control('stop')


def is_running():
    """Do both daemons answer?"""
    return answers('ovs-vsctl', '--timeout=2', 'show') and vswitchd_answers()


def vswitchd_answers():
    return answers('ovs-appctl', '--timeout=2', 'version')


def answers(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def wait_for(daemon, is_up):
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_up():
        if time.monotonic() > deadline:
            raise OvsFailed('%s did not come up within %d s; its log says why.' % (daemon, START_TIMEOUT_S))
        time.sleep(0.02)


def kernel_has_datapath():
    """Has the kernel the openvswitch module (loading it where it can be)? Without it bridges forward in userspace."""
    if shutil.which('modprobe'):
        answers('modprobe', '--quiet', 'openvswitch')
    return answers('ovs-dpctl', '--timeout=2', 'dump-dps')
