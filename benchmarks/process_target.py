"""How long until a service on this machine answers, and after an edit of score.py answers anew.

    python benchmarks/process_target.py [--rounds 5]

In each round, one after the other: the script's own imports and `init()` in a bare interpreter (the floor), a first
start, a reload, and `azmlinfsrv` with the same script in the same environment. The environment is built once, by uv,
in the user's cache folder. The last lines say what the warm process costs in memory.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from mooring.settings import Settings
from mooring.targets.process import ProcessTarget
from mooring.testing import Recorder, make_release

PACKAGES = (
    "scikit-learn", "azureml-inference-server-http", "httptools", "uvloop", "orjson", "prometheus-client", "PyJWT",
)  # fmt: skip
SCRIPT = """\
import json
import numpy as np
from sklearn.linear_model import Ridge


def init():
    global model
    model = Ridge().fit(np.eye(10), np.arange(10.0))


def run(raw_data):
    return model.predict(np.array(json.loads(raw_data)["data"])).tolist()
"""
BODY = b'{"data": [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]}'
LIMITS_S = {"first start over the floor": 0.4, "reload": 0.5}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    python = environment()
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home")
        measure_round(settings, python)  # compiles what is new
        for _ in range(rounds):
            for name, value in measure_round(settings, python).items():
                seconds.setdefault(name, []).append(value)
        memory = measure_memory(settings, python)
    for name, values in seconds.items():
        limit = f"  limit {LIMITS_S[name]:.1f} s" if name in LIMITS_S else ""
        print(
            f"{name:32} median {statistics.median(values):.3f} s  {min(values):.3f}-{max(values):.3f}{limit}"
        )
    for name, value in memory.items():
        print(f"{name:32} {value / 1e6:.0f} MB")


def environment() -> Path:
    cache = (
        Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "mooring-benchmarks" / "process"
    )
    python = cache / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "-q", "-p", "3.11", str(cache)], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *PACKAGES], check=True)
    return python


def measure_round(settings: Settings, python: Path) -> dict[str, float]:
    floor = measure_floor(python)
    target = ProcessTarget(settings)
    first = timed_start(target, release(settings, python, 1))
    wait_until_warm(target)
    reload = timed_start(target, release(settings, python, 2))
    target.stop("echo")
    return {
        "script's imports and init()": floor,
        "first start": first,
        "first start over the floor": first - floor,
        "reload": reload,
        "azmlinfsrv start": measure_reference(python),
    }


def release(settings: Settings, python: Path, revision: int):
    shutil.rmtree(
        settings.workspace_dir / "services" / "echo" / "revisions" / str(revision), ignore_errors=True
    )
    ready = SimpleNamespace(python=python)
    made = make_release(settings, revision=revision, script=SCRIPT, environment_variables={})
    return replace(made, ready_environment=lambda: ready)


def timed_start(target: ProcessTarget, prepared) -> float:
    started = time.perf_counter()
    running = target.start(prepared, Recorder())
    assert ask(running.scoring_uri)
    return time.perf_counter() - started


def measure_floor(python: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "score.py").write_text(SCRIPT)
        started = time.perf_counter()
        subprocess.run([python, "-c", "import score; score.init()"], cwd=folder, check=True)
        return time.perf_counter() - started


def measure_reference(python: Path) -> float:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        Path(folder, "score.py").write_text(SCRIPT)
        started = time.perf_counter()
        command = [python.with_name("azmlinfsrv"), "--entry_script", "score.py", "--port", str(port)]
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            while not ask(f"http://127.0.0.1:{port}/score"):
                time.sleep(0.005)
            seconds = time.perf_counter() - started
            server.terminate()
        return seconds


def ask(uri: str) -> bool:
    request = urllib.request.Request(uri, BODY, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until_warm(target: ProcessTarget) -> None:
    while not any(zygote["is_warm"] for zygote in target.observe("echo").details["zygotes"]):
        time.sleep(0.01)


def measure_memory(settings: Settings, python: Path) -> dict[str, float]:
    """Memory of all processes, shared pages counted once (PSS)."""
    target = ProcessTarget(settings)
    timed_start(target, replace(release(settings, python, 1), environment_variables={"MOORING_WARM": "off"}))
    memory = {"memory without a warm process": shared_once(settings.home)}
    target.stop("echo")
    timed_start(target, release(settings, python, 1))
    wait_until_warm(target)
    memory["memory with it, first version"] = shared_once(settings.home)
    timed_start(target, release(settings, python, 2))
    time.sleep(1)
    memory["memory with it, after a reload"] = shared_once(settings.home)
    target.stop("echo")
    return memory


def shared_once(home: Path) -> float:
    total = 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and str(home).encode() in (entry / "cmdline").read_bytes():
                lines = (entry / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return total


if __name__ == "__main__":
    main()
