"""Functions that read from an open file and are given its path."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.assignments import values_before
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.sentences import shown
from mooring.inspection.script import Script

_HEAD = "import os\nimport pickle\n\n\ndef init():\n    global model\n"
_TAIL = "\n\n\ndef run(raw_data):\n    return model.predict([[len(raw_data)]]).tolist()\n"
_PATH = 'os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl")'

PATH_FOR_FILE = Rule(
    code="path-for-file",
    severity="error",
    title="A path is given to a function that reads an open file",
    why="`pickle.load` and `json.load` take a file that is open, not the path of one: text raises a `TypeError` or an "
    "`AttributeError`. `joblib.load` takes either.",
    bad=f"{_HEAD}    model = pickle.load({_PATH}){_TAIL}",
    good=f'{_HEAD}    with open({_PATH}, "rb") as file:\n        model = pickle.load(file){_TAIL}',
)

_READERS = {
    "pickle.load": '"rb"', "dill.load": '"rb"', "cloudpickle.load": '"rb"', "_pickle.load": '"rb"', "json.load": "",
}  # fmt: skip
_PATH_MAKERS = {
    "os.path.join", "os.getenv", "os.environ.get", "os.path.abspath", "os.path.dirname", "pathlib.Path",
    "azureml.core.model.Model.get_model_path", "azureml.core.Model.get_model_path",
}  # fmt: skip


@check(PATH_FOR_FILE, words=("pickle.load", "dill.load", "json.load", "import load"))
def find_paths_for_files(script: Script) -> Iterator[Finding]:
    """`pickle.load(path)`."""
    for call in script.calls_of("load"):
        mode = _READERS.get(script.called(call))
        if mode is None or not call.args or script.is_for_main(call) or not _is_path(script, call.args[0]):
            continue
        problem = f"{shown(call)} is given a path; it reads from an open file."
        opened = f"open({shown(call.args[0])}{', ' if mode else ''}{mode})"
        yield script.finding(PATH_FOR_FILE, call.args[0], problem, f"Write {opened} in a with statement.")


def _is_path(script: Script, node: ast.expr) -> bool:
    """Whether an expression is surely text or a path."""
    if isinstance(node, ast.Name):
        function = script.function_around(node)
        values = values_before(script, function, node) if function is not None else []
        value = script.only_value(node)
        values = values or ([value] if value is not None else [])
        return bool(values) and all(
            value is not None and not isinstance(value, ast.Name) and _is_path(script, value)
            for value in values
        )
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr) or script.called(node) in _PATH_MAKERS
