"""Turns what a file or a caller gave into the kind of value a setting wants, saying what was bent on the way."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from mooring.configs.fields import Setting

_WORDS = {"true": True, "false": False}


class Coerced(NamedTuple):
    """A value fit for its setting; `bent` says what had to be done, `refused` why nothing could be."""

    value: Any = None
    bent: str = ""
    refused: str = ""


def coerce(described: Setting, value: Any) -> Coerced:
    """The value as the setting's kind; None stays None."""
    if value is None:
        return Coerced()
    return _BY_KIND[described.kind](value)


def out_of_range(described: Setting, value: Any) -> str:
    """v1's words for what is wrong with a value of the right kind, without the argument's name; or nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _out_of_bounds(described, value)
    if isinstance(value, str):
        return _wrong_text(described, value)
    return ""


def shown(described: Setting, value: Any) -> str:
    """The value for a message: as Python writes it, shortened, or hidden."""
    if described.is_secret:
        return "(hidden)"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a message stays one line


def _out_of_bounds(described: Setting, value: float) -> str:
    too_low = (described.above is not None and value <= described.above) or (
        described.minimum is not None and value < described.minimum
    )
    too_high = described.maximum is not None and value > described.maximum
    return described.rule or _range_text(described) if too_low or too_high else ""


def _range_text(described: Setting) -> str:
    if described.above is not None:
        return (
            "must be greater than zero."
            if described.above == 0
            else f"must be greater than {described.above}."
        )
    return "must be greater than or equal to zero." if described.minimum == 0 else "is out of range."


def _wrong_text(described: Setting, value: str) -> str:
    if described.pattern and not re.fullmatch(described.pattern, value):
        return described.rule or f"must match {described.pattern}"
    if described.choices and value.lower() not in described.choices:
        return described.rule or f"must be one of {', '.join(described.choices)}."
    return ""


def _boolean(value: Any) -> Coerced:
    if isinstance(value, bool):
        return Coerced(value)
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        word = value.strip().lower()
        return Coerced(_WORDS[word], bent=f"the text {value!r} is read as {word}")
    return Coerced(refused="must be true or false.")


def _number(value: Any) -> Coerced:
    if isinstance(value, bool):
        return Coerced(refused="must be a number.")
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return Coerced(value)
    if isinstance(value, str):
        return _number_in_text(value)
    return Coerced(refused="must be a number.")


def _number_in_text(text: str) -> Coerced:
    try:
        number = float(text)
    except ValueError:
        return Coerced(refused="must be a number.")
    if not math.isfinite(number):
        return Coerced(refused="must be a number.")
    value = int(number) if number.is_integer() else number
    return Coerced(value, bent=f"the text {text!r} is read as the number {value}")


def _integer(value: Any) -> Coerced:
    number = _number(value)
    if number.refused or (isinstance(number.value, float) and not number.value.is_integer()):
        return Coerced(refused="must be a whole number.")
    return number._replace(value=int(number.value))


def _text(value: Any) -> Coerced:
    if isinstance(value, str):
        return Coerced(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Coerced(str(value))  # `cudaVersion: 10.0` is a number to YAML and a version to its author
    return Coerced(refused="must be text.")


def _path(value: Any) -> Coerced:
    if hasattr(value, "__fspath__"):
        value = value.__fspath__()
    if isinstance(value, str) and "\0" not in value:
        return Coerced(value)
    return Coerced(refused="must be the path of a file or folder.")


def _texts(value: Any) -> Coerced:
    if not isinstance(value, dict):
        return Coerced(refused="must be an object of names and texts.")
    return Coerced({str(name): "" if item is None else _as_written(item) for name, item in value.items()})


def _as_written(item: Any) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


def _object(value: Any) -> Coerced:
    return Coerced(value)


_BY_KIND = {
    "boolean": _boolean,
    "number": _number,
    "integer": _integer,
    "text": _text,
    "path": _path,
    "texts": _texts,
    "object": _object,
}
