"""The master's ear: a Unix socket in the service's folder, one JSON line a question, one an answer.

Before the answer come, to those who asked with `"follow": true`, the records of the log as they are written:
`{"record": {…}}`. The folder is its owner's alone, and so is the socket.
"""

from __future__ import annotations

import contextlib
import os
import socket
from typing import TYPE_CHECKING, Any

from mooring.scoring.supervisor.files import CONTROL_SOCKET
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.spec import GenerationSpec
from mooring.scoring.supervisor.wire import LineSocket

if TYPE_CHECKING:
    from mooring.scoring.supervisor.master import Master

__all__ = ["ControlServer"]

_PATIENCE_BYTES = (
    4 * 1024 * 1024
)  # a follower who reads no more is left behind; the log itself has everything


class ControlServer:
    """Takes questions and puts them to the master.

    Args:
        loop: The master's loop.
        master: Who answers.
    """

    def __init__(self, loop: Loop, master: Master) -> None:
        self._loop = loop
        self._master = master
        self._guests: set[_Guest] = set()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(CONTROL_SOCKET)
        self._socket = socket.socket(socket.AF_UNIX)
        # Relative to the working directory: the whole path may be longer than an address may be.
        self._socket.bind(CONTROL_SOCKET)
        os.chmod(CONTROL_SOCKET, 0o600)
        self._socket.listen(64)
        self._socket.setblocking(False)
        loop.watch(self._socket.fileno(), self._accept)

    def forward(self, record: dict[str, Any]) -> None:
        """Show a record to those who follow."""
        for guest in list(self._guests):
            if guest.follows:
                guest.show(record)

    def leave(self, guest: _Guest) -> None:
        """The guest hung up, maybe while waiting for an answer."""
        self._guests.discard(guest)
        self._master.abandoned(guest.reply)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # gone again, or no descriptor left: whoever asks will ask again
            self._guests.add(_Guest(self._loop, self._socket.accept()[0], self._master, self))


class _Guest:
    """One connection."""

    def __init__(self, loop: Loop, sock: socket.socket, master: Master, server: ControlServer) -> None:
        self.follows = False
        self._master = master
        self._server = server
        self._wire = LineSocket(loop, sock, self._hear, lambda: server.leave(self))

    def show(self, record: dict[str, Any]) -> None:
        if self._wire.unsent_bytes < _PATIENCE_BYTES:
            self._wire.send({"record": record})

    def _hear(self, question: dict[str, Any]) -> None:
        self.follows = bool(question.get("follow"))
        try:
            self._answer(question)
        except (KeyError, TypeError, ValueError) as error:
            self.reply({"ok": False, "error": f"not understood: {type(error).__name__} {error}"})

    def _answer(self, question: dict[str, Any]) -> None:
        what = question["do"]
        if what == "status":
            self.reply({"ok": True, **self._master.status()})
        elif what == "wait":
            self._master.wait(self.reply)
        elif what == "update":
            self._master.update(GenerationSpec.from_dict(question["spec"]), self.reply)
        elif what == "reload":
            self._master.update(self._master.service.current, self.reply)
        elif what == "reload-keys":
            self._master.reload_keys()
            self.reply({"ok": True})
        elif what == "cancel":
            self._master.cancel()
            self.reply({"ok": True})
        elif what == "stop":
            self._master.stop(float(question.get("drain_s", 0.0)), self.reply)
        else:
            self.reply({"ok": False, "error": f"unknown question {what!r}"})

    def reply(self, answer: dict[str, Any]) -> None:
        self.follows = False
        self._wire.send(answer)
