"""What the decorators of inference-schema refuse when the script is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.sentences import shown
from mooring.inspection.script import Script

_IMPORTS = """import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


"""
_RUN = "def run(data):\n    return data.tolist()\n"

SCHEMA_TYPE = Rule(
    code="schema-type",
    severity="error",
    title="A decorator of inference-schema is given what it refuses",
    why="`@input_schema` takes a name and a parameter type with its sample, `@output_schema` a parameter type alone, once. "
    "`NumpyParameterType` takes an array and `PandasParameterType` a DataFrame. All else raises an exception while the "
    "script is imported, so the service does not start.",
    bad=_IMPORTS + '@input_schema("data", NumpyParameterType([[1.0, 2.0]]))\n' + _RUN,
    good=_IMPORTS + '@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))\n' + _RUN,
)

_DECORATORS = {
    f"inference_schema.schema_decorators.{name}": name for name in ("input_schema", "output_schema")
}
_TYPES = {"NumpyParameterType", "PandasParameterType", "SparkParameterType", "StandardPythonParameterType"}
_LITERALS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.DictComp, ast.Constant, ast.JoinedStr)
_ARRAYS = ("numpy.array", "numpy.asarray", "numpy.zeros", "numpy.ones")
_FRAMES = ("pandas.DataFrame", "pandas.read_csv")


@check(SCHEMA_TYPE, words=("input_schema", "output_schema"))
def find_refused_types(script: Script) -> Iterator[Finding]:
    """Arguments of the decorators and of the parameter types that raise at once."""
    for call in script.calls_of("input_schema", "output_schema", *_TYPES):
        name = script.called(call)
        kind = name.rpartition(".")[2]
        if name in _DECORATORS and not script.is_for_main(call):
            yield from _judge_decorator(script, call, _DECORATORS[name])
        elif kind in _TYPES and name.startswith("inference_schema."):
            yield from _judge_sample(script, call, kind)
    yield from _repeated_outputs(script)


def _judge_decorator(script: Script, call: ast.Call, name: str) -> Iterator[Finding]:
    if any(keyword.arg is None for keyword in call.keywords) or any(
        isinstance(argument, ast.Starred) for argument in call.args
    ):
        return
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    at = 1 if name == "input_schema" else 0
    given = call.args[at] if len(call.args) > at else keywords.get("param_type" if at else "output_type")
    if name == "output_schema" and len(call.args) > 1:
        problem = "output_schema takes a parameter type alone, not a name."
        yield script.finding(SCHEMA_TYPE, call.args[0], problem, "Leave the name out.")
    elif given is None:
        problem = f"{shown(call)} lacks {'the name or ' if at and call.args else ''}the parameter type."
        remedy = f"Write @{name}({'name, ' if at else ''}NumpyParameterType(sample))."
        yield script.finding(SCHEMA_TYPE, call, problem, remedy.replace("name, ", '"data", '))
    elif _is_no_type(script, given):
        problem = f"{shown(given)} is no parameter type with a sample, so {name} refuses it."
        remedy = "Wrap the sample: StandardPythonParameterType(sample), NumpyParameterType(array) or PandasParameterType(frame)."
        yield script.finding(SCHEMA_TYPE, given, problem, remedy)


def _is_no_type(script: Script, given: ast.expr) -> bool:
    """Whether an expression is surely no instance of a parameter type: a literal, an array, the class itself."""
    value = script.only_value(given) if isinstance(given, ast.Name) else given
    if isinstance(value, _LITERALS):
        return True
    if isinstance(value, ast.Call):
        return script.called(value) in {*_ARRAYS, *_FRAMES}
    dotted = script.dotted(given)
    return dotted.startswith("inference_schema.") and dotted.rpartition(".")[2] in _TYPES


def _judge_sample(script: Script, call: ast.Call, kind: str) -> Iterator[Finding]:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "sample_input"), None)
    sample = call.args[0] if call.args else named
    if sample is None:
        if not call.keywords:
            yield script.finding(
                SCHEMA_TYPE, call, f"{kind} is given no sample.", "Give it a sample of the input."
            )
        return
    value = script.only_value(sample) if isinstance(sample, ast.Name) else sample
    wanted = {"NumpyParameterType": "an array", "PandasParameterType": "a DataFrame"}.get(kind)
    others = _FRAMES if kind == "NumpyParameterType" else (*_ARRAYS, "pandas.Series")
    is_other = isinstance(value, _LITERALS) or (
        isinstance(value, ast.Call) and script.called(value) in others
    )
    if wanted and is_other:
        problem = f"{kind} takes {wanted}, not {shown(sample)}."
        remedy = {
            "NumpyParameterType": "Write np.array(…) around it, or use StandardPythonParameterType.",
            "PandasParameterType": "Write pd.DataFrame(…) around it, or use StandardPythonParameterType.",
        }[kind]
        yield script.finding(SCHEMA_TYPE, sample, problem, remedy)


def _repeated_outputs(script: Script) -> Iterator[Finding]:
    run = script.run
    outputs = [
        node
        for node in (run.decorator_list if run is not None else [])
        if script.called(node) == "inference_schema.schema_decorators.output_schema"
    ]
    if len(outputs) > 1:
        problem = "run() has more than one @output_schema, and the second is refused."
        yield script.finding(SCHEMA_TYPE, outputs[0], problem, "Keep one; a dict can hold several values.")
