"""`python -m mooring.scoring --entry_script score.py`: serve an entry script here, as `azmlinfsrv` does."""

from __future__ import annotations

import os
import socket
import sys
from typing import MutableMapping, Sequence

from mooring.scoring.settings import ServerSettings, SettingsError

__all__ = ["main"]

_INHERITED = "MOORING_LISTEN_FDS"


def main(arguments: Sequence[str]) -> int:
    """Serve until a signal ends it; the process's exit code."""
    try:
        settings = ServerSettings.from_command_line(arguments)
        listeners = _inherited(os.environ) or bind(settings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    settings.export(os.environ)
    _announce(settings, listeners)
    if settings.worker_count > 1:
        return _serve_many(settings, listeners)
    from mooring.scoring.worker import serve_worker

    return serve_worker(settings, listeners, on_stuck=lambda: _start_over(listeners))


def bind(settings: ServerSettings) -> list[socket.socket]:
    """Listening sockets for the scoring port and, when it is separate, the health port; raises `SettingsError`."""
    ports = [settings.port] + ([settings.health_port] if settings.separate_health else [])
    return [_listen(settings.host, port) for port in ports]


def _inherited(environ: MutableMapping[str, str]) -> list[socket.socket]:
    """The sockets a former self left open for us when it replaced itself."""
    numbers = environ.pop(_INHERITED, "")
    return [socket.socket(fileno=int(number)) for number in numbers.split(",") if number]


def _start_over(listeners: Sequence[socket.socket]) -> None:
    """Replace this process, whose script does not return, by a fresh one on the same sockets and pid."""
    numbers = [listener.fileno() for listener in listeners if listener.fileno() >= 0]
    if not numbers:  # it was about to end anyway
        os._exit(1)
    for number in numbers:
        os.set_inheritable(number, True)
    os.environ[_INHERITED] = ",".join(map(str, numbers))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execv(sys.executable, [sys.executable, "-m", "mooring.scoring", *sys.argv[1:]])  # noqa: S606


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(f"{host}:{port} can not be listened on: {reason}.", exit_code=1) from None
    return listener


def _announce(settings: ServerSettings, listeners: Sequence[socket.socket]) -> None:
    """Say where it listens; with port 0 that is the only way to know."""
    scheme = "https" if settings.tls_cert else "http"
    host, port = listeners[0].getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    health = listeners[-1].getsockname()[1]
    sys.stdout.write(
        f"Score:    POST  {scheme}://{shown}:{port}/score\nLiveness: GET   {scheme}://{shown}:{health}/\n"
    )
    sys.stdout.flush()


def _serve_many(settings: ServerSettings, listeners: Sequence[socket.socket]) -> int:
    from mooring.scoring.prefork import serve_forked

    return serve_forked(settings, listeners)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
