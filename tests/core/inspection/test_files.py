"""Files are known by what they hold; what is not ours is left alone."""

from __future__ import annotations

import json
import os

import pytest

from mooring.inspection import find_files, inspect_content, inspect_path
from mooring.inspection.recognition import is_entry_script

GOOD = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"
BROKEN = "def init():\n    pass\n\n\ndef run(*args):\n    return args\n"
SERVICE = 'import os\n\n\ndef run(raw_data):\n    return os.environ["AZUREML_MODEL_DIR"]\n'


def codes(folder, name, content):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return [finding.code for finding in inspect_path(file)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("score.py", GOOD),
        ("anything.py", GOOD),
        ("anything.py", BROKEN + "import joblib\n"),
        ("main.py", SERVICE),
        ("scoring_service.py", "import joblib\n\n\ndef run(raw_data):\n    return joblib\n"),
        ("main.py", SERVICE + "\n\nif __name__ == '__main__':\n    print(run('1'))\n"),
        (
            "score.py",
            (
                "import os\n\nif __name__ == '__main__':\n\n    def init():\n        print(os.environ['AZUREML_MODEL_DIR'])\n\n"
                "    def run(raw_data):\n        return raw_data\n"
            ),
        ),
        ("a.py", "from azureml.contrib.services.aml_request import rawhttp\ninit = run = print\n"),
        ("score.py", "from impl import init, run\n"),
        (
            "echo.py",
            "import json\n\n\ndef init():\n    pass\n\n\ndef run(body):\n    return json.loads(body)\n",
        ),
    ],
)
def test_entry_scripts_are_known_by_their_functions(name, text):
    assert is_entry_script(text, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "train.py",
            "import argparse\nimport joblib\n\n\ndef run(x):\n    pass\n\n\nif __name__ == '__main__':\n    run(1)\n",
        ),
        ("score.py", "import argparse\n\nargs = argparse.ArgumentParser().parse_args()\n"),
        ("batch_score.py", "from azureml.core.model import Model\nprint(Model)\n"),
        ("game.py", "import pygame\n\n\ndef init(screen):\n    pass\n\n\ndef run():\n    pass\n"),
        ("utils.py", "def run(command):\n    return command\n"),
        ("pipeline.py", "from azureml.core import Run\n\n\ndef run():\n    Run.get_context()\n"),
        (
            "evaluate.py",
            "from azureml.core.model import Model\n\n\ndef init(ws):\n    return Model(ws, 'm')\n",
        ),
        (
            "plugin.py",
            "NAME = 'probe'\n\n\ndef init():\n    pass\n\n\ndef run(url):\n    return url.get_query(), missing\n",
        ),
        (
            "robot.py",
            "import numpy as np\n\n\ndef init():\n    pass\n\n\ndef run():\n    return np.zeros(3)\n",
        ),
        ("old.py", "def init():\n    pass\n\n\ndef run(host):\n    print host\n"),
        ("score.py", "import torch\n\n\ndef run(model, loader):\n    return [model(x) for x in loader]\n"),
        ("score.py", "import sklearn\n\n\ndef init(config):\n    return config\n"),
        ("empty.py", ""),
        ("test_score.py", 'import joblib\nCODE = """\ndef init():\n    pass\ndef run(a):\n    pass\n"""\n'),
        ("classes.py", "class A:\n    def init(self):\n        pass\n\n    def run(self):\n        pass\n"),
    ],
)
def test_other_python_is_left_alone(name, text, tmp_path):
    assert codes(tmp_path, name, text) == []


def test_a_script_that_is_no_python_is_told_what_it_is(tmp_path):
    for text, word in (
        ("<!DOCTYPE html>\n<html></html>", "web page"),
        ('{"cells": [], "nbformat": 4, "x": null}', "a notebook"),
        ("<<<<<<< HEAD\nimport a\n", "merge conflict"),
        ("%matplotlib inline\n", "magic"),
    ):
        file = tmp_path / "score.py"
        file.write_text(text)
        (finding,) = inspect_path(file)

        assert finding.code == "entry-script-syntax"
        assert word in finding.problem


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "deploy.json",
            '{"computeType": "ACI", "containerResourceRequirements": {"cpu": -1}}',
            ["value-range"],
        ),
        ("x.yml", "computeType: aks\nenableAppInsights: 'True'\n", ["key-unknown"]),
        ("y.yml", "computeType: local\n", []),
        ("inference.json", '{"entryScript": "nowhere.py"}', ["file-missing"]),
        ("half.json", '{"entryScript": "score.py", ', ["config-unreadable"]),
        ("comma.json", '{"computeType": "aks" "numReplicas": 1}', ["config-unreadable"]),
        ("other.json", '{"computeType": "AmlCompute", "properties": {"vmSize": "x"}}', []),
        (
            "arm.json",
            '{"$schema": "https://schema.management.azure.com/x", "contentVersion": "1", "resources": []}',
            [],
        ),
        ("package.json", '{"name": "x", "dependencies": {"a": "1"}}', []),
        (
            "payload.json",
            '{"name": "s", "kvTags": {}, "computeType": "ACI", "authEnabled": false, "imageId": "i"}',
            [],
        ),
        (
            "create.json",
            '{"containerResourceRequirements": {"cpu": null}, "authEnabled": null, "overwrite": null}',
            [],
        ),
        (
            "service.json",
            '{"computeType": "AKS", "authEnabled": true, "scoringUri": "http://x", "state": "Healthy"}',
            [],
        ),
        ("broken.json", '{"a": ', []),
        ("compose.yml", "services:\n  a:\n    image: b\n", []),
        (
            ".azureml/config.json",
            '{"subscription_id": "a", "resource_group": "b", "workspace_name": "c"}',
            [],
        ),
        (
            ".azureml/config.json",
            '{"subscription_id": "a", "resource_group": "b", "workspacename": "c"}',
            ["workspace-config"],
        ),
        (
            ".azureml/config.json",
            '{"subscription_id": "a", "resource_group": "b", "workspace_name": 3}',
            ["workspace-config"],
        ),
        (
            "env.yml",
            "name: a\ndependencies:\n  - python=3.11\n  - pip:\n      - azureml-defaults\n      - joblib\n",
            [],
        ),
        ("env.yml", "dependencies:\n  - python=3.6\n", ["python-substituted"]),
        ("env.yml", "dependencies:\n  - python=3.8\n", ["python-end-of-life"]),
        (
            "env.yml",
            "dependencies:\n  - python=3.11\n  - pip:\n      - numpy==1.18.1\n",
            ["pin-without-wheel"],
        ),
        (
            "env.yml",
            "dependencies:\n  - python=3.11\n  - pip:\n      - 'numpy==1.0==2'\n",
            ["environment-invalid"],
        ),
        ("requirements.txt", "joblib==1.2\n# comment\n", []),
        ("requirements-dev.txt", "numpy==1.0==2\n", ["environment-invalid"]),
        ("notes.txt", "numpy==1.0==2\n", []),
    ],
)
def test_configs_and_environments_are_known_by_their_content(name, content, expected, tmp_path):
    assert codes(tmp_path, name, content) == expected


def test_findings_of_conda_files_stand_on_the_entry(tmp_path):
    file = tmp_path / "env.yml"
    file.write_text("dependencies:\n  - python=3.11\n  - scikit-learn=0.22.1\n")
    (finding,) = inspect_path(file)

    assert (finding.span.line, finding.span.column, finding.span.end_column) == (3, 5, 24)
    assert "1.1.3 is the first" in finding.problem


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": kind, "source": text} for kind, text in cells], "nbformat": 4})


def test_cells_that_write_files_are_looked_at_where_they_are():
    text = notebook(
        ("markdown", "%%writefile score.py"),
        ("code", ["x = 1\n"]),
        (
            "code",
            [
                f"%%writefile $folder/score.py\n{line}\n" if not n else f"{line}\n"
                for n, line in enumerate(BROKEN.splitlines())
            ],
        ),
        ("code", "\n%%entry_script\nimport json\n\ndef run(raw_data):\n    return json\n"),
        ("code", "%%writefile -a score.py\ndef run(*args): pass"),
        ("code", '%%writefile deploy.json\n{"computeType": "local", "porrt": 1}'),
        ("code", "%%writefile train.py\nimport argparse\n"),
    )
    found = {finding.path: (finding.code, finding.span.line) for finding in inspect_content(text, "nb.ipynb")}

    assert found == {
        "nb.ipynb#cell3": ("run-signature", 6),
        "nb.ipynb#cell4": ("init-missing", 3),
        "nb.ipynb#cell6": ("key-unknown", 2),
    }


def test_cells_of_our_own_magics_are_known_by_them(tmp_path):
    text = notebook(
        ("code", "%%inference_config\nentryScript: score.py\nruntime: pyton\n"),
        ("code", '%%deployment_config\n{"computeType": "aks", "numReplicas": 0}\n'),
        ("code", "%%conda\nname: env\ndependencies:\n  python: 3.11\n"),
        ("code", "%%conda dev.yml\ndependencies:\n  - python=3.6\n"),
    )

    found = inspect_content(text, str(tmp_path / "a.ipynb"))

    assert [(each.path[-5:], each.span.line, each.code) for each in found] == [
        ("cell1", 3, "value-range"),
        ("cell2", 2, "value-range"),
        ("cell3", 4, "environment-invalid"),
        ("cell4", 3, "python-substituted"),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', '{"cells": [1, {}]}  %%writefile', "%%writefile x"]
)
def test_no_notebook_makes_it_raise(text):
    assert inspect_content(text, "nb.ipynb") == []


def test_folders_of_tools_are_not_walked(tmp_path):
    for name in (".git", "node_modules", "venv", "__pycache__", "src", ".azureml"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "score.py").write_text(GOOD)
    (tmp_path / "model.pkl").write_bytes(b"x")

    assert [str(file.relative_to(tmp_path)) for file in find_files([tmp_path])] == [
        ".azureml/score.py",
        "src/score.py",
    ]


def test_pipes_and_links_that_lead_nowhere_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "score.py")
    (tmp_path / "run.py").symlink_to("nowhere.py")

    assert list(find_files([tmp_path])) == []


def test_a_file_in_another_encoding_is_an_error_only_when_it_is_ours(tmp_path):
    for name, content, expected in (
        ("score.py", b"# \xe9\n" + GOOD.encode(), ["entry-script-syntax"]),
        ("other.py", b"# \xe9\nx = 1\n", []),
        ("score.py", GOOD.encode("utf-16"), ["entry-script-syntax"]),
        ("config.json", b"\xff\xfe{", []),
    ):
        (tmp_path / name).write_bytes(content)

        assert [finding.code for finding in inspect_path(tmp_path / name)] == expected, name
