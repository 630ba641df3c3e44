"""`/models` and `/uploads`."""

from __future__ import annotations

import asyncio
import os


async def test_models_are_listed_searched_and_paged(api, ridge):
    everything = (await api("GET", "/models")).json
    page = (await api("GET", "/models?limit=1")).json
    rest = (await api("GET", f"/models?limit=1&before={page['next']}")).json
    found = (await api("GET", "/models", params={"search": "HEALTH scikit"})).json
    tagged = (await api("GET", "/models", params={"tag": "area=health"})).json

    assert [model["id"] for model in everything["models"]] == ["diabetes:2", "diabetes:1"]
    assert page["next"] == "diabetes:2"
    assert [model["id"] for model in rest["models"]] == ["diabetes:1"]
    assert [model["id"] for model in found["models"]] == ["diabetes:1"]
    assert [model["id"] for model in tagged["models"]] == ["diabetes:1"]


async def test_one_version_shows_its_files_and_who_uses_it(api, scorer):
    model = (await api("GET", "/models/diabetes/versions/1")).json

    assert [file["path"] for file in model["files"]] == ["ridge.pkl"]
    assert model["usedBy"] == ["scorer"]


async def test_a_file_is_registered_by_a_job(api, finish, work):
    (work / "models").mkdir()
    (work / "models" / "ridge.pkl").write_bytes(b"x" * 1000)

    begun = await api("POST", "/models", {"name": "ridge", "path": "models/ridge.pkl", "tags": {"a": "b"}})
    job = await finish(begun.json)

    assert begun.status == 202
    assert (job["status"], job["result"], job["share"]) == ("done", "ridge:1", 1.0)
    assert (await api("GET", "/models/ridge/versions/1")).json["tags"] == {"a": "b"}


async def test_tags_and_description_change(api, ridge):
    changed = await api(
        "PATCH", "/models/diabetes/versions/2", {"tags": {"stage": "trial"}, "description": None}
    )

    assert changed.json["tags"] == {"stage": "trial"}
    assert changed.json["description"] is None


async def test_versions_are_compared(api, ridge):
    told = (await api("GET", "/models/diabetes/versions/1/compare/2")).json

    fields = {each["field"]: each for each in told["fields"]}
    assert (told["first"], told["second"]) == ("diabetes:1", "diabetes:2")
    assert fields["digest"]["same"]
    assert not fields["description"]["same"]
    assert fields["tag area"] == {"field": "tag area", "first": "health", "second": "", "same": False}


async def test_a_model_in_use_stays(api, scorer):
    refused = await api("DELETE", "/models/diabetes/versions/1")
    deleted = await api("DELETE", "/models/diabetes/versions/2")

    assert (refused.status, refused.json["code"]) == (409, "model-in-use")
    assert (deleted.status, deleted.json) == (204, None)


async def test_an_upload_goes_on_after_a_broken_connection(api, finish):
    content = os.urandom(300_000)
    upload = (await api("POST", "/uploads", {"name": "ridge.pkl", "sizeBytes": len(content)})).json
    place = f"/uploads/{upload['id']}"

    first = await api("PATCH", place, content[:100_000], headers={"Upload-Offset": "0"})
    wrong = await api("PATCH", place, content[:100], headers={"Upload-Offset": "0"})
    early = await api("POST", "/models", {"name": "ridge", "upload": upload["id"]})
    offset = (await api("GET", place)).json["offset"]
    await api("PATCH", place, content[offset:], headers={"Upload-Offset": str(offset)})
    job = await finish((await api("POST", "/models", {"name": "ridge", "upload": upload["id"]})).json)
    model = (await api("GET", "/models/ridge/versions/1")).json

    assert first.json["offset"] == offset == 100_000
    assert (wrong.status, wrong.json["code"]) == (409, "upload-offset")
    assert early.json["code"] == "upload-unfinished"
    assert job["status"] == "done"
    assert (model["entry"], model["sizeBytes"]) == ("ridge.pkl", 300_000)
    assert (await api("GET", place)).status == 404


async def test_an_upload_takes_no_more_than_was_announced(api):
    upload = (await api("POST", "/uploads", {"name": "ridge.pkl", "sizeBytes": 10})).json

    refused = await api("PATCH", f"/uploads/{upload['id']}", b"x" * 11, headers={"Upload-Offset": "0"})

    assert (refused.status, refused.json["code"]) == (413, "upload-too-large")
    assert (await api("GET", f"/uploads/{upload['id']}")).json["offset"] <= 10


async def test_a_cancelled_registration_leaves_nothing(api, finish, work):
    with (work / "big.pkl").open("wb") as file:
        file.truncate(20_000_000_000)  # holes: no byte on the disk, and many seconds to read

    job = (await api("POST", "/models", {"name": "big", "path": "big.pkl"})).json
    while not job["text"]:
        await asyncio.sleep(0.02)
        job = (await api("GET", f"/jobs/{job['id']}")).json
    await api("DELETE", f"/jobs/{job['id']}")
    job = await finish(job)

    assert job["status"] == "cancelled"
    assert (await api("GET", "/models")).json["models"] == []
