"""Whatever a file holds, it is looked at without an exception, and findings lie inside of it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.inspection import Project, inspect_content

WORKSPACES = Path(__file__).parents[2] / "workspaces"
SCRIPTS = sorted((WORKSPACES / "scripts").rglob("*.py"))
CONFIGS = sorted(
    path for path in (WORKSPACES / "configs").rglob("*") if path.suffix in {".json", ".yml", ".yaml"}
)
CONDA = """name: env
channels: [conda-forge]
dependencies:
  - python=3.8
  - numpy=1.19.2=py38_0
  - pip:
      - azureml-defaults
      - scikit-learn==0.24.1
      - -e .
"""
NAMES = [
    "score.py",
    "inferenceconfig.json",
    "deployment.yml",
    "conda.yml",
    "requirements.txt",
    "a.ipynb",
    ".azureml/config.json",
]
BITS = [
    "", "\n", "    ", "\t", "(", ")", "{", "}", "[", "]", ":", ",", '"', "'''", "\\", "#", "é😀", "\x00", "\r", "\f", "-", "=", "==",
    "def init():", "async ", "global model", "lambda", "null", "true", "1e999", "-1", "@input_schema(", "return", "*args", "!", "&a",
    "*a", "<<:", "- pip:", "computeType", "entryScript", "%%writefile score.py", "raise", "import sklearn.externals.joblib",
]  # fmt: skip


def check(text, name):
    for finding in inspect_content(text, name):
        assert finding.problem
        assert 1 <= finding.span.line <= text.count("\n") + text.count("\r") + 2
        assert finding.span.column >= 1
        json.dumps(finding.to_dict())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(NAMES))
def test_any_text_under_any_name(text, name):
    check(text, name)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*BITS, "x", "model", "run", "init", "data", "numpy"]), max_size=40),
    st.sampled_from(NAMES),
)
def test_any_row_of_telling_words(bits, name):
    check("".join(bits), name)


@pytest.mark.parametrize("path", [*SCRIPTS[::3], *CONFIGS], ids=lambda path: path.name)
def test_real_files_with_parts_cut_out_doubled_and_mixed_up(path):
    whole = path.read_bytes().decode("utf-8", errors="replace")
    chance = random.Random(path.name)
    for _ in range(15):
        text = whole
        for _ in range(chance.randint(1, 4)):
            at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
            piece = chance.choice([*BITS, text[at:end], ""])
            text = text[:at] + piece + text[min(end, at + chance.randint(0, 30)) :]

        check(text, f"here/{path.name}")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_conda_files_that_configs_name_may_hold_anything(data):
    text = CONDA
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(BITS)) + text[at + data.draw(st.integers(0, 8)) :]

    check(text, "conda.yml")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["entryScript", "condaFile", "sourceDirectory", "environment", "runtime", "computeType"]
        ),
        st.one_of(
            st.none(),
            st.integers(),
            st.text(max_size=8),
            st.sampled_from(["score.py", "conda.yml", ".", "../x"]),
            st.lists(st.text(max_size=4), max_size=2),
            st.dictionaries(st.text(max_size=6), st.none(), max_size=2),
        ),
    ),
    st.sampled_from([CONDA, "", "- a\n", "dependencies: 3\n", "\x00"]),
)
def test_projects_of_any_config_and_conda_file(tmp_path_factory, content, conda):
    folder = tmp_path_factory.mktemp("project")
    (folder / "inferenceconfig.json").write_text(json.dumps(content))
    (folder / "conda.yml").write_text(conda)
    (folder / "score.py").write_text(
        "import numpy\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"
    )

    for finding in Project([folder]).inspect():
        assert finding.path
