"""`mooring/run`: one request to a service, with its own key."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked, WrongArgument


def run(asked: Asked) -> dict[str, Any]:
    """The answer to a request, whatever its status."""
    text = asked.find("text", str)
    if text is None and "data" not in asked.fields:
        raise WrongArgument("data", "the request's body; or give it as text")
    return send(asked, text if text is not None else asked.fields["data"])


def send(asked: Asked, data: Any) -> dict[str, Any]:
    """Send it; the answer with status and time, whatever they are."""
    answer = asked.workspace.services.ask(asked.service, data)
    return {
        "status": answer.status,
        "seconds": answer.seconds,
        "headers": answer.headers,
        "answer": answer.decoded(),
        "text": answer.content.decode("utf-8", "replace"),
    }
