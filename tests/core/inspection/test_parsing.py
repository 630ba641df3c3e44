"""A text that is being typed still tells most of what it is."""

from __future__ import annotations

import ast
import builtins
import symtable
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.inspection import inspect_entry_text
from mooring.inspection.parsing import parse
from mooring.inspection.rules.names import find_undefined_names
from mooring.inspection.script import Script
from mooring.inspection.source import SourceText

WHOLE = """import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except KeyError as error:
        return {"error": str(error)}
    return model.predict(rows).tolist()
"""


def names(text):
    tree = parse(SourceText(text)).tree
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ("def init():\n    x = foo(1,\n    y = 2\n\ndef run(x):\n    return x\n", {"init", "run"}),
        ("def init():\n    x = '''abc\n    y = 2\n\ndef run(x):\n    return x\n", {"init", "run"}),
        ("def init():\n    model = joblib.\n\ndef run(x):\n    return x\n", {"init", "run"}),
        ("class A:\n    def f(self):\n        if x:\n\n\ndef init():\n    pass\n", {"f", "init"}),
        ("def init():\n    try:\n        a = 1\n    b = 2\n\ndef run(x):\n    return x\n", {"init", "run"}),
        ("try:\n    import a\nexcept\n    import b\n\ndef init():\n    pass\n", {"init"}),
        ("def run(x):\n  if x:\n      y()\n    else:\n      z()\n\ndef init(): pass\n", {"init"}),
        ("@deco(\ndef run(x):\n    return x\n\ndef init(): pass\n", {"run", "init"}),
        ("import \ndef init(): pass\ndef run(x): return x", {"init", "run"}),
    ],
)
def test_the_rest_of_a_broken_text_is_parsed(broken, kept):
    assert kept <= names(broken)


@pytest.mark.parametrize("line", range(len(WHOLE.splitlines())))
def test_wherever_a_line_is_cut_only_that_is_reported(line):
    """While a line is typed, the finished ones around it must not light up."""
    lines = WHOLE.splitlines()
    for cut in range(1, len(lines[line])):
        text = "\n".join([*lines[:line], lines[line][:cut], *lines[line + 1 :]]) + "\n"
        try:
            compile(text, "score.py", "exec")
        except SyntaxError:
            found = {finding.code for finding in inspect_entry_text(text)}
            assert found <= {"entry-script-syntax", "fixed-path", "model-name-is-path"}, text


def test_lines_and_columns_stay_as_they_were():
    text = "def init():\n    x = (\n\n\ndef run(raw_data):\n    é = '😀'; return {'a': {1, 2}}\n"
    found = {finding.code: finding.span for finding in inspect_entry_text(text)}

    assert found["entry-script-syntax"].line == 2
    assert (found["return-not-json"].line, found["return-not-json"].column) == (6, 27)


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE)), st.integers(0, 6), st.text(max_size=4))
def test_no_edit_makes_it_raise(at, removed, typed):
    inspect_entry_text(WHOLE[:at] + typed + WHOLE[at + removed :])


STANDARD = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))


@pytest.mark.parametrize("file", STANDARD[::6], ids=lambda file: file.stem)
def test_names_are_resolved_as_python_does(file):
    """Held against CPython's own symbol tables, on the standard library."""
    text = file.read_text(encoding="utf-8")
    script = Script(SourceText(text, str(file)))
    if script.is_dynamic:
        return
    ours = {finding.span.line for finding in find_undefined_names.find(script)}

    assert len(ours) <= len(_unbound(symtable.symtable(text, str(file), "exec")))


def _unbound(module):
    bound = {
        symbol.get_name() for symbol in module.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    tables, read = [module], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
            if symbol.is_global() and symbol.is_referenced():
                read.add(symbol.get_name())
    return read - bound - set(dir(builtins))
