"""How fast the rules are: one script of 500 and of 5,000 lines, and `mooring check` on 1,000 files beside ruff and pylint.

    python benchmarks/inspection.py [--files 1000]

The scripts are made of the corpus in tests/workspaces/scripts, so that the rules have something to look at. pylint is
measured on a twentieth of the files, where it is installed; its time is scaled up.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORPUS = sorted((ROOT / "tests" / "workspaces" / "scripts" / "good").glob("*.py"))


def script_of(lines: int) -> str:
    """A script of that many lines: helpers of the corpus, renamed, then `init` and `run`."""
    parts: list[str] = []
    count = 0
    number = 0
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in CORPUS]
    usable = [
        text
        for text in texts
        if "import *" not in text and "globals()" not in text and "__future__" not in text
    ]
    while count < lines:
        text = usable[number % len(usable)].lstrip("\ufeff").replace("\r\n", "\n")
        text = text.replace("def init(", f"def init_{number}(").replace("def run(", f"def run_{number}(")
        parts.append(text)
        count += text.count("\n") + 1
        number += 1
    return (
        "\n".join(
            [*parts, "", "", "def init():", "    pass", "", "", "def run(raw_data):", "    return raw_data"]
        )
        + "\n"
    )


def quantiles_ms(samples: list[float]) -> str:
    ordered = sorted(samples)
    p95 = ordered[int(len(ordered) * 0.95) - 1]
    return f"p50 {statistics.median(ordered) * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms"


def measure_one(lines: int, rounds: int) -> None:
    import ast

    from mooring.inspection import inspect_entry_text

    text = script_of(lines)
    inspect_entry_text(text)
    whole, parsing = [], []
    for number in range(rounds):
        changed = f"{text}# {number}\n"
        start = time.perf_counter()
        inspect_entry_text(changed)
        whole.append(time.perf_counter() - start)
        start = time.perf_counter()
        with contextlib.suppress(SyntaxError):
            ast.parse(changed)
        parsing.append(time.perf_counter() - start)
    print(f"{lines:5} lines   inspect  {quantiles_ms(whole)}   (of that ast.parse {quantiles_ms(parsing)})")


def measure_many(files: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(files):
            source = CORPUS[number % len(CORPUS)]
            (folder / f"p{number:04}").mkdir()
            shutil.copy(source, folder / f"p{number:04}" / "score.py")
        lines = sum(len(file.read_bytes().splitlines()) for file in folder.rglob("*.py"))
        print(f"{files} files, {lines} lines")
        run("mooring check", [sys.executable, "-m", "mooring", "check", str(folder)])
        run(
            "ruff check --no-cache",
            [sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", str(folder)],
        )
        few = [str(file) for file in sorted(folder.rglob("*.py"))[: max(files // 20, 1)]]
        run(f"pylint, {len(few)} files", [sys.executable, "-m", "pylint", "-j", "1", *few])


def run(title: str, command: list[str]) -> None:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    missing = "No module named" in done.stderr
    print(f"  {title:24} {'not installed' if missing else f'{took:6.2f} s'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    for size in (100, 500, 5000):
        measure_one(size, given.rounds)
    measure_many(given.files)
