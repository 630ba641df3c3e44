"""What a connection can be told about, each topic an endless iterator of messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from mooring_jupyter.web.failures import InvalidRequest

if TYPE_CHECKING:
    from mooring.workspace import Workspace
    from mooring_jupyter.jobs.book import JobBook
    from mooring_jupyter.routes.route import Resource
    from mooring_jupyter.shapes import Job
    from mooring_jupyter.web.changes import Changes, Told
    from mooring_jupyter.web.state import ServerState

_LOG_EVERY_S = 0.1
_BUSY_LOG_EVERY_S = 0.05
"""While lines come: a quarter of what one may take to the screen, for the network and the page need time, too."""

_LINES_AT_ONCE = 2000
_JOBS_EVERY_S = 0.2
_IDLE_JOBS_EVERY_S = 1.0
_SERVICE = "service:"


@dataclass(frozen=True)
class Watcher:
    """On whose behalf a topic is followed.

    Attributes:
        in_thread: Calls something outside the event loop.
    """

    state: ServerState
    workspace_name: str | None
    in_thread: Callable[..., Awaitable[Any]]

    async def workspace(self) -> Workspace:
        """The one the connection is about."""
        found: Workspace = await self.in_thread(self.state.workspace, self.workspace_name)
        return found


Follow = Callable[[Watcher, str, str], AsyncIterator[str]]


def find(topic: str) -> tuple[Follow, Resource]:
    """How to follow a topic, and what the authorizer is asked about.

    Raises:
        InvalidRequest: There is no such topic.
    """
    if topic == "changes":
        return follow_changes, "services"
    if topic == "jobs":
        return follow_jobs, "jobs"
    if topic.startswith(_SERVICE):
        return follow_service, "services"
    raise InvalidRequest(where="subscribe", reason=f"{topic!r} is none of changes, jobs, service:NAME")


async def follow_changes(watcher: Watcher, topic: str, cursor: str) -> AsyncIterator[str]:
    """What changed since the cursor, then each change as it happens."""
    changes: Changes = await watcher.in_thread(watcher.state.changes, watcher.workspace_name)
    loop = asyncio.get_running_loop()
    news: asyncio.Queue[Told] = asyncio.Queue()

    def hear(told: Told) -> None:
        loop.call_soon_threadsafe(news.put_nowait, told)

    await watcher.in_thread(changes.listen, hear, cursor)
    try:
        while True:
            told = await news.get()
            item = {"kinds": told.kinds, "services": told.services}
            yield json.dumps({"topic": topic, "cursor": told.cursor, "items": [item]}, ensure_ascii=False)
    finally:
        changes.leave(hear)


async def follow_jobs(watcher: Watcher, topic: str, cursor: str) -> AsyncIterator[str]:
    """Jobs that wrote something since the cursor, then each as it goes on."""
    await watcher.workspace()
    book = watcher.state.jobs(watcher.workspace_name)
    look = JobsLook(book, int(cursor) if cursor.isdigit() else 0)
    while True:
        message = await watcher.in_thread(look, topic)
        if message:
            yield message
        await asyncio.sleep(_JOBS_EVERY_S if look.running else _IDLE_JOBS_EVERY_S)


async def follow_service(watcher: Watcher, topic: str, cursor: str) -> AsyncIterator[str]:
    """Lines after the cursor, then each as it is written."""
    workspace = await watcher.workspace()
    name = topic.removeprefix(_SERVICE)
    created = await watcher.in_thread(workspace.services.created_time, name)
    while True:
        cursor, message, count = await watcher.in_thread(_look_at_log, workspace, topic, cursor)
        if message:
            yield message
        if count >= _LINES_AT_ONCE:
            continue
        if not count and await watcher.in_thread(_is_gone, workspace, name, created):
            yield json.dumps({"topic": topic, "cursor": cursor, "items": [], "end": True})
            return
        await asyncio.sleep(_BUSY_LOG_EVERY_S if count else _LOG_EVERY_S)


class JobsLook:
    """What jobs wrote since the last look. A process that was killed writes nothing: those that ran are looked at again.

    Attributes:
        running: Ids of those that ran when they were last looked at.
    """

    def __init__(self, book: JobBook, seen_ns: int) -> None:
        self._book = book
        self._seen_ns = seen_ns
        self._told: dict[str, Job] = {}
        self.running: set[str] = set()

    def __call__(self, topic: str) -> str:
        """The message about those that are not as they were; empty when all are."""
        newest = self._book.newest_change_ns()
        # The same tick of the clock may hold another line: what was seen last is looked at once more.
        jobs = self._book.find(changed_after_ns=self._seen_ns, among=self.running)
        news = [job for job in jobs if self._told.get(job["id"]) != job]
        self.running = {job["id"] for job in jobs if job["status"] == "running"}
        if not news:
            return ""
        self._told = {job["id"]: job for job in jobs}
        self._seen_ns = max(newest, self._seen_ns)
        return json.dumps({"topic": topic, "cursor": str(self._seen_ns), "items": news})


def _look_at_log(workspace: Workspace, topic: str, cursor: str) -> tuple[str, str, int]:
    from mooring.deployments.errors import ServiceNotFound
    from mooring_jupyter.log_items import as_line

    name = topic.removeprefix(_SERVICE)
    try:
        items = list(islice(workspace.services.stream(name, cursor), _LINES_AT_ONCE))
    except ServiceNotFound:
        return cursor, "", 0
    if not items:
        return cursor, "", 0
    message = {"topic": topic, "cursor": items[-1].cursor, "items": [as_line(item) for item in items]}
    return items[-1].cursor, json.dumps(message, ensure_ascii=False), len(items)


def _is_gone(workspace: Workspace, name: str, created: object) -> bool:
    from mooring.deployments.errors import ServiceNotFound

    try:
        return workspace.services.created_time(name) != created
    except ServiceNotFound:
        return True
