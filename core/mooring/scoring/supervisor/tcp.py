"""What the kernel knows about a connection that its process can no longer tell."""

from __future__ import annotations

import fcntl
import socket
import struct
import sys
import termios
from dataclasses import dataclass

__all__ = ["ByteCounts", "count_bytes"]

_STATE_CLOSE_WAIT = 8  # the client has ended its side; the kernel counts that as one more byte
_STATES_AFTER_FIN = (_STATE_CLOSE_WAIT, 9, 11)
_INFO_BYTES = 136
_ACKED, _RECEIVED = 120, 128  # offsets in struct tcp_info, linux/tcp.h, since 4.1
_SIOCOUTQ = 0x5411


@dataclass(frozen=True)
class ByteCounts:
    """Bytes since the connection was made: taken from the socket, and given to it."""

    consumed: int
    written: int


def count_bytes(sock: socket.socket) -> ByteCounts | None:
    """Counts of a TCP connection; None where the system does not tell."""
    if sys.platform != "linux" or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    if len(info) < _INFO_BYTES:
        return None
    acked, received = struct.unpack_from("=QQ", info, _ACKED)
    if info[0] in _STATES_AFTER_FIN:
        received -= 1
    return ByteCounts(received - _queued(sock, termios.FIONREAD), acked + _queued(sock, _SIOCOUTQ))


def _queued(sock: socket.socket, request: int) -> int:
    (count,) = struct.unpack("=i", fcntl.ioctl(sock.fileno(), request, struct.pack("=i", 0)))
    return int(count)
