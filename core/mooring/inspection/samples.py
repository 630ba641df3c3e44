"""Whether a schema's sample fits the sample that a model was registered with."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mooring.errors import did_you_mean
from mooring.findings import Finding
from mooring.inspection.project_rules import SAMPLE_DIFFERS
from mooring.inspection.rules import schema_calls
from mooring.inspection.script import Script
from mooring.registry.values import ModelVersion

_ARRAYS = {"numpy.array", "numpy.asarray"}
_FILLED = {"numpy.zeros", "numpy.ones", "numpy.empty"}
_FRAME = "pandas.DataFrame"


@dataclass(frozen=True)
class _Rows:
    """What rows look like: how many columns, and their names where they have some."""

    columns: int
    names: tuple[str, ...] = ()


def find_other_samples(script: Script, models: Sequence[ModelVersion]) -> Iterator[Finding]:
    """Samples in `@input_schema` whose rows differ from those of the one model that has a sample.

    Args:
        script: The script.
        models: Those that it uses.
    """
    sampled = [model for model in models if model.sample_input is not None]
    if script.run is None or len(sampled) != 1:
        return
    (model,) = sampled
    wanted = _rows_of(model.sample_input)
    for declaration in schema_calls.declared(script, script.run):
        given = _rows_written(script, declaration.sample)
        if wanted is None or given is None or declaration.sample is None:
            continue
        problem = _difference(given, wanted, model)
        if problem:
            remedy = f"Give rows of {wanted.columns} values."
            if wanted.names:
                remedy = f"Give rows with the columns {', '.join(wanted.names)}."
            yield script.finding(SAMPLE_DIFFERS, declaration.sample, problem, remedy)


def _difference(given: _Rows, wanted: _Rows, model: ModelVersion) -> str:
    if given.columns != wanted.columns:
        return f"The sample has {given.columns} columns, but {model.id} was registered with a sample of {wanted.columns}."
    strange = sorted(set(given.names) - set(wanted.names)) if wanted.names else []
    if strange:
        near = did_you_mean(strange[0], list(wanted.names))
        return f"{model.id} was registered with a sample that has no column {strange[0]!r}{near or '.'}"
    return ""


def _rows_of(sample: Any) -> _Rows | None:
    """The rows in a registered sample, wherever they are: `{"data": [[…]]}`, `[[…]]`, `[{…}]`, as text too."""
    if isinstance(sample, str):
        try:
            return _rows_of(json.loads(sample))
        except ValueError:
            return None
    if isinstance(sample, dict) and len(sample) == 1:
        sample = next(iter(sample.values()))
    if isinstance(sample, dict) and isinstance(sample.get("columns"), list):
        return _Rows(
            len(sample["columns"]), tuple(map(str, sample["columns"]))
        )  # as orient="split" writes it
    row = sample[0] if isinstance(sample, list) and sample else None
    if isinstance(row, dict):
        return _Rows(len(row), tuple(map(str, row)))
    is_flat = isinstance(row, list) and not any(isinstance(item, list) for item in row)
    return _Rows(len(row)) if is_flat and isinstance(row, list) else None


def _rows_written(script: Script, node: ast.expr | None) -> _Rows | None:
    """The rows that a sample's expression spells out."""
    if isinstance(node, ast.Name):
        node = script.only_value(node)
    if not isinstance(node, ast.Call):
        return _rows_of(_literal(node))
    called = script.called(node)
    data = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "data"), None)
    if isinstance(data, ast.Name):
        data = script.only_value(data)
    if called in _FILLED:
        shape = _literal(data)
        is_table = isinstance(shape, tuple) and len(shape) == 2  # noqa: PLR2004  rows and columns
        return _Rows(shape[1]) if is_table and isinstance(shape[1], int) else None
    if called == _FRAME:
        return _rows_of_frame(node, data)
    return _rows_of(_literal(data)) if called in _ARRAYS else None


def _rows_of_frame(call: ast.Call, data: ast.expr | None) -> _Rows | None:
    """The columns of `pd.DataFrame(…)`: of a dict its keys, else what `columns=` says, else as of any rows."""
    columns = _literal(next((k.value for k in call.keywords if k.arg == "columns"), None))
    if isinstance(columns, list):
        return _Rows(len(columns), tuple(map(str, columns)))
    if isinstance(data, ast.Dict):
        names = [key.value for key in data.keys if isinstance(key, ast.Constant)]
        return _Rows(len(names), tuple(map(str, names))) if len(names) == len(data.keys) else None
    if isinstance(data, ast.List) and data.elts and isinstance(data.elts[0], ast.Dict):
        return _rows_of_frame(ast.Call(call.func, [], []), data.elts[0])
    return _rows_of(_literal(data))


def _literal(node: ast.expr | None) -> Any:
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
