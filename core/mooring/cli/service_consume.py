"""`mooring service consume` and `sample`: how others ask the service."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import Answer
from mooring.cli.verb import verb

_LANGUAGES = ("python", "csharp", "java", "r", "javascript", "curl")


def add_consume(app: typer.Typer) -> None:
    """Add the verbs to their noun."""
    verb(app, "consume", examples=_CONSUME)(consume)
    verb(app, "sample", examples=_SAMPLE)(sample)


_CONSUME = (
    "mooring service consume -n scorer",
    "mooring service consume -n scorer -l csharp > Program.cs",
)
_SAMPLE = (
    "mooring service sample -n scorer",
    "mooring service sample -n scorer | mooring service run -n scorer -d -",
)


def consume(
    call: Call,
    name: common.ServiceName,
    language: Annotated[
        str, flag("--language", "-l", help="Of the program.", choices=_LANGUAGES, example="python")
    ] = "python",
) -> Answer:
    """Write a program that asks a service.

    It has the service's URL and a real sample, and reads the key from an environment variable.
    """
    found = {each.language: each for each in call.workspace.services.snippets(name)}
    snippet = found[language.lower()]
    return Answer(snippet.to_dict(), snippet, text=snippet.text.rstrip("\n"))


def sample(call: Call, name: common.ServiceName) -> Answer:
    """Show a good request of a service.

    The one registered with its model, or else the example in the service's own description.
    `-o json` shows the schema and the fields of a form, too.
    """
    form = call.workspace.services.request_form(name)
    if form.sample is None and call.form == "table":
        raise UsageMistake(
            f"Nothing is known about requests to {name}.",
            "Register its model with a sample, or decorate run() with @input_schema.",
        )
    return Answer(form.to_dict(), form, text=json.dumps(form.sample, ensure_ascii=False))
