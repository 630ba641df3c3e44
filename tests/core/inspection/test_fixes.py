"""Fixes change the text and nothing else about it."""

from __future__ import annotations

import re
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from mooring.findings import Finding, Span
from mooring.inspection import (
    EnvironmentFacts,
    apply_fixes,
    fix_files,
    fix_of,
    inspect_entry_text,
    inspect_path,
)
from mooring.inspection.fixing import FixNotWritten

MISTAKES = sorted((Path(__file__).parents[2] / "workspaces" / "scripts" / "mistakes").glob("*.py"))
TAIL = "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


def fixed(text, packages=()):
    return apply_fixes(text, inspect_entry_text(text, environment=EnvironmentFacts.of(packages)))[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from sklearn.externals import joblib", "import joblib"),
        ("from sklearn.externals import joblib as jl", "import joblib as jl"),
        ("import sklearn.externals.joblib as joblib", "import joblib"),
        ("import sklearn.externals.joblib as jl", "import joblib as jl"),
        ("from sklearn.externals.joblib import load", "from joblib import load"),
        ("from sklearn.externals import joblib, six", "from sklearn.externals import joblib, six"),
        ("import numpy as np\nx = np.float(1)", "import numpy as np\nx = float(1)"),
        ("import numpy as np\nx = np.Inf", "import numpy as np\nx = np.inf"),
        ("from PIL import Image\nx = Image.ANTIALIAS", "from PIL import Image\nx = Image.LANCZOS"),
        ("import PIL.Image\nx = PIL.Image.LINEAR", "import PIL.Image\nx = PIL.Image.BILINEAR"),
        ("import tensorflow as tf\nx = tf.Session()", "import tensorflow as tf\nx = tf.compat.v1.Session()"),
        ("import time\nx = time.clock()", "import time\nx = time.perf_counter()"),
        ("x = xrange(3)", "x = range(3)"),
        (
            "from azureml.monitoring import ModelDataCollector as M\nx = M('a', identifier='b')",
            "from azureml.monitoring import ModelDataCollector as M\nx = M('a', designation='b')",
        ),
        (
            "import os\nx = os.getenv('AZUREML_MODEL_DIRECTORY')",
            "import os\nx = os.getenv('AZUREML_MODEL_DIR')",
        ),
        (
            "from azureml.core import Model\nx = Model.get_model_path('m', version='07')",
            "from azureml.core import Model\nx = Model.get_model_path('m', version=7)",
        ),
        (
            "import pandas as pd\nx = pd.DataFrame().drop('a', 1)",
            "import pandas as pd\nx = pd.DataFrame().drop('a', axis=1)",
        ),
    ],
)
def test_old_names_become_new_ones(before, after):
    packages = ["numpy==2.0", "pillow==11", "tensorflow==2.15", "scikit-learn==1.5", "pandas==2.2"]

    assert fixed(f"{before}\n{TAIL}", packages) == f"{after}\n{TAIL}"


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_what_is_put_right_is_not_found_again(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    facts = EnvironmentFacts.of((re.findall(r"^# packages: (.*)$", text, re.MULTILINE) or [""])[0].split())
    before = inspect_entry_text(text, environment=facts)

    after, applied = apply_fixes(text, before)

    again = [(each.code, each.problem) for each in inspect_entry_text(after, environment=facts)]
    assert not {(each.code, each.problem) for each in applied} & set(again)
    assert len(again) <= len(before) - len(applied)


def test_global_is_declared_first_and_added_to_what_is_declared():
    text = (
        'def init():\n    """Load."""\n    model = 1\n    scaler = 2\n\n\n'
        "def run(raw_data):\n    return [model, scaler]\n"
    )

    once = fixed(text)
    twice = fixed(once)

    assert twice.startswith('def init():\n    """Load."""\n    global model, scaler\n    model = 1\n')
    assert inspect_entry_text(twice) == []


def test_a_fix_keeps_line_ends_and_the_mark_of_the_file(tmp_path):
    file = tmp_path / "score.py"
    text = f"# é😀\nfrom sklearn.externals import joblib\nx = 1\n{TAIL}".replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert fix_files(inspect_path(file)) == 1
    assert file.read_bytes() == b"\xef\xbb\xbf" + text.replace("from sklearn.externals ", "").encode()
    assert inspect_path(file) == []


def test_a_fix_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path):
    file = tmp_path / "score.py"
    text = f"from sklearn.externals import joblib\nx = 1\n{TAIL}"
    file.write_text(text)
    findings = inspect_path(file)

    with no_room(), pytest.raises(FixNotWritten, match=r"score\.py can't be changed: File too large"):
        fix_files(findings)

    assert file.read_text() == text
    assert list(tmp_path.iterdir()) == [file]


@contextmanager
def no_room():
    """Files of this process may not grow, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_fix_keeps_permissions_and_follows_links(tmp_path):
    file, link = tmp_path / "score.py", tmp_path / "linked.py"
    file.write_text(f"from sklearn.externals import joblib\nx = 1\n{TAIL}")
    file.chmod(0o750)
    link.symlink_to(file)

    assert fix_files(inspect_path(link)) == 1
    assert link.is_symlink()
    assert file.read_text().startswith("import joblib\n")
    assert file.stat().st_mode & 0o777 == 0o750


def test_a_fix_counts_in_code_points_where_the_parser_counts_bytes():
    text = f"x = 'é😀'; y = xrange(3)\n{TAIL}"

    assert fixed(text).startswith("x = 'é😀'; y = range(3)\n")


def test_of_two_fixes_in_one_place_the_first_wins():
    edit = {"line": 1, "column": 1, "end_line": 1, "end_column": 3}
    findings = [
        Finding("a", "error", "", data={"fix": {"title": "t", "edits": [{**edit, "text": word}]}})
        for word in "xy"
    ]

    text, done = apply_fixes("ab\n", findings)

    assert text == "x\n"
    assert done == findings[:1]


def test_what_configs_want_removed_is_a_fix_as_well():
    finding = Finding("json-trailing-comma", "warning", "", span=Span(1, 3, 1, 4), data={"fix": "remove"})

    assert apply_fixes("[1,]", [finding])[0] == "[1]"
    assert fix_of(Finding("x", "error", "")) is None
