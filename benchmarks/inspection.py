"""How fast the rules are: one script of 100 to 5,000 lines, and `mooring check` on 1,000 files beside ruff and pylint.

    python benchmarks/inspection.py [--files 1000] [--rounds 40]

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
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}
LAST = "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    for size in (100, 500, 5000):
        measure_one(size, given.rounds)
    measure_many(given.files)


def script_of(lines):
    """A script of about that many lines: the corpus's, one after another, with functions of their own names."""
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in CORPUS]
    usable = [
        text for text in texts if not any(word in text for word in ("import *", "globals()", "__future__"))
    ]
    parts, count, number = [], 0, 0
    while count < lines:
        text = usable[number % len(usable)].lstrip("\ufeff").replace("\r\n", "\n")
        for name in ("init", "run"):
            text = text.replace(f"def {name}(", f"def {name}_{number}(")
        parts.append(text)
        count += text.count("\n") + 1
        number += 1
    return "\n".join(parts) + LAST


def measure_one(lines, rounds):
    from mooring.inspection import inspect_entry_text

    text = script_of(lines)
    inspect_entry_text(text)
    for title, work in (("inspect", inspect_entry_text), ("ast.parse alone", ast.parse)):
        samples = {name: [] for name in CLOCKS}
        for number in range(rounds):
            changed = f"{text}# {number}\n"
            before = {name: clock() for name, clock in CLOCKS.items()}
            work(changed)
            for name, clock in CLOCKS.items():
                samples[name].append(clock() - before[name])
        for name, values in samples.items():
            print(f"{lines:5} lines   {title:16} {name:10} {quantiles_ms(values)}")


def quantiles_ms(samples):
    ordered = sorted(samples)
    p95 = ordered[max(int(len(ordered) * 0.95) - 1, 0)]
    return f"p50 {statistics.median(ordered) * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms"


def measure_many(files):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(files):
            (folder / f"p{number:04}").mkdir()
            shutil.copy(CORPUS[number % len(CORPUS)], folder / f"p{number:04}" / "score.py")
        every = sorted(folder.rglob("*.py"))
        few = [str(file) for file in every[: max(files // 20, 1)]]
        print(f"{files} files, {sum(len(file.read_bytes().splitlines()) for file in every)} lines")
        measure_command("mooring check", ["-m", "mooring", "check", name])
        measure_command("ruff check --no-cache", ["-m", "ruff", "check", "--no-cache", "--isolated", name])
        measure_command(f"pylint, {len(few)} files", ["-m", "pylint", "-j", "1", *few])


def measure_command(title, arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    is_missing = "No module named" in done.stderr
    said = "not installed" if is_missing else f"wall {took:6.2f} s   processor {processor:6.2f} s"
    print(f"  {title:24} {said}")


if __name__ == "__main__":
    main()
