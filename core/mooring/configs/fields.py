"""The one table of settings: each field of a configuration class says its key in the file, its kind, its range.

Reading, hints for unknown keys, defaults, documentation and the JSON Schemas all come from here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Kind = Literal["text", "number", "integer", "boolean", "texts", "path", "object"]


@dataclass(frozen=True)
class Setting:
    """What is known about one setting.

    Attributes:
        key: Where the file holds it, groups before dots: `containerResourceRequirements.cpu`.
        kind: `texts` is an object whose values are text; `object` is read elsewhere.
        doc: One sentence, with units.
        default: What holds when the setting is absent; shown to people, and None when nothing does.
        above: The value is greater than this.
        minimum: The value is this or more.
        maximum: The value is this or less.
        rule: v1's words for the range, after the argument's name; made from the bounds when empty.
        pattern: Regular expression the text matches.
        choices: Words allowed, compared without case.
        only_with: Attribute that must be true before the range counts.
        other_keys: Further spellings that are read.
        in_file: False for what v1 takes from arguments only; such a key in a file has no effect.
        is_secret: The value is never shown.
        protects: Ignoring it would leave a service less protected than its author thinks.
        no_effect: Why the setting is accepted and does nothing; empty when it does something.
    """

    key: str
    kind: Kind
    doc: str
    default: Any = None
    above: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    rule: str = ""
    pattern: str = ""
    choices: tuple[str, ...] = ()
    only_with: str = ""
    other_keys: tuple[str, ...] = ()
    in_file: bool = True
    is_secret: bool = False
    protects: bool = False
    no_effect: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The key as steps into a document."""
        return tuple(self.key.split("."))

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Every spelling that is read, the one to recommend first."""
        return tuple(tuple(key.split(".")) for key in (self.key, *self.other_keys))


def setting(key: str, kind: Kind, doc: str, **facts: Any) -> Any:
    """A dataclass field that is None until set, described by a `Setting`."""
    described = Setting(key=key, kind=kind, doc=doc, **facts)
    return dataclasses.field(default=None, repr=not described.is_secret, metadata={"setting": described})


def required_setting(key: str, kind: Kind, doc: str, **facts: Any) -> Any:
    """The same for an argument without a default."""
    return dataclasses.field(metadata={"setting": Setting(key=key, kind=kind, doc=doc, **facts)})


def settings_of(cls: type) -> dict[str, Setting]:
    """The settings of a configuration class by attribute name, in the order of its arguments."""
    return _settings_of(cls)


@cache
def _settings_of(cls: Any) -> dict[str, Setting]:
    return {f.name: f.metadata["setting"] for f in dataclasses.fields(cls) if "setting" in f.metadata}


def keys_of(cls: type) -> Iterator[tuple[str, ...]]:
    """Every path a file may hold for this class."""
    for described in settings_of(cls).values():
        yield from described.paths


def render_repr(config: Any) -> str:
    """What is set, as a call; secrets left out."""
    given = {
        name: getattr(config, name)
        for name, described in settings_of(type(config)).items()
        if getattr(config, name) is not None and not described.is_secret
    }
    return f"{type(config).__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})"
