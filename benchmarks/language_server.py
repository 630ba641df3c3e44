"""How quickly the editor learns what is wrong, what can be completed and what a service wrote; how much memory that takes.

    python benchmarks/language_server.py [--lines 500] [--strokes 200] [--edits 10000] [--only NAME]

Starts the installed `mooring-lsp` over its standard streams.

- first: process start to first diagnostics; processor time of the process beside it, which others' load does not change
- strokes: a score.py of so many lines with its two configurations open, typed into at ten strokes a second; from the
  stroke to its diagnostics. The inspection alone, in this process, is shown beside it.
- completion: `get_model_path("` and `name:` with 10,000 registered versions
- logs: from the moment a service writes a line to the notification that carries it
- memory: resident, before and after so many edits
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from mooring.configs import InferenceConfig
from mooring.inspection import inspect_content
from mooring.workspace import Workspace

LIMITS_MS = {500: 15.0, 5000: 50.0}
VERSIONS = 10_000
FUNCTION = """\
def feature_{i}(rows):
    chosen = [row * {i} for row in rows if row > {i}]
    return json.dumps({{"chosen": chosen}})


"""
FRAME = """\
import json


def init():
    global model
    model = 1


{functions}def run(raw_data):
    return json.loads(raw_data)
"""
WRITER = """\
import threading, time


def init():
    def write():
        while True:
            time.sleep(0.21)
            print("written at", time.time(), flush=True)

    threading.Thread(target=write, daemon=True).start()


def run(raw_data):
    return raw_data
"""


class Server:
    """The server, and everything that it says, in order."""

    def __init__(self, folder: Path) -> None:
        command = str(Path(sys.executable).with_name("mooring-lsp"))
        self.started = time.perf_counter()
        self.process = subprocess.Popen([command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        params = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
        self.ask("initialize", params)
        self.tell("initialized", {})

    def tell(self, method: str, params: Any) -> None:
        self._send(method=method, params=params)

    def ask(self, method: str, params: Any) -> Any:
        self._send(id=1, method=method, params=params)
        return self.wait_for(lambda message: message.get("id") == 1 and "method" not in message)[1].get(
            "result"
        )

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> tuple[float, dict[str, Any]]:
        while True:
            at, message = self.said.get(timeout=60)
            if wanted(message):
                return at, message

    def wait_for_findings(self, uri: str, version: int) -> float:
        def is_it(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            return (params.get("uri"), params.get("version")) == (uri, version)

        return self.wait_for(is_it)[0]

    def open(self, path: Path, language: str) -> str:
        item = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": path.read_text()}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return path.as_uri()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b": ")
                length = int(value) if name == b"Content-Length" else length
            if not length:
                return
            self.said.put((time.perf_counter(), json.loads(self.process.stdout.read(length))))


@contextmanager
def session(folder: Path, lines: int) -> Iterator[tuple[Server, str, float]]:
    """A server with a script and its configurations open; and when the first findings came."""
    script = folder / "score.py"
    functions = "".join(FUNCTION.format(i=i) for i in range((lines - 9) // 5))
    script.write_text(FRAME.format(functions=functions))
    (folder / "inferenceconfig.json").write_text('{"entryScript": "score.py", "runtime": "python"}')
    (folder / "deploymentconfig.json").write_text('{"computeType": "process"}')
    server = Server(folder)
    try:
        uri = server.open(script, "python")
        first_s = server.wait_for_findings(uri, 1) - server.started
        for name in ("inferenceconfig.json", "deploymentconfig.json"):
            server.wait_for_findings(server.open(folder / name, "json"), 1)
        yield server, uri, first_s
    finally:
        server.close()


def change(server: Server, uri: str, version: int) -> None:
    """One key stroke; every second one takes the one before it back."""
    start, end = (13, 13) if version % 2 == 0 else (13, 14)
    place = {"start": {"line": 5, "character": start}, "end": {"line": 5, "character": end}}
    changes = [{"range": place, "text": "1" if version % 2 == 0 else ""}]
    server.tell(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes},
    )


def processor_time(server: Server) -> float:
    """Seconds so far; what others do on the machine does not lengthen it much."""
    return sum(psutil.Process(server.process.pid).cpu_times()[:2])


def measure_first(folder: Path, lines: int) -> None:
    walls, cpus = [], []
    for _ in range(5):
        with session(folder, lines) as (server, _, first_s):
            walls.append(first_s)
            cpus.append(processor_time(server))
    print(
        f"first diagnostics: median {statistics.median(walls):.2f} s, best {min(walls):.2f} s after the start"
        f" (aim 0.4 s); the process had used {min(cpus):.2f} s of processor time with three documents open"
    )


def measure_strokes(folder: Path, lines: int, strokes: int) -> None:
    times = []
    with session(folder, lines) as (server, uri, _):
        time.sleep(2)
        used = processor_time(server)
        for version in range(2, strokes + 12):
            began = time.perf_counter()
            change(server, uri, version)
            times.append((server.wait_for_findings(uri, version) - began) * 1e3)
            time.sleep(max(0.0, 0.1 - (time.perf_counter() - began)))
        used = (processor_time(server) - used) * 1e3 / (strokes + 10)
        text = (folder / "score.py").read_text()
    tell(f"key stroke to diagnostics, {lines} lines", times[10:], LIMITS_MS.get(lines))
    print(f"  processor time of the server for each stroke, its watch included: {used:.1f} ms")
    alone = []
    for _ in range(12):
        began = time.perf_counter()
        inspect_content(text, "/w/score.py")
        alone.append((time.perf_counter() - began) * 1e3)
    print(f"  inspecting that text from nothing: median {statistics.median(alone[2:]):.1f} ms")


def measure_completion(folder: Path) -> None:
    with Workspace.open() as workspace:
        register_many(workspace, folder)
    text = 'from azureml.core import Model\nM = Model.get_model_path("model-1")\nI = "model-1:"\n'
    (folder / "names.py").write_text(text)
    with session(folder, 100) as (server, _, _):
        uri = server.open(folder / "names.py", "python")
        server.wait_for_findings(uri, 1)
        for what, line, column in (("a name", 1, 33), ("a version", 2, 13)):
            times = []
            used = processor_time(server)
            for _ in range(60):
                began = time.perf_counter()
                place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
                found = server.ask("textDocument/completion", place)
                times.append((time.perf_counter() - began) * 1e3)
            tell(f"completing {what}, {VERSIONS} versions, {len(found['items'])} offered", times[10:], 20.0)
            print(f"  processor time for each: {(processor_time(server) - used) * 1e3 / 60:.1f} ms")


def register_many(workspace: Workspace, folder: Path) -> None:
    """100 names of 100 versions, straight into the store: only names and numbers matter here."""
    import dataclasses

    file = folder / "model.pkl"
    file.write_bytes(b"1")
    first = workspace.models.register(file, "model-0")
    for number in range(1, VERSIONS):
        draft = dataclasses.replace(first, name=f"model-{number % 100}", version=0)
        workspace.models.store.add(draft)


def measure_logs(folder: Path, lines: int = 60) -> None:
    (folder / "writer.py").write_text(WRITER)
    here = {"name": "here", "python": {"userManagedDependencies": True, "interpreterPath": sys.executable}}
    config = folder / "writer.json"
    config.write_text(json.dumps({"entryScript": str(folder / "writer.py"), "environment": here}))
    with Workspace.open() as workspace:
        workspace.services.deploy("writer", [], InferenceConfig.load(config))
        try:
            with session(folder, 100) as (server, _, _):
                server.ask("mooring/logs/subscribe", {"service": "writer"})
                tell("log line to notification", list(delays(server, lines)), 200.0)
        finally:
            workspace.services.delete("writer")


def delays(server: Server, lines: int) -> Iterator[float]:
    shift = time.time() - time.perf_counter()
    told = 0
    while told < lines:
        at, message = server.wait_for(lambda each: each.get("method") == "mooring/logs")
        params = message["params"]
        server.tell(
            "mooring/logs/acknowledge", {"subscription": params["subscription"], "batch": params["batch"]}
        )
        for item in params["items"]:
            if "written at " in item["text"]:
                told += 1
                if told > 5:  # what was there before we listened
                    yield (at + shift - float(item["text"].rpartition(" ")[2])) * 1e3


def measure_memory(folder: Path, lines: int, edits: int) -> None:
    with session(folder, lines) as (server, uri, _):
        process = psutil.Process(server.process.pid)
        time.sleep(2)
        seen = [process.memory_info().rss / 1e6]
        for version in range(2, edits + 2):
            change(server, uri, version)
            if version % 10 == 0:
                server.wait_for_findings(uri, version)
            if (version - 1) % max(edits // 4, 1) == 0:
                seen.append(process.memory_info().rss / 1e6)
    print(
        f"memory after 0, 1/4, 1/2, 3/4 and all of {edits} edits: {', '.join(f'{each:.0f}' for each in seen)} MB (aim: 120)"
    )


def tell(what: str, times: list[float], limit_ms: float | None) -> None:
    ordered = sorted(times)
    aim = f" (aim: p95 within {limit_ms:.0f} ms)" if limit_ms else ""
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{what}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms{aim}")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--lines", type=int, default=500)
    options.add_argument("--strokes", type=int, default=200)
    options.add_argument("--edits", type=int, default=10_000)
    options.add_argument("--only", choices=("first", "strokes", "completion", "logs", "memory"))
    given = options.parse_args()
    measures: dict[str, Callable[[Path], None]] = {
        "first": lambda folder: measure_first(folder, given.lines),
        "strokes": lambda folder: measure_strokes(folder, given.lines, given.strokes),
        "completion": measure_completion,
        "logs": measure_logs,
        "memory": lambda folder: measure_memory(folder, given.lines, given.edits),
    }
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as home:
        os.environ["MOORING_HOME"] = home
        for name, measure in measures.items():
            if given.only in (None, name):
                with tempfile.TemporaryDirectory() as folder:
                    measure(Path(folder))


if __name__ == "__main__":
    main()
