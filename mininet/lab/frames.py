"""Numbered frames: sent by hosts, counted on every link between switches and at every host."""

import ctypes
import select
import socket
import struct
import threading
import time
from collections import Counter, defaultdict

from lab.checksum import checksum
from lab.namespaces import open_in

ETH_P_ALL = 0x0003
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33
SOL_PACKET, PACKET_STATISTICS = 263, 6
PACKET_OUTGOING = 4
# Room for a storm of some seconds, so that counting does not miss what it looks for.
RECEIVE_BUFFER_BYTES = 64 * 1024 * 1024
# A broadcast nobody listens to: the discard service of RFC 863.
DISCARD_PORT = 9
MAGIC = b'SBOX'
FRAME_ID = struct.Struct('!4sHI')
IP_HEADER = struct.Struct('!BBHHHBBH4s4s')
PROTOCOL_AT = 23
# Behind Ethernet, IPv4 without options, and UDP or TCP without options.
PAYLOAD_AT = {socket.IPPROTO_UDP: 42, socket.IPPROTO_TCP: 54}


def packet_socket(interface=None):
    """A socket that sees the numbered frames of this network namespace, or of one interface of it."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    attach_filter(sock)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES)
    if interface is not None:
        sock.bind((interface, ETH_P_ALL))
    sock.setblocking(False)
    # What came in before the filter was there.
    while receive(sock) is not None:
        pass
    return sock


def receive(sock):
    """(frame, address) of the next frame, None where there is none now."""
    try:
        return sock.recvfrom(256)
    except BlockingIOError:
        return None


def attach_filter(sock):
    """Lets only UDP and TCP to the discard port through, so that the kernel drops everything else."""
    load_half, load_byte, jump_equal, result = 0x28, 0x30, 0x15, 0x06
    program = [(load_half, 0, 0, 12), (jump_equal, 0, 6, 0x0800), (load_byte, 0, 0, PROTOCOL_AT),
               (jump_equal, 1, 0, socket.IPPROTO_UDP), (jump_equal, 0, 3, socket.IPPROTO_TCP),
               (load_half, 0, 0, 36), (jump_equal, 0, 1, DISCARD_PORT), (result, 0, 0, 0xffff), (result, 0, 0, 0)]
    instructions = b''.join(struct.pack('HBBI', *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(instructions)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack('HL', len(program), ctypes.addressof(buffer)))


def socket_of(host):
    """A `packet_socket` on a host's interface, in the host's network namespace."""
    return open_in(host, lambda: packet_socket(host.defaultIntf().name))


def broadcast_frame(host, sender, number):
    """An Ethernet broadcast of `host` that carries (sender, number)."""
    payload = FRAME_ID.pack(MAGIC, sender, number).ljust(18, b'\0')
    udp = struct.pack('!HHHH', DISCARD_PORT, DISCARD_PORT, 8 + len(payload), 0) + payload
    ip = ip_packet(host.IP(), '255.255.255.255', socket.IPPROTO_UDP, udp)
    return b'\xff' * 6 + mac_of(host) + b'\x08\x00' + ip


def tcp_frame(host, target, port, sender, number):
    """A TCP segment of a flow of its own from `port` of `host` to `target`; a reset, which nobody answers."""
    reset, words = 0x04, 5
    header = struct.pack('!HHIIBBHHH', port, DISCARD_PORT, 0, 0, words << 4, reset, 0, 0, 0)
    ip = ip_packet(host.IP(), target.IP(), socket.IPPROTO_TCP, header + FRAME_ID.pack(MAGIC, sender, number))
    return mac_of(target) + mac_of(host) + b'\x08\x00' + ip


def ip_packet(source, target, protocol, payload):
    ends = socket.inet_aton(source), socket.inet_aton(target)
    header = IP_HEADER.pack(0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, *ends)
    return header[:10] + struct.pack('!H', checksum(header)) + header[12:] + payload


def mac_of(host):
    return bytes.fromhex(host.MAC().replace(':', ''))


class BroadcastWatch:
    """Counts, for every numbered frame, how often it came in at each end of each link and at each host.

    A frame that arrives at an interface has crossed its link once in that direction.
    """

    def __init__(self, network):
        self.hosts = network.hosts
        self.fabric = {intf.name for link in network.fabric() for intf in (link.intf1, link.intf2)}
        self.at_fabric, self.at_host = Counter(), Counter()
        # frame -> [(time, interface)] in the order of arrival, to show how a frame came to cross a link twice.
        self.journeys = defaultdict(list)
        self.root = packet_socket()
        self.sockets = {socket_of(host): host.name for host in self.hosts}
        self.dropped = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def sender(self, host):
        """The socket by which `host` sends."""
        return next(sock for sock, name in self.sockets.items() if name == host.name)

    def _read(self):
        poller = select.poll()
        by_descriptor = {sock.fileno(): sock for sock in [self.root, *self.sockets]}
        for descriptor in by_descriptor:
            poller.register(descriptor, select.POLLIN)
        while not self.stopping.is_set():
            for descriptor, _event in poller.poll(100):
                self._drain(by_descriptor[descriptor])

    def _drain(self, sock):
        while (received := receive(sock)) is not None:
            frame, (interface, _protocol, kind, *_rest) = received
            magic, sender, number = FRAME_ID.unpack_from(frame, PAYLOAD_AT[frame[PROTOCOL_AT]])
            if kind == PACKET_OUTGOING or magic != MAGIC:
                continue
            if sock is not self.root:
                self.at_host[(sender, number), self.sockets[sock]] += 1
            elif interface in self.fabric:
                self.at_fabric[(sender, number), interface] += 1
                self.journeys[sender, number].append((time.time(), interface))

    def stop(self):
        self.stopping.set()
        self.thread.join()
        _seen, self.dropped = struct.unpack('II', self.root.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        for sock in [self.root, *self.sockets]:
            sock.close()

    def max_crossings(self):
        """The most often that one frame crossed one link in one direction."""
        return max(self.at_fabric.values(), default=0)

    def repeats(self):
        """How many (frame, link direction) were crossed more than once."""
        return sum(1 for count in self.at_fabric.values() if count > 1)

    def repeated_journeys(self, most=3):
        """Of some frames that crossed a link twice: {frame, from, at, arrivals: ['+0.4 ms s2-eth1']}, in order."""
        repeated = dict.fromkeys(frame for (frame, _interface), count in self.at_fabric.items() if count > 1)
        return [dict(self.journey(frame), **{'from': self.hosts[frame[0]].name}) for frame in list(repeated)[:most]]

    def journey(self, frame):
        """{frame, at, arrivals} of one frame."""
        began = self.journeys[frame][0][0]
        arrivals = ['+%.1f ms %s' % ((when - began) * 1000, interface) for when, interface in self.journeys[frame]]
        return {'frame': frame[1], 'at': began, 'arrivals': arrivals}

    def deliveries(self, frame_ids):
        """(missing, doubled): of these frames, at how many other hosts each kind happened."""
        missing = doubled = 0
        for frame_id in frame_ids:
            for index, host in enumerate(self.hosts):
                count = self.at_host[frame_id, host.name]
                missing += index != frame_id[0] and count == 0
                doubled += count > 1
        return missing, doubled


class Broadcaster:
    """Sends numbered broadcasts from every host in turn, all along, in a thread of its own."""

    def __init__(self, watch, frames_per_second):
        """frames_per_second: of each host"""
        self.watch, self.sent = watch, 0
        self.interval = 1 / (frames_per_second * len(watch.hosts))
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def _send(self):
        senders = [self.watch.sender(host) for host in self.watch.hosts]
        due = time.monotonic()
        while not self.stopping.is_set():
            index = self.sent % len(senders)
            try:
                senders[index].send(broadcast_frame(self.watch.hosts[index], index, self.sent))
            except OSError:
                # A host whose own link has no carrier yet cannot send; the next number will.
                pass
            self.sent += 1
            due += self.interval
            time.sleep(max(0, due - time.monotonic()))

    def stop(self):
        self.stopping.set()
        self.thread.join()
