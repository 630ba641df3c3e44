from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.inspection import inspect_entry_script, inspect_entry_text

GOOD = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


def codes(text):
    return [finding.code for finding in inspect_entry_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        "init = print\nrun = lambda raw_data: raw_data\n",
        "from elsewhere import init, run\n",
        "from elsewhere import *\n",
        "import elsewhere as run\ndef init(): pass\n",
        "try:\n    from fast import run\nexcept ImportError:\n    def run(raw): return raw\ndef init(): pass\n",
        "def init(model='m'):\n    pass\ndef run(raw_data, request_headers):\n    return 1\n",
        "def init(): pass\ndef run(*, raw_data): return 1\n",
        "def init(): pass\ndef run(raw_data, flag=1): return 1\n",
        "import known\ndef init(): pass\n@known.input_schema('a', 1)\n@known.input_schema('b', 2)\ndef run(a, b): return 1\n",
        "x, (init, run) = 1, (min, max)\n",
        "globals().update(print())\n",
    ],
)
def test_what_the_server_accepts_has_no_finding(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def run(raw_data): return 1\n", "init-missing"),
        ("def init(): pass\n", "run-missing"),
        ("def init(model): pass\ndef run(raw_data): return 1\n", "init-signature"),
        ("def init(*, model): pass\ndef run(raw_data): return 1\n", "init-signature"),
        ("def init(): pass\ndef run(): return 1\n", "run-signature"),
        ("def init(): pass\ndef run(*args): return 1\n", "run-signature"),
        ("def init(): pass\ndef run(a, **kwargs): return 1\n", "run-signature"),
        ("def init(): pass\ndef run(a, /): return 1\n", "run-signature"),
        ("def init(): pass\ndef run(request_headers): return 1\n", "run-signature"),
        ("def init(): pass\ndef run(a, b): return 1\n", "run-parameters"),
        ("print 'hello'\n", "entry-script-syntax"),
        ("def init(:\n", "entry-script-syntax"),
        ("x = '\x00'\n", "entry-script-syntax"),
    ],
)
def test_what_the_server_refuses_is_an_error(text, code):
    findings = inspect_entry_text(text)

    assert [(finding.code, finding.severity) for finding in findings] == [(code, "error")]
    assert findings[0].remedy


def test_the_place_counts_from_one():
    finding = inspect_entry_text("def init(): pass\n\n\nasync def run(): return 1\n")[0]

    assert (finding.span.line, finding.span.column) == (4, 11)


@pytest.mark.parametrize(
    "line",
    [
        "from sklearn.externals import joblib",
        "import sklearn.externals.joblib as joblib",
        "from sklearn.externals.joblib import load",
    ],
)
def test_the_old_joblib_is_a_warning_while_the_version_is_unknown(line):
    findings = inspect_entry_text(f"{line}\n{GOOD}")

    assert [(finding.code, finding.severity) for finding in findings] == [("sklearn-externals", "warning")]


def test_a_guarded_old_joblib_is_right():
    guarded = "try:\n    import joblib\nexcept ImportError:\n    from sklearn.externals import joblib\n"

    assert codes(guarded + GOOD) == []


def test_the_script_is_never_executed(tmp_path):
    """Inspection happens at every deployment and on every keystroke; side effects must not."""
    trap = tmp_path / "ran"

    inspect_entry_text(f"open({str(trap)!r}, 'w')\n{GOOD}")

    assert not trap.exists()


def test_a_file_that_can_not_be_read_is_a_finding(tmp_path):
    assert [finding.code for finding in inspect_entry_script(tmp_path / "nothing.py")] == [
        "entry-script-unreadable"
    ]


@given(st.text())
def test_no_text_makes_it_raise(text):
    inspect_entry_text(text)


@given(st.binary())
def test_no_bytes_make_it_raise(content):
    inspect_entry_text(content)
