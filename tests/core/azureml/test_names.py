"""v1's import names lead to our objects, in a process of their own as in a user's."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import mooring
from mooring.azureml.names import NAMES

pytestmark = pytest.mark.usefixtures("v1_names")


@pytest.mark.parametrize("module", sorted(NAMES))
def test_every_name_of_the_table_can_be_imported(module):
    found = importlib.import_module(module)

    for name in NAMES[module]:
        assert getattr(found, name) is not None


def test_names_are_the_same_objects():
    from azureml.core import Model, Workspace
    from azureml.core.model import Model as SameModel

    assert Model is SameModel is mooring.Model
    assert Workspace is mooring.Workspace


def test_what_is_caught_is_what_is_raised(tmp_path, monkeypatch):
    from azureml.core import Model, Workspace
    from azureml.exceptions import WebserviceException

    monkeypatch.chdir(tmp_path)
    with pytest.raises(WebserviceException) as caught:
        Model(Workspace(), "nobody")

    assert "nobody" in caught.value.message


def test_modules_for_scripts_inside_services_are_there_too():
    code = (
        "import mooring.azureml\n"
        "from azureml.contrib.services.aml_request import rawhttp, AMLRequest\n"
        "from azureml.contrib.services.aml_response import AMLResponse\n"
        "from azureml.monitoring import ModelDataCollector\n"
        "from azureml.exceptions import WebserviceException, ModelNotFoundException\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_says_so():
    with pytest.raises(ImportError, match="Kubeflow"):
        from azureml.core import Kubeflow  # noqa: F401


def test_an_old_script_runs_as_it_is(tmp_path):
    (tmp_path / "old.py").write_text(
        "import sys\n"
        "from azureml.core import Workspace, Model\n"
        "ws = Workspace.from_config()\n"
        "model = Model.register(workspace=ws, model_path=sys.argv[1], model_name='old')\n"
        "print(model.name, model.id, model.version, sep='\\t')\n"
    )
    (tmp_path / "m.bin").write_bytes(b"1")

    done = subprocess.run(
        [sys.executable, "-m", "mooring.azureml", "old.py", "m.bin"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.splitlines()[-1] == "old\told:1\t1"


def test_a_script_that_is_not_there_is_a_usage_error(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mooring.azureml", "nowhere.py"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "nowhere.py is not there" in done.stderr


def test_an_old_script_that_fails_shows_its_own_lines_and_nothing_of_what_runs_it(tmp_path):
    (tmp_path / "old.py").write_text(
        "from azureml.core import Workspace, Model\n"
        "def find():\n    return Model(Workspace(), name='nowhere')\n"
        "find()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mooring.azureml", "old.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert 'old.py", line 4, in <module>' in done.stderr
    assert "nowhere" in done.stderr
    assert "runpy" not in done.stderr
    assert str(Path(mooring.__file__).parent) not in done.stderr
