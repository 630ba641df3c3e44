"""Programs that ask a service, in the languages its users write. Never a key: each reads it from a variable."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mooring.deployments.snippets import csharp, curl, java, javascript, python, r
from mooring.deployments.snippets.question import Question

if TYPE_CHECKING:
    from mooring.deployments.values import Service

__all__ = ["LANGUAGES", "Snippet", "consume_snippets"]

_UNKNOWN: dict[str, Any] = {"data": []}
_LONGEST_SAMPLE = 1500
_KEPT_ROWS = 2

_WRITERS: dict[str, tuple[str, str, Callable[[Question], str]]] = {
    "python": ("Python", "ask.py", python.write),
    "csharp": ("C#", "Program.cs", csharp.write),
    "java": ("Java", "Ask.java", java.write),
    "r": ("R", "ask.R", r.write),
    "javascript": ("JavaScript", "ask.mjs", javascript.write),
    "curl": ("curl", "ask.sh", curl.write),
}
LANGUAGES = tuple(_WRITERS)


@dataclass(frozen=True)
class Snippet:
    """A program that asks a service.

    Attributes:
        language: One of `LANGUAGES`.
        title: As people write it: `C#`.
        file_name: A good name for it.
        text: Complete, with the service's URL and a sample, without a key.
    """

    language: str
    title: str
    file_name: str
    text: str

    def _repr_pretty_(self, printer: Any, _is_cycle: bool) -> None:
        """A notebook shows the program."""
        printer.text(self.text.rstrip("\n"))

    def to_dict(self) -> dict[str, str]:
        """JSON form."""
        return {
            "language": self.language,
            "title": self.title,
            "fileName": self.file_name,
            "text": self.text,
        }


def consume_snippets(service: Service, sample: Any) -> list[Snippet]:
    """One program a language.

    Args:
        service: Its URL and whom it lets in.
        sample: A good request; None leaves a place for one.
    """
    question = Question(
        service=service.name,
        url=service.scoring_uri,
        body=_shortened(sample) if sample is not None else _UNKNOWN,
        is_sample_known=sample is not None,
        auth="token" if service.token_auth_enabled else "key" if service.auth_enabled else "off",
    )
    return [
        Snippet(language, title, file_name, write(question))
        for language, (title, file_name, write) in _WRITERS.items()
    ]


def _shortened(sample: Any) -> Any:
    """The sample with its first rows only, when it is so long that nobody would read the program around it."""
    if len(json.dumps(sample)) <= _LONGEST_SAMPLE:
        return sample
    if isinstance(sample, list):
        return sample[:_KEPT_ROWS]
    if isinstance(sample, dict) and not {"columns", "index", "data"} <= sample.keys():
        return {
            key: value[:_KEPT_ROWS] if isinstance(value, list) else value for key, value in sample.items()
        }
    return sample
