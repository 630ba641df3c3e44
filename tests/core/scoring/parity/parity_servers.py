"""The two servers side by side: their environments, their processes, and the answers they give."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import filelock

from mooring.environments.uv_process import find_uv

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[3] / "core"
CACHE = Path(os.environ.get("MOORING_TESTS_CACHE", Path.home() / ".cache" / "mooring-tests"))

LIBRARIES = ("numpy==2.2.6", "pandas==2.3.3")
REFERENCE = (
    "azureml-inference-server-http==1.5.1",
    "inference-schema==1.8",
    "flask-cors",
    "setuptools<81",
    *LIBRARIES,
)
RING = ("uvloop", "orjson", "PyJWT")
BARE = (*RING, *LIBRARIES)
FULL = (*RING, *LIBRARIES, "inference-schema==1.8", "flask")


def make_environment(name: str, requirements: tuple[str, ...], python: str = "3.11") -> Path:
    """The interpreter of a virtual environment with these packages, made once and kept."""
    digest = hashlib.sha256(repr((requirements, python)).encode()).hexdigest()[:12]
    home = CACHE / f"{name}-{digest}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(str(CACHE / f"{name}-{digest}.lock")):
        if not (home / "complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            uv = find_uv()
            subprocess.run([uv, "venv", "-q", "--python", python, str(home)], check=True)
            subprocess.run(
                [uv, "pip", "install", "-q", "--python", str(home / "bin" / "python"), *requirements],
                check=True,
            )
            (home / "complete").touch()
    return home / "bin" / "python"


class Answer(NamedTuple):
    """A response as the client saw it; status 0 when the connection broke."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Side(NamedTuple):
    """What one server did with a case: its exit code when it did not start, else its answers."""

    exit_code: int | None
    answers: tuple[Answer, ...]
    log: str


class Zygote:
    """A warm process that forks servers."""

    def __init__(self, kind: str, python: Path) -> None:
        self.kind = kind
        environment = {**os.environ, "PYTHONPATH": str(CORE)} if kind == "ours" else dict(os.environ)
        self._process = subprocess.Popen(
            [str(python), str(HERE / "zygote.py"), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=environment,
        )

    def order(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the {self.kind} zygote ended")
        return dict(json.loads(line))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait(10)


MODULES = {"reference": "azureml_inference_server_http", "ours": "mooring.scoring"}


def start(zygote: Zygote, root: Path, entry: str, env: dict[str, str]) -> tuple[int, int, Path]:
    """Start a server for the script under `root`; returns process id, port and log file."""
    port = free_port()
    log = root.parent / f"{root.name}-{zygote.kind}.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONDONTWRITEBYTECODE": "1",
        **env,
    }
    arguments = ["--entry_script", entry, "--port", str(port)]
    order = {"do": "start", "cwd": str(root), "log": str(log), "env": environment}
    pid = zygote.order(module=MODULES[zygote.kind], arguments=arguments, **order)["pid"]
    return pid, port, log


def wait_until_up(zygote: Zygote, pid: int, port: int) -> bool:
    """Whether the server answers; False when its process ended before."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as probe:
            probe.sendall(b"GET /probe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if probe.recv(1):
                return True
        if not zygote.order(do="poll", pid=pid)["alive"]:
            return False
        time.sleep(0.01)
    raise AssertionError("the server neither started nor ended within a minute")


def run_case(zygote: Zygote, case: Any, root: Path) -> Side:
    """Start one server on a case, ask everything, stop it."""
    write_case(case, root)
    pid, port, log = start(zygote, root, case.entry, case.env)
    answers: list[Answer] = []
    try:
        if wait_until_up(zygote, pid, port):
            answers = [ask(port, call) for call in case.calls]
            started = True
        else:
            started = False
    finally:
        status = zygote.order(do="stop", pid=pid)["status"]
    return Side(None if started else status, tuple(answers), log.read_text(errors="replace"))


def write_case(case: Any, root: Path) -> None:
    for name, text in {case.entry: case.script, **case.files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def ask(port: int, call: Any) -> Answer:
    """Send one request exactly as the case says and read the whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(call.method, call.target, skip_accept_encoding=True)
        for name, value in call.headers:
            connection.putheader(name, value.encode("latin-1"))
        if call.body or call.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(call.body)))
        connection.endheaders(call.body or None)
        response = connection.getresponse()
        return Answer(response.status, tuple(response.getheaders()), response.read())
    except (http.client.HTTPException, OSError) as error:
        return Answer(0, (("broken", type(error).__name__),), b"")
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- comparison

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MILLISECONDS = re.compile(r"\d+\.\d{3}")
_EXPIRES = re.compile(r"Expires=[^;]+")
_NOT_COMPARED = {"date", "server", "connection", "content-length", "transfer-encoding", "keep-alive"}


def normalise(answer: Answer) -> dict[str, Any]:
    """An answer without what clocks, chance and the server's name put in."""
    headers: dict[str, list[str]] = {}
    uuids: list[str] = []
    for name, value in answer.headers:
        lower = name.lower()
        if lower not in _NOT_COMPARED:
            headers.setdefault(lower, []).append(_steady(lower, value, uuids))
    return {"status": answer.status, "headers": headers, "body": answer.body}


def _steady(name: str, value: str, uuids: list[str]) -> str:
    if _UUID.fullmatch(value):
        if value not in uuids:
            uuids.append(value)
        return f"<uuid {uuids.index(value)}>"
    if name == "x-ms-run-fn-exec-ms":
        return _MILLISECONDS.sub("<ms>", value)
    if name == "x-ms-server-version":
        return "<version>"
    if name == "allow":
        return ", ".join(sorted(part.strip() for part in value.split(",")))
    return _EXPIRES.sub("Expires=<date>", value) if name == "set-cookie" else value


def differences(reference: Side, ours: Side, case: Any) -> list[str]:
    """What differs, one line each."""
    if reference.exit_code is not None or ours.exit_code is not None:
        same = reference.exit_code == ours.exit_code
        return [] if same else [f"start: reference {_started(reference)}, ours {_started(ours)}"]
    lines = []
    for call, theirs, mine in zip(case.calls, reference.answers, ours.answers, strict=True):
        left, right = normalise(theirs), normalise(mine)
        if left != right:
            where = f"{call.method} {call.target} {list(call.headers)} {call.body[:60]!r}"
            parts = [
                f"{key}: reference {left[key]!r:.300}, ours {right[key]!r:.300}"
                for key in left
                if left[key] != right[key]
            ]
            lines.append(f"{where} -> " + "; ".join(parts))
    return lines


def _started(side: Side) -> str:
    return "started" if side.exit_code is None else f"ended with {side.exit_code}"


if __name__ == "__main__":
    sys.exit("this module is imported by the parity tests")
