"""The worker's side of connections that outlive it.

The HTTP layer calls the four methods of `Slot` on its way; each costs about a microsecond. What they note lets the
master give the connection to another worker at any moment: when this one is to go, or when it is dead already.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import Callable, Sequence

from mooring.scoring.supervisor.frames import (
    ACCEPT,
    ADOPT,
    CLOSED,
    FRAME,
    LEFT,
    NO_SLOT,
    OPENED,
    TAKEN,
    FrameReader,
    fd_message,
)
from mooring.scoring.supervisor.journal import (
    ANSWERED,
    CLOSES,
    FREE,
    HEAD,
    OPEN,
    SLOT_BYTES,
    SLOTS,
    UNKEPT,
    Journal,
)

__all__ = ["ConnectionKeeper", "Slot"]

_ACCEPTED_A_TURN = 64


class Slot:
    """One connection's notes.

    Args:
        keeper: Who keeps them.
        journal: Where they are.
        number: Of the slot.
        unanswered: What another worker had received, and not answered.
    """

    __slots__ = ("_answered", "_at", "_consumed", "_keeper", "_kept", "_map", "_number", "_rest", "_written")

    def __init__(self, keeper: ConnectionKeeper, journal: Journal, number: int, unanswered: bytes) -> None:
        self._keeper = keeper
        self._map = journal.map
        self._at = journal.place(number)
        self._kept = self._rest = self._consumed = self._written = 0
        self._answered = False
        self._number = number
        self.received(unanswered)
        self._consumed = 0  # the worker before took those
        self._note(OPEN)

    @property
    def number(self) -> int:
        """What the master knows it by."""
        return self._number

    @property
    def can_be_left(self) -> bool:
        """Whether somebody is there to go on with the connection."""
        return self._keeper.is_open

    def received(self, data: bytes) -> None:
        """Bytes were taken from the socket."""
        if self._answered:
            if self._rest or self._kept > SLOT_BYTES:
                self._begin_next()
            else:
                self._answered = False
                self._kept = 0
        size = len(data)
        kept = self._kept
        end = kept + size
        if end <= SLOT_BYTES:
            start = self._at + HEAD.size
            self._map[start + kept : start + end] = data
        self._kept = end
        self._consumed += size
        HEAD.pack_into(self._map, self._at, OPEN, 0, end, 0, self._consumed, self._written, 0)

    def received_elsewhere(self, size: int) -> None:
        """Bytes were taken from the socket into a place of their own: too many to be noted here."""
        if self._answered:
            self._begin_next()
        self._kept = SLOT_BYTES + 1
        self._consumed += size
        self._note(OPEN)

    def answering(self, size: int, rest: int, closes: bool) -> None:
        """The whole answer, `size` bytes, is written next; the last `rest` bytes received belong to later requests."""
        self._written += size
        self._rest = rest
        self._answered = True
        flags = CLOSES if closes else 0
        HEAD.pack_into(
            self._map, self._at, ANSWERED, flags, self._kept, rest, self._consumed, self._written, size
        )

    def writing(self, size: int) -> None:
        """A piece of what can't be taken up by another worker is written next."""
        self._written += size
        self._note(UNKEPT)

    def wrote_all(self, rest: int) -> None:
        """What `writing` announced piece by piece is complete."""
        self.answering(0, rest, closes=False)

    def closed(self) -> None:
        """The connection has ended."""
        self._note(FREE)
        self._keeper.give_back(CLOSED, self._number)

    def left(self) -> None:
        """We do not read from the connection any more, and nothing is unanswered: another worker may have it."""
        self._keeper.give_back(LEFT, self._number)
        self._note(FREE)

    def _begin_next(self) -> None:
        self._answered = False
        rest, self._rest = self._rest, 0
        if rest and self._kept <= SLOT_BYTES:
            start = self._at + HEAD.size
            self._map[start : start + rest] = self._map[start + self._kept - rest : start + self._kept]
        self._kept = rest if self._kept <= SLOT_BYTES else (SLOT_BYTES + 1 if rest else 0)

    def _note(self, state: int) -> None:
        HEAD.pack_into(self._map, self._at, state, 0, self._kept, 0, self._consumed, self._written, 0)


MakeConnection = Callable[["Slot | None", bytes], asyncio.BaseProtocol]


class ConnectionKeeper:
    """Accepts connections and registers each with the master before anything is read from it.

    Args:
        sock: To the master.
        journal: Shared with the master.
        listeners: To accept from once the master says so.
    """

    def __init__(self, sock: socket.socket, journal: Journal, listeners: Sequence[socket.socket]) -> None:
        sock.setblocking(False)
        self.is_open = True
        self._sock = sock
        self._journal = journal
        self._listeners = list(listeners)
        self._frames = FrameReader(sock)
        self._free = list(range(SLOTS - 1, -1, -1))
        self._next: Slot | None = None  # made before the connection it is for
        self._unsent: list[tuple[int, int, int]] = []
        self._waits_to_send = False
        self._connecting: set[asyncio.Task[None]] = set()

    def attach(self, loop: asyncio.AbstractEventLoop, make_connection: MakeConnection) -> None:
        """Hear the master from now on.

        Args:
            loop: Runs on this thread.
            make_connection: Makes the protocol of one connection from its slot (None: it is not kept) and the
                bytes to begin with.
        """
        self._loop = loop
        self._make_connection = make_connection
        loop.add_reader(self._sock.fileno(), self._hear)

    def stop_accepting(self) -> None:
        """Leave new connections to others."""
        for listener in self._listeners:
            self._loop.remove_reader(listener.fileno())
            listener.close()
        self._listeners.clear()

    def give_back(self, why: int, slot: int) -> None:
        """The slot's connection is closed or left; the slot may be used for another one."""
        self._unsent.append((why, slot, 0))
        self._send()
        self._free.append(slot)

    def _hear(self) -> None:
        try:
            frames = self._frames.receive()
        except BlockingIOError:
            return
        if frames is None:
            self.is_open = False
            self._loop.remove_reader(self._sock.fileno())
            return
        for frame in frames:
            if frame.what == ACCEPT:
                self._begin_accepting()
            elif frame.what == ADOPT:
                self._adopt(frame.number, socket.socket(fileno=frame.fd), frame.data)

    def _begin_accepting(self) -> None:
        for listener in self._listeners:
            listener.setblocking(False)
            self._loop.add_reader(listener.fileno(), self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTED_A_TURN):
            self._next = self._next or self._open_slot(b"")
            try:
                sock, _address = listener.accept()
            except OSError:  # none left, another worker was faster, or no descriptors
                return
            # Until the master knows of it, the connection would end with this process: nothing comes in between.
            is_known = self._next is not None and self._tell(OPENED, self._next, fd=sock.fileno())
            slot, self._next = (self._next, None) if is_known else (None, self._next)
            self._connect(sock, slot, b"")

    def _adopt(self, offer: int, sock: socket.socket, unanswered: bytes) -> None:
        slot = self._open_slot(unanswered)
        if slot is not None and not self._tell(TAKEN, slot, offer=offer):
            self._free.append(slot.number)
            slot = None
        if slot is None and self.is_open:
            self._unsent.append((TAKEN, NO_SLOT, offer))
            self._send()
        self._connect(sock, slot, unanswered)

    def _connect(self, sock: socket.socket, slot: Slot | None, unanswered: bytes) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = self._make_connection(slot, unanswered)
        task = self._loop.create_task(self._start(sock, connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _start(self, sock: socket.socket, connection: asyncio.BaseProtocol) -> None:
        with contextlib.suppress(OSError):  # the client is gone again
            await self._loop.connect_accepted_socket(lambda: connection, sock)

    def _open_slot(self, unanswered: bytes) -> Slot | None:
        """A slot that the master does not know yet; None when there is no room, or no master."""
        if not self._free or not self.is_open or self._unsent:  # the master may not know yet that one is free
            return None
        return Slot(self, self._journal, self._free.pop(), unanswered)

    def _tell(self, why: int, slot: Slot, *, fd: int = -1, offer: int = 0) -> bool:
        """Make the slot known to the master, before anything else is read; False when that can't be done now."""
        if not self.is_open or self._unsent:
            return False
        try:
            self._sock.sendmsg([FRAME.pack(why, slot.number, offer)], fd_message(fd) if fd >= 0 else [])
        except OSError:
            return False
        return True

    def _send(self) -> None:
        while self._unsent and self.is_open:
            try:
                self._sock.send(FRAME.pack(*self._unsent[0]))
            except BlockingIOError:
                self._waits_to_send = True
                self._loop.add_writer(self._sock.fileno(), self._send)
                return
            except OSError:
                self.is_open = False
            self._unsent.pop(0)
        if self._waits_to_send:
            self._waits_to_send = False
            self._loop.remove_writer(self._sock.fileno())


def open_keeper(sock_fd: int, journal_fd: int, listeners: Sequence[socket.socket]) -> ConnectionKeeper:
    """The keeper of this process, from the descriptors the master sent; they are taken over."""
    journal = Journal(journal_fd)
    os.close(journal_fd)
    return ConnectionKeeper(socket.socket(fileno=sock_fd), journal, listeners)
