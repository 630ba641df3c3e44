"""How fast a scoring server answers: ours, the floor under any Python server, and the others.

    python benchmarks/scoring.py                          all servers, 1, 8 and 64 connections
    python benchmarks/scoring.py --only floor mooring     some of them
    python benchmarks/scoring.py --start                  start to first 200, memory of an idle worker
    python benchmarks/scoring.py --large                  200,000 rows and 60 MB, against azmlinfsrv

One worker each, one JSON row of ten numbers, ridge regression. Ours answers with key check, schema validation and
metrics on; the floor is a bare ASGI callable on uvicorn that does nothing but decode, predict and encode. The servers
take turns in short runs, so that a busy machine slows all of them; what counts is the ratio to the floor of the same
round. Processor time per request is less noisy still. Needs `wrk` and `uv`; environments are kept in
~/.cache/mooring-bench (MOORING_BENCH_CACHE).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from scoring_servers import CACHE, CANDIDATES, Candidate, lay_out, save_mlflow_model

READY_WITHIN_S = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Running:
    """A server that answers."""

    def __init__(self, candidate: Candidate, work: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.candidate = candidate
        self.name = candidate.name
        started = time.perf_counter()
        self.process = candidate.start(work, self.port)
        self._await_first_answer(started, work)
        self.script = work / f"{self.name}.lua"
        rows = [f"wrk.headers[{name!r}] = {value!r}" for name, value in candidate.headers.items()]
        self.script.write_text(
            "\n".join(['wrk.method = "POST"', f"wrk.body = [==[{candidate.body}]==]", *rows])
        )

    def _await_first_answer(self, started: float, work: Path) -> None:
        status = None
        while status != 200:
            if self.process.poll() is not None or time.perf_counter() - started > READY_WITHIN_S:
                self.stop()
                log = (work / f"{self.name}.log").read_text().strip().splitlines()
                raise RuntimeError(
                    f"no answer (last status {status}): {log[-1] if log else 'it said nothing'}"
                )
            with contextlib.suppress(OSError, http.client.HTTPException):
                status = self.ask()[0]
            time.sleep(0.002)
        self.start_s = time.perf_counter() - started

    def ask(self, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        data = self.candidate.body.encode() if body is None else body
        connection.request("POST", self.candidate.path, data, headers or self.candidate.headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def pids(self) -> list[int]:
        """Its process and all below it."""
        found = [self.process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                found.extend(int(child) for child in children.split())
        return found

    def cpu_s(self) -> float:
        total = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def resident_mb(self) -> float:
        return (
            sum(
                int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                for pid in self.pids()
            )
            / 1e6
        )

    def load(self, connections: int, seconds: int) -> dict[str, float]:
        """One run of wrk."""
        before = self.cpu_s()
        url = f"http://127.0.0.1:{self.port}{self.candidate.path}"
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            str(self.script),
            url,
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(f"{self.name} failed under load: {said}")
        requests = int(re.search(r"(\d+) requests in", said)[1])
        return {
            "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
            "p50": _ms(re.search(r"50%\s+(\S+)", said)[1]),
            "p99": _ms(re.search(r"99%\s+(\S+)", said)[1]),
            "cpu": (self.cpu_s() - before) / requests * 1e6,
        }

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _ms(text: str) -> float:
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if match is None:  # wrk now and then prints "-nan" for a short run
        return float("nan")
    return float(match[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[match[2]]


@contextlib.contextmanager
def running(names: list[str], work: Path):
    servers = []
    try:
        for candidate in CANDIDATES:
            if names and candidate.name not in names:
                continue
            try:
                if candidate.name == "mlflow":
                    save_mlflow_model(work)
                servers.append(Running(candidate, work))
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"skipped {candidate.name}: {error}", flush=True)
        yield servers
    finally:
        for server in servers:
            server.stop()


def compare(names: list[str], work: Path, connections: list[int], rounds: int, seconds: int) -> None:
    with running(names, work) as servers:
        for server in servers:
            server.load(8, 1)
        for count in connections:
            found: dict[str, list[dict[str, float]]] = defaultdict(list)
            for _ in range(rounds):
                for server in servers:
                    found[server.name].append(server.load(count, seconds))
            print_table(count, found)


def print_table(count: int, found: dict[str, list[dict[str, float]]]) -> None:
    floor = found.get("floor")
    print(f"\n{count} connection{'s' if count > 1 else ''}")
    print(
        f"{'':14} {'req/s':>8} {'x floor':>8} {'p50 ms':>8} {'p99 ms':>8} {'cpu us/req':>11} {'cpu floor/x':>12}"
    )
    for name, runs in found.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        ratio = cpu = "-"
        if floor:
            ratio = f"{statistics.median(run['rate'] / base['rate'] for run, base in zip(runs, floor, strict=True)):.2f}"
            cpu = f"{statistics.median(base['cpu'] / run['cpu'] for run, base in zip(runs, floor, strict=True)):.2f}"
        print(
            f"{name:14} {middle['rate']:8.0f} {ratio:>8} {middle['p50']:8.2f} {middle['p99']:8.2f} {middle['cpu']:11.0f} {cpu:>12}",
            flush=True,
        )


def measure_start(names: list[str], work: Path, rounds: int) -> None:
    """Start to the first 200 of a script without heavy imports, and the worker's memory beyond a bare Python."""
    shutil.copy(work / "echo.py", work / "score.py")
    for candidate in [c for c in CANDIDATES if c.name in (names or ["mooring", "azmlinfsrv"])]:
        candidate.headers["content-type"] = "text/plain"
        times, memory = [], []
        for _ in range(rounds):
            server = Running(candidate, work)
            times.append(server.start_s * 1000)
            memory.append(server.resident_mb())
            server.stop()
        print(
            f"{candidate.name:14} first 200 after {statistics.median(times):6.0f} ms (best {min(times):.0f}),"
            f" resident {statistics.median(memory):5.1f} MB"
        )


def measure_large(names: list[str], work: Path, rounds: int) -> None:
    """Rows and bytes in one request."""
    row = CANDIDATES[0].body[len('{"data": [') : -2]
    rows = ('{"data": [' + ", ".join([row] * 200_000) + "]}").encode()
    raw = b"x" * 60_000_000
    for label, script, body, kind in (
        ("200,000 rows", None, rows, "application/json"),
        ("60 MB as text", "echo.py", raw, "text/plain"),
    ):
        if script:
            shutil.copy(work / script, work / "score.py")
        with running(names or ["mooring", "azmlinfsrv"], work) as servers:
            for server in servers:
                headers = {**server.candidate.headers, "content-type": kind}
                times = []
                for _ in range(rounds):
                    started = time.perf_counter()
                    status, _ = server.ask(body, headers)
                    times.append(time.perf_counter() - started)
                    assert status == 200, status
                print(f"{label:14} {server.name:14} {statistics.median(times) * 1000:7.0f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--connections", nargs="*", type=int, default=[1, 8, 64])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--large", action="store_true")
    chosen = parser.parse_args()
    for tool in ("wrk", "uv"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed (Debian: apt-get install wrk; uv: pip install uv)")
    work = CACHE / "work"
    lay_out(work)
    if chosen.start:
        measure_start(chosen.only, work, chosen.rounds)
    elif chosen.large:
        measure_large(chosen.only, work, chosen.rounds)
    else:
        compare(chosen.only, work, chosen.connections, chosen.rounds, chosen.seconds)


if __name__ == "__main__":
    main()
