"""`/events`: one WebSocket for what changes, how far jobs are, and what services write.

A client subscribes to topics and is sent messages, each with a cursor to go on from after a broken connection:

    → {"subscribe": "service:scorer", "cursor": "7~…"}
    ← {"topic": "service:scorer", "cursor": "9~…", "items": [{"time": …, "text": …}, …]}
    → {"unsubscribe": "service:scorer"}

| topic | items |
| --- | --- |
| changes | `{"kinds": ["models", …], "services": [Service, …]}`: what to read again, and every service as it is now |
| jobs | Job: each that wrote something |
| service:NAME | LogLine: lines and history, oldest first; `"end": true` once the service is deleted |

`{"topic": …, "error": Problem}` ends a subscription.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import websocket

from mooring_jupyter.web import topics
from mooring_jupyter.web.failures import InvalidRequest, problem_of
from mooring_jupyter.web.handler import ToldFailures, require

if TYPE_CHECKING:
    from mooring_jupyter.web.state import ServerState

_LONGEST_MESSAGE = 10_000
_MOST_TOPICS = 100
_Result = TypeVar("_Result")


# Jupyter Server itself puts these bases in this order: its own check of origins wins.
class EventsHandler(  # pyright: ignore[reportIncompatibleMethodOverride]
    ToldFailures, WebSocketMixin, websocket.WebSocketHandler, JupyterHandler
):
    """One connection: a task for each topic it subscribed to."""

    def initialize(self, state: ServerState) -> None:
        """Take what all requests share."""
        self.mooring = state
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @ws_authenticated
    async def get(self) -> None:
        """Open the connection, for whom the authorizer lets."""
        await require(self, "read", "events")
        await super().get()

    async def on_message(self, message: str | bytes) -> None:
        """Subscribe or unsubscribe."""
        try:
            order = _read(message)
            topic = order.get("unsubscribe")
            if topic is not None:
                self._drop(topic)
                return
            await self._subscribe(order["subscribe"], order.get("cursor") or "")
        except Exception as error:  # noqa: BLE001 (told to the client)
            await self._send({"topic": None, "error": problem_of(error)})

    def on_close(self) -> None:
        """The page was left; long work goes on."""
        for topic in list(self._tasks):
            self._drop(topic)
        super().on_close()

    async def _subscribe(self, topic: str, cursor: str) -> None:
        follow, resource = topics.find(topic)
        await require(self, "read", resource)
        self._drop(topic)
        if len(self._tasks) >= _MOST_TOPICS:
            raise InvalidRequest(where="subscribe", reason=f"there are {_MOST_TOPICS} subscriptions already")
        self._tasks[topic] = asyncio.create_task(self._follow(topic, follow, cursor))

    def _drop(self, topic: str) -> None:
        task = self._tasks.pop(topic, None)
        if task is not None:
            task.cancel()

    async def _follow(self, topic: str, follow: topics.Follow, cursor: str) -> None:
        try:
            workspace = self.get_query_argument("workspace", None)
            async for message in follow(
                topics.Watcher(self.mooring, workspace, self._in_thread), topic, cursor
            ):
                await self._send_text(message)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 (told to the client)
            await self._send({"topic": topic, "error": problem_of(error)})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_text(json.dumps(message))

    async def _send_text(self, message: str) -> None:
        """Waits until the client takes it, so that a slow page holds up its own topics only."""
        try:
            await self.write_message(message)
        except websocket.WebSocketClosedError:
            self.on_close()

    async def _in_thread(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self.mooring.threads, work, *arguments)


def _read(message: str | bytes) -> dict[str, str]:
    try:
        order = json.loads(message) if len(message) <= _LONGEST_MESSAGE else None
    except ValueError:
        order = None
    words = set(order) if isinstance(order, dict) else set[str]()
    is_text = isinstance(order, dict) and all(
        isinstance(value, (str, type(None))) for value in order.values()
    )
    if not is_text or words not in ({"subscribe"}, {"subscribe", "cursor"}, {"unsubscribe"}):
        raise InvalidRequest(
            where="message", reason='it should be {"subscribe": TOPIC, "cursor": …} or {"unsubscribe": TOPIC}'
        )
    return order  # type: ignore[return-value]
