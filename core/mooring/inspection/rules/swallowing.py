"""Failures of `init()` that nobody gets to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.guards import is_broad
from mooring.inspection.rule import Rule, check
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script

_RUN = '\n\n\ndef run(raw_data):\n    rows = json.loads(raw_data)["data"]\n    return model.predict(rows).tolist()\n'
_GOOD = (
    "import json\nimport os\n\nimport joblib\n\n\ndef init():\n    global model\n"
    '    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))' + _RUN
)

INIT_SWALLOWS = Rule(
    code="init-swallows-errors",
    severity="warning",
    title="`init()` hides that the model could not be loaded",
    why="When the `except` block only prints, the service starts without a model and is reported healthy, and every "
    "request fails with a `NameError`. An exception that leaves `init()` stops the start and is shown with its line.",
    bad="import json\nimport os\n\nimport joblib\n\n\ndef init():\n    global model\n    try:\n"
    '        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))\n'
    "    except Exception as error:\n        print(error)" + _RUN,
    good=_GOOD,
)


@check(INIT_SWALLOWS, words=("except",))
def find_swallowed_errors(script: Script) -> Iterator[Finding]:
    """A broad `except` in `init` that leaves the model unset."""
    init = script.init
    if init is None or not script.is_whole:
        return
    for attempt in (node for node in script.walk(init) if isinstance(node, ast.Try)):
        needed = _needed_later(script, init, attempt)
        if not needed:
            continue
        for handler in attempt.handlers:
            if (
                is_broad(handler)
                and not _answers(script, handler, needed)
                and not _set_after(script, attempt, needed)
            ):
                problem = (
                    f"When loading fails, init() goes on without {needed[0]}, and the service looks healthy."
                )
                yield script.finding(
                    INIT_SWALLOWS,
                    _head_of(script, handler),
                    problem,
                    "Let the exception out, or raise it again.",
                )


def _head_of(script: Script, handler: ast.ExceptHandler) -> ast.AST:
    """The `except …` line alone."""
    line = script.source.lines[handler.lineno - 1]
    return ast.Pass(
        lineno=handler.lineno,
        col_offset=handler.col_offset,
        end_lineno=handler.lineno,
        end_col_offset=len(line.encode()) - (len(line) - len(line.rstrip())),
    )


def _needed_later(script: Script, init: Function, attempt: ast.Try) -> list[str]:
    """Global names that the try block sets and no other function does."""
    scope = script.index.scope_of_function[init]
    inside = {node for statement in attempt.body for node in ast.walk(statement)}
    return sorted(
        name
        for name in scope.global_names
        if any(binder in inside for binder in scope.binds.get(name, []))
        and any(name in other.loads for other in script.index.scopes if other.node is not init)
        and not _is_tested(script, name)
    )


def _is_tested(script: Script, name: str) -> bool:
    """Whether `run` asks whether the name is set: then it is ready for the failure."""
    for function in script.at_request:
        for place in script.index.scope_of_function[function].loads.get(name, []):
            test = script.index.parents.get(place)
            if isinstance(test, ast.Compare) and any(
                isinstance(each, ast.Constant) and each.value is None for each in test.comparators
            ):
                return True
            if isinstance(test, ast.If | ast.UnaryOp | ast.BoolOp | ast.IfExp):
                return True
    return False


def _answers(script: Script, handler: ast.ExceptHandler, needed: list[str]) -> bool:
    """Whether a handler ends the start, or finds another way."""
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "sys.exit",
            "exit",
            "quit",
            "os._exit",
            "os.abort",
        }:
            return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in needed:
            statement = script.index.parents.get(node)
            value = getattr(statement, "value", None)
            if not (isinstance(value, ast.Constant) and value.value is None):
                return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = script.function(node.func.id)
            if called is not None and called is not script.init:
                return True
    return False


def _set_after(script: Script, attempt: ast.Try, needed: list[str]) -> bool:
    """Whether what follows sets the names, or asks about them."""
    init = script.init
    nodes = list(script.walk(init)) if init is not None else []
    end = attempt.end_lineno or attempt.lineno
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in needed and node.lineno > end:
            parent = script.index.parents.get(node)
            if isinstance(node.ctx, ast.Store) or isinstance(parent, ast.Compare | ast.If | ast.UnaryOp):
                return True
    return False
