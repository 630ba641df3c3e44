"""The first word after `mooring`, and the second: found in a table, loaded when typed."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

from mooring.cli.mistakes import UsageMistake
from mooring.cli.parsing import keep_as_typed
from mooring.errors import did_you_mean

NOUNS = {
    "demo": "Train, register, deploy and call a real model, step by step.",
    "model": "Register models, find them, deploy them.",
    "service": "Watch, call, update and delete what is deployed.",
    "image": "Build images that run anywhere, keep them by version.",
    "endpoint": "Several versions behind one URL, and who gets how many requests.",
    "environment": "Name and share what a model needs around it.",
    "computetarget": "Places a model can be deployed to: list them, attach clusters.",
    "workspace": "Named stores of models, environments and services.",
    "notebook": "Make a service's files from a notebook.",
    "check": "Look for mistakes in scripts and configs, without running them.",
    "explain": "Say what a finding or a failure means, by its code.",
    "serve": "Run a scoring script in this Python, without deploying it.",
    "doctor": "Check that this machine has what Mooring needs.",
    "gc": "Remove what nothing refers to any more.",
}

_ELSEWHERE = {
    "model": ("profile",),
    "computetarget": ("get-credentials",),
    "workspace": (
        "delete",
        "list-keys",
        "share",
        "sync-keys",
        "update",
        "update-dependencies",
        "private-endpoint",
    ),
    "mooring": ("dataset", "datastore", "experiment", "folder", "pipeline", "run"),
}
"""Verbs of Azure ML v1 that this version does not have; named so that nobody looks for a typing error."""


class Group(TyperGroup):
    """A noun with its verbs."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, unconverted."""
        return keep_as_typed(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """A noun alone asks what it can do."""
        return super().parse_args(ctx, args if args or ctx.resilient_parsing else ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The verb that was typed.

        Raises:
            UsageMistake: There is none of that name.
        """
        word = args[0]
        if not word.startswith("-") and self.get_command(ctx, word) is None and not ctx.resilient_parsing:
            raise _told_unknown(ctx.command_path, word, self.list_commands(ctx))
        return super().resolve_command(ctx, args)


class RootGroup(Group):
    """`mooring` itself: knows its words without loading them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (typer's signature)
        """All words, in the order of the help."""
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Load what a word means; None for an unknown one."""
        if cmd_name not in NOUNS:
            return None
        app: typer.Typer = importlib.import_module(f"mooring.cli.{cmd_name}").app
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the words with their meaning."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))


def noun(name: str) -> typer.Typer:
    """An empty noun; its verbs are added with `verb`."""
    app = typer.Typer(name=name, cls=Group, help=NOUNS[name], add_completion=False, rich_markup_mode=None)
    app.callback()(lambda: None)
    return app


class EndpointGroup(Group):
    """`endpoint`: v1 put `realtime` after it; verbs that every service has are those of `service`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The verb that was typed."""
        return super().resolve_command(ctx, args[1:] if args[0] == "realtime" and args[1:] else args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb of that name; one of `service` when there is none of its own."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        app: typer.Typer = importlib.import_module("mooring.cli.service").app
        group: Any = typer.main.get_command(app)
        return Group.get_command(group, ctx, cmd_name)


def endpoint_noun() -> typer.Typer:
    """The noun `endpoint`, without verbs."""
    app = typer.Typer(
        name="endpoint",
        cls=EndpointGroup,
        help=NOUNS["endpoint"],
        add_completion=False,
        rich_markup_mode=None,
    )
    app.callback()(lambda: None)
    return app


def lone(name: str) -> typer.Typer:
    """A word that is a verb by itself, such as `doctor`."""
    return typer.Typer(name=name, add_completion=False, rich_markup_mode=None)


def _told_unknown(path: str, word: str, known: list[str]) -> UsageMistake:
    noun_name = path.rsplit(maxsplit=1)[-1]
    if word in _ELSEWHERE.get(noun_name, ()):
        return UsageMistake(
            f"{word!r} is known from Azure ML v1, but not to this version of Mooring.",
            f"See {path} --help for what there is.",
        )
    near = did_you_mean(word, known)
    if noun_name == "service" and not near:
        return UsageMistake(
            f"{word!r} is no verb; a service's name goes through -n.",
            f"Write {path} show -n {word}, or {path} delete -n {word} to delete it.",
        )
    return UsageMistake(f"{path} has no {word!r}{near or '.'}", f"Choose one of {', '.join(known)}.")
