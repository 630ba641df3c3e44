"""A notebook's cells become the files of a service, and the files deploy."""

from __future__ import annotations

import json

import nbformat
import pytest

from mooring.cli import run
from mooring.configs import load_deployment_config, load_inference_config
from mooring.notebooks import NotebookUnreadable, NothingToExtract, extract, write_service

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return [1]\n"


@pytest.fixture
def book(tmp_path):
    def write(*cells):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(text) for text in cells]
        nbformat.write(notebook, tmp_path / "train.ipynb")
        return tmp_path / "train.ipynb"

    return write


def test_cells_that_write_files_are_taken_as_they_are(book):
    found = extract(
        book(
            f"%%entry_script src/score.py\n{SCRIPT}",
            "%%writefile src/helper.py\nx = 1\n",
            "%%conda\nname: e\ndependencies: []\n",
            '%%deployment_config\n{"computeType": "local"}',
        )
    )

    assert found.script == "src/score.py"
    assert found.files["src/score.py"] == SCRIPT
    assert found.files["src/helper.py"] == "x = 1\n"
    assert json.loads(found.files["inferenceconfig.json"]) == {
        "entryScript": "src/score.py",
        "condaFile": "myenv.yml",
    }
    assert json.loads(found.files["deploymentconfig.json"]) == {"computeType": "local"}


def test_calls_of_v1_become_configs(book, tmp_path):
    path = book(
        "script_file = 'score.py'\n%%bash\nls",
        f"%%writefile $script_file\n{SCRIPT}",
        "!pip list\nfrom azureml.core import Workspace\nmodel = Model.register(ws, model_path='r.pkl', model_name='diabetes')",
        "conda = CondaDependencies.create(conda_packages=['numpy'], pip_packages=['scikit-learn==1.4.0'])\n"
        "conda.add_pip_package('joblib')",
        "ic = InferenceConfig(entry_script='score.py', environment=env)\n"
        "dc = AciWebservice.deploy_configuration(cpu_cores=0.5, memory_gb=1, auth_enabled=True, tags={'a': 'b'}, location=where())",
    )

    found = extract(path)
    folder = tmp_path / "out"
    write_service(found, folder)

    assert found.models == ["diabetes"]
    assert "scikit-learn==1.4.0" in found.files["myenv.yml"]
    assert "joblib" in found.files["myenv.yml"]
    deployment, findings = load_deployment_config(folder / "deploymentconfig.json")
    assert (deployment.compute_type, deployment.cpu_cores, deployment.memory_gb) == ("aci", 0.5, 1)
    assert (deployment.auth_enabled, findings) == (True, [])
    assert "where()" in found.remarks[0]
    assert "deploy_configuration(tags=…), which goes on the command line" in found.remarks[0]


def test_a_script_is_put_together_from_functions(book):
    found = extract(
        book(
            "import json\nimport numpy as np\nfrom math import sqrt\nunrelated = load()",
            "FACTOR = 2\ndef twice(x):\n    return FACTOR * sqrt(x)",
            "def init():\n    global model\n    model = 1",
            "def run(data):\n    return twice(json.loads(data))\ninit()\nprint(run('4'))",
        )
    )

    script = found.files["score.py"]
    assert "import numpy" not in script
    assert "unrelated" not in script
    scope = {"__name__": "entry_module"}
    exec(compile(script, "score.py", "exec"), scope)
    scope["init"]()
    assert scope["run"]("4") == 4.0


def test_what_is_no_notebook_and_what_has_no_script_is_told(book, tmp_path):
    (tmp_path / "bad.ipynb").write_text("{")

    with pytest.raises(NotebookUnreadable):
        extract(tmp_path / "bad.ipynb")
    with pytest.raises(NotebookUnreadable, match="No such file"):
        extract(tmp_path / "missing.ipynb")
    with pytest.raises(NothingToExtract):
        extract(book("x = 1"))


def test_from_a_notebook_to_a_running_service_by_the_command_line(book, tmp_path, monkeypatch, capsys):
    path = book(f"%%entry_script score.py\n{SCRIPT}")

    assert run(["notebook", "to-service", str(path)]) == 0
    assert "Deploy it: cd" in capsys.readouterr().out
    folder = tmp_path / "train"
    assert load_inference_config(folder / "inferenceconfig.json")[1] == []
    monkeypatch.chdir(folder)
    assert run(["model", "deploy", "-n", "train", "--ic", "inferenceconfig.json"]) == 0

    (folder / "score.py").write_text("# edited\n" + SCRIPT)
    assert run(["notebook", "to-service", str(path)]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert run(["notebook", "to-service", str(path), "--overwrite"]) == 0


@pytest.mark.parametrize(
    "name", ["first-service", "car-prices-designer-as-code", "azureml-v1-register-deploy-consume"]
)
def test_our_own_tutorials_become_services(name):
    from pathlib import Path

    found = extract(Path(__file__).parents[3] / "notebooks" / f"{name}.ipynb")

    assert found.script.endswith("score.py")
    assert "inferenceconfig.json" in found.files
