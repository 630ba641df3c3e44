"""An engine's socket, reached over TCP as an engine of another machine is, with TLS or without."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from types import TracebackType


class Relay:
    """Passes on what comes to an address until the block ends.

    Args:
        path: Of the engine's socket.
        host: Of this machine, to listen on.
        certificates: Folder with `cert.pem` and `key.pem`, which clients must have, too; None for plain TCP.
    """

    def __init__(self, path: str, host: str = "127.0.0.1", certificates: Path | None = None) -> None:
        self._path = path
        self._listener = socket.create_server((host, 0))
        self._tls: ssl.SSLContext | None = None
        if certificates is not None:
            self._tls = ssl.create_default_context(
                ssl.Purpose.CLIENT_AUTH, cafile=str(certificates / "cert.pem")
            )
            self._tls.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
            self._tls.verify_mode = ssl.CERT_REQUIRED
        self.place = f"tcp://{host}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as closing:
            client = closing.enter_context(client)
            if self._tls is not None:
                client = closing.enter_context(self._tls.wrap_socket(client, server_side=True))
            engine = closing.enter_context(socket.socket(socket.AF_UNIX))
            engine.connect(self._path)
            back = threading.Thread(target=_pass_on, args=(engine, client), daemon=True)
            back.start()
            _pass_on(client, engine)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def write_certificates(folder: Path) -> Path:
    """A folder as DOCKER_CERT_PATH names one: a certificate that is its own authority, for both sides."""
    folder.mkdir()
    out = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    wanted = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=engine"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", *wanted, *names, *out], check=True, capture_output=True)
    (folder / "ca.pem").write_bytes((folder / "cert.pem").read_bytes())
    return folder
