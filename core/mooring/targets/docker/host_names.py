"""`dnsNameLabel`: an address that stays the same when a service is deleted and deployed again.

`<label>.localhost` is this machine by definition (RFC 6761), and the port follows from the label. On the private
network of the workspace's services the label alone leads to the service's front.
"""

from __future__ import annotations

import hashlib
import socket
from functools import cache
from typing import Any

_FIRST, _COUNT = 20_000, 10_000


def label_of(deployment: dict[str, Any]) -> str:
    """The label of a deployment config, lower-case; empty without one."""
    return str(deployment.get("dnsNameLabel") or "").lower()


def port_of(label: str) -> int:
    """The port that belongs to a label: 20000 to 29999."""
    return _FIRST + int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "big") % _COUNT


def host_name_of(label: str) -> str:
    """The label's host name."""
    return f"{label}.localhost"


@cache
def is_known_here(host_name: str) -> bool:
    """Whether this machine finds the host name; some systems' resolvers know `localhost` alone."""
    try:
        return bool(socket.getaddrinfo(host_name, None))
    except OSError:
        return False
