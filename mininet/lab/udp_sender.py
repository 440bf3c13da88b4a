"""Sends numbered UDP packets at an even rate until its input ends; then writes when each of them was sent.

A program of its own, so that nothing else that a scenario does holds it up. Arguments: see `udp.Flow`. What it writes are
the times by CLOCK_MONOTONIC, in seconds, as doubles of this machine, in the order of the numbers.
"""

import array
import os
import select
import socket
import struct
import sys
import time

# As `frames.FRAME_ID`: magic, sender, number.
FRAME_ID = struct.Struct('!4sHI')
MAGIC = b'SBOX'
PAYLOAD_BYTES = 64


def send_all(sock, target, sender, interval_s):
    """Until the input ends; answers the times."""
    times = array.array('d')
    due = time.monotonic()
    while not select.select([sys.stdin], [], [], 0)[0]:
        payload = FRAME_ID.pack(MAGIC, sender, len(times)).ljust(PAYLOAD_BYTES, b'\0')
        times.append(time.monotonic())
        try:
            sock.sendto(payload, target)
        except OSError:
            # Nobody listens there: an ICMP error, which is not of interest, comes out at the next send.
            pass
        due += interval_s
        time.sleep(max(0, due - time.monotonic()))
    return times


def main(target, target_port, source_port, sender, rate):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(('0.0.0.0', int(source_port)))
    times = send_all(sock, (target, int(target_port)), int(sender), 1 / float(rate))
    with os.fdopen(1, 'wb') as output:
        output.write(times.tobytes())


if __name__ == '__main__':
    main(*sys.argv[1:])
