"""What a name may have been assigned last before a place in a function."""

from __future__ import annotations

import ast
import itertools

from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


def values_before(script: Script, function: Function, name: ast.Name) -> list[ast.expr | None]:
    """What a name may have been assigned last before a place; None among them for what can't be told.

    Assignments in `except` blocks that the place is not in are left out: they are another way through.
    """
    scope = script.index.scope_of_function.get(function)
    if scope is None or name.id in scope.global_names:
        return []
    binders = [binder for binder in scope.binds.get(name.id, []) if _position(binder) < _position(name)]
    around = set(script.index.around(name))
    found: list[ast.expr | None] = []
    for binder in sorted(binders, key=_position, reverse=True):
        statement, blocks = _statement_and_blocks(script, binder)
        if any(isinstance(block, ast.ExceptHandler) and block not in around for block in blocks):
            continue
        if statement is not None and name in set(ast.walk(statement)):
            continue  # `x = f(x)`: the right side still sees the old value
        if _other_branch(script, binder, name):
            continue
        found.append(_assigned_value(statement, binder))
        if all(block in around or isinstance(block, ast.Try | ast.With | ast.AsyncWith) for block in blocks):
            break
    return found


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _statement_and_blocks(script: Script, binder: ast.AST) -> tuple[ast.stmt | None, list[ast.AST]]:
    """The statement that binds a name, and the compound statements around it in the function."""
    statement = binder if isinstance(binder, ast.stmt) else None
    blocks: list[ast.AST] = []
    for around in script.index.around(binder):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            break
        if statement is None and isinstance(around, ast.stmt):
            statement = around
        if around is not statement and isinstance(
            around,
            ast.If | ast.For | ast.While | ast.Try | ast.With | ast.AsyncWith | ast.ExceptHandler | ast.Match,
        ):
            blocks.append(around)
    return statement, blocks


def _other_branch(script: Script, binder: ast.AST, place: ast.AST) -> bool:
    """Whether two nodes are in different branches of one `if`."""
    mine = {around: below for below, around in _steps(script, binder) if isinstance(around, ast.If)}
    for below, around in _steps(script, place):
        if isinstance(around, ast.If) and around in mine:
            one, other = mine[around], below
            return (one in around.body and other in around.orelse) or (
                one in around.orelse and other in around.body
            )
    return False


def _steps(script: Script, node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    chain = [node, *script.index.around(node)]
    return list(itertools.pairwise(chain))


def _assigned_value(statement: ast.stmt | None, binder: ast.AST) -> ast.expr | None:
    if isinstance(statement, ast.Assign) and binder in statement.targets:
        return statement.value
    if isinstance(statement, ast.AnnAssign) and statement.target is binder:
        return statement.value
    return None
