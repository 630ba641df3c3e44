"""`mooring.deploy`: from a script or configuration to a service that answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from lsprotocol import types

from mooring_lsp.answering import Answer, Cancelled, CommandFailed, show
from mooring_lsp.asked import Asked
from mooring_lsp.commands.logs import begin_log
from mooring_lsp.server import MooringServer
from mooring_lsp.work import carry_out

_SEVERAL = 2


async def deploy(ls: MooringServer, asked: Asked) -> Answer:
    """Deploy a script; its service is shown, and its log."""
    path = asked.path()
    if asked.find("ask", bool) and not ls.options.asks:
        asked = await _ask_where(ls, asked, path)
    task: dict[str, Any] = {
        "name": "deploy",
        "workspace": asked.settings.workspace,
        "path": str(path),
        "service": asked.find("service", str),
        "models": asked.texts("models"),
        "computeType": asked.find("computeType", str),
        "overwrite": asked.find("overwrite", bool),
        "inferenceConfig": _text(asked.find_path("inferenceConfig")),
        "deploymentConfig": _text(asked.find_path("deploymentConfig")),
    }
    await _warn_unsaved(ls, path)
    workspace = task["workspace"]
    try:
        title = f"Deploying {task['service'] or path.name}"
        answer = await carry_out(ls, title, task, lambda name: begin_log(ls, workspace, name))
    except CommandFailed as failed:
        ls.failures.keep(failed.facts)
        raise
    service = answer["service"]
    ls.failures.forget(service["name"])
    show(ls, f"{service['name']} is {service['state']} at {service['scoringUri']}")
    return answer


async def _ask_where(ls: MooringServer, asked: Asked, path: Path) -> Asked:
    """Let the user choose the place, when there are several."""
    proposal = await asyncio.to_thread(lambda: asked.writable.services.propose(path))
    if len(proposal.choices) < _SEVERAL:
        return asked
    what = ", ".join(proposal.models) or "without a model"
    items = {f"To {choice.title}": choice.compute_type for choice in proposal.choices}
    params = types.ShowMessageRequestParams(
        types.MessageType.Info,
        f"Deploy {path.name} ({what}) as {proposal.service}?",
        [types.MessageActionItem(title) for title in items],
    )
    chosen = await ls.window_show_message_request_async(params)
    if chosen is None or chosen.title not in items:
        raise Cancelled
    return asked.with_field("computeType", items[chosen.title])


async def _warn_unsaved(ls: MooringServer, path: Path) -> None:
    """What is deployed is what is on disk: say so where the editor holds something else."""
    snapshot = ls.documents.find_path(path)
    if snapshot is None:
        return
    saved = await asyncio.to_thread(_saved_text, path)
    if saved is not None and saved != snapshot.text.replace("\r\n", "\n").removeprefix("\ufeff"):
        text = f"{path.name} has changes that are not saved; what is on disk is deployed."
        show(ls, text, types.MessageType.Warning)


def _saved_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _text(path: Path | None) -> str | None:
    return str(path) if path is not None else None
