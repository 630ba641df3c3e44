"""How a command line is taken apart: typer's parser, faster, and with an answer to v1's well-known slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand

from mooring.cli.flags import FALSE_WORDS, TRUE_WORDS, Parameter
from mooring.cli.mistakes import UsageMistake

_ONE_DASH_WORD = re.compile(r"-[a-z]{2,}\Z")


class AsTyped:
    """Stands in for typer's own conversion: our verbs read their text themselves.

    Recent versions of typer convert with pydantic, whose import alone costs more than half of what a verb may take.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 (typer's signature)
        """The value as it was typed."""
        return () if value is None and param.multiple else value


def keep_as_typed(parameters: list[Any]) -> list[Any]:
    """Let none of these parameters be converted by typer."""
    for parameter in parameters:
        parameter.get_runtime_param = AsTyped
    return parameters


class VerbCommand(TyperCommand):
    """One verb. Typed words it can't place become a `UsageMistake` that says what to write."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters; see `AsTyped`."""
        return keep_as_typed(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words apart.

        Raises:
            UsageMistake: One dash where two belong, or bare words that belong to an option.
        """
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        self._refuse_one_dash(ctx, args)
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, list(self._with_truths(args)))
        if left:
            raise self._told_bare(ctx, left)
        return left

    @property
    def _parameters(self) -> list[Parameter]:
        callback: Any = self.callback
        found: list[Parameter] = callback.parameters
        return found

    def _option_names(self) -> set[str]:
        return {name for parameter in self._parameters for name in parameter.flag.names}

    def _refuse_one_dash(self, ctx: Any, args: list[str]) -> None:
        """`-ic file`, as old documentation has it, would be read as `-i c`."""
        known = self._option_names()
        for word in args:
            if word == "--":
                return
            bare = word.partition("=")[0]
            if _ONE_DASH_WORD.match(bare) and f"-{bare}" in known:
                raise UsageMistake(
                    f"{bare} has one dash where two belong.", f"Write -{word} ({ctx.command_path})."
                )

    def _with_truths(self, args: list[str]) -> Iterator[str]:
        """A flag that takes true or false may stand alone: put the `true` in."""
        tristate = {name for p in self._parameters if p.is_tristate for name in p.flag.names}
        for index, word in enumerate(args):
            yield word
            following = args[index + 1].lower() if index + 1 < len(args) else ""
            if word in tristate and following not in TRUE_WORDS + FALSE_WORDS:
                yield "true"

    def _told_bare(self, ctx: Any, left: list[str]) -> UsageMistake:
        options = [p for p in self._parameters if p.is_required and not p.flag.is_positional]
        wanted = options[0].flag.names[-1] if options else ""
        instead = (
            f"Write {ctx.command_path} {wanted} {left[0]}." if wanted else f"See {ctx.command_path} --help."
        )
        return UsageMistake(f"{left[0]!r} stands alone, and {ctx.command_path} takes no bare words.", instead)
