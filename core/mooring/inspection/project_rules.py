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


def _named(name: str, state: str) -> str:
    return (
        f"# models {state}: diabetes:1\n# score.py\nfrom azureml.core.model import Model\n\n\ndef init():\n"
        f'    print(Model.get_model_path("{name}"))\n\n\ndef run(raw_data):\n    return raw_data\n'
    )


def _joined(name: str) -> str:
    return (
        "# models deployed: diabetes:1, which holds ridge.pkl\n# score.py\nimport os\n\n\ndef init():\n"
        f'    print(os.path.join(os.environ["AZUREML_MODEL_DIR"], "{name}"))\n\n\ndef run(raw_data):\n'
        "    return raw_data\n"
    )


def _sampled(sample: str) -> str:
    return (
        '# diabetes:1 was registered with the sample {"data": [[0.1, 0.2, 0.3]]}\n# score.py\nimport numpy as np\n'
        "from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType\n"
        "from inference_schema.schema_decorators import input_schema\n\n\ndef init():\n    pass\n\n\n"
        f'@input_schema("data", NumpyParameterType(np.array({sample})))\ndef run(data):\n    return data.tolist()\n'
    )


DEFAULTS_MISSING = Rule(
    code="azureml-defaults-missing",
    severity="information",
    title="The environment does not name azureml-defaults",
    why="On Azure the package brings the scoring server; without it the container says `exec: gunicorn: not found` and never "
    "gets healthy, unless the SDK adds it. Mooring brings its own server, so here nothing is missing.",
    bad=_SCRIPT + _CONFIG + "# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n",
    good=_SCRIPT
    + _CONFIG
    + "# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n  - pip:\n      - azureml-defaults\n",
    subject="project",
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
MODULE_NOT_SHIPPED = Rule(
    code="module-not-shipped",
    severity="warning",
    title="The script imports a module that a service does not get, or that Azure ML does not find",
    why="Without a `sourceDirectory` only the entry script is shipped, so a module beside it is missing when the service "
    "starts. With one, Azure ML puts that folder on the import path, but not the sub-folder a script may lie in; Mooring has "
    "both, so there it is no more than information.",
    bad=_SCRIPT.replace("import joblib", "import features\nimport joblib")
    + "# features.py\nNAMES = []\n"
    + _CONFIG
    + "# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n",
    good=_SCRIPT.replace("import joblib", "import features\nimport joblib")
    + "# features.py\nNAMES = []\n"
    + _CONFIG.replace('"runtime"', '"sourceDirectory": ".", "runtime"')
    + "# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n",
    subject="project",
)
TRAINING_VERSION = Rule(
    code="training-version",
    severity="warning",
    title="The environment pins another version than the model was trained with",
    why="Pickles of one version often fail to load with another, or load and answer wrongly. The registry keeps the "
    "versions that were installed when a model was registered.",
    bad="# diabetes:1 was registered with scikit-learn 1.3.2\n# conda.yml\nname: env\ndependencies:\n  - pip:\n      - scikit-learn==1.0.2\n",
    good="# diabetes:1 was registered with scikit-learn 1.3.2\n# conda.yml\nname: env\ndependencies:\n  - pip:\n      - scikit-learn==1.3.2\n",
    subject="project",
)
MODEL_UNKNOWN = Rule(
    code="model-unknown",
    severity="warning",
    title="`Model.get_model_path` names a model that is not registered",
    why="A service only has the models it is deployed with, under their registered names. An unknown name is looked "
    "for in the working directory and then fails.",
    bad=_named("diabetis", "registered"),
    good=_named("diabetes", "registered"),
    subject="project",
)
MODEL_NOT_DEPLOYED = Rule(
    code="model-not-deployed",
    severity="error",
    title="`Model.get_model_path` names a model that is not deployed",
    why="Only the models named in the deployment are laid into the service, so `init()` fails.",
    bad=_named("iris", "deployed"),
    good=_named("diabetes", "deployed"),
    subject="project",
)
MODEL_FILE = Rule(
    code="model-file",
    severity="warning",
    title="The path below `AZUREML_MODEL_DIR` is not in the deployed model",
    why="With one model, `AZUREML_MODEL_DIR` is the folder with its one file or folder; a model that was registered as a "
    "folder keeps that folder. With several models it is the folder of all, and paths begin with `<name>/<version>`.",
    bad=_joined("model.pkl"),
    good=_joined("ridge.pkl"),
    subject="project",
)
SAMPLE_DIFFERS = Rule(
    code="sample-differs",
    severity="warning",
    title="The schema's sample does not fit the sample the model was registered with",
    why="Requests are checked against the sample in `@input_schema`. When its rows have another number of columns than "
    "the model's own sample, good requests are refused, or the model is called with wrong ones.",
    bad=_sampled("[[1.0, 2.0]]"),
    good=_sampled("[[1.0, 2.0, 3.0]]"),
    subject="project",
)
PROJECT_RULES = (
    DEFAULTS_MISSING,
    PACKAGE_MISSING,
    MODULE_NOT_SHIPPED,
    TRAINING_VERSION,
    MODEL_UNKNOWN,
    MODEL_NOT_DEPLOYED,
    MODEL_FILE,
    SAMPLE_DIFFERS,
)
