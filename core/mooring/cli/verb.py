"""From a function with `Flag`s to a typer command: the shared flags, the help text, and one way to fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from mooring.cli.call import Call
from mooring.cli.completing import complete_workspaces
from mooring.cli.flags import Flag, Parameter, flag, parameters_of
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import FORMATS
from mooring.cli.parsing import VerbCommand

_OUTPUT = "How the answer is written; table unless said."
_MEANINGLESS = {
    "resource_group": flag("--resource-group", "-g", help="Ignored.", hidden=True),
    "subscription_id": flag("--subscription-id", help="Ignored.", hidden=True),
    "path": flag("--path", help="Ignored.", hidden=True),
}


def verb(
    app: typer.Typer,
    name: str,
    *,
    examples: Sequence[str],
    formats: Sequence[str] = FORMATS,
    without: Sequence[str] = (),
    settings: Sequence[Parameter] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a verb of `app`.

    The function gets a `Call` first, then its own parameters, and returns an `Answer`, or None when it has written
    everything itself. Its docstring is the help text.

    Args:
        app: The noun it belongs to.
        name: What to type.
        examples: Whole command lines, for `--help`.
        formats: What `-o` may say.
        without: Names that the shared flags must leave to the verb, such as `-v`.
        settings: More parameters; those that were given come as one dict, `settings`.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        own = parameters_of(function)
        parameters = [*own, *settings, *_shared(formats, without)]

        def command(**given: Any) -> Any:
            missing = [p for p in own if p.is_required and not given[p.name]]
            if missing:
                raise _told_missing(missing)
            values = {p.name: p.read(given[p.name]) for p in parameters}
            if settings:
                asked = {p.name: values.pop(p.name) for p in settings}
                values["settings"] = {name: value for name, value in asked.items() if value is not None}
            return _run(function, values)

        _dress(command, function, parameters)
        epilog = "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)
        app.command(name, cls=VerbCommand, help=inspect.getdoc(function), epilog=epilog)(command)
        return function

    return decorate


def _run(function: Callable[..., Any], values: dict[str, Any]) -> Any:
    form = values.pop("output")
    is_verbose, debug = values.pop("verbose"), values.pop("debug")
    call = Call(
        form=form,
        workspace_name=values.pop("workspace_name", None),
        is_verbose=is_verbose or debug,
        is_quiet=values.pop("only_show_errors") or form != "table",
    )
    _note_meaningless(call, {name: values.pop(name) for name in _MEANINGLESS if name in values})
    try:
        return function(call, **values), call.form
    finally:
        call.close()


def _told_missing(missing: list[Parameter]) -> UsageMistake:
    first = missing[0]
    word = first.flag.example or first.name.upper()
    write = word if first.flag.is_positional else f"{first.flag.names[-1]} {word}"
    labels = " and ".join(parameter.flag.label for parameter in missing)
    return UsageMistake(
        f"{labels} {'is' if len(missing) == 1 else 'are'} missing.", f"Add {write}, for instance."
    )


def _note_meaningless(call: Call, given: dict[str, Any]) -> None:
    names = [_MEANINGLESS[name].names[0] for name, value in given.items() if value]
    if names:
        call.note(f"note: {', '.join(names)} has no meaning on your own machines and is ignored.")


def _shared(formats: Sequence[str], without: Sequence[str]) -> list[Parameter]:
    def names(*wanted: str) -> tuple[str, ...]:
        return tuple(name for name in wanted if name not in without)

    flags: dict[str, tuple[Flag, Any]] = {
        "workspace_name": (
            flag("--workspace-name", "-w", help="Workspace to use.", complete=complete_workspaces),
            str,
        ),
        "output": (flag("--output", "-o", help=_OUTPUT, choices=formats), str),
        "verbose": (
            flag(*names("--verbose", "-v"), help="Say more: details, and tracebacks of faults."),
            bool,
        ),
        "debug": (flag("--debug", help="Same as --verbose.", hidden=True), bool),
        "only_show_errors": (flag("--only-show-errors", help="No progress, no notices.", hidden=True), bool),
    }
    flags.update({name: (ignored, str) for name, ignored in _MEANINGLESS.items()})
    defaults = {"output": "table", "verbose": False, "debug": False, "only_show_errors": False}
    kept = {key: pair for key, pair in flags.items() if names(*pair[0].names)}
    return [Parameter(name, mark, kind, defaults.get(name)) for name, (mark, kind) in kept.items()]


def _dress(command: Callable[..., Any], function: Callable[..., Any], parameters: list[Parameter]) -> None:
    """Give the command the signature that typer reads; every value stays text until `Parameter.read`."""
    signature = [
        inspect.Parameter(p.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for p in parameters
        for annotation, default in [_for_typer(p)]
    ]
    command.__name__ = function.__name__
    command.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in signature}
    command.parameters = parameters  # type: ignore[attr-defined]


def _for_typer(parameter: Parameter) -> tuple[Any, Any]:
    mark = parameter.flag
    about: dict[str, Any] = {"help": mark.help, "hidden": mark.is_hidden, "show_default": False}
    complete = mark.complete
    if complete is not None:
        about["autocompletion"] = _completer(complete)
    elif mark.choices:
        about["autocompletion"] = _completer(lambda _: mark.choices)
    if mark.is_positional:
        words: Any = list[str] if parameter.is_repeated else str
        return Annotated[words, typer.Argument(metavar=mark.names[0], **about)], None
    if parameter.is_switch:
        return Annotated[bool, typer.Option(*mark.names, **about)], False
    if parameter.is_required:
        about["help"] += "  [required]"
    kind = list[str] if parameter.is_repeated else str
    return Annotated[kind, typer.Option(*mark.names, metavar=parameter.metavar, **about)], None


def _completer(complete: Callable[[str], Any]) -> Callable[[str], list[str]]:
    def offer(incomplete: str) -> list[str]:
        return [word for word in complete(incomplete) if word.startswith(incomplete)]

    return offer
