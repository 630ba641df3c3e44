"""What a verb's parameters look like on the command line, and how their text becomes a value.

A verb is a function whose parameters are annotated with `Annotated[type, flag(...)]`. The type decides how the text
is read: str, int, float, Path, bool (a switch), `bool | None` (true or false, a bare flag means true), list[str]
(may be repeated) and dict[str, str] (`key=value`, may be repeated). Without a default the parameter is required.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.cli.mistakes import UsageMistake

Completer = Callable[[str], Iterable[str]]
TRUE_WORDS = ("true", "yes", "on", "1")
FALSE_WORDS = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Flag:
    """How one parameter is written.

    Attributes:
        names: As typed, the short one last; a word without dashes makes it positional.
        help: One sentence.
        example: A value for messages that show what to type.
        choices: The only values allowed.
        complete: Offers values for what was typed so far.
        is_hidden: Accepted, but not shown in `--help`.
    """

    names: tuple[str, ...]
    help: str
    example: str = ""
    choices: tuple[str, ...] = ()
    complete: Completer | None = None
    is_hidden: bool = False

    @property
    def is_positional(self) -> bool:
        """Whether it is a bare word, not an option."""
        return not self.names[0].startswith("-")

    @property
    def label(self) -> str:
        """How messages call it: `-n/--name`."""
        return "/".join(sorted(self.names, key=len))


def flag(
    *names: str,
    help: str,  # noqa: A002 (the word everybody looks for)
    example: str = "",
    choices: Sequence[str] = (),
    complete: Completer | None = None,
    hidden: bool = False,
) -> Flag:
    """A `Flag`; see there."""
    return Flag(names, help, example, tuple(choices), complete, hidden)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a verb: its flag, its type and its default."""

    name: str
    flag: Flag
    type: Any
    default: Any = None
    is_required: bool = False

    @property
    def is_switch(self) -> bool:
        """Takes no value."""
        return self.type is bool

    @property
    def is_tristate(self) -> bool:
        """May stand alone, which means true, or be followed by true or false."""
        return bool(self.type == bool | None)

    @property
    def is_repeated(self) -> bool:
        """May be given several times."""
        return typing.get_origin(self.type) in (list, dict)

    @property
    def metavar(self) -> str:
        """What stands for the value in `--help`."""
        if self.flag.choices:
            return "|".join(self.flag.choices)
        return _METAVARS.get(_plain(self.type), "TEXT")

    def read(self, given: Any) -> Any:
        """The value that the text means; the default when nothing was given.

        Raises:
            UsageMistake: The text means nothing for this type, or is none of the choices.
        """
        if given is None or (self.is_repeated and not given):
            return self.default
        if self.is_repeated:
            return self._read_repeated(list(given))
        if self.is_switch:
            return bool(given)
        self._check_choice(given)
        return self._read_one(given)

    def _read_repeated(self, given: list[str]) -> list[str] | dict[str, str]:
        if typing.get_origin(self.type) is list:
            return given
        pairs = [item.partition("=") for item in given]
        for key, equals, _ in pairs:
            if not equals or not key:
                raise UsageMistake(
                    f"{self.flag.label} {key} has no value.", f"Write {self.flag.names[0]} {key}=VALUE."
                )
        return {key: value for key, _, value in pairs}

    def _read_one(self, given: str) -> Any:
        if self.is_tristate:
            return self._read_truth(given)
        reader = _plain(self.type)
        try:
            return reader(given)
        except ValueError as error:
            wanted = {int: "a whole number", float: "a number"}.get(reader, "something else")
            raise UsageMistake(
                f"{self.flag.label} takes {wanted}, not {given!r}.",
                f"Write {self.flag.names[0]} {self.flag.example or 1}.",
            ) from error

    def _read_truth(self, given: str) -> bool:
        if given.lower() in TRUE_WORDS + FALSE_WORDS:
            return given.lower() in TRUE_WORDS
        raise UsageMistake(
            f"{self.flag.label} takes true or false, not {given!r}.", f"Write {self.flag.names[0]} true."
        )

    def _check_choice(self, given: str) -> None:
        if self.flag.choices and given.lower() not in {choice.lower() for choice in self.flag.choices}:
            raise UsageMistake(
                f"{self.flag.label} {given!r} is not one of {', '.join(self.flag.choices)}.",
                f"Write {self.flag.names[0]} {self.flag.choices[0]}, for instance.",
            )


def parameters_of(function: Callable[..., Any]) -> list[Parameter]:
    """The parameters of a verb that carry a `Flag`, in order."""
    hints = typing.get_type_hints(function, include_extras=True)
    found: list[Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        type_, *marks = typing.get_args(_unwrapped(hints[name])) or (hints[name],)
        for mark in marks:
            if isinstance(mark, Flag):
                is_required = parameter.default is inspect.Parameter.empty
                default = None if is_required else parameter.default
                found.append(Parameter(name, mark, _without_none(type_), default, is_required))
    return found


def _unwrapped(hint: Any) -> Any:
    """Python 3.10 makes a hint optional once more when the default is None."""
    members = typing.get_args(hint) if typing.get_origin(hint) is typing.Union else ()
    return next((member for member in members if typing.get_origin(member) is typing.Annotated), hint)


def _without_none(type_: Any) -> Any:
    """`X` for `X | None`, which only says that there is no default; but None of `bool | None` is a third state."""
    if not isinstance(type_, types.UnionType) or bool in typing.get_args(type_):
        return type_
    return next(member for member in typing.get_args(type_) if member is not type(None))


def _plain(type_: Any) -> Any:
    """The origin of a generic, bool for the three states, else the type itself."""
    return bool if isinstance(type_, types.UnionType) else typing.get_origin(type_) or type_


_METAVARS: dict[Any, str] = {int: "N", float: "NUMBER", Path: "PATH", dict: "KEY=VALUE", bool: "[true|false]"}
