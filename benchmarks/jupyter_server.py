"""How long other requests wait while a Jupyter server registers a model of 1 GB or builds, against the same server at rest.

    poe bench --name jupyter_server

The build is an environment of its own for a service, so it takes a package index.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/jupyter_ext"))

from running_lab import TOKEN, Lab

from mooring_jupyter.client import MooringClient

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return 1\n"
CONDA = "name: built\ndependencies:\n  - python=3.11\n  - pip:\n      - scikit-learn\n      - pandas\n"
LIMIT_MS = 50


def main() -> None:
    """Print waits at rest, while a path is registered, and while a file is uploaded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gigabytes", type=float, default=1.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), Path(folder, "work"), Path(folder, "home"))
        lab.work.mkdir()
        write_file(lab.work / "big.pkl", int(asked.gigabytes * 1e9))
        lab.start()
        try:
            client = MooringClient(lab.url, TOKEN)
            client.list_models()
            tell("at rest", lab, lambda: time.sleep(10))
            tell(
                f"{asked.gigabytes:g} GB registered",
                lab,
                lambda: client.wait(client.register_model({"name": "big", "path": "big.pkl"})),
            )
            tell(f"{asked.gigabytes:g} GB uploaded", lab, lambda: client.upload(lab.work / "big.pkl"))
            tell("a build", lab, lambda: build(client, lab))
            client.wait(client.delete_service("built"))
        finally:
            lab.stop()


def build(client: MooringClient, lab: Lab) -> None:
    (lab.work / "score.py").write_text(SCRIPT)
    (lab.work / "myenv.yml").write_text(CONDA)
    order = {"name": "built", "entryScript": "score.py", "condaFile": "myenv.yml"}
    ended = client.wait(client.deploy_service(order))
    if ended["status"] != "done":
        raise SystemExit(f"the build failed: {ended['error']}")


def write_file(path: Path, size: int) -> None:
    piece = os.urandom(1_000_000)
    with path.open("wb") as file:
        for _ in range(size // len(piece)):
            file.write(piece)


def tell(what: str, lab: Lab, work) -> None:
    """Ask `/api/me`, which does nothing but answer from the event loop, every 5 ms while the work goes on."""
    waits: list[float] = []
    is_over = threading.Event()
    asking = threading.Thread(target=ask, args=(lab, waits, is_over))
    asking.start()
    began = time.perf_counter()
    work()
    took_s = time.perf_counter() - began
    is_over.set()
    asking.join()
    waits.sort()
    print(
        f"{what:<16} {took_s:5.1f} s   another request waits: p50 {waits[len(waits) // 2]:.1f} ms, "
        f"p99 {waits[int(len(waits) * 0.99)]:.1f} ms, longest {waits[-1]:.1f} ms of {len(waits)}, limit {LIMIT_MS} ms  {'ok' if waits[-1] <= LIMIT_MS else 'TOO LONG'}"
    )


def ask(lab: Lab, waits: list[float], is_over: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", lab.port)
    while not is_over.is_set():
        began = time.perf_counter()
        connection.request("GET", "/api/me", headers={"Authorization": f"token {TOKEN}"})
        connection.getresponse().read()
        waits.append((time.perf_counter() - began) * 1000)
        time.sleep(0.005)


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    main()
