"""Which port a service gets, and who has it when it can't have it."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass

from mooring.errors import MooringError
from mooring.scoring.supervisor.launch import listen


@dataclass(eq=False)
class PortTaken(MooringError):
    """Another process already listens where the service should."""

    code = "port-taken"
    host: str
    port: int
    owner: str = ""

    @property
    def problem(self) -> str:
        """Which port, and whose it is if that can be seen."""
        return f"{self.host}:{self.port} is already in use{f' by {self.owner}' if self.owner else ''}."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return "Stop the other process, or deploy without a port to take a free one."


@dataclass(eq=False)
class PortForbidden(MooringError):
    """The system does not let us listen on that port, or on that address."""

    code = "no-permission"
    host: str
    port: int
    reason: str

    @property
    def problem(self) -> str:
        """Which port, and the system's word."""
        return f"{self.host}:{self.port} can't be listened on: {self.reason}."

    @property
    def remedy(self) -> str:
        """What works for everybody."""
        return "Choose a port from 1024 on, or deploy without a port to take a free one."


def open_port(host: str, port: int) -> socket.socket:
    """Listen there; port 0 takes a free one.

    Raises:
        PortTaken: Another process does already.
        PortForbidden: The system refuses.
    """
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host=host, port=port, owner=_owner(port)) from error
        raise PortForbidden(host=host, port=port, reason=os.strerror(error.errno or 0)) from error


def _owner(port: int) -> str:
    """Name and pid of who listens there; empty where that may not be seen."""
    import psutil

    try:
        for connection in psutil.net_connections(kind="tcp"):
            address = connection.laddr
            listens = connection.status == psutil.CONN_LISTEN and address and address.port == port
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        pass
    return ""
