"""Long work: done by a process of its own, with its phases shown as the editor shows progress, and cancelled there."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from typing import Any

from lsprotocol import types

from mooring_lsp.answering import Answer, Cancelled, CommandFailed
from mooring_lsp.server import MooringServer

log = logging.getLogger(__name__)
_ENDS = ("done", "failed", "cancelled")


class Progress:
    """One thing that goes on, as the editor shows it; an editor that shows nothing is told nothing."""

    def __init__(self, ls: MooringServer, title: str) -> None:
        self._ls = ls
        self._title = title
        self._token: str | None = None

    async def begin(self, cancel: Callable[[], None]) -> None:
        """Show it, with a way to cancel."""
        window = self._ls.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        token = str(uuid.uuid4())
        try:
            await self._ls.work_done_progress.create_async(token)
        except Exception:  # noqa: BLE001  the editor refuses: the work goes on without
            log.info("the editor shows no progress")
            return
        self._token = token
        self._ls.work_done_progress.tokens[token].add_done_callback(
            lambda future: cancel() if future.cancelled() else None
        )
        begin = types.WorkDoneProgressBegin(title=self._title, cancellable=True)
        self._ls.work_done_progress.begin(token, begin)

    def report(self, text: str) -> None:
        """Say what goes on now."""
        if self._token is not None:
            report = types.WorkDoneProgressReport(message=text, cancellable=True)
            self._ls.work_done_progress.report(self._token, report)

    def end(self, text: str = "") -> None:
        """It is over."""
        if self._token is not None:
            self._ls.work_done_progress.end(self._token, types.WorkDoneProgressEnd(message=text or None))
            self._ls.work_done_progress.tokens.pop(self._token, None)


async def carry_out(
    ls: MooringServer, title: str, task: dict[str, Any], begun: Callable[[str], None] = lambda _: None
) -> Answer:
    """Have a task done.

    Args:
        ls: The session.
        title: Of the progress.
        task: For the worker.
        begun: Told the name of the service once the work on it is recorded.

    Raises:
        CommandFailed: It failed; says how.
        Cancelled: The user stopped it, and it was undone.
    """
    loop = asyncio.get_running_loop()
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    process = await asyncio.to_thread(_start, task)

    def listen() -> None:
        for message in _messages(process):
            loop.call_soon_threadsafe(messages.put_nowait, message)

    threading.Thread(target=listen, name="worker", daemon=True).start()
    progress = Progress(ls, title)
    ls.start(progress.begin(lambda: process.send_signal(signal.SIGINT)))
    has_begun = False
    while True:
        message = await messages.get()
        if message.keys() & set(_ENDS):
            break
        told = message.get("progress") or message.get("event") or {}
        if told.get("service") and not has_begun:
            has_begun = True
            begun(told["service"])
        progress.report(f"{told.get('phase', '')}: {told.get('text', '')}")
    progress.end()
    if message.get("cancelled"):
        raise Cancelled
    if "failed" in message:
        raise CommandFailed(message["failed"])
    done: Answer = message["done"]
    return done


def _start(task: dict[str, Any]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mooring_lsp.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    if process.stdin is not None:
        process.stdin.write(json.dumps(task).encode())
        process.stdin.close()
    return process


def _messages(process: subprocess.Popen[bytes]) -> Any:
    """What it says, line by line; a process that ends without a word has failed."""
    is_over = False
    for line in process.stdout or ():
        message = json.loads(line)
        is_over = is_over or bool(message.keys() & set(_ENDS))
        yield message
    code = process.wait()
    if not is_over:
        problem = f"The process that did the work ended unexpectedly (exit code {code})."
        remedy = "See the state of the service: what was begun is cleared away when it is next looked at."
        yield {"failed": {"code": "worker-gone", "problem": problem, "remedy": remedy}}
