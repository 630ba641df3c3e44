"""From a model to a service that answers, without leaving the editor: real processes, the packaged server."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.uris import to_fs_path

from mooring.workspace import Workspace

SCRIPT = """\
import json
import os


def init():
    global factor
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "factor.json")) as file:
        factor = json.load(file)


def run(raw_data):
    print("asked", raw_data)
    return [factor * each for each in json.loads(raw_data)["data"]]
"""
HERE = {"name": "here", "python": {"userManagedDependencies": True, "interpreterPath": sys.executable}}

pytestmark = pytest.mark.asyncio


@pytest.fixture
def project(folder: Path) -> Path:
    """A script with its configurations and a registered model, in the interpreter that runs the tests."""
    (folder / "score.py").write_text(SCRIPT)
    (folder / "factor.json").write_text("2")
    config = {"entryScript": "score.py", "environment": HERE}
    (folder / "inferenceconfig.json").write_text(json.dumps(config))
    with Workspace.open() as workspace:
        workspace.models.register(folder / "factor.json", "doubler", sample_input={"data": [1, 2]})
    return folder


async def test_a_script_becomes_a_service_that_is_tested_updated_and_stopped(editor, project):
    uri = editor.open("score.py", SCRIPT)
    proposal = await editor.ask("mooring/proposal", uri=uri)
    assert (proposal["service"], proposal["exists"], proposal["models"]) == ("doubler", False, ["doubler:1"])
    assert proposal["inferenceConfig"] == editor.uri("inferenceconfig.json")

    deployed = await editor.command("mooring.deploy", uri=uri)
    assert deployed["ok"], deployed
    assert deployed["service"]["state"] == "Healthy"
    assert deployed["service"]["modelIds"] == ["doubler:1"]
    overview = await editor.ask("mooring/overview")
    assert deployed["service"].keys() == overview["services"][0].keys()
    assert deployed["service"]["scriptUri"] == uri

    log = Path(to_fs_path((await editor.command("mooring.showLogs", service="doubler"))["uri"]))
    while "[healthy] " not in (written := await asyncio.to_thread(log.read_text)):  # noqa: ASYNC110
        await asyncio.sleep(0.1)  # it is written on while it is shown
    assert "[plan] doubler → process" in written

    tested = await editor.command("mooring.test", service="doubler")
    assert (tested["status"], tested["answer"]) == (200, [2, 4])
    answer = await editor.ask("mooring/run", service="doubler", data={"data": [10]})
    assert (answer["status"], answer["answer"]) == (200, [20])
    assert 0 < answer["seconds"] < 60

    (project / "factor.json").write_text("3")
    registered = await editor.command("mooring.registerModel", uri=editor.uri("factor.json"), name="doubler")
    assert registered["model"]["id"] == "doubler:2"
    updated = await editor.command("mooring.update", service="doubler")
    assert updated["service"]["modelIds"] == ["doubler:2"]
    assert updated["service"]["scoringUri"] == deployed["service"]["scoringUri"]
    back = await editor.command("mooring.rollback", service="doubler")
    assert back["service"]["modelIds"] == ["doubler:1"]

    stopped = await editor.command("mooring.stop", service="doubler", confirmed=True)
    assert stopped == {"ok": True, "service": "doubler"}
    overview = await editor.ask("mooring/overview")
    assert overview["services"] == []
    assert [(each["name"], each["versions"]) for each in overview["models"]] == [("doubler", 2)]
    assert "process" in [each["name"] for each in overview["targets"]]


async def test_a_start_that_fails_is_told_on_its_line_until_the_line_is_mended(editor, project):
    broken = SCRIPT.replace("factor.json", "faktor.json")
    (project / "score.py").write_text(broken)
    uri = editor.open("score.py", broken)
    await editor.diagnostics(uri)

    failed = await editor.command("mooring.deploy", uri=uri, models=["doubler:1"])

    assert not failed["ok"]
    assert failed["error"]["failure"]["code"] == "init-file-missing"
    shown = await editor.diagnostics(uri, until=lambda codes: "init-file-missing" in codes)
    (found,) = [each for each in shown if each.code == "init-file-missing"]
    assert found.range.start.line == 6
    assert found.source == "mooring"
    editor.replace(uri, 2, SCRIPT)
    assert await editor.diagnostics(uri, 2) == []


def waiting(gate: Path) -> str:
    """The script, whose init() goes on once the file is there."""
    lines = f"    import time\n    while not os.path.exists({str(gate)!r}):\n        time.sleep(0.05)\n"
    return SCRIPT.replace("    global factor\n", "    global factor\n" + lines)


async def test_a_deployment_shows_its_phases_and_is_undone_when_it_is_cancelled(editor, project, tmp_path):
    script = waiting(tmp_path / "never")
    (project / "score.py").write_text(script)
    uri = editor.open("score.py", script)
    work = asyncio.ensure_future(editor.command("mooring.deploy", uri=uri))
    token = await editor.progress_until("started")
    titles = await editor.lens_titles(uri)
    assert titles[0].startswith("doubler ◌ ")
    assert titles[0].endswith(" s")
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    assert await work == {"ok": False, "cancelled": True}
    assert (await editor.ask("mooring/overview"))["services"] == []
    phases = [each.message for each in editor.client.progress_reports[token] if each.kind == "report"]
    assert any(each.startswith("plan: doubler → process") for each in phases)
    assert editor.client.progress_reports[token][-1].kind == "end"


async def test_a_server_that_is_killed_in_the_middle_takes_nothing_along(
    doomed_editor, pulling_editor, project, tmp_path
):
    gate = tmp_path / "gate"
    script = waiting(gate)
    (project / "score.py").write_text(script)
    uri = doomed_editor.open("score.py", script)
    work = asyncio.ensure_future(doomed_editor.command("mooring.deploy", uri=uri))
    await doomed_editor.progress_until("started")
    doomed_editor.client._server.kill()
    work.cancel()
    again = pulling_editor.open("score.py", script)
    assert (await pulling_editor.lens_titles(again))[0].startswith("doubler ◌ ")
    gate.touch()
    while not (line := (await pulling_editor.lens_titles(again))[0]).startswith("doubler ● Healthy"):
        assert line.startswith("doubler ◌ ")
        await asyncio.sleep(0.3)
    answer = await pulling_editor.ask("mooring/run", service="doubler", data={"data": [4]})
    assert answer["answer"] == [8]


async def test_what_cannot_be_done_is_answered_with_problem_and_remedy(editor, project):
    answer = await editor.command("mooring.test", service="nobody")
    assert answer["error"]["code"] == "service-not-found"
    assert "nobody" in editor.client.messages[-1].message
    assert editor.client.messages[-1].type == types.MessageType.Error
    with pytest.raises(Exception, match="nobody"):
        await editor.ask("mooring/service", service="nobody")
    with pytest.raises(Exception, match="service should be a text"):
        await editor.ask("mooring/service")


async def test_a_client_that_shows_outcomes_is_answered_and_nothing_else(pulling_editor):
    answer = await pulling_editor.command("mooring.test", service="nobody")

    assert answer["error"]["code"] == "workspace-empty"
    assert pulling_editor.client.messages == []


async def test_a_log_is_streamed_resumed_and_never_more_than_four_batches_ahead(editor, project):
    uri = editor.open("score.py", SCRIPT)
    assert (await editor.command("mooring.deploy", uri=uri))["ok"]
    for number in range(30):
        await editor.ask("mooring/run", service="doubler", data={"data": [number]})
    first = await editor.subscribe("doubler")
    seen = await first.until(lambda items: any('"data": [29]' in each["text"] for each in items))
    asked = asked_in(seen)
    assert len(asked) == 30
    assert {"event", "line"} == {each["kind"] for each in seen}

    middle = next(each["cursor"] for each in seen if each["text"].endswith(asked[9]))
    second = await editor.subscribe("doubler", cursor=middle)
    again = await second.until(lambda items: any('"data": [29]' in each["text"] for each in items))
    assert asked_in(again) == asked[11:]

    end = await editor.subscribe("doubler", last=3)
    assert [each["cursor"] for each in await end.until(bool)] == [each["cursor"] for each in again[-3:]]

    await editor.command("mooring.stop", service="doubler", confirmed=True)
    await second.until_ended()


async def test_a_client_that_does_not_acknowledge_stops_the_stream(editor, project):
    chatty = SCRIPT.replace(
        '    print("asked", raw_data)\n', '    for n in range(700):\n        print("line", n)\n'
    )
    (project / "score.py").write_text(chatty)
    assert (await editor.command("mooring.deploy", uri=editor.uri("score.py")))["ok"]
    for _ in range(5):
        await editor.ask("mooring/run", service="doubler", data={"data": [1]})
    reader = await editor.subscribe("doubler")
    first = [await asyncio.wait_for(reader.batches.get(), 30) for _ in range(4)]
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(reader.batches.get(), 1)
    for batch in first:
        reader.batches.put_nowait(batch)
    seen = await reader.until(lambda items: sum("print - line 699" in each["text"] for each in items) == 6)
    lines = [each["text"].partition(" - ")[2] for each in seen if "print - line" in each["text"]]
    assert lines == [f"line {n}" for _ in range(6) for n in range(700)]


def asked_in(items: list[dict]) -> list[str]:
    """Requests in a log, without the sample that a deployment sends."""
    return [each["text"].partition(" - ")[2] for each in items if " - asked" in each["text"]][1:]
