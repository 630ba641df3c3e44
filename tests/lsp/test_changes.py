"""What happens elsewhere shows here, within a second: registrations, deployments, failures."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import pytest
from lsprotocol import types

from mooring.configs import InferenceConfig
from mooring.workspace import Workspace

SCRIPT = 'from azureml.core import Model\n\n\ndef init():\n    Model.get_model_path("iris")\n\n\ndef run(x):\n    return x\n'
PLAIN = 'def init():\n    print("loading")\n\n\ndef run(raw_data):\n    return raw_data\n'
HERE = {"name": "here", "python": {"userManagedDependencies": True, "interpreterPath": sys.executable}}

pytestmark = pytest.mark.asyncio


async def changed(editor, kind: str) -> dict:
    while True:
        change = await asyncio.wait_for(editor.client.changes.get(), 20)
        if kind in change["changed"]:
            return change


async def test_a_registration_elsewhere_is_told_within_a_second_and_changes_the_findings(editor, tmp_path):
    file = tmp_path / "model.pkl"
    file.write_bytes(b"1")
    with Workspace.open() as workspace:
        workspace.models.register(file, "wine")
        uri = editor.open("score.py", SCRIPT)
        await editor.diagnostics(uri, until=lambda codes: "model-unknown" in codes)
        while not editor.client.changes.empty():
            editor.client.changes.get_nowait()
        workspace.models.register(file, "iris")
        began = time.monotonic()
        change = await changed(editor, "models")
        assert time.monotonic() - began < 1
    assert change["workspace"] == "default"
    await editor.diagnostics(uri, until=lambda codes: "model-unknown" not in codes)
    assert types.WORKSPACE_INLAY_HINT_REFRESH in editor.client.refreshed


async def test_a_deployment_elsewhere_shows_above_run_and_says_when_the_script_was_edited(editor, folder):
    (folder / "score.py").write_text(PLAIN)
    config = {"entryScript": str(folder / "score.py"), "environment": HERE}
    (folder / "inferenceconfig.json").write_text(json.dumps(config))
    uri = editor.open("score.py", PLAIN)
    shown = editor.open("inferenceconfig.json", json.dumps(config), language="json")
    assert await editor.lens_titles(uri) == ["Deploy this model…"]
    with Workspace.open() as workspace:
        inference = InferenceConfig.load(folder / "inferenceconfig.json")
        await asyncio.to_thread(workspace.services.deploy, "elsewhere", [], inference)
        await changed(editor, "services")
        line, *actions = await editor.lens_titles(uri)
        assert line.startswith("elsewhere ● Healthy")
        assert actions == ["Test", "Logs", "Update", "Stop"]
        assert (await editor.lens_titles(shown))[0].startswith("elsewhere ● Healthy")
        workspace.services.ask("elsewhere", "{}")
        (folder / "score.py").write_text(PLAIN + "# more\n")
        line = (await editor.lens_titles(uri))[0]
        assert line.startswith("elsewhere ● Healthy (edited since) · p99 ≤ ")
        assert line.endswith(" · 0 errors")
        await asyncio.to_thread(workspace.services.delete, "elsewhere")
    await changed(editor, "services")
    assert await editor.lens_titles(uri) == ["Deploy this model…"]
