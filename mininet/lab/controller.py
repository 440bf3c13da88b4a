"""The controller as a child of a program that kills and restarts it."""

import signal
import subprocess

from lab.processes import spawn, stop
from lab.rest import Rest

START_TIMEOUT_S = 30


class ControllerFailed(Exception):
    """It did not come up; the message has the end of its log."""


class ControllerProcess:
    def __init__(self, command, openflow, http, data, log):
        """command: how to run the program, such as ['node', 'bin/signalbox.mjs']; openflow, http: ports on loopback;
        data: its directory; log: the file its output is added to."""
        addresses = ['--openflow', '127.0.0.1:%d' % openflow, '--http', '127.0.0.1:%d' % http]
        self.command = [*command, 'start', *addresses, '--data', data]
        self.log = log
        self.rest = Rest('http://127.0.0.1:%d' % http)
        self.process = None

    def start(self):
        """Starts it, and does not wait."""
        with open(self.log, 'ab') as log:
            self.process = spawn(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_ready(self):
        """Until REST says that it is well; seconds."""
        return self.rest.wait_until('A healthy controller', self._healthy, START_TIMEOUT_S)

    def _healthy(self):
        if self.process.poll() is not None:
            raise ControllerFailed('The controller ended with %s:\n%s' % (self.process.returncode, self.last_lines()))
        return self.rest.get('health')['status'] is not None

    def last_lines(self, count=15):
        with open(self.log, encoding='utf-8', errors='replace') as file:
            return ''.join(file.readlines()[-count:])

    def kill(self):
        """SIGKILL, and gone when this returns."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM; answers whether it went by itself."""
        return self.process is None or stop(self.process)
