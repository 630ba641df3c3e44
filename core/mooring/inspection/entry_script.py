"""Rules over an entry script's text. The script is parsed, never imported: its side effects must not happen."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from mooring.findings import Finding, Severity, Span

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def inspect_entry_script(path: str | Path) -> list[Finding]:
    """Findings in an entry script, in the order of its lines. Never raises for what is in the file."""
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = f"Failed to open {file}: {error.strerror}."
        return [Finding("entry-script-unreadable", "error", problem, "Allow it to be read.", str(file))]
    return inspect_entry_text(content, str(file))


def inspect_entry_text(text: str | bytes, path: str = "score.py") -> list[Finding]:
    """The same for a text that may not be saved yet.

    Args:
        text: The script; bytes are decoded as Python does, by byte-order mark or coding line.
        path: Where the findings say they are.
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")  # bytes keep theirs: Python reads it as the encoding
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `"\\d"` is a matter of style
            tree = ast.parse(text, path)
    except SyntaxError as error:
        return [_syntax_finding(path, error)]
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or type(error).__name__
        return [_cannot_parse(path, reason, Span())]
    found = [*_definitions(tree, path), *_old_imports(tree, path)]
    return sorted(found, key=lambda finding: (finding.span.line, finding.span.column))


def _syntax_finding(path: str, error: SyntaxError) -> Finding:
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end = max((error.end_lineno or line, max(error.end_offset or column, 1)), (line, column))
    return _cannot_parse(path, f"{error.msg} (line {line})", Span(line, column, *end))


def _cannot_parse(path: str, reason: str, span: Span) -> Finding:
    problem = f"{Path(path).name} is no Python that this interpreter can parse: {reason}."
    return Finding("entry-script-syntax", "error", problem, "Correct the syntax.", path, span)


# ---- init() and run() ------------------------------------------------------------------------------------------------


def _definitions(tree: ast.Module, path: str) -> Iterator[Finding]:
    names = _names_bound(tree)
    if names is None:
        return
    for name in ("init", "run"):
        if name not in names:
            problem = f"{Path(path).name} defines no {name}(), so the service can't start."
            remedy = "def init(): loads the model once; def run(raw_data): answers one request."
            yield Finding(f"{name}-missing", "error", problem, f"Define it: {remedy}", path)
    init, run = names.get("init"), names.get("run")
    if init is not None and _required(init.args):
        yield _at(
            init,
            path,
            "init-signature",
            "init() asks for arguments, but is called without any.",
            "Write `def init():`.",
        )
    if run is not None:
        yield from _run_signature(run, path)


def _run_signature(run: _Function, path: str) -> Iterator[Finding]:
    arguments = run.args
    names = [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]
    refused = (
        (arguments.posonlyargs, "has positional-only parameters, which can't be filled by name"),
        (arguments.vararg, "takes *args, which a request can't fill"),
        (arguments.kwarg, "takes **kwargs, which a request can't fill"),
        (not names and not arguments.posonlyargs, "takes no parameter, so the request has nowhere to go"),
        (names == ["request_headers"], "takes only request_headers, so the body has nowhere to go"),
    )
    for is_wrong, why in refused:
        if is_wrong:
            yield _at(run, path, "run-signature", f"run() {why}.", "Write `def run(raw_data):`.")
            return
    required = [name for name in _required(arguments) if name != "request_headers"]
    if len(required) > 1 and not run.decorator_list:
        problem = f"run({', '.join(required)}) has several parameters, but without @input_schema only the first is filled."
        yield _at(
            run,
            path,
            "run-parameters",
            problem,
            "Take one parameter and parse it, or decorate run with @input_schema.",
        )


def _required(arguments: ast.arguments) -> list[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = len(arguments.defaults)
    required = positional[: len(positional) - with_default] if with_default else positional
    keyword = [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return [argument.arg for argument in (*required, *keyword)]


def _names_bound(tree: ast.Module) -> dict[str, _Function | None] | None:
    """Top-level names with their functions; None when a star import or an odd construct may bind any name."""
    names: dict[str, _Function | None] = {}
    for statement in _top_level(tree.body):
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names[statement.name] = statement
            case ast.ClassDef():
                names[statement.name] = None
            case ast.Import() | ast.ImportFrom():
                for alias in statement.names:
                    if alias.name in ("*", "driver_module"):
                        return None
                    names[(alias.asname or alias.name).partition(".")[0]] = None
            case _:
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names[node.id] = None
                    if (
                        isinstance(node, ast.Call)
                        and isinstance(node.func, ast.Name)
                        and node.func.id in ("exec", "globals", "setattr")
                    ):
                        return None
    return names


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run on import, those inside if, try, with and loops included."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
                yield from _top_level(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from _top_level(handler.body)


# ---- imports -----------------------------------------------------------------------------------------------------------


def _old_imports(tree: ast.Module, path: str) -> Iterator[Finding]:
    guarded = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.Try | ast.If) for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) not in guarded and _imports_old_joblib(node):
            problem = (
                "sklearn.externals.joblib is gone since scikit-learn 0.23; an alias stands in for it here."
            )
            yield _at(node, path, "sklearn-externals", problem, "Write `import joblib`.", severity="hint")


def _imports_old_joblib(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("sklearn.externals") and (
            node.module != "sklearn.externals" or any(alias.name == "joblib" for alias in node.names)
        )
    return isinstance(node, ast.Import) and any(
        alias.name.startswith("sklearn.externals.joblib") for alias in node.names
    )


def _at(
    node: ast.AST, path: str, code: str, problem: str, remedy: str, severity: Severity = "error"
) -> Finding:
    line = getattr(node, "lineno", 1)
    # `ast` counts columns in bytes of UTF-8; before a definition or an import there is only white space.
    column = getattr(node, "col_offset", 0) + 1
    return Finding(code, severity, problem, remedy, path, Span(line, column, line, column))
