"""Pings in the hosts: all pairs at once, and streams at short intervals, with Debian's own ping."""

import os
import re
import signal
import subprocess
import tempfile

from lab.processes import die_with_parent

INTERVAL_S = 0.01
# A stream is ended between a request and its answer: this many last requests may be on the way.
IN_FLIGHT = 5


def address(host, family):
    return host.IP() if family == 4 else host.ipv6


def pairs(hosts):
    """Ordered pairs of different hosts."""
    return [(one, other) for one in hosts for other in hosts if one is not other]


def lost_pairs(wanted, family=4, wait_s=2):
    """Pings each pair once, all at the same time; answers the pairs (by name) that got no answer.

    wanted: (host, host) pairs; family: 4 or 6; wait_s: how long an answer may take.
    """
    running = []
    for source in dict.fromkeys(source for source, _ in wanted):
        targets = {address(target, family): target for one, target in wanted if one is source}
        one_ping = '(ping -n -q -c 1 -W %d %s >/dev/null 2>&1 && echo %s) &'
        script = ' '.join(one_ping % (wait_s, ip, ip) for ip in targets) + ' wait'
        running.append((source, targets, in_host(source, ['sh', '-c', script], stdout=subprocess.PIPE, text=True)))
    lost = []
    for source, targets, process in running:
        answered = set(process.communicate()[0].split())
        lost += [(source.name, target.name) for ip, target in targets.items() if ip not in answered]
    return lost


def lost_in_turn(hosts, wait_s=1):
    """Pings each pair once over IPv4, one after the other in the order of Mininet's pingAll; answers the pairs lost."""
    command = 'ping -c1 -W %d %s'
    return [(source.name, target.name) for source, target in pairs(hosts)
            if ' 1 received' not in source.cmd(command % (wait_s, target.IP()))]


def in_host(host, argv, **options):
    """A process in a host's network namespace that ends with this program. Mininet gives it a session of its own."""
    return host.popen(argv, preexec_fn=die_with_parent, stdin=subprocess.DEVNULL, **options)


class PingStream:
    """100 pings a second from one host to another until `finish`."""

    def __init__(self, source, target, family=4):
        self.name = '%s-%s' % (source.name, target.name)
        self.output = tempfile.TemporaryFile(mode='w+')
        argv = ['ping', '-n', '-D', '-i', str(INTERVAL_S), address(target, family)]
        self.process = in_host(source, argv, stdout=self.output, stderr=subprocess.STDOUT)

    def finish(self):
        """Ends it and answers {pair, sent, received, lost, gapMs}; gapMs is the longest time between two answers."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.output.seek(0)
        with self.output:
            return dict(pair=self.name, **read_ping(self.output.read()))

    def abandon(self):
        """Ends it where nobody wants its figures any more."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.output.close()


def read_ping(text):
    """The figures of what `ping -n -D` printed.

    Requests after the last answer are not lost if there are no more than can be on the way; duplicates count once.
    """
    arrivals = {}
    for when, number in re.findall(r'^\[([\d.]+)\] \d+ bytes from .* icmp_seq=(\d+) .*time=', text, re.MULTILINE):
        arrivals.setdefault(int(number), float(when))
    transmitted = re.search(r'(\d+) packets transmitted', text)
    if transmitted is None:
        raise ValueError('ping printed no summary: %s' % text[-500:])
    sent = int(transmitted.group(1))
    last = max(arrivals, default=0)
    if sent - last <= IN_FLIGHT:
        sent = last
    times = sorted(arrivals.values())
    gap = max((later - earlier for earlier, later in zip(times, times[1:])), default=None)
    return {'sent': sent, 'received': len(arrivals), 'lost': sent - len(arrivals),
            'gapMs': None if gap is None else round(gap * 1000, 1)}


class Streams:
    """Several ping streams, ended whatever happens."""

    def __init__(self):
        self.running = []

    def start(self, pairs_of_hosts, family=4):
        self.running += [PingStream(source, target, family) for source, target in pairs_of_hosts]

    def finish(self):
        streams, self.running = self.running, []
        return [stream.finish() for stream in streams]

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        for stream in self.running:
            stream.abandon()
