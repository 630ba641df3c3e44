"""What newer versions of pandas have removed: names, methods, and `read_json` of a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.fixes import Fix, replace_all
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.rules.removed_names import PANDAS, Removed
from mooring.inspection.rules.version_checks import asked_for, find_removed, severity_by_version
from mooring.inspection.script import Script

_TAIL = "\n\n\ndef init():\n    pass\n\n\n"

PANDAS_REMOVED = Rule(
    code="pandas-removed",
    severity="warning",
    title="A method that newer pandas no longer has",
    why="`DataFrame.append`, `iteritems` and the second positional argument of `drop` went with pandas 2.0; `ix`, "
    "`as_matrix` and `Panel` with 1.0. Every request that comes there fails.",
    bad=f"import pandas as pd{_TAIL}def run(raw_data):\n    frame = pd.DataFrame([[1]])\n"
    '    frame = frame.append({"0": 2}, ignore_index=True)\n    return frame.values.tolist()\n',
    good=f"import pandas as pd{_TAIL}def run(raw_data):\n    frame = pd.DataFrame([[1]])\n"
    "    frame = pd.concat([frame, pd.DataFrame([[2]])], ignore_index=True)\n    return frame.values.tolist()\n",
    example_packages=("pandas==2.2.2",),
)
READ_JSON_TEXT = Rule(
    code="read-json-text",
    severity="warning",
    title="`pd.read_json` is given the text itself",
    why="pandas 2.1 deprecates literal JSON as the argument of `read_json`, and pandas 3 takes it for the name of a "
    "file. `io.StringIO` around the text works with every version.",
    bad=f"import pandas as pd{_TAIL}def run(raw_data):\n    return pd.read_json(raw_data).values.tolist()\n",
    good=f"from io import StringIO\n\nimport pandas as pd{_TAIL}def run(raw_data):\n"
    "    return pd.read_json(StringIO(raw_data)).values.tolist()\n",
    example_packages=("pandas==2.2.2",),
)


# ---- pandas: methods ---------------------------------------------------------------------------------------------------


@check(PANDAS_REMOVED, words=("pandas",))
def find_removed_pandas(script: Script) -> Iterator[Finding]:
    """Names and methods that pandas has dropped."""
    yield from find_removed(script, PANDAS_REMOVED, "pandas", "pandas", PANDAS)
    for node in script.index.of(ast.Attribute):
        found = _removed_method(script, node)
        if found is None:
            continue
        what, removed = found
        severity = severity_by_version(script, PANDAS_REMOVED, "pandas", removed)
        if severity is None or script.is_guarded(node):
            continue
        problem = f"{what} is gone since pandas {removed.since}{asked_for(script, 'pandas', 'pandas')}."
        fix = _fix_drop(script, node) if node.attr == "drop" else None
        place = script.index.parents[node] if node.attr in {"append", "drop"} else node
        yield script.finding(PANDAS_REMOVED, place, problem, removed.instead, severity=severity, fix=fix)


def _removed_method(script: Script, node: ast.Attribute) -> tuple[str, Removed] | None:
    call = script.index.parents.get(node)
    is_called = isinstance(call, ast.Call) and call.func is node
    if node.attr == "append" and is_called and _appends_to_frame(script, node, call):
        return "DataFrame.append", Removed("2.0", "Write `pd.concat([frame, other])`.")
    if node.attr == "drop" and is_called and _has_axis_by_place(call):
        return "The second positional argument of drop()", Removed("2.0", "Write `axis=1`.")
    if node.attr == "ix" and isinstance(call, ast.Subscript) and call.value is node:
        return ".ix", Removed("1.0", "Write `.loc` or `.iloc`.")
    if node.attr == "as_matrix" and is_called:
        return "as_matrix()", Removed("1.0", "Write `.to_numpy()`.")
    if node.attr == "iteritems" and is_called and _is_frame(script, node.value):
        return "iteritems()", Removed("2.0", "Write `.items()`.")
    return None


def _appends_to_frame(script: Script, node: ast.Attribute, call: ast.AST | None) -> bool:
    """`x = x.append(…)` is no list's: those return None."""
    if not isinstance(call, ast.Call) or not call.args:
        return False
    if any(keyword.arg in {"ignore_index", "sort", "verify_integrity"} for keyword in call.keywords):
        return True
    statement = script.index.parents.get(call)
    if not isinstance(statement, ast.Assign | ast.Return) or statement.value is not call:
        return False
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    is_same = isinstance(target, ast.Name) and isinstance(node.value, ast.Name) and target.id == node.value.id
    return is_same or _is_frame(script, node.value)


def _is_frame(script: Script, node: ast.expr) -> bool:
    """Whether an expression is a DataFrame, as far as names and their values show."""
    if isinstance(node, ast.Call):
        called = script.called(node)
        return called.startswith(("pandas.DataFrame", "pandas.read_", "pandas.concat", "pandas.Series"))
    if not isinstance(node, ast.Name):
        return False
    scope = script.scope_of(node)
    while scope is not None and node.id not in scope.binds:
        scope = scope.parent
    binders = scope.binds[node.id] if scope is not None else []
    values = [getattr(script.index.parents.get(binder), "value", None) for binder in binders]
    return any(isinstance(value, ast.Call) and _is_frame(script, value) for value in values)


def _has_axis_by_place(call: ast.AST | None) -> bool:
    if not isinstance(call, ast.Call) or len(call.args) != 2:  # noqa: PLR2004
        return False
    axis = call.args[1]
    return (
        isinstance(axis, ast.Constant) and axis.value in (0, 1, "columns", "index") and axis.value is not True
    )


def _fix_drop(script: Script, node: ast.Attribute) -> Fix | None:
    call = script.index.parents.get(node)
    if not isinstance(call, ast.Call):
        return None
    axis = script.source.span(call.args[1])
    return replace_all("Name the argument axis", [(axis, f"axis={script.source.at(axis)}")])


# ---- pandas: read_json ---------------------------------------------------------------------------------------------------


@check(READ_JSON_TEXT, words=("read_json",))
def find_read_json(script: Script) -> Iterator[Finding]:
    """`read_json` of a request's text."""
    removed = Removed("2.1", "")
    severity = severity_by_version(script, READ_JSON_TEXT, "pandas", removed)
    if severity is None:
        return
    if script.environment.has_at_least("pandas", "3.0"):
        severity = "error"
    for call in script.calls_of("read_json"):
        argument = _first_argument(call)
        if script.called(call) != "pandas.read_json" or argument is None or script.is_guarded(call):
            continue
        if not _is_text(script, argument):
            continue
        written = ast.unparse(argument)
        problem = f"pd.read_json({written}) is given the text itself, which pandas 2.1 deprecates and pandas 3 refuses."
        remedy = f"Write pd.read_json(io.StringIO({written}))."
        fix = _wrap_in_string_io(script, argument)
        yield script.finding(READ_JSON_TEXT, call, problem, remedy, severity=severity, fix=fix)


def _first_argument(call: ast.Call) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "path_or_buf"), None)
    return call.args[0] if call.args else named


_NO_TEXT = re.compile(r"IO\b|open\(|path|Path|join\(|files|url|\.json['\"]")


def _is_text(script: Script, node: ast.expr) -> bool:
    """Whether an expression is JSON text, not a path: a request's body, a part of it, or what `json.dumps` gives."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.lstrip()[:1] in {"{", "["}
    value = script.only_value(node) if isinstance(node, ast.Name) else None
    if isinstance(value, ast.Constant):
        return _is_text(script, value)
    if script.called(value or node) == "json.dumps":
        return True
    is_request = script.function_around(node) in script.at_request
    written = f"{ast.unparse(node)} {ast.unparse(value) if value is not None else ''}"
    return is_request and not schema_calls.is_raw(script) and _NO_TEXT.search(written) is None


def _wrap_in_string_io(script: Script, argument: ast.expr) -> Fix | None:
    span = script.source.span(argument)
    names = [name for name, origins in script.imports.items() if origins in (("io.StringIO",), ("io",))]
    maker = next(
        (name if script.imports[name] == ("io.StringIO",) else f"{name}.StringIO" for name in names), ""
    )
    if not maker:
        return None
    written = script.source.at(span)
    return replace_all(f"Write {maker}({written})", [(span, f"{maker}({written})")])
