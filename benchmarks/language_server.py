"""How long from a key stroke until the editor knows what is wrong.

    python benchmarks/language_server.py [--lines 500] [--strokes 200]

Starts the installed `mooring-lsp` over its standard streams, opens a score.py of so many lines with its inference
configuration, and types into a line, each stroke once the one before is answered. First diagnostics: from the start
of the process. The inspection alone, in this process, is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mooring.inspection import inspect_content

LIMITS_MS = {500: 15.0, 5000: 50.0}
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


class Server:
    def __init__(self) -> None:
        command = str(Path(sys.executable).with_name("mooring-lsp"))
        self.process = subprocess.Popen([command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
        return json.loads(self.process.stdout.read(length))

    def wait_for(self, uri: str, version: int) -> None:
        while True:
            params = self.read().get("params", {})
            if (params.get("uri"), params.get("version")) == (uri, version):
                return


def script_of(lines: int) -> str:
    functions = "".join(FUNCTION.format(i=i) for i in range((lines - 9) // 5))
    return FRAME.format(functions=functions)


def open_document(server: Server, path: Path, language: str) -> str:
    item = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": path.read_text()}
    server.send(method="textDocument/didOpen", params={"textDocument": item})
    return path.as_uri()


def measure(folder: Path, lines: int, strokes: int) -> tuple[float, list[float]]:
    script, config = folder / "score.py", folder / "inferenceconfig.json"
    script.write_text(script_of(lines))
    config.write_text('{"entryScript": "score.py", "runtime": "python"}')
    start = time.perf_counter()
    server = Server()
    server.send(
        id=1, method="initialize", params={"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
    )
    server.read()
    server.send(method="initialized", params={})
    uri = open_document(server, script, "python")
    server.wait_for(uri, 1)
    first_s = time.perf_counter() - start
    server.wait_for(open_document(server, config, "json"), 1)
    times = [stroke(server, uri, version) for version in range(2, strokes + 12)][10:]
    server.send(id=2, method="shutdown")
    server.send(method="exit")
    server.process.communicate(timeout=10)
    return first_s, sorted(times)


def stroke(server: Server, uri: str, version: int) -> float:
    place = {"line": 5, "character": 13}
    change = {"range": {"start": place, "end": place}, "text": "1"}
    start = time.perf_counter()
    server.send(
        method="textDocument/didChange",
        params={"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
    )
    server.wait_for(uri, version)
    return (time.perf_counter() - start) * 1e3


def inspection_alone(text: str) -> float:
    times = []
    for _ in range(12):
        start = time.perf_counter()
        inspect_content(text, "/w/score.py")
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times[2:])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=500)
    options.add_argument("--strokes", type=int, default=200)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first_s, times = measure(Path(folder), given.lines, given.strokes)
    p95 = times[int(len(times) * 0.95)]
    alone = inspection_alone(script_of(given.lines))
    print(f"first diagnostics after {first_s:.2f} s (aim: 0.4 s)")
    print(
        f"key stroke to diagnostics, {given.lines} lines: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms"
    )
    print(f"of which the inspection itself: median {alone:.1f} ms")
    if given.lines in LIMITS_MS:
        print(f"aim: p95 within {LIMITS_MS[given.lines]:.0f} ms")


if __name__ == "__main__":
    main()
