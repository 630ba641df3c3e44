"""What a worker's notes, compared with the kernel's counts, tell about a connection after its death."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from mooring.scoring.supervisor.frames import ACCEPT, ADOPT, OPENED, FrameReader
from mooring.scoring.supervisor.journal import SLOT_BYTES, Journal
from mooring.scoring.supervisor.keeper import ConnectionKeeper
from mooring.scoring.supervisor.keeping import Keeping, KeptWorker
from mooring.scoring.supervisor.loop import Loop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not count bytes")


class Scene:
    """A client, a worker's keeper and its master, all in this process."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.found: list[KeptWorker] = []
        self.keeping = Keeping(self.loop, lambda: self.found)
        self.worker = KeptWorker(self.loop, self.keeping)
        sock_fd, journal_fd = self.worker.child_fds
        self.keeper = ConnectionKeeper(socket.socket(fileno=sock_fd), Journal(journal_fd), [])
        os.close(journal_fd)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.client = socket.create_connection(listener.getsockname())
            self.served, _ = listener.accept()
        self.client.settimeout(10)
        self.slot = self.keeper._open_slot(b"")
        assert self.keeper._tell(OPENED, self.slot, fd=self.served.fileno())

    def receive(self, data: bytes) -> None:
        self.client.sendall(data)
        self.slot.received(self.served.recv(len(data), socket.MSG_WAITALL))

    def die(self, replays: bool = True):
        """Unanswered bytes of the connection if it goes on, None if not."""
        self.served.close()
        self.keeper._sock.close()
        kept = self.worker.close("It died", replays=replays)
        for each in kept:
            each.sock.close()
        assert len(kept) <= 1
        return kept[0].unanswered if kept else None

    def close(self) -> None:
        self.client.close()
        self.loop.close()


@pytest.fixture
def scene():
    scene = Scene()
    yield scene
    scene.close()


def test_what_was_received_and_not_answered_is_handed_on(scene):
    scene.receive(b"GET / HT")
    scene.receive(b"TP/1.1\r\n\r\n")

    assert scene.die() == b"GET / HTTP/1.1\r\n\r\n"


def test_an_idle_connection_is_handed_on_empty(scene):
    assert scene.die() == b""


def test_an_answered_request_is_not_handed_on(scene):
    scene.receive(b"question")
    scene.slot.answering(6, 0, closes=False)
    scene.served.sendall(b"answer")

    assert scene.die() == b""


def test_an_answer_that_was_announced_but_not_written_is_asked_for_again(scene):
    scene.receive(b"question")
    scene.slot.answering(6, 0, closes=False)

    assert scene.die() == b"question"


def test_half_an_answer_ends_the_connection(scene):
    scene.receive(b"question")
    scene.slot.answering(6, 0, closes=False)
    scene.served.sendall(b"ans")

    assert scene.die() is None
    assert scene.client.recv(10) == b"ans"
    assert scene.client.recv(10) == b""


def test_the_next_request_after_an_answer_is_handed_on_alone(scene):
    for number in range(5):
        scene.receive(b"question %d" % number)
        scene.slot.answering(6, 0, closes=False)
        scene.served.sendall(b"answer")
    scene.receive(b"last")

    assert scene.die() == b"last"


def test_of_pipelined_requests_the_unanswered_rest_is_handed_on(scene):
    scene.receive(b"firstsecondth")
    scene.slot.answering(6, len(b"secondth"), closes=False)
    scene.served.sendall(b"answer")
    scene.receive(b"ird")

    assert scene.die() == b"secondthird"


def test_an_answer_that_ends_the_connection_is_its_end(scene):
    scene.receive(b"question")
    scene.slot.answering(6, 0, closes=True)
    scene.served.sendall(b"answer")

    assert scene.die() is None


def test_a_stream_can_not_be_taken_up_by_another_worker(scene):
    scene.receive(b"question")
    scene.slot.writing(4)
    scene.served.sendall(b"part")

    assert scene.die() is None


def test_a_stream_that_was_complete_leaves_an_idle_connection(scene):
    scene.receive(b"question")
    for part in (b"part", b"rest"):
        scene.slot.writing(4)
        scene.served.sendall(part)
    scene.slot.wrote_all(0)

    assert scene.die() == b""


def test_bytes_that_were_taken_but_not_noted_are_not_guessed(scene):
    scene.client.sendall(b"question")
    scene.served.recv(8, socket.MSG_WAITALL)

    assert scene.die() is None
    assert scene.client.recv(4096).startswith(b"HTTP/1.1 502")


def test_bytes_that_nobody_took_stay_for_the_next_worker(scene):
    scene.client.sendall(b"question")

    assert scene.die() == b""


def test_a_request_too_large_to_be_noted_is_answered_502(scene):
    scene.receive(b"x" * (SLOT_BYTES + 1))

    assert scene.die() is None
    assert scene.client.recv(4096).startswith(b"HTTP/1.1 502")


def test_after_a_large_request_small_ones_are_noted_again(scene):
    scene.receive(b"x" * (SLOT_BYTES + 1))
    scene.slot.answering(6, 0, closes=False)
    scene.served.sendall(b"answer")
    scene.receive(b"small")

    assert scene.die() == b"small"


def test_without_replay_a_request_is_answered_502_and_an_idle_connection_goes_on(scene):
    scene.receive(b"question")

    assert scene.die(replays=False) is None
    assert b"It died while it answered the request." in scene.client.recv(4096)


def test_a_client_that_ended_its_side_still_gets_its_answer(scene):
    scene.receive(b"question")
    scene.client.shutdown(socket.SHUT_WR)
    assert scene.served.recv(1) == b""

    assert scene.die() == b"question"


def test_a_closed_connection_is_forgotten(scene):
    scene.slot.closed()

    assert scene.die() is None


def test_a_connection_without_a_worker_waits_for_one(scene):
    scene.receive(b"question")
    scene.served.close()
    scene.keeper._sock.close()
    (kept,) = scene.worker.close("It died", replays=True)
    scene.keeping.place(kept)
    other = KeptWorker(scene.loop, scene.keeping)
    other_side = socket.socket(fileno=other.child_fds[0])
    scene.found.append(other)

    other.accept()
    scene.keeping.place_parked()

    frames = FrameReader(other_side)
    got = frames.receive()
    got += frames.receive() if len(got) < 2 else []
    assert [(frame.what, frame.data) for frame in got] == [(ACCEPT, b""), (ADOPT, b"question")]
    for frame in got:
        if frame.fd >= 0:
            os.close(frame.fd)
    other_side.close()
    os.close(other.child_fds[1])
    for kept in other.close("over", replays=True):
        kept.sock.close()
