"""One Mininet network at a time: bridges and interfaces share the names of the whole machine (s1, s1-eth1 ...).

Beside the lock stands a record of what the network consists of, so that the next run can take away what a run that was
killed left behind: exactly that, and nothing of anybody else's (which is why `mn -c` is not used).
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time

from lab.processes import end_by_identity, identity

LOCK = '/run/signalbox-mininet.lock'
RECORD = '/run/signalbox-mininet.json'


class Busy(Exception):
    """Another network is up, and stays."""


class Lock:
    """Held while a network is up; the kernel gives it back even when its holder is killed."""

    def __init__(self, what, wait_s):
        """what: words for others who want it; wait_s: how long to wait for them. Raises Busy."""
        # Opened without emptying: until it is ours it holds the other's words.
        self.file = open(LOCK, 'a+', encoding='utf-8')
        self._acquire(time.monotonic() + wait_s)
        self.file.seek(0)
        self.file.truncate()
        json.dump({'pid': os.getpid(), 'what': what}, self.file)
        self.file.flush()
        remove_leftovers()

    def _acquire(self, deadline):
        said = False
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise Busy('A Mininet network of %s is up. Wait until it ends, or end it.' % self._holder()) from None
                if not said:
                    print('Waiting for the Mininet network of %s' % self._holder(), file=sys.stderr)
                    said = True
                time.sleep(0.1)

    def _holder(self):
        self.file.seek(0)
        try:
            holder = json.loads(self.file.read())
            return '%s (pid %d)' % (holder['what'], holder['pid'])
        except ValueError:
            return 'another program'

    def release(self):
        self.file.truncate(0)
        self.file.close()


def write_record(record):
    """record: {bridges, interfaces, pids, directories, ovsRunDirectory}; see `remove`."""
    record = dict(record, pids=[identity(pid) for pid in record['pids']])
    with open(RECORD + '.new', 'w', encoding='utf-8') as file:
        json.dump(record, file)
    os.replace(RECORD + '.new', RECORD)


def forget_record():
    if os.path.exists(RECORD):
        os.unlink(RECORD)


def remove_leftovers():
    """Takes away what a killed run's record names."""
    try:
        with open(RECORD, encoding='utf-8') as file:
            record = json.load(file)
    except FileNotFoundError:
        return
    print('Removing what a killed run left: %s' % ' '.join(record['bridges']), file=sys.stderr)
    for known in record['pids']:
        end_by_identity(known)
    if record['ovsRunDirectory'] is None:
        remove_bridges(record['bridges'])
    remove_interfaces(record['interfaces'])
    for directory in record['directories']:
        shutil.rmtree(directory, ignore_errors=True)
    forget_record()


def remove_bridges(names):
    """Deletes these bridges of the OVS that the environment names, in one transaction."""
    if names:
        command = ' -- '.join('--if-exists del-br %s' % name for name in names)
        subprocess.run(['ovs-vsctl', '--timeout=10', *command.split()], stdin=subprocess.DEVNULL, check=False)


def remove_interfaces(names):
    """Deletes these interfaces of this network namespace, as far as they are still there (veths go in pairs)."""
    commands = ''.join('link delete dev %s\n' % name for name in names if os.path.exists('/sys/class/net/%s' % name))
    subprocess.run(['ip', '-force', '-batch', '-'], input=commands, text=True, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
