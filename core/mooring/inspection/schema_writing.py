"""A schema for a script that has none: decorators with a registered sample, and `run` taking what they hand it."""

from __future__ import annotations

import ast
import json
from typing import Any

from mooring.findings import Span
from mooring.inspection.fixes import Fix, replace_all
from mooring.inspection.script import Script
from mooring.inspection.source import SourceText

_IMPORTS = (
    "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n"
    "from inference_schema.schema_decorators import input_schema{more}\n"
)


def schema_fix(text: str, sample_input: Any, sample_output: Any = None) -> Fix | None:
    """The changes that declare a schema; None when `run` has one, or does more with its input than read one key of it.

    `rows = json.loads(raw_data)["data"]` becomes `rows = data`, and `run(raw_data)` `run(data)`: what the script does
    stays the same.

    Args:
        text: Of the script, without a byte-order mark.
        sample_input: `{"data": …}`: an object with one key.
        sample_output: What `run` returns for it; None when it is not known.
    """
    script = Script(SourceText(text))
    run = script.run
    if not isinstance(sample_input, dict) or len(sample_input) != 1 or run is None or not script.is_whole:
        return None
    key = next(iter(sample_input))
    arguments = run.args.args
    if run.decorator_list or len(arguments) != 1 or not str(key).isidentifier():
        return None
    read = _only_use(script, run, arguments[0].arg, key)
    if read is None or _is_taken(run, key, arguments[0].arg):
        return None
    output = "" if sample_output is None else f"@output_schema({_sample(sample_output)})\n"
    decorators = f"@input_schema({json.dumps(key)}, {_sample(sample_input[key])})\n{output}"
    imports = _IMPORTS.format(more=", output_schema" if output else "")
    name = script.source.word_span(arguments[0], arguments[0].arg)
    edits = [(_before_imports(script), imports), (Span(run.lineno, 1, run.lineno, 1), decorators)]
    edits += [(name, key), (script.source.span(read), key)]
    return replace_all("Declare the schema of run()", edits)


def _sample(value: Any) -> str:
    return f"StandardPythonParameterType({value!r})"


def _only_use(script: Script, run: ast.AST, parameter: str, key: str) -> ast.expr | None:
    """`json.loads(parameter)["key"]`, when that is all that is done with the parameter."""
    uses = [node for node in ast.walk(run) if isinstance(node, ast.Name) and node.id == parameter]
    for node in ast.walk(run):
        if (
            len(uses) == 1
            and isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Call)
            and script.called(node.value) == "json.loads"
            and [*node.value.args] == uses
            and script.constant(node.slice) == key
        ):
            return node
    return None


def _is_taken(run: ast.AST, key: str, parameter: str) -> bool:
    """Whether the new parameter would hide, or be overwritten by, a name that `run` uses."""
    if key == parameter:
        return False
    names = [node for node in ast.walk(run) if isinstance(node, ast.Name) and node.id == key]
    return any(isinstance(node.ctx, ast.Load) for node in names) and not any(
        isinstance(node.ctx, ast.Store) for node in names
    )


def _before_imports(script: Script) -> Span:
    """Where the first import stands; below the docstring without one."""
    for node in script.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        return Span(node.lineno, 1, node.lineno, 1)
    return Span()
