"""What a failure at the start leaves behind: who reads it, who asks about it, and which handlers let it out."""

from __future__ import annotations

import ast

from mooring.inspection.script import Script

_EXITS = {"sys.exit", "exit", "quit", "os._exit", "os.abort"}


def is_read_by_requests(script: Script, name: str) -> bool:
    """Whether a request reads a name of the module."""
    functions = set(script.at_request)
    return any(
        name in scope.loads and (scope.node in functions or functions & set(script.index.around(scope.node)))
        for scope in script.index.scopes
    )


def is_asked_about(script: Script, name: str) -> bool:
    """Whether a request asks whether a name is set: then it is ready for the failure."""
    return any(
        is_condition(script.index.parents.get(place))
        for function in script.at_request
        for place in script.index.scope_of_function[function].loads.get(name, [])
    )


def is_condition(node: ast.AST | None) -> bool:
    """Whether a node is a condition, or a comparison with None."""
    if isinstance(node, ast.Compare):
        return any(isinstance(each, ast.Constant) and each.value is None for each in node.comparators)
    return isinstance(node, ast.If | ast.UnaryOp | ast.BoolOp | ast.IfExp)


def leaves_otherwise(script: Script, handler: ast.ExceptHandler) -> bool:
    """Whether a handler raises, leaves the process, or asks another method or function for a way."""
    for node in (inner for statement in handler.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and is_way_out(script, node)):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "self":
                return True
    return False


def is_way_out(script: Script, call: ast.Call) -> bool:
    """Whether a call ends the process, or hands over to a function of the script."""
    if isinstance(call.func, ast.Name) and script.function(call.func.id) not in (None, script.init):
        return True
    return ast.unparse(call.func) in _EXITS


def head_of(script: Script, handler: ast.ExceptHandler) -> ast.AST:
    """The `except …` line alone."""
    line = script.source.lines[handler.lineno - 1]
    return ast.Pass(
        lineno=handler.lineno,
        col_offset=handler.col_offset,
        end_lineno=handler.lineno,
        end_col_offset=len(line.rstrip().encode()),
    )
