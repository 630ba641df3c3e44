"""Modules of the project's own that a script imports: whether a service gets them, and finds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mooring.findings import Finding
from mooring.inspection.distributions import is_standard
from mooring.inspection.project import ScriptUse
from mooring.inspection.project_rules import MODULE_NOT_SHIPPED
from mooring.inspection.script import Script


def imported_modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The top-level modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [] if node.level or not node.module else [node.module.partition(".")[0]]


def is_local(module: str, use: ScriptUse) -> bool:
    """Whether a module lies beside the script, or in the shipped folder."""
    shipped = use.source_directory
    return any(_has(folder, module) for folder in (use.script.parent, shipped, shipped and shipped.parent))


def find_modules_not_shipped(script: Script, use: ScriptUse | None) -> Iterator[Finding]:
    """Imports of modules that only lie beside the script."""
    if use is None or _changes_path(script):
        return
    told: set[str] = set()
    for node in script.index.of(ast.Import, ast.ImportFrom):
        for module in imported_modules(node):
            is_beside = module not in told and not is_standard(module) and _has(use.script.parent, module)
            if not is_beside or script.is_guarded(node) or script.is_for_main(node):
                continue
            told.add(module)
            place = script.source.word_span(node, module)
            if use.source_directory is None:
                problem = f"{module} lies beside the script, but without sourceDirectory only the script is shipped."
                remedy = 'Add "sourceDirectory" to the inference configuration.'
                yield script.finding(MODULE_NOT_SHIPPED, place, problem, remedy)
            elif use.script.parent != use.source_directory and not _has(use.source_directory, module):
                problem = f"{module} lies beside the script, where Azure ML does not look: only sourceDirectory is on its path."
                remedy = "Import it by its path from sourceDirectory, or name the script's own folder there."
                yield script.finding(MODULE_NOT_SHIPPED, place, problem, remedy, severity="information")


def _has(folder: Path | None, module: str) -> bool:
    return folder is not None and ((folder / f"{module}.py").is_file() or (folder / module).is_dir())


def _changes_path(script: Script) -> bool:
    """Whether the script puts folders on the import path itself."""
    return "sys.path" in script.text or "site.addsitedir" in script.text
