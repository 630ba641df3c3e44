"""`/services`, their secrets and their jobs, over real processes."""

from __future__ import annotations

import json
import signal

import pytest


async def test_a_service_is_deployed_called_updated_rolled_back_and_deleted(api, finish, ridge, work):
    asked = {"name": "scorer", "models": ["diabetes:1"], "entryScript": "score.py"}
    deployed = await finish((await api("POST", "/services", asked)).json)
    answer = (await api("POST", "/services/scorer/run", {"data": {"data": [1]}})).json
    updated = await finish((await api("PATCH", "/services/scorer", {"models": ["diabetes:2"]})).json)
    details = (await api("GET", "/services/scorer")).json
    rolled = await finish((await api("POST", "/services/scorer/rollback")).json)
    reloaded = await finish((await api("POST", "/services/scorer/reload")).json)
    deleted = await finish((await api("DELETE", "/services/scorer")).json)

    ended = [job["status"] for job in (deployed, updated, rolled, reloaded, deleted)]
    assert ended == ["done"] * 5, [job["error"] for job in (deployed, updated, rolled, reloaded, deleted)]
    assert [event["phase"] for event in deployed["events"]][:2] == ["plan", "checked"]
    assert (answer["status"], answer["answer"]) == (200, [1, 2])
    assert (details["state"], details["modelIds"]) == ("Healthy", ["diabetes:2"])
    assert details["numbers"]["failed"] == 0
    assert [each["number"] for each in details["revisions"]] == [1, 2]
    assert (await api("GET", "/services")).json == {"services": []}


async def test_config_files_are_found_from_where_they_were_written_for(api, finish, ridge, work):
    project = work / "project"
    (project / "conf").mkdir(parents=True)
    (project / "src").mkdir()
    (project / "src" / "score.py").write_text((work / "score.py").read_text())
    (project / "conf" / "inferenceconfig.json").write_text(json.dumps({"entryScript": "src/score.py"}))
    (project / "conf" / "deploymentconfig.json").write_text(
        json.dumps({"computeType": "process", "authEnabled": True})
    )

    asked = {
        "name": "scorer",
        "models": ["diabetes"],
        "inferenceConfig": "project/conf/inferenceconfig.json",
        "deploymentConfig": "project/conf/deploymentconfig.json",
        "tags": {"stage": "trial"},
    }
    job = await finish((await api("POST", "/services", asked)).json)
    service = (await api("GET", "/services/scorer")).json

    assert job["status"] == "done", job["error"]
    assert (service["authEnabled"], service["tags"]) == (True, {"stage": "trial"})


async def test_a_failing_script_is_told_with_its_line(api, finish, work):
    (work / "score.py").write_text(
        "def init():\n    open('/nowhere/at/all')\n\n\ndef run(data):\n    return 1\n"
    )

    job = await finish((await api("POST", "/services", {"name": "bad", "entryScript": "score.py"})).json)
    failure = job["error"]["failure"]

    assert job["status"] == "failed"
    assert failure["excerpt"]["line"] == 2
    assert "/nowhere/at/all" in failure["excerpt"]["text"]
    assert (await api("GET", "/services/bad")).json["error"]["code"] == failure["code"]


async def test_findings_stop_a_deployment_before_anything_is_made(api, finish, work):
    (work / "score.py").write_text("def init():\n    pass\n")

    job = await finish((await api("POST", "/services", {"name": "bad", "entryScript": "score.py"})).json)

    assert job["error"]["code"] == "checks-failed"
    assert job["error"]["findings"][0]["code"] == "run-missing"
    assert (await api("GET", "/services")).json == {"services": []}


async def test_what_is_wrong_at_first_sight_begins_no_job(api, scorer, work):
    taken = await api("POST", "/services", {"name": "scorer", "entryScript": "score.py"})
    badly_named = await api("POST", "/services", {"name": "No Name", "entryScript": "score.py"})
    outside = await api("POST", "/services", {"name": "other", "entryScript": "../score.py"})
    missing = await api("POST", "/services", {"name": "other", "entryScript": "no.py"})
    unknown = await api("POST", "/services", {"name": "other", "entryScript": "score.py", "models": ["no:1"]})

    codes = [reply.json["code"] for reply in (taken, badly_named, outside, missing, unknown)]
    assert codes == [
        "service-exists",
        "service-name-invalid",
        "path-outside",
        "path-missing",
        "model-not-found",
    ]
    assert [reply.status for reply in (taken, outside, missing)] == [409, 400, 404]
    assert (await api("GET", "/jobs")).json == {"jobs": []}


async def test_a_plan_says_what_would_happen_and_makes_nothing(api, scorer, work):
    fresh = await api("POST", "/services/other/plan", {"entryScript": "score.py", "models": ["diabetes"]})
    update = await api("POST", "/services/scorer/plan", {"models": ["diabetes:2"]})

    assert (fresh.json["reason"], fresh.json["modelIds"]) == ("deploy", ["diabetes:2"])
    assert (update.json["reason"], update.json["revision"]) == ("update", 2)
    assert [each["name"] for each in (await api("GET", "/services")).json["services"]] == ["scorer"]


async def test_programs_that_ask_hold_no_key(api, scorer):
    snippets = (await api("GET", "/services/scorer/consume")).json["snippets"]
    keys = (await api("POST", "/services/scorer/keys")).json

    assert len(snippets) == 6
    assert all(scorer.scoring_uri in each["text"] for each in snippets if each["language"] != "java")
    assert not any(key in json.dumps(snippets) for key in keys.values())


async def test_a_form_makes_a_request(api, scorer):
    form = (await api("GET", "/services/scorer/form")).json
    body = (await api("POST", "/services/scorer/form", {"values": {form["fields"][0]["name"]: [1]}})).json[
        "body"
    ]

    assert form["service"] == "scorer"
    assert body == ([1] if form["fields"][0]["name"] == "" else {form["fields"][0]["name"]: [1]})


async def test_keys_are_shown_on_a_post_only_and_replaced(api, scorer):
    told = (await api("POST", "/services/scorer/keys")).json
    await api("POST", "/services/scorer/keys/regenerate", {"key": "primary"})
    after = (await api("POST", "/services/scorer/keys")).json
    read = await api("GET", "/services/scorer/keys")
    everything_else = [
        (await api("GET", path)).json
        for path in ("/services", "/services/scorer", "/services/scorer/logs", "/jobs")
    ]

    assert after["primaryKey"] != told["primaryKey"]
    assert after["secondaryKey"] == told["secondaryKey"]
    assert read.status == 405
    assert told["secondaryKey"] not in json.dumps(everything_else)


async def test_a_service_without_tokens_says_so(api, scorer):
    refused = await api("POST", "/services/scorer/token")

    assert (refused.status, refused.json["code"]) == (409, "auth-off")


async def test_an_error_of_the_script_is_an_answer(api, finish, work, scorer):
    (work / "score.py").write_text(
        "def init():\n    pass\n\n\ndef run(data):\n    raise ValueError('too small')\n"
    )
    await finish((await api("POST", "/services/scorer/reload")).json)

    answer = (await api("POST", "/services/scorer/run", {"data": "x"})).json

    assert answer["status"] == 500


async def test_the_log_is_read_from_its_end_and_on(api, finish, work, scorer):
    (work / "score.py").write_text(
        "def init():\n    pass\n\n\ndef run(data):\n    print('asked', data)\n    return 1\n"
    )
    await finish((await api("POST", "/services/scorer/reload")).json)
    before = (await api("GET", "/services/scorer/logs?lines=3")).json
    await api("POST", "/services/scorer/run", {"data": "x"})

    lines: list[str] = []
    cursor = before["cursor"]
    while not any("asked x" in line for line in lines):
        after = (await api("GET", "/services/scorer/logs", params={"cursor": cursor})).json
        lines += [line["text"] for line in after["lines"]]
        cursor = after["cursor"]

    assert len(before["lines"]) == 3
    assert not any("asked x" in line["text"] for line in before["lines"])


@pytest.mark.parametrize("inherited", [signal.default_int_handler, signal.SIG_IGN], ids=["", "ignored"])
async def test_a_cancelled_deployment_is_undone(api, finish, work, inherited):
    """Also when the server was put into the background, where whoever it starts is deaf to interrupts."""
    before = signal.signal(signal.SIGINT, inherited)
    (work / "score.py").write_text(
        "import time\n\n\ndef init():\n    time.sleep(60)\n\n\ndef run(data):\n    return 1\n"
    )
    job = (await api("POST", "/services", {"name": "slow", "entryScript": "score.py"})).json
    signal.signal(signal.SIGINT, before)
    while "started" not in {event["phase"] for event in job["events"]}:
        job = (await api("GET", f"/jobs/{job['id']}")).json
        assert job["status"] == "running", job

    await api("DELETE", f"/jobs/{job['id']}")
    job = await finish(job)

    assert job["status"] == "cancelled"
    assert (await api("GET", "/services")).json == {"services": []}
