"""The way to an engine of another machine by ssh: a socket here that leads to the engine's socket there.

One connection carries everything; with the ssh command, so that keys, agents and `~/.ssh/config` are what they are for
everybody else. It ends with this process, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from mooring.engine import errors

_USUAL_SOCKET = "/var/run/docker.sock"
_CONNECTED_WITHIN_S = 60
_LOOK_EVERY_S = 0.02
_OPTIONS = {
    "BatchMode": "yes",  # a question would come in the middle of progress, or where nobody sees it
    "ConnectTimeout": "10",
    "ServerAliveInterval": "10",
    "ServerAliveCountMax": "3",
    "ExitOnForwardFailure": "yes",
    "StreamLocalBindUnlink": "yes",
    "ControlPath": "none",  # another connection's master would carry it, and outlive us
}


# `cat` ends when our end of its pipe does, and the connection with it, also after a kill -9 of ours. That the socket
# may not be used, ssh would not say.
_STAY = "[ -e {0} ] && [ ! -w {0} ] && echo Permission denied >&2; exec cat"


class Tunnel:
    """A way to one engine, made when first needed, and again when it broke.

    Args:
        place: `ssh://user@host:port/path/of/the/socket`; the path is seldom given.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._folder = Path(tempfile.mkdtemp(prefix="mooring-ssh-"))  # mode 0700: the engine is root there
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._owner = os.getpid()
        atexit.register(self.close)

    @property
    def url(self) -> str:
        """Where docker's SDK finds the engine."""
        return f"unix://{self._socket}"

    @property
    def said(self) -> str:
        """What the ssh command and the other machine said; it tells why a connection was not made."""
        with contextlib.suppress(OSError):
            return (self._folder / "said").read_text(encoding="utf-8", errors="replace").strip()
        return ""

    def ensure(self) -> None:
        """See that it stands.

        Raises:
            DockerTrouble: The machine can't be reached, or lets nobody in.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._end()
                self._process = self._start()
                self._await(self._process)

    def await_end(self, within_s: float) -> None:
        """Return once it is broken; it is made again when next needed."""
        if self._process is not None:
            self._process.wait(within_s)

    def close(self) -> None:
        """End it; a process that was forked off leaves it to the one that made it."""
        if os.getpid() != self._owner:
            return
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    @property
    def _socket(self) -> Path:
        return self._folder / "engine.sock"

    def _start(self) -> subprocess.Popen[bytes]:
        parts = urlsplit(self._place)
        command = ["ssh", *(f"-o{name}={value}" for name, value in _OPTIONS.items())]
        command += ["-p", str(parts.port)] if parts.port else []
        command += ["-l", parts.username] if parts.username else []
        remote = parts.path if parts.path not in ("", "/") else _USUAL_SOCKET
        command += [
            "-L",
            f"{self._socket}:{remote}",
            "--",
            parts.hostname or "",
            _STAY.format(shlex.quote(remote)),
        ]
        with (self._folder / "said").open("wb") as words:
            try:
                return subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=words,
                    start_new_session=True,  # Ctrl-C is for us: we need it to clean up
                )
            except FileNotFoundError as error:
                raise errors.no_way_to(self._place, "The ssh command is not installed") from error

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + _CONNECTED_WITHIN_S
        while not self._is_open():
            if process.poll() is not None or time.monotonic() > give_up:
                self._end()
                raise errors.no_way_to(self._place, self.said)
            time.sleep(_LOOK_EVERY_S)

    def _is_open(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(self._socket))
            return True
        return False


def tunnel_for(place: str) -> Tunnel | None:
    """The tunnel that an engine's address asks for, one a process; None for addresses that the SDK connects to itself."""
    # Windows' ssh makes no such sockets; there the SDK runs ssh for each request, with the package paramiko.
    return _tunnel_to(place) if place.startswith("ssh://") and sys.platform != "win32" else None


@cache
def _tunnel_to(place: str) -> Tunnel:
    return Tunnel(place)
