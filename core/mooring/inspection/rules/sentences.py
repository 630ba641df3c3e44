"""Code as messages show it."""

from __future__ import annotations

import ast

_MOST = 60  # characters


def shown(node: ast.AST) -> str:
    """An expression on one line, cut where it gets long."""
    text = ast.unparse(node).partition("\n")[0]
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
