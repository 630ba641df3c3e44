"""What a script asks of Azure ML's own packages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mooring.findings import Finding, Span
from mooring.inspection.fixes import replace_all
from mooring.inspection.rule import Rule, check
from mooring.inspection.script import Script

_TAIL = "\n\n\ndef run(raw_data):\n    return raw_data\n"

MODEL_NAME_IS_PATH = Rule(
    code="model-name-is-path",
    severity="warning",
    title="`Model.get_model_path` is given a path, or a version with the name",
    why="It takes the name a model was registered under, not the file's path. A name has no slash, so nothing is found, "
    "unless a file of that path lies in the working directory. The same goes for `name:version`: the version is an argument "
    "of its own.",
    bad='from azureml.core.model import Model\n\n\ndef init():\n    print(Model.get_model_path("outputs/model.pkl"))'
    + _TAIL,
    good='from azureml.core.model import Model\n\n\ndef init():\n    print(Model.get_model_path("diabetes"))'
    + _TAIL,
)
MODEL_PATH_ARGUMENTS = Rule(
    code="model-path-arguments",
    severity="error",
    title="`Model.get_model_path` is called with arguments that it refuses",
    why='It takes the name of a model, and a version that is a whole number: text such as `"3"` raises an exception, '
    "before anything is looked for. In `init()` that stops the service at its start.",
    bad='from azureml.core.model import Model\n\n\ndef init():\n    print(Model.get_model_path("diabetes", version="3"))'
    + _TAIL,
    good='from azureml.core.model import Model\n\n\ndef init():\n    print(Model.get_model_path("diabetes", version=3))'
    + _TAIL,
)
MODEL_SHADOWED = Rule(
    code="model-shadowed",
    severity="error",
    title="A later import hides `azureml.core.model.Model`",
    why="Keras has a `Model`, too. The import that comes last counts, and `get_model_path` raises an `AttributeError` on the "
    "other one.",
    bad="from azureml.core.model import Model\nfrom keras.models import Model\n\n\ndef init():\n"
    '    print(Model.get_model_path("diabetes"))' + _TAIL,
    good="from azureml.core.model import Model\nfrom keras.models import Model as KerasModel\n\n\ndef init():\n"
    '    print(Model.get_model_path("diabetes"), KerasModel)' + _TAIL,
)
WORKSPACE_IN_SCRIPT = Rule(
    code="workspace-in-script",
    severity="information",
    title="The script asks for a workspace or a run",
    why="A service has neither. `Workspace.from_config()` fails without a `config.json`, and `Run.get_context()` gives "
    "an offline run without an experiment. What a service needs comes with its models and environment variables.",
    bad="from azureml.core import Workspace\n\n\ndef init():\n    print(Workspace.from_config())" + _TAIL,
    good='import os\n\n\ndef init():\n    print(os.environ["AZUREML_MODEL_DIR"])' + _TAIL,
)
AUTOML_IMPORT = Rule(
    code="automl-import",
    severity="information",
    title="The script imports AutoML's or the explainers' packages",
    why="The import works here, for pickles that name these modules. Predicting with an AutoML model, or explaining, "
    "still needs the real packages: deploy with a user-managed Python that has them.",
    bad="import azureml.train.automl\n\n\ndef init():\n    pass" + _TAIL,
    good="def init():\n    pass" + _TAIL,
)
COLLECTOR_IDENTIFIER = Rule(
    code="collector-identifier",
    severity="warning",
    title="`ModelDataCollector(identifier=…)` was renamed",
    why="The keyword is `designation` since azureml-monitoring 0.1.0a18; the newer package raises a `TypeError` for "
    "`identifier`. Mooring's stand-in takes both.",
    bad="from azureml.monitoring import ModelDataCollector\n\n\ndef init():\n    global inputs\n"
    '    inputs = ModelDataCollector("m", identifier="inputs")' + _TAIL,
    good="from azureml.monitoring import ModelDataCollector\n\n\ndef init():\n    global inputs\n"
    '    inputs = ModelDataCollector("m", designation="inputs")' + _TAIL,
)
VARIABLE_MISSPELLED = Rule(
    code="variable-misspelled",
    severity="warning",
    title="An environment variable is misspelled",
    why="The server sets `AZUREML_MODEL_DIR`, `AZUREML_ENTRY_SCRIPT`, `AZUREML_SOURCE_DIRECTORY` and `AML_APP_ROOT`. Another "
    "spelling is unset: `os.getenv` gives None, and joining a path to that fails.",
    bad='import os\n\n\ndef init():\n    print(os.path.join(os.getenv("AZUREML_MODEL_DIRECTORY"), "model.pkl"))'
    + _TAIL,
    good='import os\n\n\ndef init():\n    print(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))'
    + _TAIL,
)

_VARIABLES = ("AZUREML_MODEL_DIR", "AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY", "AML_APP_ROOT")
_ENVIRONMENT = {"os.getenv", "os.environ.get", "os.environ"}
_AUTOML = ("azureml.train.automl", "azureml.automl", "azureml.interpret", "azureml.explain", "azureml.contrib.interpret",
           "azureml.contrib.explain")  # fmt: skip
_WORKSPACE_CALLS = {
    "Workspace",
    "Workspace.from_config",
    "Workspace.get",
    "Run.get_context",
    "Workspace.setup",
    "azure.ai.ml.MLClient",
    "azure.ai.ml.MLClient.from_config",
}


@check(MODEL_NAME_IS_PATH, words=("get_model_path",))
def find_paths_as_names(script: Script) -> Iterator[Finding]:
    """Slashes and versions in a model's name."""
    for call, name in model_names(script):
        place = call.args[0] if call.args else call
        if "/" in name or "\\" in name:
            problem = (
                f"{name!r} is a path; get_model_path takes the name that the model was registered under."
            )
            yield script.finding(MODEL_NAME_IS_PATH, place, problem, "Write the model's name.")
        elif re.fullmatch(r"[^:]+:\d+", name):
            plain, _, version = name.partition(":")
            problem = f"{name!r} is a name with a version; get_model_path takes the two apart."
            remedy = f"Write get_model_path({plain!r}, version={version})."
            yield script.finding(MODEL_NAME_IS_PATH, place, problem, remedy)


@check(MODEL_SHADOWED, words=("get_model_path",))
def find_shadowed_models(script: Script) -> Iterator[Finding]:
    """`Model.get_model_path` after another `Model` was imported."""
    for call in script.calls_of("get_model_path"):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(owner, ast.Name):
            continue
        origins = script.imports.get(owner.id, ())
        binders = script.index.module.binds.get(owner.id, [])
        last = max(binders, key=lambda node: getattr(node, "lineno", 0), default=None)
        is_ours = any(origin.startswith("azureml.") for origin in origins)
        if is_ours and isinstance(last, ast.ImportFrom) and not (last.module or "").startswith("azureml"):
            problem = f"{owner.id} is {last.module}.{owner.id} here (line {last.lineno}), which has no get_model_path."
            remedy = f"Import one of them under another name: from {last.module} import {owner.id} as Other."
            yield script.finding(MODEL_SHADOWED, call.func, problem, remedy)


@check(MODEL_PATH_ARGUMENTS, words=("get_model_path",))
def find_refused_arguments(script: Script) -> Iterator[Finding]:
    """Calls of `Model.get_model_path` that raise before anything is looked for."""
    for call in script.calls_of("get_model_path"):
        if not script.called(call).endswith("Model.get_model_path") or script.is_for_main(call):
            continue
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        version = call.args[1] if len(call.args) > 1 else keywords.get("version")
        written = script.constant(version)
        if not call.args and not keywords:
            yield script.finding(
                MODEL_PATH_ARGUMENTS,
                call,
                "get_model_path is called without a model's name.",
                "Write the model's name.",
            )
        elif version is not None and isinstance(written, str | float):
            problem = f"version={written!r} is no whole number; get_model_path refuses it."
            fix = None
            if isinstance(written, str) and written.isdecimal() and isinstance(version, ast.Constant):
                fix = replace_all(f"Write {written}", [(script.source.span(version), str(int(written)))])
            yield script.finding(
                MODEL_PATH_ARGUMENTS, version, problem, "Write the version as a number.", fix=fix
            )


def model_names(script: Script) -> Iterator[tuple[ast.Call, str]]:
    """Calls of `get_model_path` with the names that are written out."""
    for call in script.calls_of("get_model_path"):
        if isinstance(call.func, ast.Attribute):
            keywords = {keyword.arg: keyword.value for keyword in call.keywords}
            written = call.args[0] if call.args else keywords.get("model_name")
            name = script.constant(written)
            if name is None and script.called(written) == "os.path.join":  # type: ignore[arg-type]
                parts = [script.constant(part) for part in written.args]  # type: ignore[union-attr]
                name = "/".join(parts) if all(isinstance(part, str) for part in parts) else None
            if isinstance(name, str):
                yield call, name


@check(WORKSPACE_IN_SCRIPT, words=("Workspace", "get_context", "MLClient"))
def find_workspaces(script: Script) -> Iterator[Finding]:
    """Workspaces and runs in what a service runs."""
    for call in script.calls_of("Workspace", "from_config", "get", "get_context", "setup", "MLClient"):
        name = script.called(call)
        short = name.removeprefix("azureml.core.").removeprefix("workspace.").removeprefix("run.")
        if not name.startswith(("azureml.core", "azure.ai.ml.")) or short not in _WORKSPACE_CALLS:
            continue
        function = script.function_around(call)
        if script.is_for_main(call) or not (
            function is None or function in script.at_start or function in script.at_request
        ):
            continue
        problem = f"{ast.unparse(call.func)}() asks for what a service has not: a workspace or a run."
        yield script.finding(WORKSPACE_IN_SCRIPT, call, problem, "Read models below AZUREML_MODEL_DIR.")


@check(AUTOML_IMPORT, words=_AUTOML)
def find_automl(script: Script) -> Iterator[Finding]:
    """Imports of AutoML and of explainers."""
    for node in script.index.of(ast.Import, ast.ImportFrom):
        modules = (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
        if isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        found = next((module for module in modules if module.startswith(_AUTOML)), None)
        if found:
            package = next(known for known in _AUTOML if found.startswith(known))
            problem = f"{package} is only a stand-in here: models that need it to predict do not run."
            yield script.finding(
                AUTOML_IMPORT,
                node,
                problem,
                "Deploy with a user-managed Python that has it, or remove the import.",
            )


@check(COLLECTOR_IDENTIFIER, words=("identifier",))
def find_identifiers(script: Script) -> Iterator[Finding]:
    """The old keyword of the data collector."""
    for call in script.calls_of("ModelDataCollector"):
        for keyword in call.keywords:
            if keyword.arg == "identifier":
                start = script.source.span(keyword)
                name = Span(start.line, start.column, start.line, start.column + len("identifier"))
                fix = replace_all("Write designation", [(name, "designation")])
                problem = "ModelDataCollector has no keyword 'identifier' any more; it is 'designation'."
                yield script.finding(COLLECTOR_IDENTIFIER, name, problem, "Write designation=.", fix=fix)


@check(VARIABLE_MISSPELLED, words=("getenv", "environ"))
def find_misspelled_variables(script: Script) -> Iterator[Finding]:
    """Names of variables that are almost the server's."""
    for node in script.index.of(ast.Constant):
        written = node.value
        if not isinstance(written, str) or written in _VARIABLES or not written.isupper():
            continue
        near = next((known for known in _VARIABLES if _is_almost(written, known)), "")
        if not near or not _names_variable(script, node):
            continue
        span = script.source.span(node)
        quote = script.source.at(span)[:1]
        fix = replace_all(f"Write {near}", [(span, f"{quote}{near}{quote}")]) if quote in {"'", '"'} else None
        problem = f"No server sets {written!r}; did you mean {near!r}?"
        yield script.finding(VARIABLE_MISSPELLED, node, problem, f"Write {near}.", fix=fix)


def _is_almost(written: str, near: str) -> bool:
    """Whether only a typing error keeps two names apart: `AZUREML_MODEL_FILE` is another name."""
    plain, wanted = written.replace("_", ""), near.replace("_", "")
    if near == "AZUREML_MODEL_DIR" and plain in {"AZUREMODELDIR", "AMLMODELDIR"}:
        return True
    return plain == f"{wanted}ECTORY" or sorted(plain) == sorted(wanted) or _differ_by_one(plain, wanted)


def _differ_by_one(one: str, other: str) -> bool:
    """Whether one letter was added, left out or replaced."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    rest = shorter[at:] if len(longer) > len(shorter) else shorter[at + 1 :]
    return rest == longer[at + 1 :]


def _names_variable(script: Script, node: ast.Constant) -> bool:
    parent = script.index.parents.get(node)
    if isinstance(parent, ast.Call):
        return script.called(parent) in _ENVIRONMENT and node is parent.args[0]
    return isinstance(parent, ast.Subscript) and script.dotted(parent.value) == "os.environ"
