"""An entry script from cells that define init() and run(): both, and what they need of the other cells."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def script_from_functions(sources: Sequence[str]) -> str | None:
    """The script's text; None when no cell defines both functions."""
    imports: dict[str, str] = {}
    definitions: dict[str, tuple[str, set[str]]] = {}
    constants: dict[str, tuple[str, set[str]]] = {}
    for source in sources:
        for node in _statements(source):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    imports[bound] = _only(node, alias)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                definitions[node.name] = (ast.unparse(node), _names(node))
            elif isinstance(node, ast.Assign) and _is_written_out(node.value):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        constants[target.id] = (ast.unparse(node), _names(node.value))
    if not {"init", "run"} <= definitions.keys():
        return None
    return _together(imports, definitions, constants)


def _together(
    imports: dict[str, str],
    definitions: dict[str, tuple[str, set[str]]],
    constants: dict[str, tuple[str, set[str]]],
) -> str:
    wanted = ["init", "run"]
    for name in wanted:  # grows while it is read
        _, needs = definitions.get(name) or constants.get(name) or ("", set())
        wanted += sorted(need for need in needs if need not in wanted)
    brought = sorted({imports[name] for name in wanted if name in imports})
    values = [text for name, (text, _) in constants.items() if name in wanted and name not in definitions]
    bodies = [text for name, (text, _) in definitions.items() if name in wanted]
    parts = ["\n".join(brought), "\n".join(values)]
    return "\n\n\n".join(["\n\n".join(part for part in parts if part), *bodies]).lstrip() + "\n"


def _only(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The statement with one of its names alone."""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import([alias]))
    return ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def _statements(source: str) -> list[ast.stmt]:
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    if source.lstrip().startswith("%%"):
        return []
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError):
        return []


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _is_written_out(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True
