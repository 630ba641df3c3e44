"""An API server of a test's own beside the cluster's, as clusters with several have them: it may be killed and restarted.

It is the cluster's own program with the cluster's own arguments on another port, so it is the same cluster; everybody
else goes on with the first one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from mooring.targets.kubernetes.cluster import Cluster

from .conftest import stop_or_skip
from .waiting import until


class OwnApiServer:
    """Runs while the block does."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self.address = f"https://127.0.0.1:{port}"
        self._arguments = [*_arguments_of_the_first(cluster), *_OWN, f"--secure-port={port}"]
        self._log = (folder / "api-server.log").open("wb")
        self._again: threading.Timer | None = None

    def __enter__(self) -> OwnApiServer:
        self._start()
        until(self._answers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._again is not None:
            self._again.join()
        self._process.kill()
        self._process.wait()
        self._log.close()

    def restart(self, away_s: float) -> None:
        """Kill it as a crash would; it is started again after a while, during which this goes on."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._again = threading.Timer(away_s, self._start)
        self._again.start()

    def _start(self) -> None:
        self._process = subprocess.Popen(self._arguments, stdout=self._log, stderr=self._log)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", verify=False).status_code in (200, 401, 403)
        except httpx.TransportError:
            return False


_OWN = ("--endpoint-reconciler-type=none", "--bind-address=127.0.0.1")


def _arguments_of_the_first(cluster: Cluster) -> list[str]:
    port = urlsplit(cluster.server).port or 443
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")[:-1]
        except OSError:
            continue
        own = f"--secure-port={port}" in words and any("apiserver" in word for word in words[:2])
        if own and os.access(words[0], os.X_OK):
            return words
    stop_or_skip("its API server is no process of this machine that a second one could be started like")
    raise AssertionError
