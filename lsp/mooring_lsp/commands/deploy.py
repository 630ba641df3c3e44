"""`mooring.deploy`: from a script or configuration to a service that answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from lsprotocol import types

from mooring_lsp.answering import Answer, CommandFailed, add_command, show
from mooring_lsp.asked import Asked
from mooring_lsp.commands.logs import show_log
from mooring_lsp.server import MooringServer
from mooring_lsp.work import carry_out

DEPLOY = "mooring.deploy"


def register(server: MooringServer) -> None:
    """Add the command."""
    add_command(server, DEPLOY, _deploy)


async def _deploy(ls: MooringServer, asked: Asked) -> Answer:
    path = asked.path()
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
    name = task["service"] or ""
    try:
        answer = await carry_out(ls, f"Deploying {name or path.name}", task)
    except CommandFailed as failed:
        ls.failures.keep(failed.facts)
        raise
    service = answer["service"]
    ls.failures.forget(service["name"])
    show(ls, f"{service['name']} is {service['state']} at {service['scoringUri']}")
    await show_log(ls, asked.settings.workspace, service["name"])
    return answer


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
