"""A real Jupyter server with the extension, which answers nobody whom it does not know."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403 (plugins can only be named in the topmost conftest)
from tornado.httpclient import HTTPClientError

_PATIENCE_S = 120.0
"""On a machine that has more to do; whoever waits goes on as soon as it can."""


@dataclass
class Reply:
    """An answer of the interface."""

    status: int
    json: Any
    headers: Any


@pytest.fixture
def jp_server_config():
    return {
        "ServerApp": {
            # terminals open a WebSocket of which the server itself says that it is not protected
            "jpserver_extensions": {"mooring_jupyter": True, "jupyter_server_terminals": False},
            "allow_unauthenticated_access": False,
        }
    }


@pytest.fixture
def work(jp_root_dir):
    """The folder that the file browser shows."""
    return jp_root_dir


@pytest.fixture
def api(jp_fetch):
    """Sends a request, `await api("POST", "/models", {...})`, and gives the reply whatever its status."""

    async def call(method: str, path: str, body: Any = None, **more: Any) -> Reply:
        path, _, query = path.partition("?")
        more.setdefault("params", dict(pair.split("=", 1) for pair in query.split("&") if pair))
        more.setdefault("request_timeout", _PATIENCE_S)
        if method in ("POST", "PATCH"):
            more["body"] = body if isinstance(body, bytes) else json.dumps(body)
        try:
            response = await jp_fetch("mooring", "api", *path.strip("/").split("/"), method=method, **more)
        except HTTPClientError as error:
            if error.response is None:
                raise
            response = error.response
        text = response.body.decode()
        return Reply(response.code, json.loads(text) if text else None, response.headers)

    return call


@pytest.fixture
def finish(api):
    """Waits until a job has ended."""

    async def wait(job: dict[str, Any], timeout_s: float = _PATIENCE_S) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        while job["status"] == "running":
            assert time.monotonic() < deadline, job
            await asyncio.sleep(0.05)
            job = (await api("GET", f"/jobs/{job['id']}")).json
        return job

    return wait


@pytest.fixture
def ridge(work, home):
    """`diabetes:1` and `diabetes:2`."""
    from mooring.workspace import Workspace

    (work / "ridge.pkl").write_bytes(b"a model")
    (work / "score.py").write_text("def init():\n    pass\n\n\ndef run(data):\n    return [1, 2]\n")
    with Workspace.open() as workspace:
        workspace.models.register(
            work / "ridge.pkl", "diabetes", tags={"area": "health"}, framework="ScikitLearn"
        )
        return workspace.models.register(work / "ridge.pkl", "diabetes", description="second")


@pytest.fixture
def scorer(ridge, work):
    """A service that runs, with keys."""
    from mooring.configs import InferenceConfig, ProcessDeploymentConfig
    from mooring.workspace import Workspace

    with Workspace.open() as workspace:
        inference = InferenceConfig(entry_script=str(work / "score.py"))
        deployment = ProcessDeploymentConfig(auth_enabled=True)
        return workspace.services.deploy("scorer", ["diabetes:1"], inference, deployment)
