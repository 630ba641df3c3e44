"""Code that looks before it leaps: version checks and fallbacks are how one script serves several environments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mooring.inspection.scopes import Index

_ASKS_VERSION = re.compile(
    r"__version__|version_info|hexversion|hasattr|LooseVersion|StrictVersion|parse_version|\bPY2\b|\bPY3\b"
    r"|\bversion\(|Version\(|find_spec|python_version|_version\b|_VERSION\b|\bhas_|\bHAS_|\bis_v2|\bTF2\b|\bTF_2\b"
)
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "AttributeError"}


def is_guarded(index: Index, node: ast.AST) -> bool:
    """Whether a node only runs where it fits, by a version check or an import that has a fallback."""
    below = node
    for around in index.around(node):
        if isinstance(around, ast.Try) and _is_fallback(around, node):
            return True
        if isinstance(around, ast.If | ast.IfExp) and below is not around.test:
            is_asking = asks_version(around.test) or any(map(asks_version, _flags(index, around.test)))
            if is_asking:
                return True
        if isinstance(around, ast.Match) and below is not around.subject and asks_version(around.subject):
            return True
        below = around
    return False


def _flags(index: Index, test: ast.expr) -> Iterator[ast.expr]:
    """What the names in a condition were assigned at the top level: `OLD = sklearn.__version__ < "0.23"`."""
    for node in ast.walk(test):
        binders = index.module.binds.get(node.id, []) if isinstance(node, ast.Name) else []
        statement = index.parents.get(binders[0]) if len(binders) == 1 else None
        if isinstance(statement, ast.Assign):
            yield statement.value


def asks_version(test: ast.expr) -> bool:
    """Whether a condition is about versions, or about what a module has."""
    return _ASKS_VERSION.search(ast.unparse(test)) is not None


def _is_fallback(attempt: ast.Try, node: ast.AST) -> bool:
    """A try around imports: one that expects them to fail, or that has another import for the case."""
    for handler in attempt.handlers:
        if caught_names(handler) & _IMPORT_ERRORS:
            return not _gives_up(handler)
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if is_import and any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in handler.body):
            return True
    return False


def _gives_up(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tells of the failure and lets it go on."""
    return isinstance(handler.body[-1], ast.Raise) and not any(
        isinstance(node, ast.Import | ast.ImportFrom | ast.Assign) for node in handler.body
    )


def caught_names(handler: ast.ExceptHandler) -> set[str]:
    """Last names of the exceptions that a handler names; empty for a bare `except:`."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {_last_name(kind) for kind in kinds if kind is not None}


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches everything."""
    return handler.type is None or bool(caught_names(handler) & {"Exception", "BaseException"})


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
