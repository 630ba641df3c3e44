"""What an answer holds: the values in dicts and lists, also in those that are filled bit by bit."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.inspection.assignments import values_before
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


def parts_of(script: Script, run: Function, value: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
    """A value and what dicts and lists hold of it."""
    inner = _held(script, run, value, depth)
    if inner is None:
        yield value
        return
    for item in inner:
        if depth < 4:  # noqa: PLR2004  deeper structures are data, not answers
            yield from parts_of(script, run, item, depth + 1)


def _held(script: Script, run: Function, value: ast.expr, depth: int) -> list[ast.expr] | None:
    """What an expression holds; None when it holds nothing that can be told apart from it."""
    literal = _literal_parts(value)
    if literal is not None:
        return literal
    if isinstance(value, ast.Call) and _makes_dict(script, value):
        return [keyword.value for keyword in value.keywords]
    return _held_by(script, run, value) if isinstance(value, ast.Name) and depth == 0 else None


def _literal_parts(value: ast.expr) -> list[ast.expr] | None:
    """The parts of a literal, a comprehension or a choice; None for any other expression."""
    if isinstance(value, ast.Dict):
        return list(value.values)
    if isinstance(value, ast.List | ast.Tuple):
        return list(value.elts)
    if isinstance(value, ast.ListComp) and isinstance(value.elt, ast.Dict | ast.List | ast.Tuple):
        return [value.elt]
    if isinstance(value, ast.DictComp):
        return [value.value]
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else None


def _makes_dict(script: Script, call: ast.Call) -> bool:
    is_dict = isinstance(call.func, ast.Name) and call.func.id == "dict"
    return is_dict and not call.args and "dict" not in script.module_names


def _held_by(script: Script, run: Function, name: ast.Name) -> list[ast.expr] | None:
    """What the dict or list of a name holds when it is returned; None when that can't be told."""
    values = values_before(script, run, name)
    only = values[0] if len(values) == 1 else None
    is_made = isinstance(only, ast.Call) and _makes_dict(script, only)
    if only is None or not (is_made or isinstance(only, ast.Dict | ast.List | ast.Tuple)):
        return None
    changes = _changes(script, run, name.id)
    if not changes:
        return [only]
    if None in changes:
        return None
    if isinstance(only, ast.List):
        return [only, *(value for value in changes.values() if value is not None)]
    if not isinstance(only, ast.Dict):
        return None
    literal = zip(only.keys, only.values, strict=True)
    kept = [value for key, value in literal if not (isinstance(key, ast.Constant) and key.value in changes)]
    return [*kept, *(value for value in changes.values() if value is not None)]


def _changes(script: Script, run: Function, name: str) -> dict[object, ast.expr | None]:
    """The last value set for each key of a dict, and what is appended; under the key None what can't be followed."""
    found: dict[object, ast.expr | None] = {}
    for node in script.walk(run):
        if (
            isinstance(node, ast.Subscript)
            and _is_name(node.value, name)
            and not isinstance(node.ctx, ast.Load)
        ):
            statement = script.index.parents.get(node)
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            found[key] = statement.value if isinstance(statement, ast.Assign) else None
            if not isinstance(statement, ast.Assign):
                found[None] = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if not _is_name(node.func.value, name):
                continue
            if node.func.attr == "append" and len(node.args) == 1:
                found[node] = node.args[0]
            elif node.func.attr in {"update", "extend", "insert", "pop", "setdefault", "clear"}:
                found[None] = None
    return found


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
