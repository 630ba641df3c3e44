"""A Docker engine of the tests' own, which they may stop, freeze, kill and fill."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import shutil
import signal
import socket
import subprocess
import time
import warnings
from pathlib import Path
from types import TracebackType

from mooring.engine.engine import _connect

_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of Linux."""


class OwnEngine:
    """An engine with a data root, a socket and a network of its own, which the thread that made it is in, too.

    So it touches no rule of the machine's firewall, and its published ports can be asked for all the same.

    Args:
        folder: For its files; short, as sockets' paths are.
        size_mib: Room it has; None for as much as the disk.
    """

    def __init__(self, folder: Path, size_mib: int | None = None) -> None:
        self._folder = folder
        self._size_mib = size_mib
        self._process: subprocess.Popen[bytes] | None = None
        self._containerd: subprocess.Popen[bytes] | None = None
        self._outside = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.host = f"unix://{folder}/engine.sock"

    def __enter__(self) -> OwnEngine:
        data = self._folder / "data"
        data.mkdir(parents=True)
        if self._size_mib is not None:
            options = f"size={self._size_mib}m"
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(data)], check=True)
        _change_network(None)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        self._containerd = self._run(
            "containerd",
            *("--root", str(data / "containerd"), "--state", str(self._folder / "containerd")),
            *("--address", str(self._folder / "containerd.sock")),
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.thaw()
        self.kill()
        if self._containerd is not None:
            self._containerd.kill()
            self._containerd.wait(10)
        _change_network(self._outside)
        os.close(self._outside)
        _forget_clients()
        for mounted in _mounts_below(self._folder):
            subprocess.run(["umount", "-l", mounted], check=False, capture_output=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = self._run(
            "dockerd",
            *("--data-root", str(self._folder / "data"), "--exec-root", str(self._folder / "run")),
            *("--pidfile", str(self._folder / "engine.pid"), "--host", self.host),
            *("--containerd", str(self._folder / "containerd.sock")),
        )
        self._await()

    def stop(self) -> None:
        """End it as a system that shuts down does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it take questions and answer none."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "engine.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._signal(number)
            self._process.wait(40)
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)

    def _await(self) -> None:
        give_up = time.monotonic() + 40
        while time.monotonic() < give_up:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
                sock.connect(self.host.removeprefix("unix://"))
                sock.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
                if b"200 OK" in sock.recv(100):
                    return
            time.sleep(0.1)
        raise TimeoutError((self._folder / "engine.log").read_text()[-2000:])


def _change_network(namespace: int | None) -> None:
    """Move this thread, and what it starts, into a network; None makes a new one."""
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.unshare(_NEW_NETWORK) if namespace is None else libc.setns(namespace, _NEW_NETWORK)) != 0:
        raise OSError(ctypes.get_errno(), "the network can't be changed")


def _forget_clients() -> None:
    """Let go of connections to engines that went before the next test is blamed for them."""
    _connect.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _mounts_below(folder: Path) -> list[str]:
    """Deepest first."""
    places = (line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())
    return sorted((place for place in places if place.startswith(f"{folder}/")), key=len, reverse=True)
