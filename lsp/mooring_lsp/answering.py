"""How commands and requests are answered, and what becomes of their failures."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from mooring.errors import MooringError, facts_of_error
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer

log = logging.getLogger(__name__)
Answer = dict[str, Any]
_REQUEST_FAILED = -32803


class RequestFailed(JsonRpcException):
    """An expected failure, in the protocol's form."""

    CODE = _REQUEST_FAILED

    def __init__(self, facts: Answer) -> None:
        super().__init__(sentence_of(facts), data=facts)


def later(place: str) -> Callable[..., Any]:
    """A function that is loaded when it is first called: `package.module:name`. An editor should not wait for it."""

    def call(*arguments: Any) -> Any:
        module, _, name = place.partition(":")
        return getattr(importlib.import_module(module), name)(*arguments)

    return call


def add_request(server: MooringServer, method: str, work: Callable[[Asked], Any]) -> None:
    """Answer a request; `work` runs in a thread."""

    async def answer(ls: MooringServer, asked: Asked) -> Any:
        del ls
        return await asyncio.to_thread(work, asked)

    add_handler(server, method, answer)


def add_handler(
    server: MooringServer, method: str, work: Callable[[MooringServer, Asked], Awaitable[Any]]
) -> None:
    """Answer a request, or take a notification, on the event loop."""

    async def answer(ls: MooringServer, params: Any) -> Any:
        try:
            return await work(ls, ls.asked(params))
        except MooringError as error:
            raise RequestFailed(facts_of_error(error)) from None

    server.feature(method)(answer)


def add_command(
    server: MooringServer, name: str, work: Callable[[MooringServer, Asked], Awaitable[Answer]]
) -> None:
    """Carry out a command; a failure is shown, and answered as `{"ok": false, "error": …}`."""

    async def carry_out(ls: MooringServer, *arguments: Any) -> Answer:
        try:
            return {"ok": True, **await work(ls, ls.asked(arguments[0] if arguments else None))}
        except MooringError as error:
            facts = facts_of_error(error)
        except CommandFailed as error:
            facts = error.facts
        except Cancelled:
            return {"ok": False, "cancelled": True}
        show(ls, sentence_of(facts), types.MessageType.Error)
        return {"ok": False, "error": facts}

    server.command(name)(carry_out)


class CommandFailed(Exception):
    """A failure that another process has told as facts."""

    def __init__(self, facts: Answer) -> None:
        super().__init__(facts.get("code"))
        self.facts = facts


class Cancelled(Exception):
    """The user changed their mind."""


def show(ls: MooringServer, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
    """Show one message; to a client that shows outcomes itself, warnings alone: no answer holds them."""
    if ls.options.shows_outcomes and kind != types.MessageType.Warning:
        return
    ls.window_show_message(types.ShowMessageParams(kind, text))


def sentence_of(facts: Answer) -> str:
    """Problem and remedy; of a failed start, where it failed, too."""
    failure = facts.get("failure") or {}
    excerpt = failure.get("excerpt") or {}
    place = f" ({excerpt['path']}, line {excerpt['line']})" if excerpt else ""
    problem = str(facts.get("problem", "")).strip()
    return f"{problem.removesuffix('.')}{place}. {facts.get('remedy', '')}".strip() if place else (
        f"{problem} {facts.get('remedy', '')}".strip()
    )  # fmt: skip
