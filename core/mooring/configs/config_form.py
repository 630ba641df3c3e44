"""The fields of a form for a deployment configuration, from the same table that reads and documents the files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from mooring.configs.deployment_files import DEPLOYMENT_CONFIGS
from mooring.configs.fields import settings_of


@dataclass(frozen=True)
class ConfigField:
    """One setting, as a form shows it.

    Attributes:
        name: The attribute, for `ComputeTypeConfig.of({name: value})`.
        key: The key in a file, groups before dots.
        kind: `text`, `number`, `integer`, `boolean` or `texts`.
        doc: One sentence.
        default: What holds when the field is left empty.
        choices: The only values allowed; empty for any.
    """

    name: str
    key: str
    kind: str
    doc: str
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)


def config_fields(compute_type: str) -> list[ConfigField]:
    """The settings that do something with this compute type; keys are made, not typed into a form that is saved."""
    return [
        ConfigField(
            name,
            each.key,
            each.kind,
            each.doc,
            each.default,
            each.above if each.minimum is None else each.minimum,
            each.maximum,
            each.choices,
        )
        for name, each in settings_of(DEPLOYMENT_CONFIGS[compute_type]).items()
        if each.in_file and not each.is_secret and not each.no_effect and each.kind in _SHOWN
    ]


_SHOWN = ("text", "number", "integer", "boolean", "texts")
