"""`mooring.test`: one request with a sample, and its answer in one line."""

from __future__ import annotations

import asyncio
import json

from lsprotocol import types

from mooring_lsp.answering import Answer, show
from mooring_lsp.asked import Asked
from mooring_lsp.requests.run import send
from mooring_lsp.server import MooringServer

_OK = 200
_SHOWN = 200


async def test(ls: MooringServer, asked: Asked) -> Answer:
    """Send a sample, or what was given, and show the answer."""
    data, told = asked.fields.get("data"), ""
    if data is None:
        form = await asyncio.to_thread(lambda: asked.workspace.services.request_form(asked.service))
        if form.sample is None:
            text = f"{asked.service} has no sample. Register its model with one, or declare its schema in the script."
            show(ls, text, types.MessageType.Warning)
            return {"status": None, "seconds": None, "text": "", "answer": None}
        data, told = form.sample, f" (sample of the {form.source})"
    answer = await asyncio.to_thread(send, asked, data)
    kind = types.MessageType.Info if answer["status"] == _OK else types.MessageType.Error
    shown = json.dumps(data, ensure_ascii=False)[:_SHOWN]
    took = f"{answer['status']} in {answer['seconds'] * 1000:.1f} ms"
    show(ls, f"{asked.service}: {took}{told}: {shown} → {answer['text'][:_SHOWN]}", kind)
    return answer
