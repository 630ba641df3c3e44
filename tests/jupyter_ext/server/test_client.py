"""The typed Python client, against the real server."""

from __future__ import annotations

import asyncio
import os

import pytest

from mooring_jupyter.client import MooringClient, RequestRefused, ServerUnreachable
from mooring_jupyter.routes import all_routes


@pytest.fixture
def client(jp_serverapp, http_server, jp_http_port, jp_base_url):
    return MooringClient(
        f"http://127.0.0.1:{jp_http_port}{jp_base_url}", jp_serverapp.identity_provider.token
    )


def test_it_has_a_method_for_every_route():
    assert [route.name for route in all_routes() if not hasattr(MooringClient, route.name)] == []


async def test_a_file_of_this_machine_becomes_a_service(client, work, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(os.urandom(20_000_000))
    (work / "score.py").write_text("def init():\n    pass\n\n\ndef run(data):\n    return [1]\n")
    sent, told = [], []

    def go():
        upload = client.upload(tmp_path / "ridge.pkl", told=lambda done, total: sent.append(done / total))
        client.wait(client.register_model({"name": "ridge", "upload": upload["id"]}))
        job = client.deploy_service({"name": "scorer", "models": ["ridge"], "entryScript": "score.py"})
        done = client.wait(job, told=told.append)
        return done, client.run_service("scorer", {"data": "x"}), client.list_models(latest=True)

    done, answer, models = await asyncio.to_thread(go)

    assert done["status"] == "done", done["error"]
    assert sent[-1] == 1
    assert told[-1] == done
    assert "checked" in {event["phase"] for event in done["events"]}
    assert answer["answer"] == [1]
    assert [model["sizeBytes"] for model in models["models"]] == [20_000_000]


async def test_it_raises_the_servers_own_words(client):
    with pytest.raises(RequestRefused) as refused:
        await asyncio.to_thread(client.show_service, "nothing")

    assert (refused.value.status, refused.value.code) == (404, "service-not-found")
    assert "nothing" in refused.value.problem


def test_nobody_there_is_told():
    with pytest.raises(ServerUnreachable):
        MooringClient("http://127.0.0.1:9/").about()
