"""What was wrong with the input of a decorated `run`, in one sentence: opt-in, v1 only said that something was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mooring.scoring.contract.tracebacks import reached
from mooring.scoring.messages import Request

if TYPE_CHECKING:
    from mooring.scoring.contract.plans import RunPlan

__all__ = ["explain"]

_TABLE = 2  # axes of a sample with rows and columns


def explain(error: BaseException, request: Request, plan: RunPlan) -> str:
    """Which parameter, row or column did not convert; empty when the script's own code was reached."""
    declared: Any = getattr(plan, "declared", None)
    if not declared or reached(error, getattr(plan.run.base, "__code__", None)):
        return ""
    try:
        arguments = plan.read(request)
    except Exception:  # noqa: BLE001  then the request was refused before
        return ""
    for name, value in arguments.items():
        if name not in declared:
            continue
        try:
            declared[name].convert(value)
        except Exception as reason:  # noqa: BLE001  whatever the conversion raises is the reason
            return f"The {name!r} parameter does not fit its schema: {_detail(declared[name].type, value) or reason}"
    return str(error)


def _detail(param_type: Any, value: Any) -> str:
    sample = param_type.sample_input
    if not isinstance(value, list) or not value:
        return ""
    if hasattr(sample, "columns"):
        return _column_detail(sample, value)
    shape: Any = getattr(sample, "shape", ())
    return _row_detail(value, shape[1], sample.dtype) if len(shape) == _TABLE else ""


def _column_detail(sample: Any, rows: Any) -> str:
    """The first row whose columns, or whose values, are not the sample's."""
    known = [str(column) for column in sample.columns]
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            continue
        missing = [column for column in known if column not in row]
        extra = [column for column in row if column not in known]
        if missing or extra:
            parts = [f"has no column {_listed(missing)}"] if missing else []
            parts += [f"has the unknown column {_listed(extra)}"] if extra else []
            return f"row {i} " + " and ".join(parts)
        for column in sample.columns:
            value = row[str(column)]
            if sample[column].dtype.kind in "iuf" and not _is_number(value):
                return f"row {i}, column {column!r}: expected {sample[column].dtype}, got {json.dumps(value)}"
    return ""


def _row_detail(rows: Any, width: int, dtype: Any) -> str:
    """The first row that is too long or too short, or its first value that is no number."""
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            return f"row {i} is {json.dumps(row)[:60]}, not a list of {width} values"
        if len(row) != width:
            return f"row {i} has {len(row)} values, {width} are expected"
        for j, value in enumerate(row):
            if dtype.kind in "iuf" and not _is_number(value):
                return f"row {i}, value {j}: expected {dtype}, got {json.dumps(value)[:60]}"
    return ""


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return isinstance(value, (int, float))


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in names)
