"""Mistakes as people write them, each beside a way that is right: other imports, helpers, classes, guards.

Each block of `tests/workspaces/variants/*.txt` is one case: `=== name | codes that must be found`, then the script, or
files below `--- name`. No error and no warning but those is found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mooring.inspection import inspect_project

FOLDER = Path(__file__).parents[2] / "workspaces" / "variants"


def cases():
    for file in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, _, body = block.partition("\n")
            name, _, codes = head.partition(" | ")
            yield pytest.param(body, set(codes.split(",")) - {"-"}, id=f"{file.stem}: {name}")


def lay(folder, body):
    parts = re.split(r"^--- (\S+)\n", body, flags=re.MULTILINE)
    files = dict(zip(parts[1::2], parts[2::2], strict=True)) or {"score.py": body}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("body", "expected"), list(cases()))
def test_it_is_found_and_nothing_else(body, expected, tmp_path, monkeypatch):
    lay(tmp_path, body)
    monkeypatch.chdir(tmp_path)

    found = inspect_project([Path()])

    said = {finding.code for finding in found} | {f"{finding.code}:{finding.severity}" for finding in found}
    loud = {finding.code for finding in found if finding.severity in {"error", "warning"}}
    assert expected <= said
    assert loud <= {code.partition(":")[0] for code in expected}
