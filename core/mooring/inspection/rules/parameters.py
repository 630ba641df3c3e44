"""What a script does with the parameter of `run()` while it still is what the server gave."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.inspection.scopes import Function
from mooring.inspection.script import Script

_TEXT_HINTS = {"str", "bytes", "Any", "dict", "list", "typing.Any", "object", "'str'"}
_FARTHEST = 2  # helpers of helpers; farther on, nobody remembers what the server gave


def body_parameter(run: Function) -> str | None:
    """The one parameter that gets the body's text; None when hints may say otherwise."""
    names = [
        argument for argument in (*run.args.args, *run.args.kwonlyargs) if argument.arg != "request_headers"
    ]
    if not names:
        return None
    hint = names[0].annotation
    return names[0].arg if hint is None or ast.unparse(hint) in _TEXT_HINTS else None


def is_batch(script: Script) -> bool:
    """Whether it is a batch scoring script: `run(mini_batch)` gets files or rows and may return a DataFrame."""
    run = script.run
    first = next(iter(run.args.args), None) if run is not None else None
    name = script.path.replace("\\", "/").rpartition("/")[2]
    return (
        "batch" in name.lower()
        or "parallel_run" in script.text
        or ("get_context" in script.text and "parse_known_args" in script.text)
        or (first is not None and any(word in first.arg for word in ("batch", "files", "file_list", "paths")))
    )


def uses_as_given(
    script: Script, function: Function, name: str, depth: int = 0
) -> Iterator[tuple[ast.Name, str, Function]]:
    """Places that read a parameter before it is anything else, in a function and in helpers that it is handed to.

    Code that asks for its type, or that is ready for a failure, is left out.

    Yields:
        The place, and the parameter's name and function there.
    """
    for place in sorted(_reads(script, function, name), key=lambda node: (node.lineno, node.col_offset)):
        if is_prepared(script, place, name, function):
            continue
        yield place, name, function
        other = _other_name(script, function, place) if depth < _FARTHEST else ""
        if other:
            yield from uses_as_given(script, function, other, depth + 1)
        handed = _handed_to(script, place) if depth < _FARTHEST else None
        if handed is not None and handed[0] is not function:
            yield from uses_as_given(script, *handed, depth + 1)


def _other_name(script: Script, function: Function, place: ast.Name) -> str:
    """The name that `payload = raw_data` gives the parameter as well; empty where nothing does."""
    statement = script.index.parents.get(place)
    if (
        not isinstance(statement, ast.Assign)
        or statement.value is not place
        or statement not in function.body
    ):
        return ""
    target = statement.targets[0]
    scope = script.index.scope_of_function[function]
    is_plain = len(statement.targets) == 1 and isinstance(target, ast.Name)
    if not isinstance(target, ast.Name) or not is_plain or target.id in scope.global_names:
        return ""
    return target.id if min(scope.binds[target.id], key=_position) is target else ""


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _reads(script: Script, function: Function, name: str) -> Iterator[ast.Name]:
    own = script.index.scope_of_function[function]
    end = _given_until(script, function, name)
    for scope in script.index.scopes:
        around = scope
        while around.kind == "comprehension" and around.parent is not None and name not in around.binds:
            around = around.parent
        if around is own:
            places = scope.loads.get(name, ())
            yield from (place for place in places if end is None or (place.lineno, place.col_offset) < end)


def _given_until(script: Script, function: Function, name: str) -> tuple[int, int] | None:
    """Where the parameter first becomes something else; None for nowhere."""
    ends: list[tuple[int, int]] = []
    binders = script.index.scope_of_function[function].binds.get(name, [])
    # The parameter itself, or the assignment that makes a second name of it.
    first = min(binders, key=_position, default=None)
    for binder in binders:
        if isinstance(binder, ast.arg) or binder is first:
            continue
        statement: ast.AST = binder
        loop: ast.AST | None = None
        for around in script.index.around(binder):
            if around is function:
                break
            if isinstance(around, ast.For | ast.AsyncFor | ast.While):
                loop = around
            if not isinstance(statement, ast.stmt):
                statement = around
        if loop is not None:
            ends.append((getattr(loop, "lineno", 0), getattr(loop, "col_offset", 0)))
        else:
            ends.append((getattr(statement, "end_lineno", 0), getattr(statement, "end_col_offset", 0)))
    return min(ends, default=None)


def _handed_to(script: Script, place: ast.Name) -> tuple[Function, str] | None:
    """The helper that a parameter is handed to as it is, and its name there; None when several calls share it."""
    call = script.index.parents.get(place)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or place not in call.args:
        return None
    helper = script.function(call.func.id)
    if helper is None or helper.decorator_list or isinstance(helper, ast.AsyncFunctionDef):
        return None
    calls = [
        other
        for other in script.index.of(ast.Call)
        if isinstance(other.func, ast.Name) and other.func.id == helper.name and not script.is_for_main(other)
    ]
    parameters = [*helper.args.posonlyargs, *helper.args.args]
    at = call.args.index(place)
    return (helper, parameters[at].arg) if len(calls) == 1 and at < len(parameters) else None


def is_prepared(script: Script, node: ast.AST, name: str, run: Function) -> bool:
    """Whether the code around looks at the parameter's type, or is ready for the failure."""
    below = node
    for around in script.index.around(node):
        if around is run:
            break
        if isinstance(around, ast.If | ast.IfExp | ast.While) and _asks_type(around.test, name):
            return True
        if isinstance(around, ast.BoolOp) and _asks_type(around, name):
            return True
        if isinstance(around, ast.Try) and below in around.body and _tries_other_way(around, name):
            return True
        if isinstance(around, ast.ExceptHandler):
            return True
        below = around
    return any(
        isinstance(statement, ast.If) and _asks_type(statement.test, name) for statement in ast.walk(run)
    )


def _tries_other_way(attempt: ast.Try, name: str) -> bool:
    """Whether a handler does something else with the parameter."""
    return any(
        isinstance(node, ast.Name) and node.id == name
        for handler in attempt.handlers
        for statement in handler.body
        for node in ast.walk(statement)
    )


def _asks_type(test: ast.expr, name: str) -> bool:
    text = ast.unparse(test)
    return name in text and ("isinstance(" in text or "type(" in text or "hasattr(" in text)
