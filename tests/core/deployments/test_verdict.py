"""Verdicts on scripts that really fail: the scoring contract loads them, its report is judged."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mooring.deployments.layout import Source
from mooring.deployments.rendering import render_failure
from mooring.deployments.target import Crash
from mooring.deployments.values import Excerpt, Failure
from mooring.deployments.verdict import CODES, Scene, judge

RUN = "\n\ndef run(raw_data):\n    return raw_data\n"

_LOAD = """
import json, sys
from mooring.scoring.contract.application import Application
from mooring.scoring.contract.failures import BootError
from mooring.scoring.settings import ServerSettings
settings = ServerSettings.from_environment(**json.loads(sys.argv[1]))
try:
    Application(settings).load()
except BootError as error:
    print("\\n" + json.dumps(error.to_dict()))
else:
    print("\\nnull")
"""


class Stage:
    """A project of one script, laid out as a release is."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.app_root = folder / "app"
        self.models: tuple[str, ...] = ()
        self.project.mkdir()
        self.app_root.mkdir()

    def add_model(self, model_id: str, *files: str) -> None:
        self.models += (model_id,)
        for file in files:
            path = self.app_root / "azureml-models" / model_id.replace(":", "/") / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("content")

    def scene(self, *, ships_folder: bool = False, **facts) -> Scene:
        entry = "project/score.py" if ships_folder else "score.py"
        source = Source(self.project / "score.py", self.project if ships_folder else None, entry)
        model_dir = ""
        if self.models:
            model_dir = "azureml-models"
            model_dir += f"/{self.models[0].replace(':', '/')}" if len(self.models) == 1 else ""
        return Scene("scorer", source, self.app_root, self.models, model_dir, "env.yml", **facts)

    def fail(self, script: str, *, ships_folder: bool = False, **facts) -> Failure:
        """Load the script as a worker does and judge what it reports."""
        scene = self.scene(ships_folder=ships_folder, **facts)
        (self.project / "score.py").write_text(script)
        entry = self.app_root / scene.source.entry_in_app_root
        entry.parent.mkdir(exist_ok=True)
        entry.write_text(script)
        settings = {"app_root": str(self.app_root), "entry_script": scene.source.entry_in_app_root}
        environment = {"PATH": "/usr/bin:/bin", "AML_APP_ROOT": str(self.app_root)}
        if scene.model_dir:
            environment["AZUREML_MODEL_DIR"] = str(self.app_root / scene.model_dir)
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, json.dumps(settings)],
            cwd=self.app_root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout.splitlines()[-1])
        assert report is not None, "the script loads"
        return judge(Crash(exit_code=3, boot_error=report), scene)


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


OPEN = "import os\n\n\ndef init():\n    open(os.path.join(os.getenv('AZUREML_MODEL_DIR'), {name!r}))\n" + RUN


def test_a_wrong_file_name_lists_the_folder_and_offers_the_right_one(stage):
    stage.add_model("diabetes:2", "ridge.pkl")

    failure = stage.fail(OPEN.format(name="model.pkl"))

    assert failure.code == "init-file-missing"
    assert failure.cause == "init() could not find the model file (score.py, line 5)."
    assert failure.evidence == (
        "FileNotFoundError: …/azureml-models/diabetes/2/model.pkl",
        "The folder holds: ridge.pkl",
    )
    assert failure.remedy == 'Use "ridge.pkl", or register the model as model.pkl.'
    assert failure.excerpt == Excerpt(
        str(stage.project / "score.py"),
        5,
        "    open(os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model.pkl'))",
    )


def test_a_model_registered_as_a_folder_keeps_its_folder(stage):
    stage.add_model("diabetes:1", "outputs/model.pkl")

    failure = stage.fail(OPEN.format(name="model.pkl"))

    assert failure.remedy == 'Use os.path.join(os.getenv("AZUREML_MODEL_DIR"), "outputs/model.pkl").'


def test_two_models_need_their_names_in_the_path(stage):
    stage.add_model("first:1", "model.pkl")
    stage.add_model("second:3", "other.pkl")

    failure = stage.fail(OPEN.format(name="model.pkl"))

    assert failure.remedy == 'Use os.path.join(os.getenv("AZUREML_MODEL_DIR"), "first/1/model.pkl").'


def test_a_model_opened_in_the_working_directory_is_pointed_to_its_place(stage):
    stage.add_model("diabetes:1", "model.pkl")

    failure = stage.fail("def init():\n    open('model.pkl')\n" + RUN)

    assert (failure.code, "AZUREML_MODEL_DIR" in failure.remedy) == ("init-file-missing", True)


def test_a_file_beside_the_script_that_was_not_shipped(stage):
    (stage.project / "labels.json").write_text("{}")

    failure = stage.fail("def init():\n    open('labels.json')\n" + RUN)

    assert f'Set "sourceDirectory" to {stage.project}' in failure.remedy


def test_a_shipped_file_is_below_the_source_directorys_name(stage):
    (stage.app_root / "project").mkdir()
    (stage.app_root / "project" / "labels.json").write_text("{}")

    failure = stage.fail("def init():\n    open('labels.json')\n" + RUN, ships_folder=True)

    assert 'Open "project/labels.json"' in failure.remedy


def test_without_a_model_the_model_folder_is_unset(stage):
    failure = stage.fail(OPEN.format(name="model.pkl"))

    assert failure.code == "model-dir-unset"
    assert "-m NAME:VERSION" in failure.remedy


SCRIPTS = {
    "script-syntax": "def init():\n    x = = 1\n",
    "init-missing": "def run(raw_data):\n    return 1\n",
    "run-missing": "def init():\n    pass\n",
    "run-signature": "def init():\n    pass\n\n\ndef run(*args):\n    return 1\n",
    "init-signature": "def init(model):\n    pass\n" + RUN,
    "script-exits": "import sys\n\n\ndef init():\n    sys.exit(0)\n" + RUN,
    "package-missing": "import a_package_nobody_has\n\n\ndef init():\n    pass\n" + RUN,
    "init-raised": "def init():\n    raise ValueError('no luck')\n" + RUN,
    "import-raised": "1 / 0\n\n\ndef init():\n    pass\n" + RUN,
    "pickle-main": ("import pickle\n\n\ndef init():\n    pickle.loads(b'c__main__\\nMyModel\\n.')\n" + RUN),
    "pickle-version": (
        "import pickle\n\n\ndef init():\n"
        "    raise ModuleNotFoundError(\"No module named 'sklearn.linear_model._ridge'\")\n" + RUN
    ),
    "pickle-damaged": "import pickle\n\n\ndef init():\n    pickle.loads(b'version https://git-lfs')\n" + RUN,
    "memory-exceeded": "def init():\n    raise MemoryError\n" + RUN,
    "no-permission": "def init():\n    raise PermissionError(13, 'Permission denied', '/x')\n" + RUN,
    "disk-full": "def init():\n    raise OSError(28, 'No space left on device')\n" + RUN,
    "network-unreachable": (
        "import urllib.request\n\n\ndef init():\n    urllib.request.urlopen('http://127.0.0.1:1/x', timeout=5)\n"
        + RUN
    ),
    "system-library-missing": (
        "def init():\n"
        "    raise ImportError('libGL.so.1: cannot open shared object file: No such file or directory')\n"
        + RUN
    ),
    "api-removed": (
        "def init():\n    raise AttributeError(\"module 'numpy' has no attribute 'object'\")\n" + RUN
    ),
    "package-conflict": (
        "def init():\n"
        "    raise ValueError('numpy.ndarray size changed: Expected 96 from C header, got 80 from PyObject')\n"
        + RUN
    ),
    "workspace-in-script": (
        "class UserErrorException(Exception):\n    pass\n\n\n"
        "def init():\n    raise UserErrorException('no config.json')\n" + RUN
    ),
    "automl-missing": (
        "def init():\n    raise ModuleNotFoundError(\"No module named 'azureml.train.automl.runtime'\")\n"
        + RUN
    ),
}


@pytest.mark.parametrize("code", SCRIPTS)
def test_a_script_that_fails_gets_its_code_with_evidence_and_remedy(stage, code):
    failure = stage.fail(SCRIPTS[code])

    assert failure.code == code
    assert failure.cause.endswith(".")
    assert failure.evidence
    assert failure.remedy.endswith(".")


def test_a_missing_package_is_named_as_pip_knows_it_with_the_file_to_write_it_in(stage):
    failure = stage.fail(
        "def init():\n    raise ModuleNotFoundError(\"No module named 'cv2'\", name='cv2')\n" + RUN
    )

    assert failure.remedy == "Add opencv-python-headless to env.yml."


def test_an_own_module_that_was_not_shipped_is_told_from_a_package(stage):
    (stage.project / "features.py").write_text("")

    failure = stage.fail("import features\n\n\ndef init():\n    pass\n" + RUN)

    assert failure.code == "module-missing"
    assert "sourceDirectory" in failure.remedy


def test_a_version_mismatch_names_the_versions_of_training(stage):
    failure = stage.fail(SCRIPTS["pickle-version"], trained_with={"scikit-learn": "0.22.2"})

    assert "scikit-learn==0.22.2" in failure.remedy
    assert "registered with: scikit-learn==0.22.2" in failure.evidence


def test_a_model_asked_for_by_a_wrong_name_lists_the_right_ones(stage):
    stage.add_model("diabetes:1", "model.pkl")
    script = (
        "class ModelNotFoundException(Exception):\n    pass\n\n\ndef init():\n"
        "    raise ModelNotFoundException('Model model.pkl not found in cache at azureml-models')\n"
    )

    failure = stage.fail(script + RUN)

    assert failure.code == "model-not-found"
    assert failure.remedy == 'Use Model.get_model_path("diabetes").'


def test_the_deepest_line_of_the_users_own_is_shown(stage):
    failure = stage.fail(
        "import json\n\n\ndef load():\n    return json.loads('nonsense')\n\n\ndef init():\n    load()\n" + RUN
    )

    assert failure.excerpt.line == 5


# ---- without a word from the worker --------------------------------------------------------------------------------------

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("crash", "code"),
    [
        (Crash(exit_code=137, memory_limit_bytes=512 * MIB, memory_peak_bytes=511 * MIB), "memory-exceeded"),
        (Crash(signal=9, engine="OOMKilled"), "memory-exceeded"),
        (Crash(signal=9), "killed"),
        (Crash(exit_code=-15), "killed"),
        (Crash(signal=11), "crashed"),
        (Crash(exit_code=139), "crashed"),
        (Crash(exit_code=1), "exited"),
        (Crash(timed_out_after_s=300.0), "not-ready"),
        (Crash(code="port-taken", engine="127.0.0.1:80 is already in use"), "port-taken"),
        (Crash(code="supervisor-gone"), "supervisor-gone"),
        (Crash(engine="no such image"), "engine"),
        (Crash(), "engine"),
        (Crash(exit_code=3, boot_error={"kind": "server", "message": "WORKER_COUNT is 0."}), "server-failed"),
        (
            Crash(exit_code=3, boot_error={"kind": "swagger", "message": "swagger.json: Expecting value"}),
            "swagger-file-broken",
        ),
    ],
)
def test_facts_of_the_place_get_their_code(stage, crash, code):
    failure = judge(crash, stage.scene())

    assert failure.code == code
    assert failure.cause.endswith(".")
    assert failure.remedy.endswith(".")


def test_memory_shows_limit_and_peak(stage):
    crash = Crash(exit_code=137, memory_limit_bytes=512 * MIB, memory_peak_bytes=511 * MIB)

    failure = judge(crash, stage.scene(memory_gb=0.5))

    assert failure.evidence == ("limit 512 MiB, peak 511 MiB, exit 137",)
    assert failure.remedy.startswith("memoryInGB is 0.5; raise it")


def test_a_traceback_in_the_log_says_more_than_an_exit_code(stage):
    log = (
        "noise",
        "Traceback (most recent call last):",
        '  File "/x.py", line 1, in <module>',
        "KeyError: 'a'",
    )

    failure = judge(Crash(exit_code=1, log_tail=log), stage.scene())

    assert (failure.code, failure.evidence[0]) == ("import-raised", "KeyError: 'a'")


def test_the_log_is_shown_when_nothing_else_is(stage):
    assert judge(Crash(exit_code=2, log_tail=("one", "two")), stage.scene()).evidence == ("one", "two")


def test_a_verdict_renders_like_a_compiler_message():
    failure = Failure(
        "c",
        "Cause.",
        ("evidence",),
        "Do.",
        Excerpt("score.py", 12, "    boom()"),
        kept="scorer-1 still serves.",
    )

    assert render_failure(failure) == [
        "   score.py, line 12",
        "   12 │     boom()",
        "      │ evidence",
        "   Kept  scorer-1 still serves.",
    ]


# ---- documentation ---------------------------------------------------------------------------------------------------------


def test_every_code_is_documented_and_nothing_else_is():
    document = Path(__file__).parents[3] / "docs" / "failures.md"

    documented = re.findall(r"^### `([\w-]+)`$", document.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(documented) == sorted(CODES)
    assert len(documented) == len(set(documented))


def test_no_rule_uses_a_code_that_is_not_listed():
    folder = Path(sys.modules["mooring.deployments.verdict"].__file__).parent

    used = {
        code
        for file in folder.glob("*.py")
        for code in re.findall(r'code="([\w-]+)"', file.read_text(encoding="utf-8"))
    }

    assert used <= set(CODES)
