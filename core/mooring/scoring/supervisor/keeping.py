"""The master's side of connections that outlive workers: holds them, and finds each a new worker when its own goes.

A connection is in one of three places: with a worker that keeps it, offered to one that has not taken it yet, or
parked until there is a worker.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Collection

from mooring.scoring.supervisor.frames import (
    ACCEPT,
    ADOPT,
    CLOSED,
    FRAME,
    LEFT,
    NO_SLOT,
    OPENED,
    TAKEN,
    Frame,
    FrameReader,
    fd_message,
)
from mooring.scoring.supervisor.journal import ANSWERED, CLOSES, FREE, UNKEPT, Journal, make_journal_file
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.rescue import inode, take_connections
from mooring.scoring.supervisor.tcp import ByteCounts, count_bytes

__all__ = ["Keeping", "KeptWorker"]

_PARKED_FOR_S = 60.0
_MOST_DEATHS = 2  # of workers, under one and the same request


@dataclass(eq=False)
class Kept:
    """One client's connection.

    Attributes:
        sock: Our duplicate; while it is open, so is the connection.
        before: Counts when its present worker got it.
        unanswered: Bytes its worker begins with.
        deaths: Workers that died before they had answered these.
        cause: How the last of them died.
    """

    sock: socket.socket
    before: ByteCounts = field(default_factory=lambda: ByteCounts(0, 0))
    unanswered: bytes = b""
    deaths: int = 0
    cause: str = ""
    parked_since: float = field(default_factory=time.monotonic)


class KeptWorker:
    """One worker's connections.

    Args:
        loop: The master's loop.
        keeping: Gets those it leaves.
    """

    def __init__(self, loop: Loop, keeping: Keeping) -> None:
        self.offers: dict[int, Kept] = {}
        self.is_open = False
        self._loop = loop
        self._keeping = keeping
        self._slots: dict[int, Kept] = {}
        self._rescued: list[socket.socket] = []
        self._numbers = itertools.count()
        self._unsent: deque[tuple[bytes, list[Any]]] = deque()
        self._sock, theirs = socket.socketpair()
        journal_fd = make_journal_file()
        self._journal = Journal(journal_fd)
        self._frames = FrameReader(self._sock)
        self.child_fds = [theirs.detach(), journal_fd]
        loop.watch(self._sock.fileno(), self._hear)

    @property
    def load(self) -> int:
        """How many connections it has."""
        return len(self._slots) + len(self.offers)

    def accept(self) -> None:
        """Let it take connections, new ones and those of others."""
        self.is_open = True
        self._send(FRAME.pack(ACCEPT, 0, 0), [])

    def retire(self) -> None:
        """It is about to leave its connections: give it no more."""
        self.is_open = False

    def offer(self, kept: Kept) -> None:
        """Give it a connection."""
        number = next(self._numbers) & 0x7FFFFFFF
        self.offers[number] = kept
        data = kept.unanswered
        with contextlib.suppress(OSError):  # the client is gone; its new worker will see that
            kept.before = count_bytes(kept.sock) or kept.before
        self._send(FRAME.pack(ADOPT, number, len(data)) + data, fd_message(os.dup(kept.sock.fileno())))

    def rescue(self, pid: int, ports: Collection[int]) -> None:
        """It is about to be killed: hold what it has accepted at `ports` and not registered yet."""
        known = {inode(kept.sock) for kept in (*self._slots.values(), *self.offers.values())}
        for sock in take_connections(pid, known):
            if sock.getsockname()[1] in ports:
                self._rescued.append(sock)
            else:
                sock.close()

    def close(self, cause: str, *, replays: bool) -> list[Kept]:
        """It is dead: what became of its connections. Gives those that somebody should go on with."""
        while self._hear():
            pass
        self._take_rescued()
        self.is_open = False
        self._loop.forget(self._sock.fileno())
        self._sock.close()
        for _data, ancillary in self._unsent:
            os.close(ancillary[0][2][0])
        found = [self._judge(slot, kept, cause, replays=replays) for slot, kept in self._slots.items()]
        found.extend(self.offers.values())
        self._slots.clear()
        self.offers.clear()
        self._journal.close()
        return [kept for kept in found if kept]

    def _take_rescued(self) -> None:
        """Offer the rescued ones to others: those it neither registered in its last moment nor used unregistered."""
        known = {inode(kept.sock) for kept in (*self._slots.values(), *self.offers.values())}
        for sock in self._rescued:
            counts = _counts_since(Kept(sock))
            if inode(sock) not in known and counts == ByteCounts(0, 0):
                self.offers[next(self._numbers) & 0x7FFFFFFF] = Kept(sock)
            else:
                sock.close()
        self._rescued.clear()

    # ---- what it says ---------------------------------------------------------------------------------------------

    def _hear(self) -> bool:
        try:
            frames = self._frames.receive()
        except BlockingIOError:
            return False
        if frames is None:
            self._loop.forget(self._sock.fileno())
            return False
        for frame in frames:
            self._take(frame)
        return True

    def _take(self, frame: Frame) -> None:
        if frame.what == OPENED:
            self._slots[frame.number] = Kept(socket.socket(fileno=frame.fd))
        elif frame.what == TAKEN:
            kept = self.offers.pop(frame.offer)
            if frame.number == NO_SLOT:
                kept.sock.close()
            else:
                kept.unanswered = b""  # the worker has noted it
                self._slots[frame.number] = kept
        elif frame.what == CLOSED:
            self._slots.pop(frame.number).sock.close()
        elif frame.what == LEFT:
            kept = self._slots.pop(frame.number)
            kept.unanswered, kept.deaths = b"", 0
            self._keeping.place(kept)

    # ---- after its death --------------------------------------------------------------------------------------

    def _judge(self, slot: int, kept: Kept, cause: str, *, replays: bool) -> Kept | None:
        """Compare its notes with what the kernel counted; None when the connection can't go on."""
        head = self._journal.read(slot)
        counts = _counts_since(kept)
        written = head.written if counts is None else counts.written
        is_answered = head.state == ANSWERED and written == head.written
        is_over = head.state in (FREE, UNKEPT) or (is_answered and head.flags & CLOSES)
        # Half an answer went out: what followed could not be told from its rest.
        is_torn = not is_answered and written != head.written - head.answer
        if is_over or is_torn:
            kept.sock.close()
            return None
        if head.consumed or head.written:  # it got further than the worker before
            kept.deaths = 0
        unanswered = self._journal.unanswered(slot, head, is_answered=is_answered)
        if counts is not None and counts.consumed != head.consumed:
            unanswered = None
        return self._go_on(kept, unanswered, cause, replays=replays)

    def _go_on(self, kept: Kept, unanswered: bytes | None, cause: str, *, replays: bool) -> Kept | None:
        kept.cause = cause
        kept.deaths = kept.deaths + 1 if unanswered != b"" else 0
        if unanswered is None:
            reason = ", which can't be tried again"
        elif unanswered and not replays:
            reason = ""
        elif kept.deaths >= _MOST_DEATHS:
            reason = ", as the worker before it had"
        else:
            kept.unanswered = unanswered
            return kept
        _refuse(kept, f"{cause} while it answered the request{reason}.")
        return None

    # ---- sending ----------------------------------------------------------------------------------------------------

    def _send(self, data: bytes, ancillary: list[Any]) -> None:
        self._unsent.append((data, ancillary))
        self._flush()

    def _flush(self) -> None:
        while self._unsent:
            data, ancillary = self._unsent.popleft()
            try:
                sent = self._sock.sendmsg([data], ancillary, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._unsent.appendleft((data, ancillary))
                break
            except OSError:  # it is dead; what was offered to it is offered again
                sent = len(data)
            if ancillary:
                os.close(ancillary[0][2][0])
            if sent < len(data):
                self._unsent.appendleft((data[sent:], []))
        self._loop.watch(self._sock.fileno(), self._hear, self._flush if self._unsent else None)


class Keeping:
    """All connections that are kept.

    Args:
        loop: The master's loop.
        find_workers: Gives the workers a connection may be given to, best ones first; asked each time.
    """

    def __init__(self, loop: Loop, find_workers: Callable[[], list[KeptWorker]]) -> None:
        self._loop = loop
        self._find_workers = find_workers
        self._parked: deque[Kept] = deque()

    def place(self, kept: Kept) -> None:
        """Give a connection to the worker that has the fewest; park it when there is none."""
        workers = [worker for worker in self._find_workers() if worker.is_open]
        if workers:
            min(workers, key=lambda worker: worker.load).offer(kept)
            return
        kept.parked_since = time.monotonic()
        self._parked.append(kept)
        self._loop.later(_PARKED_FOR_S, self._give_up)

    def place_parked(self) -> None:
        """There is a worker again."""
        parked, self._parked = self._parked, deque()
        for kept in parked:
            self.place(kept)

    def close(self) -> None:
        """The service ends: so do its connections."""
        for kept in self._parked:
            _refuse(kept, "The service was stopped.") if kept.unanswered else kept.sock.close()
        self._parked.clear()

    def _give_up(self) -> None:
        long_ago = time.monotonic() - _PARKED_FOR_S
        while self._parked and self._parked[0].parked_since <= long_ago:
            kept = self._parked.popleft()
            if kept.unanswered:
                _refuse(kept, f"{kept.cause} while it answered the request, and no other came up in time.")
            else:
                kept.sock.close()


def _counts_since(kept: Kept) -> ByteCounts | None:
    """What its worker took from the socket and gave to it; None where the system does not tell."""
    try:
        now = count_bytes(kept.sock)
    except OSError:
        return None
    if now is None:
        return None
    return ByteCounts(now.consumed - kept.before.consumed, now.written - kept.before.written)


def _refuse(kept: Kept, cause: str) -> None:
    """Tell the client that there will be no answer, and why."""
    body = json.dumps({"message": cause}).encode()
    head = (
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\nx-ms-run-function-failed: True\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        kept.sock.send(head.encode() + body, socket.MSG_DONTWAIT)
        kept.sock.shutdown(socket.SHUT_RDWR)
    kept.sock.close()
