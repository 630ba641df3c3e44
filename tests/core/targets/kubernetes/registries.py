"""A registry of a test's own, which may be stopped or emptied."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType

from .conftest import stop_or_skip
from .waiting import until

_CONFIG = """\
version: 0.1
storage: {{filesystem: {{rootdirectory: {data}}}}}
http: {{addr: 127.0.0.1:{port}}}
"""
_AUTH = "auth: {{htpasswd: {{realm: test, path: {path}}}}}\n"
USER, PASSWORD = "ada", "canary-password"
_HTPASSWD = "ada:$2b$12$H56ZfbeUwFi6fMsnLcCl7.Rrkc5RwNzdaRsGItjNKlL7eKtm3JV62\n"  # as htpasswd -B writes it


class Registry:
    """Runs while the block does; with a login, lets in nobody but `USER`."""

    def __init__(self, folder: Path, *, has_login: bool = False) -> None:
        if shutil.which("docker-registry") is None:
            stop_or_skip("no docker-registry to start")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"localhost:{self.port}"
        self._data = folder / "registry"
        self._config = folder / "registry.yml"
        text = _CONFIG.format(data=self._data, port=self.port)
        if has_login:
            (folder / "htpasswd").write_text(_HTPASSWD)
            text += _AUTH.format(path=folder / "htpasswd")
        self._config.write_text(text)

    def __enter__(self) -> Registry:
        self._process = subprocess.Popen(
            ["docker-registry", "serve", str(self._config)],
            env={**os.environ, "OTEL_TRACES_EXPORTER": "none"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def empty(self) -> None:
        shutil.rmtree(self._data)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/v2/")
                return connection.getresponse().status in (200, 401)
            except OSError:
                return False
