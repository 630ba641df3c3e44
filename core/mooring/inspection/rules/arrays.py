"""Methods that arrays do not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.fixes import replace_all
from mooring.inspection.kinds import Kind
from mooring.inspection.rule import Rule, check
from mooring.inspection.script import Script
from mooring.inspection.values import kind_of

_HEAD = """import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    rows = json.loads(raw_data)["data"]
"""

ARRAY_METHOD = Rule(
    code="array-method",
    severity="warning",
    title="A method is called that arrays do not have",
    why="NumPy's method is `tolist`, in small letters and one word; `to_json` and `to_dict` belong to pandas. Every request "
    "that comes there ends in an `AttributeError`.",
    bad=_HEAD + "    return model.predict(rows).toList()\n",
    good=_HEAD + "    return model.predict(rows).tolist()\n",
)

_MISSING = {
    "toList": "tolist",
    "to_list": "tolist",
    "toArray": "",
    "to_json": "",
    "to_dict": "",
    "tojson": "",
}
_ARRAYS = {Kind.ARRAY, Kind.INTEGER_ARRAY, Kind.PREDICTED}


@check(ARRAY_METHOD, words=tuple(f".{name}(" for name in _MISSING))
def find_missing_methods(script: Script) -> Iterator[Finding]:
    """`.toList()` and pandas' methods on what is an array."""
    for node in script.index.of(ast.Attribute):
        if node.attr not in _MISSING:
            continue
        function = script.function_around(node)
        if (
            function is None
            or kind_of(script, function, node.value) not in _ARRAYS
            or script.is_guarded(node)
        ):
            continue
        right = _MISSING[node.attr]
        span = script.source.word_span(node, node.attr)
        fix = replace_all(f"Write {right}", [(span, right)]) if right else None
        problem = f"{ast.unparse(node.value)} is an array, which has no {node.attr}."
        yield script.finding(ARRAY_METHOD, span, problem, f"Write .{right or 'tolist'}().", fix=fix)
