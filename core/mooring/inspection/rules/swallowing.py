"""Failures of `init()` that nobody gets to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.guards import is_broad
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.loading import MODEL_CALLS
from mooring.inspection.rules.start_failures import (
    head_of,
    is_asked_about,
    is_condition,
    is_read_by_requests,
    is_way_out,
    leaves_otherwise,
)
from mooring.inspection.rules.swallowing_helpers import helpers_that_give_nothing
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


_REMEDY = "Let the exception out, or raise it again."


@check(INIT_SWALLOWS, words=("except",))
def find_swallowed_errors(script: Script) -> Iterator[Finding]:
    """A broad `except` at the start that leaves unset what requests need."""
    if not script.is_whole:
        return
    if "self." in script.text:
        yield from _find_in_classes(script)
    for handler, problem in helpers_that_give_nothing(script):
        yield script.finding(INIT_SWALLOWS, head_of(script, handler), problem, _REMEDY)
    for function in script.reached_from(script.init):
        for attempt in (node for node in script.walk(function) if isinstance(node, ast.Try)):
            needed = _needed_later(script, function, attempt)
            for handler in attempt.handlers:
                unset = _left_unset(script, handler, needed) if is_broad(handler) else []
                if unset and not _set_after(script, function, attempt, unset):
                    problem = (
                        f"When this fails, init() goes on without {unset[0]}, and the service looks healthy."
                    )
                    yield script.finding(INIT_SWALLOWS, head_of(script, handler), problem, _REMEDY)


def _find_in_classes(script: Script) -> Iterator[Finding]:
    """The same in a method that loads a model into an attribute."""
    for attempt in script.index.of(ast.Try):
        method = script.function_around(attempt)
        if method is None or not isinstance(script.index.parents.get(method), ast.ClassDef):
            continue
        loaded = _attributes_loaded(script, attempt)
        asked = {name for name in loaded if _is_attribute_asked_about(script, name)}
        for handler in attempt.handlers:
            unset = sorted(loaded - asked - _attributes_set(handler)) if is_broad(handler) else []
            if unset and not leaves_otherwise(script, handler):
                problem = (
                    f"When this fails, the script goes on without {unset[0]}, and the service looks healthy."
                )
                yield script.finding(INIT_SWALLOWS, head_of(script, handler), problem, _REMEDY)


def _attributes_loaded(script: Script, attempt: ast.Try) -> set[str]:
    """Attributes that a try block sets to a model read from a file."""
    return {
        target.attr
        for statement in attempt.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Assign) and script.called(node.value) in MODEL_CALLS
        for target in node.targets
        if isinstance(target, ast.Attribute)
    }


def _attributes_set(handler: ast.ExceptHandler) -> set[str]:
    """Attributes that a handler sets to something else than None."""
    return {
        target.attr
        for node in ast.walk(handler)
        if isinstance(node, ast.Assign)
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        for target in node.targets
        if isinstance(target, ast.Attribute)
    }


def _is_attribute_asked_about(script: Script, name: str) -> bool:
    return any(
        node.attr == name and is_condition(script.index.parents.get(node))
        for node in script.index.of(ast.Attribute)
        if isinstance(node.ctx, ast.Load)
    )


def _needed_later(script: Script, function: Function, attempt: ast.Try) -> list[str]:
    """Global names that the try block sets and that requests read without asking whether they are set."""
    scope = script.index.scope_of_function[function]
    inside = {node for statement in attempt.body for node in ast.walk(statement)}
    names = (
        name for name in scope.global_names if any(binder in inside for binder in scope.binds.get(name, []))
    )
    return sorted(
        name for name in names if is_read_by_requests(script, name) and not is_asked_about(script, name)
    )


def _left_unset(script: Script, handler: ast.ExceptHandler, needed: list[str]) -> list[str]:
    """What a handler leaves unset; nothing when it ends the start, or asks a function for another way."""
    unset = set(needed)
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and is_way_out(script, node)):
            return []
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            value = getattr(script.index.parents.get(node), "value", None)
            if not (isinstance(value, ast.Constant) and value.value is None):
                unset.discard(node.id)
    return sorted(unset, key=needed.index)


def _set_after(script: Script, function: Function, attempt: ast.Try, unset: list[str]) -> bool:
    """Whether what follows sets the names, or asks about them."""
    end = attempt.end_lineno or attempt.lineno
    return any(
        isinstance(node, ast.Name)
        and node.id in unset
        and node.lineno > end
        and (isinstance(node.ctx, ast.Store) or is_condition(script.index.parents.get(node)))
        for node in script.walk(function)
    )
