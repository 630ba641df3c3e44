"""What parses, but does not compile."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mooring.inspection.scopes import Scope

if TYPE_CHECKING:
    from mooring.inspection.script import Script

_LOOPS = ast.For | ast.AsyncFor | ast.While
_NEED_FUNCTION: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.Return, "'return' outside function"),
    (ast.Yield, "'yield' outside function"),
    (ast.Await, "'await' outside function"),
)
_NEED_LOOP: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.Break, "'break' outside loop"),
    (ast.Continue, "'continue' not properly in loop"),
)


def find_misplaced(script: Script) -> Iterator[tuple[ast.AST, str]]:
    """Nodes that Python's compiler refuses, with its words."""
    for kind, words in _NEED_FUNCTION:
        for node in script.index.of(kind):
            scope = _function_scope(script.scope_of(node))
            if scope is None:
                yield node, words
            elif kind is ast.Await and isinstance(scope.node, ast.FunctionDef):
                yield node, "'await' outside async function"
    for kind, words in _NEED_LOOP:
        for node in script.index.of(kind):
            if not _is_in_loop(script, node):
                yield node, words
    yield from _late_globals(script)


def _function_scope(scope: Scope | None) -> Scope | None:
    while scope is not None and scope.kind != "function":
        if scope.kind == "class":
            return None
        scope = scope.parent
    return scope


def _is_in_loop(script: Script, node: ast.AST) -> bool:
    below = node
    for around in script.index.around(node):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return False
        if isinstance(around, _LOOPS) and below not in around.orelse:
            return True
        below = around
    return False


def _late_globals(script: Script) -> Iterator[tuple[ast.AST, str]]:
    for node in script.index.of(ast.Global):
        scope = script.scope_of(node)
        if scope is None or scope.kind == "module":
            continue
        for name in node.names:
            places = [*scope.binds.get(name, []), *scope.loads.get(name, [])]
            if any(isinstance(place, ast.arg) for place in places):
                yield node, f"name '{name}' is parameter and global"
            elif any(isinstance(place, ast.Name) and place.lineno < node.lineno for place in places):
                yield node, f"name '{name}' is used prior to global declaration"
