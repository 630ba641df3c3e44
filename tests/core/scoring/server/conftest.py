"""Real server processes over real sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ECHO = """
def init():
    pass

def run(data):
    return data
"""


class Server:
    """One `python -m mooring.scoring` process on a free port."""

    def __init__(self, folder: Path, script: str, flags: tuple[str, ...] = (), **variables: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "score.py").write_text(script)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MOORING_")}
        environment.update(variables, AML_APP_ROOT=str(folder), PYTHONUNBUFFERED="1")
        command = [
            sys.executable,
            "-m",
            "mooring.scoring",
            "--entry_script",
            str(folder / "score.py"),
            "--port",
            "0",
            *flags,
        ]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.port = 0
        self._said = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line.rstrip("\n"))
                if line.startswith("Score:"):
                    self.port = int(line.rsplit(":", 1)[1].split("/")[0])
                self._said.notify_all()
        with self._said:
            self.lines.append("<end>")
            self._said.notify_all()

    def wait_for(self, text: str, within_s: float = 20.0, times: int = 1) -> None:
        """Until a line of the log contains `text`."""
        with self._said:
            found = self._said.wait_for(
                lambda: sum(text in line for line in self.lines) >= times or "<end>" in self.lines, within_s
            )
        assert found, self.log
        assert sum(text in line for line in self.lines) >= times, self.log

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, raw: bytes) -> Answer:
        """Send bytes on a fresh connection; the first answer."""
        with self.connect() as connection:
            connection.sendall(raw)
            return read_answer(connection)

    def get(self, path: str = "/", **headers: str) -> Answer:
        return self.ask(render("GET", path, b"", headers))

    def post(self, body: bytes | str | dict | list = b"", path: str = "/score", **headers: str) -> Answer:
        return self.ask(render("POST", path, body, headers))

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples whose labels include these."""
        from prometheus_client.parser import text_string_to_metric_families

        total = 0.0
        for family in text_string_to_metric_families(self.get("/metrics").body.decode()):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    total += sample.value
        return total

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def end(self, within_s: float = 20.0) -> int:
        code = self.process.wait(within_s)
        self._reader.join(5)
        return code

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        self.process.stdout.close()


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.pairs = headers
        self.headers = dict(headers)
        self.body = body

    @property
    def json(self) -> object:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<Answer {self.status} {self.headers} {self.body[:200]!r}>"


def render(method: str, path: str, body: bytes | str | dict | list, headers: dict[str, str]) -> bytes:
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    pairs = {"host": "test", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if method != "GET":
        pairs.setdefault("content-length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def read_answer(connection: socket.socket, pending: bytearray | None = None) -> Answer:
    """One answer; `pending` keeps what follows it."""
    data = bytearray() if pending is None else pending
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise EOFError(bytes(data))
        data += more
    head, _, _ = bytes(data).partition(b"\r\n\r\n")
    del data[: len(head) + 4]
    first, *rows = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1])
    pairs = [(name.lower(), value.strip()) for name, _, value in (row.partition(":") for row in rows)]
    headers = dict(pairs)
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(read_chunks(connection, data))
    else:
        length = int(headers.get("content-length", 0)) if status not in {100, 204, 304} else 0
        while len(data) < length:
            more = connection.recv(1 << 20)
            if not more:
                raise EOFError(bytes(data))
            data += more
        body = bytes(data[:length])
        del data[:length]
    return Answer(status, pairs, body)


def read_chunks(connection: socket.socket, data: bytearray):
    """Each chunk of a body as it arrives."""
    while True:
        while b"\r\n" not in data:
            data += _more(connection)
        size = int(bytes(data).partition(b"\r\n")[0], 16)
        del data[: data.index(b"\r\n") + 2]
        while len(data) < size + 2:
            data += _more(connection)
        if size:
            yield bytes(data[:size])
        del data[: size + 2]
        if not size:
            return


def _more(connection: socket.socket) -> bytes:
    more = connection.recv(65536)
    if not more:
        raise EOFError
    return more


def wait_until(condition, within_s: float = 10.0) -> None:
    """Poll a condition of another process; fails when it does not come true."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "the condition did not come true"
        time.sleep(0.01)


@pytest.fixture
def serve(tmp_path):
    """Start servers; all are ended with the test."""
    servers: list[Server] = []

    def start(script: str = ECHO, *flags: str, ready: bool = True, **variables: str) -> Server:
        server = Server(tmp_path / f"app{len(servers)}", script, flags, **variables)
        servers.append(server)
        if ready:
            workers = int(flags[flags.index("--worker_count") + 1]) if "--worker_count" in flags else 1
            server.wait_for("ready for serving traffic", times=workers)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def keys_file(tmp_path):
    """A keys file and a way to write it anew."""

    class KeysFile:
        path = tmp_path / "keys.json"

        def write(self, **keys: str) -> None:
            other = tmp_path / "keys.json.new"
            other.write_text(json.dumps(keys))
            other.chmod(0o600)
            other.replace(self.path)

    file = KeysFile()
    file.write(primary="primary-key-000000000000000000000", secondary="secondary-key-0000000000000000000")
    return file


def app_root(server: Server) -> Path:
    """The folder a server's script runs in."""
    return Path(server.process.args[4]).parent
