"""Decorators of inference-schema that don't fit the function below them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.errors import did_you_mean
from mooring.findings import Finding
from mooring.inspection.fixes import replace_all
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


"""

SCHEMA_PARAMETER = Rule(
    code="schema-parameter",
    severity="error",
    title="`@input_schema` names no parameter of `run()`",
    why="The server looks up each parameter of `run` by its name in the request, and the decorator converts the one it "
    "names. When the names differ, every request is answered with 400 or 500.",
    bad=_IMPORTS + '@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))\ndef run(rows):\n'
    "    return rows.sum()\n",
    good=_IMPORTS + '@input_schema("rows", NumpyParameterType(np.array([[1.0, 2.0]])))\ndef run(rows):\n'
    "    return float(rows.sum())\n",
)
SCHEMA_PARSES_AGAIN = Rule(
    code="schema-parses-again",
    severity="error",
    title="A decorated `run()` parses its argument once more",
    why="With `@input_schema` the argument arrives as what the sample is: an array, a DataFrame, a dict. `json.loads` "
    "takes text only and raises a `TypeError` for every request.",
    bad=_IMPORTS.replace("import numpy", "import json\n\nimport numpy")
    + '@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))\ndef run(data):\n'
    '    rows = np.array(json.loads(data)["data"])\n    return rows.tolist()\n',
    good=_IMPORTS + '@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))\ndef run(data):\n'
    "    return data.tolist()\n",
)
SCHEMA_SAMPLE = Rule(
    code="schema-sample",
    severity="error",
    title="The sample is an array of a dict",
    why="`np.array({...})` is an array without axes that holds one Python object. It has no JSON schema, and no request "
    "can be converted to it. A dict is a sample of `StandardPythonParameterType`, or of `PandasParameterType` as a "
    "DataFrame.",
    bad=_IMPORTS + 'sample = np.array({"age": 40})\n\n\n@input_schema("data", NumpyParameterType(sample))\n'
    "def run(data):\n    return data.tolist()\n",
    good=_IMPORTS.replace("numpy_parameter_type", "standard_py_parameter_type")
    .replace("NumpyParameterType", "StandardPythonParameterType")
    .replace("import numpy as np\n", "")
    + 'sample = {"age": 40}\n\n\n@input_schema("data", StandardPythonParameterType(sample))\ndef run(data):\n'
    '    return data["age"]\n',
)
SCHEMA_UNUSED = Rule(
    code="schema-unused",
    severity="information",
    title="inference-schema is imported, but `run()` is not decorated",
    why="Without `@input_schema` on `run` itself the body arrives as text, no request is checked, and the service's "
    "description says nothing of its input.",
    bad="from inference_schema.schema_decorators import input_schema\n\n\ndef init():\n    pass\n\n\n"
    "def run(raw_data):\n    return raw_data\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)
_PARSERS = {
    "json.loads", "ujson.loads", "orjson.loads", "simplejson.loads", "ast.literal_eval", "pandas.read_json",
}  # fmt: skip
_CONVERTED = {"NumpyParameterType", "PandasParameterType", "SparkParameterType"}


@check(SCHEMA_PARAMETER, words=("input_schema",))
def find_wrong_parameters(script: Script) -> Iterator[Finding]:
    """Declared names that `run` has not."""
    run = script.run
    if run is None or run.args.kwarg or schema_calls.has_other_decorators(script, run):
        return
    arguments = run.args
    parameters = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    declarations = schema_calls.declared(script, run)
    taken = {declaration.name for declaration in declarations}
    for declaration in declarations:
        if declaration.name is None or declaration.name in parameters:
            continue
        free = [name for name in parameters if name not in taken and name != "request_headers"]
        near = did_you_mean(declaration.name, free)
        problem = f"run({', '.join(parameters)}) has no parameter {declaration.name!r}{near or '.'}"
        new = free[0] if len(free) == 1 else ""
        remedy = f'Write "{new}" here, or rename the parameter.' if new else "Use one name in both places."
        place, fix = declaration.name_node or declaration.call, None
        if new and isinstance(declaration.name_node, ast.Constant):
            quote = script.source.at(script.source.span(declaration.name_node))[0]
            quote = quote if quote in "\"'" else '"'
            span = script.source.span(declaration.name_node)
            fix = replace_all(f"Replace {declaration.name!r} with {new!r}", [(span, f"{quote}{new}{quote}")])
        yield script.finding(SCHEMA_PARAMETER, place, problem, remedy, fix=fix)


@check(SCHEMA_PARSES_AGAIN, words=("input_schema",))
def find_second_parsing(script: Script) -> Iterator[Finding]:
    """`json.loads` of what a decorator has converted."""
    run = script.run
    if run is None:
        return
    for declaration in schema_calls.declared(script, run):
        if declaration.name is None or not schema_calls.is_converted(declaration) or _keeps_text(declaration):
            continue
        for place, name, _ in uses_as_given(script, run, declaration.name):
            call = script.index.parents.get(place)
            if isinstance(call, ast.Call) and script.called(call) in _PARSERS and call.args[:1] == [place]:
                kind = _sample_words(declaration)
                problem = f"{ast.unparse(call)} parses {name}, which @input_schema has made {kind} already."
                yield script.finding(SCHEMA_PARSES_AGAIN, call, problem, f"Use {name} as it is.")


@check(SCHEMA_SAMPLE, words=("NumpyParameterType",))
def find_wrong_samples(script: Script) -> Iterator[Finding]:
    """`np.array` of a dict as a sample."""
    for call in script.calls_of("NumpyParameterType"):
        sample = call.args[0] if call.args else None
        if isinstance(sample, ast.Name):
            sample = script.only_value(sample)
        if isinstance(sample, ast.Call) and _makes_array(script, sample) and sample.args:
            content: ast.expr | None = sample.args[0]
            content = script.only_value(content) if isinstance(content, ast.Name) else content
            if isinstance(content, ast.Dict):
                problem = (
                    f"The sample {shown(sample)} is an array without axes around a dict; no request fits it."
                )
                remedy = (
                    "Use StandardPythonParameterType with the dict, or PandasParameterType with a DataFrame."
                )
                yield script.finding(SCHEMA_SAMPLE, sample, problem, remedy)


def _makes_array(script: Script, call: ast.Call) -> bool:
    return script.called(call) in {"numpy.array", "numpy.asarray"}


@check(SCHEMA_UNUSED, words=("inference_schema",))
def find_unused_schema(script: Script) -> Iterator[Finding]:
    """An import of inference-schema without its use."""
    run = script.run
    if run is None or run.decorator_list or _decorates_anything(script):
        return
    imports = [
        node for node in script.index.of(ast.ImportFrom) if (node.module or "").startswith("inference_schema")
    ]
    for node in sorted(imports, key=lambda node: node.lineno)[:1]:
        problem = "inference_schema is imported, but run() is not decorated, so no request is checked."
        remedy = "Decorate run with @input_schema, or remove the imports."
        yield script.finding(SCHEMA_UNUSED, node, problem, remedy)


def _decorates_anything(script: Script) -> bool:
    """Whether the decorators are used for what requests run, be it without the `@`."""
    for call in script.index.of(ast.Call):
        if script.called(call).rpartition(".")[2] in {"input_schema", "output_schema"}:
            below = script.index.parents.get(call)
            if not isinstance(below, ast.FunctionDef) or call not in below.decorator_list:
                return True
            if script.function(below.name) is not below or below in script.at_request:
                return True
    return False


def _keeps_text(declaration: Declaration) -> bool:
    """Whether the parameter stays a string: a standard type with a sample that is one, or is not known."""
    if declaration.type_name in _CONVERTED:
        return False
    if declaration.type_name != "StandardPythonParameterType":
        return True
    return not isinstance(declaration.sample, ast.Dict | ast.List | ast.Tuple)


def _sample_words(declaration: Declaration) -> str:
    return {
        "NumpyParameterType": "an array",
        "PandasParameterType": "a DataFrame",
        "SparkParameterType": "a Spark DataFrame",
    }.get(declaration.type_name, "a parsed value")
