"""Environments, places, files, the demo, and what is wrong with requests."""

from __future__ import annotations

import json

import pytest

from mooring_jupyter.shapes import Job


async def test_environments_are_registered_from_files_and_listed(api, work):
    (work / "myenv.yml").write_text(
        "name: x\ndependencies:\n  - python=3.11\n  - pip:\n      - scikit-learn==1.5.0\n"
    )

    made = await api("POST", "/environments", {"name": "scoring", "path": "myenv.yml"})
    listed = (await api("GET", "/environments")).json["environments"]
    versions = (await api("GET", "/environments?name=scoring")).json["environments"]
    unknown = await api("GET", "/environments?name=nothing")

    assert made.status == 201
    assert (listed[0]["name"], listed[0]["pythonVersion"]) == ("scoring", "3.11")
    assert listed[0]["packages"] == ["scikit-learn==1.5.0"]
    assert versions == listed
    assert (unknown.status, unknown.json["code"]) == (404, "environment-not-found")


async def test_places_say_whether_they_take_services(api):
    targets = {each["name"]: each for each in (await api("GET", "/compute")).json["targets"]}

    assert targets["process"]["available"]
    assert "docker" in targets
    assert all(each["available"] or each["remedy"] for each in targets.values())


async def test_settings_of_a_place_hold_no_key(api):
    told = (await api("GET", "/compute/local/settings")).json["settings"]

    names = [setting["name"] for setting in told]
    assert "port" in names
    assert not any("key" in name for name in names)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("ridge.pkl", "a model", "model"),
        ("net.onnx", "a model", "model"),
        ("score.py", "def init():\n    pass\n\ndef run(data):\n    return 1\n", "script"),
        ("train.py", "print(1)\n", "other"),
        ("ic.json", '{"entryScript": "score.py"}', "inference-config"),
        ("dc.json", '{"computeType": "local"}', "deployment-config"),
        ("myenv.yml", "dependencies:\n  - python=3.11\n", "environment"),
        ("requirements.txt", "numpy\n", "environment"),
        ("a.ipynb", "{}", "notebook"),
        ("notes.txt", "hello", "other"),
    ],
    ids=lambda value: value.split("\n")[0],
)
async def test_a_file_is_told_by_what_it_holds(api, work, name, text, kind):
    (work / name).write_text(text)

    assert (await api("GET", "/files", params={"path": name})).json["kind"] == kind


async def test_a_model_file_brings_what_lies_beside_it(api, work, ridge):
    (work / "inferenceconfig.json").write_text('{"entryScript": "score.py"}')

    facts = (await api("GET", "/files?path=ridge.pkl")).json

    assert facts["registered"] == ["diabetes:2"]
    assert facts["proposal"]["inferenceConfig"] == "inferenceconfig.json"
    assert facts["proposal"]["entryScript"] == "score.py"
    assert facts["suggestedName"] == "ridge"


async def test_findings_of_a_script(api, work):
    (work / "score.py").write_text("def init():\n    pass\n\n\ndef run(data)\n    return 1\n")

    found = (await api("GET", "/files/findings?path=score.py")).json["findings"]

    assert [(each["path"], each["line"], each["severity"]) for each in found] == [("score.py", 5, "error")]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("POST", "/models", {"path": "x"}, 400, "'name' is a required property"),
        ("POST", "/models", {"name": 3, "path": "x"}, 400, "body/name: 3 is not of type 'string'"),
        ("POST", "/models", {"name": "a b", "path": "x"}, 400, "'a b'"),
        ("POST", "/models", {"name": "x", "path": "x", "nme": "y"}, 400, "'nme' was unexpected"),
        ("POST", "/models", b"{", 400, "body: it is no JSON"),
        ("GET", "/models?limt=1", None, 400, "did you mean 'limit'?"),
        ("GET", "/models?limit=many", None, 400, "'many' is no whole number"),
        ("GET", "/models/x/versions/first", None, 400, "'first' is no whole number"),
        ("GET", "/models/x/versions/1", None, 404, "Model 'x:1' is not registered"),
        ("GET", "/services/nothing", None, 404, "nothing"),
        ("GET", "/models?workspace=nowhere", None, 404, "There is no workspace named 'nowhere'"),
        ("GET", "/jobs/1", None, 404, "There is no job '1'"),
        ("GET", "/files?path=../secret", None, 400, "outside of the folder"),
        ("GET", "/compute/mainframe/settings", None, 400, "mainframe"),
        ("DELETE", "/models", None, 405, "DELETE is not answered here"),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_request_is_told(api, method, path, body, status, told):
    reply = await api(method, path, body)

    assert reply.status == status, reply.json
    assert told in reply.json["message"]
    assert reply.json["code"]


async def test_workspaces_are_apart(api, ridge):
    from mooring.workspace import Workspace

    Workspace.create("other")

    assert (await api("GET", "/models?workspace=other")).json["models"] == []
    assert (await api("GET", "/about")).json["workspaces"] == ["default", "other"]


async def test_the_description_names_every_route_and_shape(api):
    told = (await api("GET", "/openapi.json")).json

    assert told["openapi"] == "3.1.0"
    assert set(told["components"]["schemas"]["Job"]["properties"]) == set(Job.__annotations__)
    assert json.dumps(told).count("operationId") > 30


async def test_another_server_on_the_same_home_sees_the_same_work(api, ridge, work, finish, home):
    """Two people, each with a server of their own, on one home: what one begins, the other sees and may cancel."""
    from mooring.settings import load_settings
    from mooring_jupyter.jobs.book import JobBook

    (work / "score.py").write_text(
        "import time\ntime.sleep(60)\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return 1\n"
    )
    job = (await api("POST", "/services", {"name": "slow", "entryScript": "score.py"})).json
    while "started" not in {event["phase"] for event in job["events"]}:
        job = (await api("GET", f"/jobs/{job['id']}")).json
        assert job["status"] == "running", job
    other = JobBook(load_settings(), work)

    seen = other.find()
    other.cancel(job["id"])
    job = await finish(job)

    assert [each["id"] for each in seen] == [job["id"]]
    assert job["status"] == "cancelled"
    assert (await api("GET", "/services")).json == {"services": []}


async def test_a_job_whose_process_was_killed_is_told(api, ridge, work, finish):
    import os
    import signal

    from mooring.settings import load_settings
    from mooring_jupyter.jobs.record import read_job

    (work / "score.py").write_text(
        "import time\ntime.sleep(60)\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return 1\n"
    )
    job = (await api("POST", "/services", {"name": "slow", "entryScript": "score.py"})).json
    while "started" not in {event["phase"] for event in job["events"]}:
        job = (await api("GET", f"/jobs/{job['id']}")).json
        assert job["status"] == "running", job
    _, owner = read_job(load_settings().workspace_dir / "jobs" / f"{job['id']}.jsonl")

    os.kill(owner.pid, signal.SIGKILL)
    job = await finish(job)

    assert (job["status"], job["error"]["code"]) == ("failed", "job-died")
