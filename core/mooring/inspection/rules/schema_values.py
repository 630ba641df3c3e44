"""What a decorated `run()` does with its parameter that the converted value can't do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.rules.parameters import uses_as_given
from mooring.inspection.rules.schema_calls import Declaration
from mooring.inspection.rules.sentences import shown
from mooring.inspection.script import Script

_IMPORTS = """import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))
def run(data):
"""

SCHEMA_VALUE = Rule(
    code="schema-value",
    severity="error",
    title="A decorated `run()` takes its argument for the whole request",
    why="With `@input_schema` the server looks the parameter up in the request and converts it: `data` is what stands below "
    "the key `data`, as an array or a list. Asking it for a key once more raises an exception for every request.",
    bad=_IMPORTS + '    return np.array(data["data"]).tolist()\n',
    good=_IMPORTS + "    return data.tolist()\n",
)

_OF_DICTS = {"get", "items", "keys", "setdefault"}


@check(SCHEMA_VALUE, words=("input_schema",))
def find_misused_values(script: Script) -> Iterator[Finding]:
    """Keys asked of arrays and lists."""
    run = script.run
    if run is None or schema_calls.has_other_decorators(script, run):
        return
    for declaration in schema_calls.declared(script, run):
        what = _what(script, declaration)
        if declaration.name is None or not what or not schema_calls.is_converted(declaration):
            continue
        for place, name, _ in uses_as_given(script, run, declaration.name):
            node = _asked_for_key(script, place)
            if node is not None:
                problem = f"{shown(node)} asks for a key, but @input_schema has made {name} {what}."
                yield script.finding(SCHEMA_VALUE, node, problem, f"Use {name} as it is.")
                break


def _what(script: Script, declaration: Declaration) -> str:
    """What the parameter is, where that is something without keys; empty for all else."""
    sample = declaration.sample
    if declaration.type_name == "NumpyParameterType":
        is_array = isinstance(sample, ast.Call) and script.called(sample) in {"numpy.array", "numpy.asarray"}
        has_fields = is_array and any("(" in ast.unparse(k.value) for k in sample.keywords)  # type: ignore[union-attr]
        return "an array" if is_array and not has_fields else ""
    is_list = declaration.type_name == "StandardPythonParameterType" and isinstance(sample, ast.List)
    return "a list" if is_list else ""


def _asked_for_key(script: Script, place: ast.Name) -> ast.AST | None:
    parent = script.index.parents.get(place)
    if isinstance(parent, ast.Subscript) and parent.value is place:
        index = parent.slice
        return parent if isinstance(index, ast.Constant) and isinstance(index.value, str) else None
    return parent if isinstance(parent, ast.Attribute) and parent.attr in _OF_DICTS else None
