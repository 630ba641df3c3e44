"""Samples that are right, but stricter than they look."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.rules.sentences import shown
from mooring.inspection.script import Script

_HEAD = """import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


"""

SCHEMA_INTEGERS = Rule(
    code="schema-integers",
    severity="hint",
    title="The sample holds whole numbers only",
    why="A request is converted to the sample's type. An array of whole numbers cuts 1.9 to 1 without a word, and a plain "
    "list of them refuses 1.0. Where fractions may come, the sample has to show one. That whole numbers "
    "are meant can't be seen from here, so this is no more than a hint.",
    bad=_HEAD + '@input_schema("data", NumpyParameterType(np.array([[10, 9, 8]])))\ndef run(data):\n'
    "    return data.tolist()\n",
    good=_HEAD + '@input_schema("data", NumpyParameterType(np.array([[10.0, 9.0, 8.0]])))\ndef run(data):\n'
    "    return data.tolist()\n",
)


@check(SCHEMA_INTEGERS, words=("input_schema",))
def find_whole_numbers(script: Script) -> Iterator[Finding]:
    """Samples without a fraction."""
    if script.run is None:
        return
    for declaration in schema_calls.declared(script, script.run):
        sample, effect = declaration.sample, "1.0 in a request is refused"
        if declaration.type_name == "NumpyParameterType":
            sample, effect = _content_of_array(script, sample), "1.9 in a request becomes 1"
            if isinstance(sample, ast.Dict):
                continue
        elif declaration.type_name != "StandardPythonParameterType":
            continue
        if isinstance(sample, ast.List | ast.Tuple | ast.Dict) and _holds_whole_numbers(sample):
            problem = f"{shown(sample)} has no fraction in it, so {effect}."
            yield script.finding(
                SCHEMA_INTEGERS, sample, problem, "Write 1.0 for 1 where fractions may come."
            )


def _content_of_array(script: Script, sample: ast.expr | None) -> ast.expr | None:
    """What `np.array([[1, 2]])` is made of; None when it says itself what type it has."""
    is_array = isinstance(sample, ast.Call) and script.called(sample) in {"numpy.array", "numpy.asarray"}
    if not isinstance(sample, ast.Call) or not is_array or len(sample.args) != 1 or sample.keywords:
        return None
    content = sample.args[0]
    return script.only_value(content) if isinstance(content, ast.Name) else content


def _holds_whole_numbers(sample: ast.expr) -> bool:
    """Whether a literal has lists of whole numbers in it, and no number with a fraction."""
    lists = [node for node in ast.walk(sample) if isinstance(node, ast.List | ast.Tuple)]
    numbers = {
        type(item.value)
        for each in lists
        for item in each.elts
        if isinstance(item, ast.Constant) and item.value.__class__ in {int, float}
    }
    is_literal = all(
        isinstance(node, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.UnaryOp | ast.Load | ast.USub)
        for node in ast.walk(sample)
    )
    return is_literal and numbers == {int}
