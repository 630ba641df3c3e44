"""Whole scripts in many styles: the good ones get no error or warning, the others exactly what their comments say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mooring.inspection import EnvironmentFacts, Options, inspect_entry_script

FOLDER = Path(__file__).parents[2] / "workspaces" / "scripts"
GOOD = sorted((FOLDER / "good").glob("*.py"))
MISTAKES = sorted((FOLDER / "mistakes").glob("*.py"))
MARK = re.compile(r"# <- ([a-z\d-]+):(\w+)")


def header(text, name):
    found = re.search(rf"^# {name}: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_script_gets_neither_error_nor_warning(path):
    findings = inspect_entry_script(path)

    assert [str(finding) for finding in findings if finding.severity != "hint"] == []


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_every_mistake_is_found_on_its_line_and_nothing_else(path):
    text = path.read_text(encoding="utf-8")
    lines = enumerate(text.splitlines(), start=1)
    expected = [(number, code, severity) for number, line in lines for code, severity in MARK.findall(line)]
    facts = EnvironmentFacts.of(header(text, "packages").split(), python=header(text, "python"))
    options = Options(select=frozenset(filter(None, [header(text, "select")])))

    found = inspect_entry_script(path, facts, options)

    assert sorted((f.span.line, f.code, f.severity) for f in found) == sorted(expected)
    assert all(f.problem.endswith((".", "?")) and f.remedy.endswith(".") for f in found)
