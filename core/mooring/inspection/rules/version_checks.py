"""Looks for names that are gone, and says how sure it is: by the environment where one is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding, Severity
from mooring.inspection.fixes import Fix, replace_all
from mooring.inspection.rule import Rule
from mooring.inspection.rules.removed_names import Removed
from mooring.inspection.script import Script


def find_removed(
    script: Script, rule: Rule, distribution: str, title: str, table: dict[str, Removed]
) -> Iterator[Finding]:
    """Uses of the names in a table."""
    seen: set[tuple[int, int]] = set()
    tops = {name.partition(".")[0] for name in table}
    for node, dotted in (each for top in sorted(tops) for each in script.used.get(top, ())):
        name = _longest_known(dotted, table)
        if not name:
            continue
        place = (node.lineno, node.col_offset)
        severity = severity_by_version(script, rule, distribution, table[name])
        if severity is None or place in seen or script.is_guarded(node) or _is_own(script, name):
            continue
        seen.add(place)
        removed = table[name]
        since = f"{name} is gone since {title} {removed.since}"
        problem = f"{since}{asked_for(script, distribution, title)}."
        if _stops_the_start(script, node) and script.environment.has_at_least(distribution, removed.since):
            severity = "error"
        fix = _rename(script, node, dotted, name, removed) or _to_compat(script, node, dotted, name)
        yield script.finding(rule, node, problem, removed.instead, severity=severity, fix=fix)


def severity_by_version(script: Script, rule: Rule, distribution: str, removed: Removed) -> Severity | None:
    """The rule's own when the environment has such a version, None when it has not, information when it's open."""
    facts = script.environment
    if removed.until and facts.has_at_least(distribution, removed.until):
        return None
    is_gone = facts.has_at_least(distribution, removed.since)
    if is_gone is False:
        return None
    if is_gone or facts.names(distribution):
        return rule.severity
    return "information"


def _stops_the_start(script: Script, node: ast.AST) -> bool:
    """Whether an import that fails keeps the service from starting: nothing stands before it, nothing catches it."""
    is_import = isinstance(node, ast.Import | ast.ImportFrom)
    return is_import and isinstance(script.index.parents.get(node), ast.Module)


def asked_for(script: Script, distribution: str, title: str) -> str:
    """The version that the environment asks for, as the rest of a sentence."""
    version = script.environment.pinned(distribution)
    return f", and {title} {version} is asked for" if version else ""


def _longest_known(dotted: str, table: dict[str, Removed]) -> str:
    while dotted:
        if dotted in table:
            return dotted
        dotted = dotted.rpartition(".")[0]
    return ""


def _is_own(script: Script, name: str) -> bool:
    """Whether the script sets the name itself, as `np.float = float` does."""
    return any(
        isinstance(node.ctx, ast.Store) and script.dotted(node) == name
        for node in script.index.of(ast.Attribute)
    )


def _rename(script: Script, node: ast.AST, dotted: str, name: str, removed: Removed) -> Fix | None:
    if not removed.rename or dotted != name or not isinstance(node, ast.Attribute):
        return None
    written = script.source.at(script.source.span(node))
    head = written.rpartition(".")[0]
    if not name.startswith("numpy."):
        new = f"{head}.{removed.rename}"
    elif removed.rename.startswith("np."):
        new = f"{head}.{removed.rename[3:]}"
    elif removed.rename in script.module_names:
        return None
    else:
        new = removed.rename
    return replace_all(f"Replace {written} with {new}", [(script.source.span(node), new)])


def _to_compat(script: Script, node: ast.AST, dotted: str, name: str) -> Fix | None:
    """`tf.Session` to `tf.compat.v1.Session`."""
    if (
        not name.startswith("tensorflow.")
        or name == "tensorflow.contrib"
        or not isinstance(node, ast.Attribute)
    ):
        return None
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or script.imports.get(root.id) != ("tensorflow",):
        return None
    title = f"Replace {root.id}.{dotted.removeprefix('tensorflow.')} with its compat.v1 form"
    return replace_all(title, [(script.source.span(root), f"{root.id}.compat.v1")])
