"""Two people on one server, through a real reverse proxy: requests, uploads and the event stream under a base URL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import time

import pytest
from jupyter_server.auth import Authorizer, IdentityProvider, User

from mooring_jupyter.client import MooringClient, RequestRefused, ServerUnreachable

TOKENS = {"anna-s-token": "anna", "ben-s-token": "ben"}
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    print('asked', data)\n    return [1, 2]\n"
CONFIG = """
defaults
  mode http
  timeout connect 30s
  timeout client 120s
  timeout server 120s
  timeout tunnel 1h

frontend hub
  bind 127.0.0.1:{port}
  use_backend anna if {{ path_beg /user/anna/ }}

backend anna
  server jupyter 127.0.0.1:{server}
"""


class TwoPeople(IdentityProvider):
    """Knows each by a token."""

    async def get_user_token(self, handler):
        name = TOKENS.get(self.get_token(handler) or "")
        return User(username=name) if name else None


class BenReads(Authorizer):
    """Anna may do everything, Ben read everything but secrets."""

    def is_authorized(self, handler, user, action, resource):
        return user.username == "anna" or (action == "read" and resource != "mooring:secrets")


@pytest.fixture
def jp_base_url():
    return "/user/anna/"


@pytest.fixture
def jp_server_config(jp_server_config):
    jp_server_config["ServerApp"]["identity_provider_class"] = TwoPeople
    jp_server_config["ServerApp"]["authorizer_class"] = BenReads
    return jp_server_config


@pytest.fixture
def proxy(jp_serverapp, http_server, jp_http_port, tmp_path, missing):
    """The address at which a browser would find the server."""
    haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if haproxy is None:
        missing("HAProxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "haproxy.cfg").write_text(CONFIG.format(port=port, server=jp_http_port))
    running = subprocess.Popen([haproxy, "-db", "-f", str(tmp_path / "haproxy.cfg")])
    _await_listening(port, running)
    yield f"http://127.0.0.1:{port}/user/anna/"
    running.terminate()
    running.wait()


def _await_listening(port, running):
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def anna(proxy):
    return MooringClient(proxy, "anna-s-token")


@pytest.fixture
def ben(proxy):
    return MooringClient(proxy, "ben-s-token")


async def test_a_file_becomes_a_service_and_goes_again(anna, work, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(os.urandom(12_000_000))
    (work / "score.py").write_text(SCRIPT)

    def go():
        upload = anna.upload(tmp_path / "ridge.pkl")
        anna.wait(anna.register_model({"name": "ridge", "upload": upload["id"]}))
        order = {"name": "scorer", "models": ["ridge"], "entryScript": "score.py"}
        deployed = anna.wait(anna.deploy_service(order))
        answer = anna.run_service("scorer", {"data": "x"})["answer"]
        lines = _lines_until(anna, "asked x")
        return deployed, answer, lines, anna.wait(anna.delete_service("scorer"))

    deployed, answer, lines, deleted = await asyncio.to_thread(go)

    assert (deployed["status"], deployed["user"]) == ("done", "anna"), deployed["error"]
    assert answer == [1, 2]
    assert "asked x" in lines[-1]
    assert deleted["status"] == "done"


async def test_one_sees_what_the_other_does_and_may_not_change_it(anna, ben, work, gate):
    (work / "score.py").write_text(gate.before(SCRIPT))

    def go():
        begun = anna.deploy_service({"name": "scorer", "entryScript": "score.py"})
        for message in ben.events("jobs"):  # while it goes on
            job = message["items"][-1]
            if "started" in {event["phase"] for event in job["events"]}:
                break
        refused = [
            _refusal(ben.cancel_job, begun["id"]),
            _refusal(ben.delete_service, "scorer"),
            _refusal(ben.show_keys, "scorer"),
            _refusal(ben.deploy_service, {"name": "other", "entryScript": "score.py"}),
        ]
        gate.open()
        ended = ben.wait(job)
        return begun, ended, refused, anna.list_services(), ben.list_services()

    begun, ended, refused, hers, his = await asyncio.to_thread(go)

    assert (ended["id"], ended["status"], ended["user"]) == (begun["id"], "done", "anna"), ended["error"]
    assert {(each.status, each.code) for each in refused} == {(403, "access-denied")}
    assert all("ben may not" in each.problem for each in refused)
    assert [service["name"] for service in hers["services"]] == ["scorer"]
    assert [service["state"] for service in his["services"]] == ["Healthy"]


async def test_a_stranger_hears_nothing(proxy):
    stranger = MooringClient(proxy, "no-such-token")

    def go():
        return _refusal(stranger.list_services), _refusal(lambda: next(stranger.events("changes")))

    listed, heard = await asyncio.to_thread(go)

    assert listed.status == 403
    assert "403" in heard.problem


def _lines_until(client, wanted):
    lines = []
    for message in client.events("service:scorer"):
        lines += [item["text"] for item in message["items"]]
        if any(wanted in line for line in lines):
            return lines[: 1 + next(n for n, line in enumerate(lines) if wanted in line)]
    raise AssertionError(lines)


def _refusal(ask, *arguments):
    try:
        ask(*arguments)
    except (RequestRefused, ServerUnreachable) as error:
        return error
    return None
