"""`mooring.update`, `mooring.reload`, `mooring.rollback`, `mooring.stop`: what is done to a service that is there."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from mooring_lsp.answering import Answer, Cancelled, CommandFailed, show
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer
from mooring_lsp.work import carry_out

_DOING = {"update": "Updating", "reload": "Reloading", "rollback": "Rolling back"}


async def update(ls: MooringServer, asked: Asked) -> Answer:
    """Serve the newest versions of the models, or what is given."""
    return await _change("update", ls, asked)


async def reload(ls: MooringServer, asked: Asked) -> Answer:
    """Run the script as it is on disk now."""
    return await _change("reload", ls, asked)


async def rollback(ls: MooringServer, asked: Asked) -> Answer:
    """Serve the previous revision again."""
    return await _change("rollback", ls, asked)


async def _change(name: str, ls: MooringServer, asked: Asked) -> Answer:
    task: dict[str, Any] = {
        "name": name,
        "workspace": asked.settings.workspace,
        "service": asked.service,
        "models": asked.texts("models"),
    }
    for field in ("inferenceConfig", "deploymentConfig"):
        path = asked.find_path(field)
        task[field] = str(path) if path is not None else None
    try:
        answer = await carry_out(ls, f"{_DOING[name]} {asked.service}", task)
    except CommandFailed as failed:
        ls.failures.keep(failed.facts)
        raise
    ls.failures.forget(asked.service)
    service = answer["service"]
    undo = f"Undo: mooring service rollback -n {service['name']}"
    show(ls, f"{service['name']} serves {', '.join(service['modelIds']) or 'no model'}. {undo}")
    return answer


async def stop(ls: MooringServer, asked: Asked) -> Answer:
    """Delete a service, once the user has said so."""
    name = asked.service
    if not (asked.find("confirmed", bool) or ls.options.asks):
        question = f"Stop {name}? The service, its URL and its keys are deleted."
        stop = types.MessageActionItem("Stop")
        params = types.ShowMessageRequestParams(
            types.MessageType.Warning, question, [stop, types.MessageActionItem("Keep it")]
        )
        chosen = await ls.window_show_message_request_async(params)
        if chosen is None or chosen.title != stop.title:
            raise Cancelled
    task = {"name": "stop", "workspace": asked.settings.workspace, "service": name}
    answer = await carry_out(ls, f"Stopping {name}", task)
    ls.failures.forget(name)
    show(ls, f"{name} is stopped and deleted.")
    return answer
