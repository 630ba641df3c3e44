"""Tables and arrays of the caller's, as the body that a service takes."""

from __future__ import annotations

from typing import Any

from mooring.deployments.request_form import FormField, RequestForm
from mooring.json_values import with_dates


def body_from(form: RequestForm, data: Any) -> Any:
    """A body for a frame, a series, an array or a list; anything else is a body already.

    Args:
        form: Of the service: it says which key the rows go under, and whether they are objects or lists.
        data: pandas', polars' or numpy's objects by what they can do, not by their type.
    """
    if hasattr(data, "to_frame") and not hasattr(data, "columns"):  # a series is a row of a frame
        data = data.to_frame().T
    if not hasattr(data, "columns") and not hasattr(data, "tolist") and not isinstance(data, list | tuple):
        return data
    field = _table(form)
    rows = _records(data) if hasattr(data, "columns") and field.rows_are_objects else _lists(data)
    if isinstance(data, list | tuple) and _is_like(form.sample, data):
        return list(data)
    body = rows[0] if field.is_flat and rows and isinstance(rows[0], list) else rows
    if field.name == "":
        return body
    others = {each.name: each.example for each in form.fields if each.name != field.name}
    return {**others, field.name: body} if form.sample is not None else {field.name: body}


def _table(form: RequestForm) -> FormField:
    """The field that takes rows; v1's samples call it `data`, and so does a service of which nothing is known."""
    rows = [field for field in form.fields if field.kind == "rows"]
    named = [field for field in rows or form.fields if field.name]
    if rows:
        return rows[0]
    return named[0] if len(named) == 1 else FormField("data", "rows")


def _is_like(sample: Any, data: Any) -> bool:
    return isinstance(sample, list) and bool(data)


def _records(frame: Any) -> list[dict[str, Any]]:
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in _lists(frame)]


def _lists(data: Any) -> list[Any]:
    values = data.to_numpy() if hasattr(data, "to_numpy") else data
    if hasattr(values, "tolist"):
        values = with_dates(values).tolist()
    rows = list(values) if isinstance(values, list | tuple) else [values]
    return rows if not rows or isinstance(rows[0], list | tuple | dict) else [rows]
