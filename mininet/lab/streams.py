"""Streams of pings at exact intervals. Debian's ping sends every 16 ms where it is told 10, or keeps a core busy."""

import select
import socket
import struct
import threading
import time

from lab.checksum import checksum
from lab.namespaces import open_in
from lab.pings import address

INTERVAL_S = 0.01
# After the last request, how long an answer may take that still counts.
LAST_ANSWERS_S = 1
ECHO = struct.Struct('!BBHHH')
# family -> (address family, protocol, type of a request, type of an answer, bytes in front of what a socket receives)
KINDS = {4: (socket.AF_INET, socket.IPPROTO_ICMP, 8, 0, 20), 6: (socket.AF_INET6, socket.IPPROTO_ICMPV6, 128, 129, 0)}
PAYLOAD = b'signalbox'.ljust(56, b'.')


class Stream:
    """ICMP echo requests from one host to another; `sent` and `arrived` are times by sequence number."""

    def __init__(self, source, target, family, identifier):
        self.name = '%s-%s%s' % (source.name, target.name, ' IPv6' if family == 6 else '')
        self.identifier = identifier
        self.family, self.protocol, self.request, self.answer, self.offset = KINDS[family]
        self.socket = open_in(source, self._open)
        self.target = (address(target, family), 0)
        self.sent, self.arrived = [], {}

    def _open(self):
        sock = socket.socket(self.family, socket.SOCK_RAW, self.protocol)
        sock.setblocking(False)
        return sock

    def send(self):
        number = len(self.sent) & 0xffff
        head = ECHO.pack(self.request, 0, 0, self.identifier, number)
        # For ICMPv6 the kernel fills in the checksum, which covers its addresses.
        total = checksum(head + PAYLOAD) if self.family == socket.AF_INET else 0
        self.sent.append(time.monotonic())
        try:
            self.socket.sendto(ECHO.pack(self.request, 0, total, self.identifier, number) + PAYLOAD, self.target)
        except OSError:
            # The host knows no way to its neighbour any more; a request that could not go is lost all the same.
            pass

    def receive(self):
        while True:
            try:
                packet = self.socket.recv(256)
            except OSError:
                return
            kind, _code, _checksum, identifier, number = ECHO.unpack_from(packet, self.offset)
            if kind == self.answer and identifier == self.identifier:
                self.arrived.setdefault(number, time.monotonic())

    def is_answered(self):
        return len(self.arrived) == len(self.sent)

    def figures(self):
        """{pair, sent, received, lost, gapMs}; gapMs is the longest time between two answers."""
        times = sorted(self.arrived.values())
        gap = max((later - earlier for earlier, later in zip(times, times[1:])), default=None)
        return {'pair': self.name, 'sent': len(self.sent), 'received': len(times), 'lost': len(self.sent) - len(times),
                'gapMs': None if gap is None else round(gap * 1000, 1)}


class Streams:
    """Several streams, sent by one thread; ended whatever happens."""

    def __init__(self):
        self.streams, self.begun = [], 0
        self.poller = select.poll()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def start(self, pairs_of_hosts, family=4):
        for source, target in pairs_of_hosts:
            self.begun += 1
            # One object may be several, with answers of others coming in at the same host.
            stream = Stream(source, target, family, (id(self) + self.begun) & 0xffff)
            self.poller.register(stream.socket, select.POLLIN)
            self.streams = [*self.streams, stream]

    def _run(self):
        due = time.monotonic()
        while not self.stopping.is_set():
            for stream in self.streams:
                stream.send()
            due += INTERVAL_S
            self._receive_until(due)
        self._receive_until(time.monotonic() + LAST_ANSWERS_S, lambda: all(s.is_answered() for s in self.streams))

    def _receive_until(self, deadline, is_enough=lambda: False):
        while not is_enough() and (left := deadline - time.monotonic()) > 0:
            ready = {descriptor for descriptor, _event in self.poller.poll(left * 1000)}
            for stream in self.streams:
                if stream.socket.fileno() in ready:
                    stream.receive()

    def finish(self):
        """Sends no more, waits for the last answers, and answers the figures of each stream."""
        self.stopping.set()
        self.thread.join()
        return [stream.figures() for stream in self.streams]

    def __exit__(self, *_exception):
        self.stopping.set()
        self.thread.join()
        for stream in self.streams:
            stream.socket.close()
