"""How fast the rules are: one script of 500 and of 5,000 lines, and `mooring check` on 1,000 files beside ruff and pylint.

    python benchmarks/inspection.py [--files 1000]

The scripts are made of the corpus in tests/workspaces/scripts, so that the rules have something to look at. pylint is
measured on a twentieth of the files, where it is installed. Besides wall time, which depends on what else runs, it
says how much processor time was used.
"""

from __future__ import annotations

import argparse
import ast
import resource
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
        text = text.replace("def init(", f"def init_{number}(").replace("def run(title: str, command: list[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    missing = "No module named" in done.stderr
    print(f"  {title:24} {'not installed' if missing else f'{took:6.2f} s   processor {processor:6.2f} s'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    for size in (100, 500, 5000):
        measure_one(size, given.rounds)
    measure_many(given.files)
