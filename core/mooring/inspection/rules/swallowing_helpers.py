"""Failures of a helper that gives `init()` nothing instead of the model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.inspection.guards import is_broad
from mooring.inspection.loaded_models import is_none
from mooring.inspection.rules.loading import MODEL_CALLS
from mooring.inspection.rules.start_failures import is_asked_about, is_read_by_requests, leaves_otherwise
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


def helpers_that_give_nothing(script: Script) -> Iterator[tuple[ast.ExceptHandler, str]]:
    """Handlers of a helper that answers a failure with None, with what is wrong: `model = load()` in `init`."""
    for helper, call in script.reached_from(script.init).items():
        name = _kept_as(script, call) if call is not None else ""
        if not name or not is_read_by_requests(script, name) or is_asked_about(script, name):
            continue
        for attempt in (node for node in helper.body if isinstance(node, ast.Try)):
            handlers = (each for each in attempt.handlers if is_broad(each))
            for handler in handlers if _returns_loaded(script, helper, attempt) else ():
                if _gives_nothing(script, helper, attempt, handler):
                    yield (
                        handler,
                        f"When this fails, {helper.name}() gives None for {name}, and the service looks healthy.",
                    )


def _kept_as(script: Script, call: ast.Call) -> str:
    """The global name that `init` keeps the result of a call under; empty for any other call."""
    statement = script.index.parents.get(call)
    function = script.function_around(call)
    if function is not script.init or function is None or not isinstance(statement, ast.Assign):
        return ""
    target = statement.targets[0]
    is_global = (
        isinstance(target, ast.Name) and target.id in script.index.scope_of_function[function].global_names
    )
    later = (node for node in script.walk(function) if isinstance(node, ast.If))
    return target.id if is_global and isinstance(target, ast.Name) and not any(later) else ""


def _returns_loaded(script: Script, helper: Function, attempt: ast.Try) -> bool:
    """Whether the try block reads a model that the helper returns."""
    is_loading = any(
        script.called(node) in MODEL_CALLS for statement in attempt.body for node in ast.walk(statement)
    )
    return is_loading and any(isinstance(node, ast.Return) and node.value for node in script.walk(helper))


def _gives_nothing(script: Script, helper: Function, attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Whether the helper returns None after a failure, as far as it shows."""
    if leaves_otherwise(script, handler):
        return False
    last = handler.body[-1]
    if isinstance(last, ast.Return):
        return last.value is None or is_none(last.value)
    rest = helper.body[helper.body.index(attempt) + 1 :]
    return not rest or (len(rest) == 1 and isinstance(rest[0], ast.Return) and is_none(rest[0].value))
