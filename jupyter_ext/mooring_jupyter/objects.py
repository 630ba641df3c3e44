"""What a magic hands back: v1's objects, which show themselves in a notebook."""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from datetime import datetime, timezone
from html import escape
from typing import TYPE_CHECKING, Any

from mooring.cli.output import Answer, as_cell, write_answer
from mooring.deployments.values import Service
from mooring.registry import ModelVersion

if TYPE_CHECKING:
    from mooring.sdk import Workspace

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


class Listing(list[Any]):
    """A list of objects that shows itself as the command line's table."""

    def __init__(self, objects: list[Any], answer: Answer) -> None:
        super().__init__(objects)
        self._answer = answer

    def __repr__(self) -> str:
        import io

        shown = io.StringIO()
        write_answer(self._answer, "table", shown)
        return shown.getvalue().rstrip() or "nothing"

    def _repr_html_(self) -> str:
        columns = self._answer.columns
        head = "".join(f"<th>{escape(heading)}</th>" for heading in columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(row.get(key)))}</td>" for key in columns.values()) + "</tr>"
            for row in self._answer.data
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: Any) -> str:
    """A time as people read it, as cards have it; the rest as the command line's table does."""
    text = as_cell(value)
    with suppress(ValueError):
        time = datetime.fromisoformat(text) if _TIME.match(text) else None
        return f"{time.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC" if time is not None else text
    return text


class Secrets(dict[str, Any]):
    """Keys or a token by name, which do not show themselves: a notebook saves what is shown."""

    def __repr__(self) -> str:
        names = ", ".join(self)
        return f"{names}: there, and not shown, for a notebook saves its output. Take them from the object, or add -o json."


def as_objects(answer: Answer, words: list[str]) -> Any:
    """The objects of an answer, under v1's names where they have one."""
    if isinstance(answer.value, list):
        objects = [_as_object(value, words) for value in answer.value]
        return Listing(objects, answer)
    return _as_object(answer.value, words)


def _as_object(value: Any, words: list[str]) -> Any:
    if isinstance(value, ModelVersion):
        from mooring.sdk import Model

        return Model(_workspace(words), id=value.id)
    if isinstance(value, Service):
        from mooring.sdk import Webservice

        return Webservice(_workspace(words), value.name)
    return value


def _workspace(words: list[str]) -> Workspace:
    from mooring.sdk import Workspace

    named = [after for word, after in itertools.pairwise(words) if word in ("-w", "--workspace-name")]
    return Workspace(workspace_name=named[-1] if named else None)
