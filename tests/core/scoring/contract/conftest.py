"""An application around a script, in this process, with the process put back afterwards."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mooring.scoring.contract.application import Application
from mooring.scoring.messages import Request, Response
from mooring.scoring.settings import ServerSettings

OFFERED = ("azure", "azureml", "azureml_inference_server_http", "inference_schema", "sklearn")


class Served:
    """A loaded application and short ways to ask it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def ask(
        self,
        method: str,
        target: str = "/score",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Response:
        path, _, query = target.partition("?")
        pairs = [(name.lower(), value) for name, value in (headers or {}).items()]
        answer = self.application.answer(Request(method, target, path, query, pairs, body))
        if inspect.isawaitable(answer):
            answer = asyncio.run(_awaited(answer))
        assert isinstance(answer, Response)
        return answer

    def post(self, value: Any, **headers: str) -> Response:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask("POST", body=body, headers={"Content-Type": "application/json", **headers})


async def _awaited(answer: Any) -> Any:
    return await answer


@pytest.fixture
def process() -> Iterator[None]:
    """Put back what a script's start changes."""
    folder, path, finders = Path.cwd(), list(sys.path), list(sys.meta_path)
    before = set(sys.modules)
    yield
    os.chdir(folder)
    sys.path[:] = path
    sys.meta_path[:] = finders
    for name in set(sys.modules) - before:
        origin = getattr(sys.modules[name], "__file__", None) or ""
        if name.partition(".")[0] in OFFERED or "pytest-of-" in origin:
            del sys.modules[name]


@pytest.fixture
def load(tmp_path: Path, process: None) -> Callable[..., Served]:
    """Write a script and load it."""

    def write_and_load(script: str, files: dict[str, str] | None = None, **settings: Any) -> Served:
        entry = settings.pop("entry_script", "score.py")
        text = textwrap.dedent(script)
        if "def init" not in text:
            text = "def init():\n    pass\n" + text
        for name, content in {entry: text, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        application = Application(ServerSettings(app_root=str(tmp_path), entry_script=entry, **settings))
        application.load()
        return Served(application)

    return write_and_load
