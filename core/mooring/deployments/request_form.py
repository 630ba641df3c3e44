"""What a request to a service looks like: a good example, its schema, and the fields of a form that makes one.

Faces show the form and hand back values; which fields there are, and how they become a body, is decided here alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

FieldKind = Literal["number", "integer", "text", "boolean", "rows", "json"]
SampleSource = Literal["model", "schema", "none"]

_KINDS: dict[str, FieldKind] = {
    "number": "number",
    "integer": "integer",
    "string": "text",
    "boolean": "boolean",
}
_MOST_COLUMNS = 60


@dataclass(frozen=True)
class FormColumn:
    """One column of a field of kind `rows`."""

    name: str
    kind: FieldKind


@dataclass(frozen=True)
class FormField:
    """One field of the form.

    Attributes:
        name: Key in the body; empty when the field is the whole body.
        kind: `rows` is a table of `columns`; `json` is anything, as JSON text.
        example: A good value.
        columns: Of kind `rows` only.
        rows_are_objects: A row travels as an object by column names; else as a list.
        is_flat: Of kind `rows`: the value is the one row itself, not a list of rows.
    """

    name: str
    kind: FieldKind
    example: Any = None
    columns: tuple[FormColumn, ...] = ()
    rows_are_objects: bool = False
    is_flat: bool = False


@dataclass(frozen=True)
class RequestForm:
    """How to ask a service.

    Attributes:
        sample: A body known or expected to be good; None when nothing is known.
        source: Where the sample comes from: registered with a model, or the service's own description.
        schema: JSON Schema of the body, as the service describes it; empty for a script that takes anything.
        fields: Of the form; at least one.
    """

    service: str
    sample: Any = None
    source: SampleSource = "none"
    schema: dict[str, Any] = field(default_factory=dict[str, Any])
    fields: tuple[FormField, ...] = ()

    def _repr_pretty_(self, printer: Any, _is_cycle: bool) -> None:
        """A notebook shows the sample."""
        printer.text(json.dumps(self.sample, ensure_ascii=False))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    def compose(self, values: Mapping[str, Any]) -> Any:
        """The body that the values mean: by field name, rows as lists of cells; a field left out has its example."""
        given = {each.name: _composed(each, values.get(each.name, None)) for each in self.fields}
        return given[""] if set(given) == {""} else given


def form_of(service: str, sample: Any, source: SampleSource, schema: dict[str, Any]) -> RequestForm:
    """The form for what is known: the schema gives names and types, the sample gives values and stands in for it."""
    properties: dict[str, Any] = schema.get("properties") or {}
    example = sample if sample is not None else schema.get("example")
    if properties and (example is None or isinstance(example, dict)):
        values = example or {}
        fields = [_field(name, values.get(name), part) for name, part in properties.items()]
    elif isinstance(example, dict) and example:
        fields = [_field(str(name), value, {}) for name, value in example.items()]
    else:
        fields = [_field("", example, schema)]
    return RequestForm(service, example, source if example is not None else "none", schema, tuple(fields))


def _field(name: str, example: Any, schema: dict[str, Any]) -> FormField:
    if example is None:
        example = schema.get("example")
    rows = _rows(name, example, schema)
    if rows is not None:
        return rows
    kind = _KINDS.get(str(schema.get("type"))) or _kind_of(example)
    return FormField(name, kind, example)


def _rows(name: str, example: Any, schema: dict[str, Any]) -> FormField | None:
    """A table, when every row of the example has the same cells."""
    if not isinstance(example, list) or not example:
        return None
    items: dict[str, Any] = schema.get("items") or {}
    first = example[0]
    if isinstance(first, dict) and all(
        isinstance(row, dict) and row.keys() == first.keys() for row in example
    ):
        described = items.get("properties") or {}
        columns = [FormColumn(str(key), _cell_kind(described.get(key), first[key])) for key in first]
        are_flat = all(column.kind != "json" for column in columns)
        return FormField(name, "rows", example, tuple(columns), rows_are_objects=True) if are_flat else None
    cell = items.get("items") if isinstance(first, list) else items
    is_flat = not isinstance(first, list)
    rows: list[Any] = [example] if is_flat else example
    if not all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows):
        return None
    if not 0 < len(rows[0]) <= _MOST_COLUMNS or any(
        _kind_of(value) == "json" for row in rows for value in row
    ):
        return None
    columns = [FormColumn(str(at), _cell_kind(cell, value)) for at, value in enumerate(rows[0], start=1)]
    return FormField(name, "rows", example, tuple(columns), is_flat=is_flat)


def _cell_kind(schema: Any, example: Any) -> FieldKind:
    described = _KINDS.get(str(schema.get("type"))) if isinstance(schema, dict) else None
    shown = _kind_of(example)
    return described if described is not None and shown != "json" else shown


def _kind_of(value: Any) -> FieldKind:
    """`number` for whole ones, too: an example of 1 does not say that 1.5 is wrong."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "json"


def _composed(asked: FormField, value: Any) -> Any:
    if value is None:
        return asked.example
    if asked.kind != "rows":
        return value
    names = [column.name for column in asked.columns]
    rows = [dict(zip(names, row, strict=True)) if asked.rows_are_objects else list(row) for row in value]
    return rows[0] if asked.is_flat else rows
