"""Flags that several verbs have, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from mooring.cli.completing import (
    complete_environments,
    complete_model_names,
    complete_models,
    complete_services,
)
from mooring.cli.flags import flag

ModelName = Annotated[
    str, flag("--name", "-n", help="Name of the model.", example="diabetes", complete=complete_model_names)
]
ModelId = Annotated[
    str,
    flag("--model-id", "-i", help="Model, as name:version.", example="diabetes:1", complete=complete_models),
]
Models = Annotated[
    list[str] | None,
    flag(
        "--model",
        "-m",
        help="Registered model, as name:version; may be repeated.",
        example="diabetes:1",
        complete=complete_models,
    ),
]
ServiceName = Annotated[
    str, flag("--name", "-n", help="Name of the service.", example="scorer", complete=complete_services)
]
EnvironmentName = Annotated[
    str,
    flag("--name", "-n", help="Name of the environment.", example="myenv", complete=complete_environments),
]
NewTags = Annotated[
    dict[str, str] | None,
    flag("--tag", help="Label that may change; may be repeated.", example="area=health"),
]
NewProperties = Annotated[
    dict[str, str] | None,
    flag("--property", help="Label that never changes; may be repeated.", example="source=notebook"),
]
WantedTags = Annotated[
    list[str] | None, flag("--tag", help="Only with this tag: key, or key=value; may be repeated.")
]
WantedProperties = Annotated[
    list[str] | None, flag("--property", help="Only with this property: key, or key=value; may be repeated.")
]
AddedTags = Annotated[dict[str, str] | None, flag("--add-tag", help="Add or replace a tag; may be repeated.")]
RemovedTags = Annotated[
    list[str] | None, flag("--remove-tag", help="Key of a tag to remove; may be repeated.")
]
AddedProperties = Annotated[
    dict[str, str] | None, flag("--add-property", help="Add a property; may be repeated.")
]
Description = Annotated[str | None, flag("--description", help="Free text.")]
ShortDescription = Annotated[str | None, flag("--description", "-d", help="Free text.")]
Cpu = Annotated[float | None, flag("--cpu-cores", "--cc", help="CPU cores it needs.", example="0.5")]
Memory = Annotated[float | None, flag("--memory-gb", "--gb", help="Memory it needs, in GB.", example="1")]
Gpu = Annotated[int | None, flag("--gpu-cores", "--gc", help="GPUs it needs.")]
Metadata = Annotated[
    Path | None, flag("--output-metadata-file", "-t", help="Write the answer to this file too, as JSON.")
]
DryRun = Annotated[
    bool, flag("--dry-run", help="Check everything and say what would happen; change nothing.")
]
NoWait = Annotated[bool, flag("--no-wait", help="Return at once; the work goes on in the background.")]


def wanted_labels(given: list[str] | None) -> list[str | tuple[str, str]] | None:
    """`key` and `key=value` as the registry takes them."""
    if not given:
        return None
    pairs = [item.partition("=") for item in given]
    return [(key, value) if equals else key for key, equals, value in pairs]
