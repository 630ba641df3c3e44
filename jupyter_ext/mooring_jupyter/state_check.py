"""What a deployment would miss because only this kernel has it: said before it breaks in the service, with the fix."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from mooring.findings import Finding, Span
from mooring.inspection import inspect_entry_text
from mooring.inspection.fixes import Fix, TextEdit
from mooring_jupyter.document import find_notebook, read_cells, saved_at
from mooring_jupyter.memory import Memory, RanCell

CODES = {
    "kernel-only-name": "The script uses a name that only the kernel has.",
    "pickled-from-notebook": "The model needs a class or function that was defined in the notebook.",
    "registered-then-changed": "What was registered was fitted or assigned again since.",
    "cells-out-of-order": "What the model comes from ran in another order than the notebook has.",
    "cell-changed": "A cell that the model comes from was edited or removed since it ran.",
    "kernel-package-missing": "A package that the script imports is in the kernel, and not in the environment.",
    "kernel-package-version": "A package has another version in the kernel than in the environment.",
}
"""Every code of this check, and what it means; docs/notebook.md says more."""


def check_script(shell: Any, memory: Memory, text: str, path: str) -> list[Finding]:
    """Names of the script that only the kernel has, in the place of what the script's own check says about them."""
    found = inspect_entry_text(text, path)
    return [_explained(shell, memory, text, finding) for finding in found]


def check_models(memory: Memory, model_ids: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with models that were registered from variables of this notebook."""
    for registered in memory.registered:
        if registered.model_id not in model_ids:
            continue
        if registered.left_behind:
            yield left_behind(registered.variable, registered.left_behind)
        later = memory.last_storing(registered.variable)
        if later is not None and later.number > registered.number:
            yield Finding(
                "registered-then-changed",
                "warning",
                f"{registered.variable} became {registered.model_id} in In [{registered.number}], and got another "
                f"value in In [{later.number}].",
                f"Register it again if the new one is meant: %mooring register {registered.variable}.",
            )


def left_behind(variable: str, names: Sequence[str]) -> Finding:
    """The finding about a model whose file can only be read in this kernel."""
    listed = ", ".join(names)
    return Finding(
        "pickled-from-notebook",
        "error",
        f"The file of {variable} refers to {listed}, defined in this notebook: no other process can read it.",
        f"Write {listed} to a module beside the entry script (%%writefile {variable}_parts.py), import it from there "
        "here and in the script, fit and register again, and deploy with --source-directory.",
    )


def check_order(shell: Any, memory: Memory, model_ids: Sequence[str]) -> Iterator[Finding]:
    """Whether the notebook, run from top to bottom, would make the same models."""
    path = find_notebook(shell)
    if path is None:
        return
    saved = {cell.cell_id: cell for cell in read_cells(path)}
    written = saved_at(path)
    for registered in memory.registered:
        if registered.model_id not in model_ids or not saved:
            continue
        ran = [cell for cell in memory.behind([registered.variable]) if cell.cell_id]
        # A file that is older than a cell's run says nothing about the cell: the page has what is not saved yet.
        yield from _changed_cells([cell for cell in ran if cell.ran_at < written], saved, registered.variable)
        there = [cell for cell in ran if cell.cell_id in saved]
        places = [saved[cell.cell_id].position for cell in there]
        if places != sorted(places):
            order = " → ".join(
                f"In [{cell.number}]" for cell in sorted(there, key=lambda c: saved[c.cell_id].position)
            )
            yield Finding(
                "cells-out-of-order",
                "warning",
                f"{registered.variable} comes from cells that ran in another order than they stand in; from top to "
                f"bottom they are {order}.",
                "Restart the kernel and run all cells before you deploy, to see that the notebook still makes it.",
            )


def check_packages(
    memory: Memory, script: str, requirements: Sequence[str], where: str, *, is_own: bool
) -> Iterator[Finding]:
    """Packages that the script imports, against the locked environment.

    Args:
        memory: Knows what cells imported.
        script: Text of the entry script.
        requirements: `name==version`, of the resolved environment.
        where: What people call the environment.
        is_own: The service runs in the kernel's own interpreter: nothing can differ.
    """
    if is_own:
        return
    locked = {_canonical(name): version for name, version in map(_name_and_version, requirements)}
    imported = _imports_of(script) & (memory.modules | set(_imports_of(script)))
    for module, distribution, version in _installed(imported):
        pinned = locked.get(_canonical(distribution))
        if pinned is None and module in memory.modules:
            yield Finding(
                "kernel-package-missing",
                "error",
                f"The script imports {module}: {distribution} {version} is in this kernel, but not in {where}.",
                f"Add {distribution}=={version} to {where}.",
            )
        elif pinned is not None and pinned != version:
            yield Finding(
                "kernel-package-version",
                "warning",
                f"{distribution} is {version} in this kernel and {pinned} in {where}.",
                f"Pin {distribution}=={version} in {where}, or train with {pinned}.",
            )


# ---- names -------------------------------------------------------------------------------------------------------------


def _explained(shell: Any, memory: Memory, text: str, finding: Finding) -> Finding:
    if finding.code != "undefined-name":
        return finding
    name = _text_at(text, finding.span)
    if name not in shell.user_ns or name.startswith("_"):
        return finding
    cell = memory.last_storing(name)
    where = f" (In [{cell.number}])" if cell is not None else ""
    remedy, fix = _way_out(shell, memory, text, name)
    return Finding(
        "kernel-only-name",
        "error",
        f"{name} is known in this notebook{where}, but not in the script: the service starts without it.",
        remedy,
        finding.path,
        finding.span,
        {"fix": fix.to_dict()} if fix is not None else {},
    )


def _way_out(shell: Any, memory: Memory, text: str, name: str) -> tuple[str, Fix | None]:
    statement = memory.import_of(name)
    value = shell.user_ns[name]
    if statement is None and isinstance(value, ModuleType):
        statement = f"import {value.__name__}" + (f" as {name}" if value.__name__ != name else "")
    if statement is not None:
        return f"Add `{statement}` to the script.", Fix(
            f"Add {statement}", (_insertion(text, statement + "\n"),)
        )
    defined = memory.definition_of(name)
    if defined is not None:
        cell, source = defined
        fix = Fix(f"Copy {name} from In [{cell.number}]", (_insertion(text, f"\n\n{source}\n"),))
        return f"Copy its definition from In [{cell.number}] into the script.", fix
    if isinstance(value, int | float | str | bool) and len(repr(value)) < 80:  # noqa: PLR2004 (a readable line)
        line = f"{name} = {value!r}\n"
        return f"Write `{line.strip()}` in the script.", Fix(f"Add {line.strip()}", (_insertion(text, line),))
    return f"Save {name} with the model (joblib.dump), and load it in init().", None


def _insertion(text: str, new: str) -> TextEdit:
    """After the script's imports, or where it begins."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        tree = ast.Module([], [])
    last = 0
    for node in tree.body:
        is_docstring = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node is tree.body[0]
        )
        if isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            last = node.end_lineno or last
    if new.startswith(("import ", "from ")):
        future = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
        last = max((n.end_lineno or 0 for n in future), default=0) or (
            last if not _imports(tree) else _first(tree)
        )
    return TextEdit(Span(last + 1, 1, last + 1, 1), new)


def _imports(tree: ast.Module) -> list[ast.stmt]:
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def _first(tree: ast.Module) -> int:
    return _imports(tree)[0].lineno - 1


def _text_at(text: str, span: Span) -> str:
    lines = text.splitlines()
    return lines[span.line - 1][span.column - 1 : span.end_column - 1] if span.line <= len(lines) else ""


# ---- cells -------------------------------------------------------------------------------------------------------------


def _changed_cells(ran: Sequence[RanCell], saved: dict[str, Any], variable: str) -> Iterator[Finding]:
    for cell in ran:
        now = saved.get(cell.cell_id)
        if now is not None and now.source.strip() == cell.source.strip():
            continue
        happened = "was removed" if now is None else "was edited"
        yield Finding(
            "cell-changed",
            "warning",
            f"{variable} comes from In [{cell.number}], which {happened} since it ran.",
            "Run the notebook again from there, and register the model again.",
        )


# ---- packages ----------------------------------------------------------------------------------------------------------


def _imports_of(script: str) -> set[str]:
    try:
        tree = ast.parse(script)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _installed(modules: set[str]) -> Iterator[tuple[str, str, str]]:
    """Module, its distribution and version, for those that come from a distribution of this kernel."""
    known = metadata.packages_distributions() if hasattr(metadata, "packages_distributions") else {}
    for module in sorted(modules):
        for distribution in sorted(set(known.get(module, [])))[:1]:
            yield module, distribution, metadata.version(distribution)


def _name_and_version(requirement: str) -> tuple[str, str]:
    name, _, rest = requirement.partition("==")
    return name.strip().partition("[")[0], rest.split()[0].rstrip("\\;").strip() if rest.split() else ""


def _canonical(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def script_path_of(inference: Any) -> Path | None:
    """The entry script an inference configuration names, when it is there."""
    path: Path | None = inference.resolve().script_path
    return path
