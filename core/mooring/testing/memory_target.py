"""A target that lives in this process: it answers real HTTP, but runs no script.

It keeps every promise of `Target`, so that what stands on targets can be tested without processes or engines; and it
fails when told to.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from mooring.deployments.target import Crash, Observation, Release, Reporter, Running, StartFailed
from mooring.deployments.values import LogLine
from mooring.findings import Finding
from mooring.settings import Settings

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig


@dataclass
class _Place:
    """Where one service runs."""

    server: ThreadingHTTPServer | None = None
    release: Release | None = None
    lines: list[LogLine] = field(default_factory=list[LogLine])
    last_start: int = 0

    def write(self, text: str) -> None:
        number = len(self.lines) + 1
        self.lines.append(LogLine(datetime.now(timezone.utc), text, source="worker-1", cursor=str(number)))


class MemoryTarget:
    """See the module.

    Args:
        settings: Taken as every target takes it; nothing of it is used.
        name: Of the target.
        compute_types: What it takes.

    Attributes:
        crash: When set, the next start fails with it; then it is None again.
        during_start: Called in the middle of each start; may raise, KeyboardInterrupt too.
        findings: What `check` answers.
        answer: Makes the answer to a request: (release, body) to (status, JSON-able).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        name: str = "memory",
        compute_types: tuple[str, ...] = ("process",),
    ) -> None:
        self.settings = settings
        self.name = name
        self.compute_types = compute_types
        self.runs_elsewhere = False
        self.crash: Crash | None = None
        self.during_start: Callable[[Release], None] = lambda _release: None
        self.findings: list[Finding] = []
        self.answer: Callable[[Release, bytes], tuple[int, Any]] = _echo
        self.keys_applied: list[str] = []
        self._places: dict[str, _Place] = {}

    def check(self, service: str, deployment: DeploymentConfig) -> list[Finding]:  # noqa: ARG002 (part of the port)
        """What it was told to find."""
        return list(self.findings)

    def start(self, release: Release, reporter: Reporter) -> Running:
        """Answer for the release from now on, at the address the service had."""
        place = self._places.setdefault(release.service, _Place())
        place.last_start = len(place.lines)
        place.write(f"starting revision {release.revision}")
        release.ready_environment()
        reporter.event("started", f"{release.service}-{release.revision}")
        self.during_start(release)
        crash, self.crash = self.crash, None
        if crash is not None:
            place.write("failed")
            raise StartFailed(service=release.service, crash=crash)
        reporter.event("init", "loaded in 0.0 s")
        if place.release is not None:
            reporter.event("switch", f"traffic moved from revision {place.release.revision}")
        place.release = release
        if place.server is None:
            place.server = self._listen(release.service, release.port or 0)
        return _running(place.server)

    def observe(self, service: str) -> Observation:
        """Healthy while it listens."""
        place = self._places.get(service)
        if place is None:
            return Observation(present=False)
        if place.server is None or place.release is None:
            return Observation(present=True, state="Failed")
        return Observation(
            present=True, state="Healthy", revision=place.release.revision, running=_running(place.server)
        )

    def logs(self, service: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
        """The lines it pretended to write."""
        place = self._places.get(service, _Place())
        begin = int(after) if after.isdigit() else 0
        yield from place.lines[max(begin, place.last_start if last_start else 0) :]

    def write(self, service: str, text: str) -> None:
        """Pretend that the service wrote a line."""
        self._places[service].write(text)

    def break_down(self, service: str) -> None:
        """Pretend that the machine was restarted: nothing runs, nothing is known."""
        self._close(self._places.pop(service))

    def apply_keys(self, service: str) -> None:
        """The server reads the file for each request; only remembered."""
        self.keys_applied.append(service)

    def tidy(self, service: str) -> None:
        """A start here is never half-made."""

    def stop(self, service: str) -> None:
        """No longer listen, and forget."""
        place = self._places.pop(service, None)
        if place is not None:
            self._close(place)

    def close(self) -> None:
        """Stop everything; call it at the end of a test."""
        for service in list(self._places):
            self.stop(service)

    def _close(self, place: _Place) -> None:
        if place.server is not None:
            place.server.shutdown()
            place.server.server_close()

    def _listen(self, service: str, port: int) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler_for(self, self._places[service]))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


def _echo(release: Release, body: bytes) -> tuple[int, Any]:
    return 200, {"revision": str(release.revision), "got": json.loads(body or b"null")}


def _running(server: ThreadingHTTPServer) -> Running:
    port = int(server.server_address[1])
    base = f"http://127.0.0.1:{port}"
    return Running(scoring_uri=f"{base}/score", swagger_uri=f"{base}/swagger.json", port=port)


def _is_allowed(release: Release, bearer: str) -> bool:
    options = release.server
    if options.auth_mode == "off" or options.keys_path is None:
        return True
    keys = json.loads(options.keys_path.read_text(encoding="utf-8"))
    if options.auth_mode == "key":
        return bearer in (keys["primary"], keys["secondary"])
    import jwt

    try:
        jwt.decode(bearer, keys["signing"], algorithms=["HS256"], audience=options.token_audience)
    except jwt.InvalidTokenError:
        return False
    return True


def _handler_for(target: MemoryTarget, place: _Place) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                self._reply(200, "Healthy")
            else:
                self._reply(404, {"message": "not found"})

        def do_POST(self) -> None:
            release = place.release
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if release is None:
                self._reply(503, {"message": "nothing serves"})
            elif not _is_allowed(release, bearer):
                self._reply(401, {"message": "unauthorized"})
            else:
                self._reply(*target.answer(release, body))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
            """Nobody reads it."""

        def _reply(self, status: int, content: Any) -> None:
            payload = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

    return Handler
