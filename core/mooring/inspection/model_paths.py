"""Paths below AZUREML_MODEL_DIR that a script spells out, in whatever way: joined, added, divided, formatted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mooring.inspection.script import Script

_JOINERS = {"os.path.join", "posixpath.join", "ntpath.join"}
_WRAPPERS = {"pathlib.Path", "pathlib.PurePath", "os.path.abspath", "os.path.normpath", "os.path.realpath"}
_DEEPEST = 6


@dataclass(frozen=True)
class ModelPath:
    """One path.

    Attributes:
        node: The whole expression.
        place: Where its last part stands.
        steps: Folders and the file, in order.
        is_one_text: Whether all below AZUREML_MODEL_DIR is one text, so that another may take its place.
    """

    node: ast.expr
    place: ast.expr
    steps: tuple[str, ...]
    is_one_text: bool = False


def model_paths(script: Script) -> Iterator[ModelPath]:
    """Every path that begins with AZUREML_MODEL_DIR and is written out from there."""
    for node in script.index.of(ast.Call, ast.BinOp, ast.JoinedStr):
        if _is_start_of_longer(script, node):
            continue
        texts = _texts_below(script, node, 0)
        if texts:
            steps = tuple(
                step for text in texts for step in re.split(r"[/\\]", text) if step not in {"", "."}
            )
            place = _last_part(node)
            is_one_text = len(texts) == 1 and isinstance(place, ast.Constant) and not _adds_text(node)
            yield ModelPath(node, place, steps, is_one_text)


def is_model_dir(script: Script, node: ast.expr) -> bool:
    """Whether an expression gives what AZUREML_MODEL_DIR says."""
    if isinstance(node, ast.Name):
        value = script.only_value(node)
        return value is not None and is_model_dir(script, value)
    name: ast.expr | None = None
    if isinstance(node, ast.Call) and script.called(node) in {"os.getenv", "os.environ.get"} and node.args:
        name = node.args[0]
    elif isinstance(node, ast.Subscript) and script.dotted(node.value) == "os.environ":
        name = node.slice
    return bool(script.constant(name) == "AZUREML_MODEL_DIR")


def _texts_below(script: Script, node: ast.expr, depth: int) -> list[str] | None:
    """The texts that an expression puts behind AZUREML_MODEL_DIR; None when it does not begin there, or computes any."""
    if depth > _DEEPEST:
        return None
    if is_model_dir(script, node):
        return []
    if isinstance(node, ast.Name):
        value = script.only_value(node)
        return _texts_below(script, value, depth + 1) if value is not None else None
    head, parts = _head_and_parts(script, node)
    before = _texts_below(script, head, depth + 1) if head is not None else None
    texts = [script.constant(part) for part in parts]
    if before is None or not all(isinstance(text, str) for text in texts):
        return None
    if texts and _adds_text(node) and not texts[0].startswith(("/", "\\")):
        return None  # the name of another folder beside it
    return [*before, *texts]


def _head_and_parts(script: Script, node: ast.expr) -> tuple[ast.expr | None, list[ast.expr]]:
    """What a path begins with, and what follows; no beginning where it is no path."""
    if isinstance(node, ast.Call) and node.args and not node.keywords:
        called = script.called(node)
        if called in _JOINERS or (called in _WRAPPERS and len(node.args) == 1):
            return node.args[0], node.args[1:]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath":
            return node.func.value, node.args
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        return node.args[0], []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add):
        return node.left, [node.right]
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.FormattedValue):
        return node.values[0].value, node.values[1:]
    return None, []


def _adds_text(node: ast.expr) -> bool:
    """Whether a path is put together as text, its slashes written."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))


def _is_start_of_longer(script: Script, node: ast.expr) -> bool:
    """Whether a path goes on around the expression."""
    around = script.index.parents.get(node)
    if isinstance(around, ast.Attribute) and around.attr == "joinpath":
        return True
    return isinstance(around, ast.expr) and _head_and_parts(script, around)[0] is node


def _last_part(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and node.args:
        return node.args[-1]
    return node.right if isinstance(node, ast.BinOp) else node
