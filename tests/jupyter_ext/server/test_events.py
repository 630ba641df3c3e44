"""The event stream: what changes, how jobs go on, what services write; resumed after a broken connection."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest


@pytest.fixture
def events(jp_ws_fetch):
    """`async with events() as stream`: `await stream.tell({...})`, `await stream.hear()`."""

    @asynccontextmanager
    async def connect():
        socket = await jp_ws_fetch("mooring", "api", "events")
        try:
            yield Stream(socket)
        finally:
            socket.close()

    return connect


class Stream:
    def __init__(self, socket):
        self._socket = socket

    async def tell(self, **message):
        await self._socket.write_message(json.dumps(message))

    async def hear(self, timeout_s=90):
        return json.loads(await asyncio.wait_for(self._socket.read_message(), timeout_s))

    async def hear_lines(self, wanted):
        """Texts of the log up to the line that holds `wanted`, and the cursor after it."""
        lines = []
        while not any(wanted in line for line in lines):
            message = await self.hear()
            lines += [item["text"] for item in message["items"]]
        return lines, message["cursor"]


async def test_changes_are_told_to_every_tab(api, events, ridge, finish, work):
    async with events() as one, events() as other:
        for stream in (one, other):
            await stream.tell(subscribe="changes")
            first = await stream.hear()
            assert set(first["items"][0]["kinds"]) == {"models", "environments", "services"}

        await api("PATCH", "/models/diabetes/versions/2", {"description": "changed"})

        for stream in (one, other):
            assert (await stream.hear())["items"][0]["kinds"] == ["models"]


async def test_a_returning_tab_is_told_what_changed_meanwhile(api, events, ridge):
    async with events() as stream:
        await stream.tell(subscribe="changes")
        cursor = (await stream.hear())["cursor"]
    await api("PATCH", "/models/diabetes/versions/2", {"description": "changed"})

    async with events() as stream:
        await stream.tell(subscribe="changes", cursor=cursor)
        told = (await stream.hear())["items"][0]
        while "models" not in told["kinds"]:
            told = (await stream.hear())["items"][0]

    assert "environments" not in told["kinds"]


async def test_a_job_is_followed_to_its_end_from_another_tab(api, events, ridge, work, gate):
    """Steps that follow each other fast are told together; in order they are, and the end is never left out."""
    (work / "score.py").write_text(gate.before((work / "score.py").read_text()))
    async with events() as stream:
        await stream.tell(subscribe="jobs")
        begun = (await api("POST", "/services", {"name": "scorer", "entryScript": "score.py"})).json
        told = [(await stream.hear())["items"][0]]
        while "started" not in steps_of(told[-1]):
            assert told[-1]["status"] == "running", told[-1]
            told.append((await stream.hear())["items"][0])
        gate.open()
        while told[-1]["status"] == "running":
            told.append((await stream.hear())["items"][0])
    last = told[-1]

    assert last["status"] == "done", last["error"]
    assert {job["id"] for job in told} == {begun["id"]}
    assert last == (await api("GET", f"/jobs/{begun['id']}")).json
    assert (steps_of(last)[:2], steps_of(last)[-1]) == (["plan", "checked"], "healthy")
    assert all(steps_of(later)[: len(steps_of(job))] == steps_of(job) for job, later in pairwise(told))


def steps_of(job):
    return [event["phase"] for event in job["events"]]


async def test_a_log_goes_on_where_it_was_left(api, events, scorer, work, finish):
    (work / "score.py").write_text(
        "def init():\n    pass\n\n\ndef run(data):\n    print('asked', data)\n    return 1\n"
    )
    await finish((await api("POST", "/services/scorer/reload")).json)

    async with events() as stream:
        await stream.tell(subscribe="service:scorer")
        await api("POST", "/services/scorer/run", {"data": "first"})
        before, cursor = await stream.hear_lines("asked first")
    await api("POST", "/services/scorer/run", {"data": "second"})
    async with events() as stream:
        await stream.tell(subscribe="service:scorer", cursor=cursor)
        after, _ = await stream.hear_lines("asked second")

    assert not any("asked first" in line for line in after)
    assert sum("asked" in line for line in before + after) == 2


async def test_a_log_ends_with_its_service(api, events, scorer, finish):
    async with events() as stream:
        await stream.tell(subscribe="service:scorer")
        await stream.hear()
        await finish((await api("DELETE", "/services/scorer")).json)
        message = await stream.hear()
        while not message.get("end"):
            message = await stream.hear()

    assert message["items"] == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"subscribe": "everything"}, "request-invalid"),
        ({"subscribe": 1}, "request-invalid"),
        ({"hello": "there"}, "request-invalid"),
        ({"subscribe": "service:nothing"}, "service-not-found"),
    ],
    ids=str,
)
async def test_a_wrong_message_is_answered(events, ridge, message, code):
    async with events() as stream:
        await stream.tell(**message)
        told = await stream.hear()

    assert told["error"]["code"] == code


async def test_work_goes_on_when_the_page_is_left(api, events, ridge, finish):
    async with events() as stream:
        await stream.tell(subscribe="jobs")
        job = (await api("POST", "/services", {"name": "scorer", "entryScript": "score.py"})).json

    assert (await finish(job))["status"] == "done"
