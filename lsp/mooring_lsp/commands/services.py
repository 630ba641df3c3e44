"""`mooring.showService`: one line about a service; `mooring.actions`: ask what to do with it, and do it."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types

from mooring_lsp.answering import Answer, Cancelled, show
from mooring_lsp.asked import Asked
from mooring_lsp.commands.ids import RELOAD, ROLLBACK, SHOW_LOGS, STOP, TEST, UPDATE
from mooring_lsp.server import MooringServer
from mooring_lsp.told import with_uri

_CHOICES = {
    "Test": TEST,
    "Logs": SHOW_LOGS,
    "Update": UPDATE,
    "Reload": RELOAD,
    "Roll back": ROLLBACK,
    "Stop": STOP,
}


async def show_service(ls: MooringServer, asked: Asked) -> Answer:
    """Say how a service is."""
    facts = await asyncio.to_thread(_facts, asked)
    show(ls, line_about(facts))
    return {"service": facts}


async def choose_action(ls: MooringServer, asked: Asked) -> Answer:
    """Ask what to do with a service, and do it."""
    facts = await asyncio.to_thread(_facts, asked)
    actions = [types.MessageActionItem(title) for title in _CHOICES]
    params = types.ShowMessageRequestParams(types.MessageType.Info, line_about(facts), actions)
    chosen = await ls.window_show_message_request_async(params)
    if chosen is None or chosen.title not in _CHOICES:
        raise Cancelled
    answer: Answer = await ls.protocol.fm.commands[_CHOICES[chosen.title]](dict(asked.fields))
    return answer


def line_about(facts: dict[str, Any]) -> str:
    """One line about a service; it holds no key."""
    told = f"{facts['name']} is {facts['state']}"
    failure = facts.get("error")
    if failure:
        return f"{told}. {failure['cause']} {failure['remedy']}".rstrip()
    models = ", ".join(facts["modelIds"])
    where = f" at {facts['scoringUri']}" if facts.get("scoringUri") else ""
    return f"{told}{where}{f', serving {models}' if models else ''}."


def _facts(asked: Asked) -> dict[str, Any]:
    desk = asked.workspace.services
    return with_uri(desk.summary(desk.get(asked.service)))
