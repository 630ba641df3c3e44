"""`mooring.registerModel`: a file or folder as the next version of a model."""

from __future__ import annotations

import re
from pathlib import Path

from mooring_lsp.answering import Answer, show
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer
from mooring_lsp.work import carry_out

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def name_for(path: Path) -> str:
    """The name a model file gets when nobody says another: its own, without the ending."""
    stem = path.name if path.is_dir() else path.stem
    return _NOT_IN_NAMES.sub("-", stem).strip("-.") or "model"


async def register_model(ls: MooringServer, asked: Asked) -> Answer:
    """Register a file or folder."""
    path = asked.path()
    task = {
        "name": "register",
        "workspace": asked.settings.workspace,
        "path": str(path),
        "model": asked.find("name", str) or name_for(path),
        "tags": asked.find("tags", dict),
        "description": asked.find("description", str),
        "framework": asked.find("framework", str),
    }
    answer = await carry_out(ls, f"Registering {path.name}", task)
    show(ls, f"Registered {answer['model']['id']}. Undo: mooring model delete -i {answer['model']['id']}")
    return answer
