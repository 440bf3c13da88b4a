"""The Internet checksum, RFC 1071."""

import struct


def checksum(data):
    """Of an even number of bytes."""
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
