"""Rules that need several files: config, script, environment and registered models."""

from __future__ import annotations

from mooring.inspection.rule import Rule

_SCRIPT = """# score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return str(model)
"""
_CONFIG = (
    '# inferenceconfig.json\n{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n'
)

PACKAGE_MISSING = Rule(
    code="package-missing",
    severity="warning",
    title="The script imports a package that its environment does not hold",
    why="The environment's files name neither the package nor one that is known to bring it, and no module of that name "
    "lies beside the script. The service stops at the import with a `ModuleNotFoundError`. With a lock, which names "
    "everything, it is an error.",
    bad=_SCRIPT
    + _CONFIG
    + "# conda.yml\nname: env\ndependencies:\n  - python=3.11\n  - pip:\n      - numpy\n",
    good=_SCRIPT
    + _CONFIG
    + "# conda.yml\nname: env\ndependencies:\n  - python=3.11\n  - pip:\n      - joblib\n",
    subject="project",
)
TRAINING_VERSION = Rule(
    code="training-version",
    severity="warning",
    title="The environment pins another version than the model was trained with",
    why="Pickles of one version often fail to load with another, or load and answer wrongly. The registry keeps the "
    "versions that were installed when a model was registered.",
    bad="",
    good="",
    subject="project",
)
MODEL_UNKNOWN = Rule(
    code="model-unknown",
    severity="warning",
    title="`Model.get_model_path` names a model that is not registered",
    why="A service only has the models it is deployed with, under their registered names. An unknown name is looked "
    "for in the working directory and then fails.",
    bad="",
    good="",
    subject="project",
)
MODEL_NOT_DEPLOYED = Rule(
    code="model-not-deployed",
    severity="error",
    title="`Model.get_model_path` names a model that is not deployed",
    why="Only the models named in the deployment are laid into the service, so `init()` fails.",
    bad="",
    good="",
    subject="project",
)
MODEL_FILE = Rule(
    code="model-file",
    severity="warning",
    title="The path below `AZUREML_MODEL_DIR` is not in the deployed model",
    why="With one model, `AZUREML_MODEL_DIR` is the folder with its one file or folder; a model that was registered as a "
    "folder keeps that folder. With several models it is the folder of all, and paths begin with `<name>/<version>`.",
    bad="",
    good="",
    subject="project",
)
SAMPLE_DIFFERS = Rule(
    code="sample-differs",
    severity="warning",
    title="The schema's sample does not fit the sample the model was registered with",
    why="Requests are checked against the sample in `@input_schema`. When its rows have another number of columns than "
    "the model's own sample, good requests are refused, or the model is called with wrong ones.",
    bad="",
    good="",
    subject="project",
)
PROJECT_RULES = (
    PACKAGE_MISSING,
    TRAINING_VERSION,
    MODEL_UNKNOWN,
    MODEL_NOT_DEPLOYED,
    MODEL_FILE,
    SAMPLE_DIFFERS,
)
