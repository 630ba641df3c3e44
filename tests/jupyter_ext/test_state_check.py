"""What only the kernel has is said before a service misses it, with the fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mooring.inspection.fixes import apply_fixes
from mooring_jupyter import state_check
from mooring_jupyter.state_check import CODES, check_packages

pytest.importorskip("sklearn")

TRAIN = "import numpy as np\nfrom sklearn.linear_model import Ridge\nX = np.arange(12.0).reshape(6, 2)\nmodel = Ridge().fit(X, X.sum(1))"
SCORE = "def init():\n    pass\n\n\ndef run(data):\n    return [1]\n"


def script(body, head=""):
    return f"{head}def init():\n    pass\n\n\ndef run(data):\n    {body}\n"


@pytest.mark.parametrize(
    ("defined", "body", "fixed"),
    [
        ("import json", "return json.loads(data)", "import json\n"),
        ("from math import sqrt as root", "return root(4)", "from math import sqrt as root\n"),
        ("def twice(x):\n    return 2 * x", "return twice(1)", "def twice(x):\n    return 2 * x\n"),
        ("limit = 3", "return limit", "limit = 3\n"),
    ],
    ids=["module", "from", "function", "number"],
)
def test_a_name_of_the_kernel_is_told_with_the_fix(shell, cell, defined, body, fixed):
    cell(defined)
    told = cell(f"%%entry_script\n{script(body)}")

    assert "kernel-only-name" in told
    memory = _memory(shell)
    text = script(body)
    findings = state_check.check_script(shell, memory, text, "score.py")
    changed, done = apply_fixes(text, findings)
    assert len(done) == 1
    assert fixed in changed
    compile(changed, "score.py", "exec")
    assert state_check.check_script(shell, memory, changed, "score.py") == []


def test_a_large_value_has_to_go_with_the_model(cell):
    cell("table = list(range(1000))")

    assert "Save table with the model" in cell(f"%%entry_script\n{script('return table')}")


def test_a_deployment_is_stopped_before_it_begins(cell, tmp_path):
    cell("factor = 2")
    (tmp_path / "score.py").write_text(script("return factor"))

    told = cell("%mooring deploy nb --es score.py")

    assert "kernel-only-name" in told
    assert "nothing was changed" in told


def test_classes_of_the_notebook_in_a_model_are_told_at_once_and_stop_the_deployment(cell, tmp_path):
    cell(f"{TRAIN}\nclass Mine(Ridge):\n    pass\nmine = Mine().fit(X, X.sum(1))")
    (tmp_path / "score.py").write_text(SCORE)

    assert "pickled-from-notebook" in cell("%mooring register mine")
    told = cell("%mooring deploy nb -m mine:1 --es score.py")
    assert "Mine" in told
    assert "--anyway" in told
    assert "Healthy in" in cell("%mooring deploy nb -m mine:1 --es score.py --anyway")


def test_a_model_fitted_again_since_it_was_registered_is_told(cell, tmp_path):
    cell(TRAIN)
    cell("%mooring register model -n diabetes")
    cell("model.fit(X, -X.sum(1))")
    (tmp_path / "score.py").write_text(SCORE)

    told = cell("%mooring deploy nb -m diabetes:1 --es score.py")

    assert "registered-then-changed" in told
    assert "Healthy in" in told


@pytest.fixture
def saved(shell, tmp_path):
    """Writes the notebook as a front end saves it, and runs cells as it does, with their ids."""
    file = tmp_path / "book.ipynb"

    def save(**sources):
        cells = [{"cell_type": "code", "id": key, "source": text} for key, text in sources.items()]
        file.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))
        shell.user_ns["__session__"] = str(file)

    def run(cell_id, text):
        shell.run_cell(text, store_history=True, cell_id=cell_id)

    return save, run


def test_cells_that_ran_out_of_order_are_told(shell, saved, cell, tmp_path):
    save, run = saved
    imports, data, fit = (
        TRAIN.rsplit("\n", 2)[0],
        "X = np.arange(12.0).reshape(6, 2)",
        TRAIN.rsplit("\n", 1)[1],
    )
    save(fit=fit, imports=imports, data=data)
    for cell_id, text in (("imports", imports), ("data", data), ("fit", fit)):
        run(cell_id, text)
    cell("%mooring register model -n diabetes")
    (tmp_path / "score.py").write_text(SCORE)

    told = cell("%mooring deploy nb -m diabetes:1 --es score.py")

    assert "cells-out-of-order" in told
    assert "Healthy in" in told


def test_a_cell_edited_since_it_ran_is_told_and_one_that_does_not_matter_is_not(shell, saved, cell, tmp_path):
    save, run = saved
    run("train", TRAIN)
    run("other", "unrelated = 1")
    save(train=TRAIN.replace("reshape(6, 2)", "reshape(4, 3)"), other="unrelated = 2")
    cell("%mooring register model -n diabetes")
    (tmp_path / "score.py").write_text(SCORE)

    told = cell("%mooring deploy nb -m diabetes:1 --es score.py")

    assert told.count("cell-changed") == 1


def test_a_notebook_that_is_not_saved_since_says_nothing(shell, saved, cell, tmp_path):
    save, run = saved
    save(other="unrelated = 2")
    run("train", TRAIN)
    cell("%mooring register model -n diabetes")
    (tmp_path / "score.py").write_text(SCORE)

    assert "cell-changed" not in cell("%mooring deploy nb -m diabetes:1 --es score.py")


def test_packages_of_the_kernel_are_compared_with_the_environment(shell, cell):
    import numpy as np
    import sklearn

    cell("import numpy, sklearn")
    text = script("return 1", "import numpy\nimport sklearn\n")

    found = list(
        check_packages(_memory(shell), text, ["numpy==1.0 --hash=sha256:00"], "myenv.yml", is_own=False)
    )

    assert [(finding.code, finding.severity) for finding in found] == [
        ("kernel-package-version", "warning"),
        ("kernel-package-missing", "error"),
    ]
    assert f"numpy is {np.__version__} in this kernel and 1.0 in myenv.yml" in found[0].problem
    assert f"scikit-learn=={sklearn.__version__}" in found[1].remedy
    assert list(check_packages(_memory(shell), text, [], "", is_own=True)) == []


def test_every_code_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "notebook.md").read_text()

    assert [code for code in CODES if f"`{code}`" not in page] == []


def _memory(shell):
    from mooring_jupyter import loading

    return loading.magic_of(shell).memory
