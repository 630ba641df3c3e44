"""How long a command takes before it does anything: `--help`, `service list` with many services.

    python benchmarks/start_up.py                 50 services that are records, and none that runs
    python benchmarks/start_up.py --real 10       10 services that run

Each figure is the median of single runs of the whole process, beside what `python -c pass` takes in between.
Byte code must be on disk, as pip leaves it: the script makes sure.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

HELP_LIMIT_S = 0.2
LIST_LIMIT_S = 0.4
SERVICES = 50


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument(
        "--real", type=int, default=0, help="Deploy so many services instead of recording 50."
    )
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as home:
        os.environ["MOORING_HOME"] = home
        names = deploy(Path(home), arguments.real) if arguments.real else record()
        try:
            measure(arguments.runs, len(names))
        finally:
            for name in names if arguments.real else []:
                mooring("service", "delete", "-n", name)


def measure(runs, services):
    bare = [sys.executable, "-c", "pass"]
    for words, limit_s in (
        (["--help"], HELP_LIMIT_S),
        (["model", "deploy", "--help"], HELP_LIMIT_S),
        (["service", "list"], LIST_LIMIT_S),
    ):
        command = [sys.executable, "-m", "mooring", *words]
        once(command)
        took = [(once(command), once(bare)[0]) for _ in range(runs)]
        median_s = statistics.median(wall for (wall, _), _ in took)
        cpu_s = min(cpu for (_, cpu), _ in took)
        spread = f"{min(wall for (wall, _), _ in took):.3f}-{max(wall for (wall, _), _ in took):.3f}"
        python_s = statistics.median(bare_s for _, bare_s in took)
        verdict = "ok" if median_s <= limit_s else "TOO SLOW"
        title = f"mooring {' '.join(words)}" + (f" ({services} services)" if "list" in words else "")
        print(
            f"{title:<40} {median_s:.3f} s ({spread}), of the processor {cpu_s:.3f} s at best, "
            f"python alone {python_s:.3f} s, limit {limit_s} s: {verdict}"
        )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def once(command):
    """Seconds by the clock, and seconds of processor time."""
    before = os.times()
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    wall_s = time.perf_counter() - began
    after = os.times()
    used_s = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return wall_s, used_s


def record():
    """Records of services, as the desk leaves them; none of them runs."""
    from mooring.database.services import ServiceTable
    from mooring.deployments.values import Service
    from mooring.workspace import Workspace

    now = datetime.now(timezone.utc)
    names = [f"service-{number}" for number in range(SERVICES)]
    with Workspace.open() as workspace:
        store = ServiceTable(workspace.database)
        for name in names:
            store.put(
                Service(
                    name=name,
                    compute_type="process",
                    target="process",
                    created_time=now,
                    updated_time=now,
                    state="Healthy",
                    scoring_uri="http://127.0.0.1:1/score",
                    port=1,
                    revision=1,
                    models=("diabetes:1",),
                )
            )
    return names


def deploy(home, count):
    script = home / "score.py"
    script.write_text("def init():\n    pass\n\ndef run(data):\n    return data\n")
    names = [f"service-{number}" for number in range(count)]
    for name in names:
        mooring("model", "deploy", "-n", name, "--es", str(script))
    return names


def mooring(*words):
    subprocess.run(
        [sys.executable, "-m", "mooring", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


if __name__ == "__main__":
    main()
