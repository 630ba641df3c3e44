"""A sample request from what a model was trained on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mooring.json_values import NotSendable, plain, with_dates

_ROWS = 2
_LOOKED_AT = 100


def sample_from(training: Any) -> Any:
    """A request with the first whole rows of a frame or array, or None when it is neither or has none.

    Rows of a frame that holds more than numbers are objects: the model needs the names of its columns.
    """
    if not hasattr(training, "shape") or not hasattr(training, "__getitem__"):
        return None
    columns = getattr(training, "columns", None)
    first = training.head(_LOOKED_AT) if hasattr(training, "head") else training[:_LOOKED_AT]
    values = with_dates(first.to_numpy() if hasattr(first, "to_numpy") else first)
    rows = [row for row in values.tolist() if _is_whole(row)][:_ROWS]
    if not rows:
        return None
    if columns is not None and not all(_is_number(cell) for row in rows for cell in row):
        rows = [dict(zip((str(column) for column in columns), row, strict=True)) for row in rows]
    try:
        return {"data": json.loads(json.dumps(rows, default=_in_json, allow_nan=False))}
    except ValueError:
        return None


def _in_json(value: Any) -> Any:
    try:
        return plain(value)
    except NotSendable:
        return str(value)


def _is_whole(row: Any) -> bool:
    """Whether nothing is missing in a row: no NaN, no NaT, which are no part of JSON."""
    if isinstance(row, list):
        return all(map(_is_whole, row))
    return bool(row is None or row == row)  # noqa: PLR0124 (that is what NaN is not)


def find_training_data(model: Any, known: Iterable[tuple[str, Any]]) -> tuple[str, Any] | None:
    """Of the named values the one that the model was most likely fitted with; None when none fits.

    Args:
        model: A fitted estimator: its `feature_names_in_` or `n_features_in_` say what it wants.
        known: Names and values, the newest first.
    """
    final = getattr(model, "steps", None)
    names = _attribute(model, "feature_names_in_")
    count = _attribute(model, "n_features_in_")
    if names is None and count is None and final:
        names, count = _attribute(final[0][1], "feature_names_in_"), _attribute(final[0][1], "n_features_in_")
    candidates = [(name, value) for name, value in known if _is_table(value)]
    if names is not None:
        wanted = [str(name) for name in names]
        named = [pair for pair in candidates if [str(c) for c in getattr(pair[1], "columns", ())] == wanted]
        return _best(named)
    fitting = [pair for pair in candidates if count is not None and pair[1].shape[1] == count]
    return _best(fitting)


def _best(candidates: list[tuple[str, Any]]) -> tuple[str, Any] | None:
    likely = [pair for pair in candidates if pair[0].lower().startswith(("x_train", "x", "train", "data"))]
    ordered = sorted(likely, key=lambda pair: "train" not in pair[0].lower()) or candidates
    return ordered[0] if ordered else None


def _attribute(model: Any, name: str) -> Any:
    try:
        return getattr(model, name, None)
    except Exception:  # noqa: BLE001 (properties of estimators raise what they like)
        return None


def _is_table(value: Any) -> bool:
    shape = getattr(value, "shape", None)
    return isinstance(shape, tuple) and len(shape) == 2 and shape[0] > 0  # noqa: PLR2004 (rows and columns)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
