from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mooring.scoring.supervisor.backoff import Backoff
from mooring.scoring.supervisor.client import MasterGone, ask
from mooring.scoring.supervisor.identity import is_running, started_stamp
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.pump import LinePump
from mooring.scoring.supervisor.ring import materialize_ring
from mooring.scoring.supervisor.spec import GenerationSpec, ServiceSpec, load_service, save_service
from mooring.scoring.supervisor.sweep import marked_processes
from mooring.scoring.supervisor.vitals import cpu_seconds, rss_bytes
from mooring.scoring.supervisor.wire import Lines, LineSocket, send_line


def test_delays_double_up_to_a_limit():
    backoff = Backoff(first_s=0.1, longest_s=1.0)

    assert [backoff.delay_after(0) for _ in range(6)] == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_a_worker_that_lived_long_enough_resets_the_delay():
    backoff = Backoff(first_s=0.1, settled_s=60)
    backoff.delay_after(0)
    backoff.delay_after(0)

    assert backoff.delay_after(61) == 0.1


def test_a_process_is_the_same_as_long_as_it_lives():
    with subprocess.Popen(["sleep", "60"]) as process:
        stamp = started_stamp(process.pid)
        assert stamp == started_stamp(process.pid)
        assert is_running(process.pid, stamp)

        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        assert started_stamp(process.pid) is None


def test_another_process_is_not_taken_for_it():
    stamp = started_stamp(os.getpid())

    assert not is_running(os.getppid(), stamp)


def test_vitals_of_this_process_are_plausible_and_of_none_are_none():
    assert rss_bytes(os.getpid()) > 1_000_000
    assert cpu_seconds(os.getpid()) > 0
    assert rss_bytes(2**22 + 1) is None
    assert cpu_seconds(2**22 + 1) is None


def test_marked_processes_are_found():
    with subprocess.Popen(["sleep", "60"], env={"MARK": "x1"}) as process:
        assert list(marked_processes("MARK", "x1")) == [process.pid]
        assert list(marked_processes("MARK", "x")) == []
        process.kill()


def test_a_service_is_remembered_for_its_owner_alone(tmp_path):
    spec = GenerationSpec(
        revision=3, python="/p", ring="/r", app_root="/a", interpreter_variables={"TOKEN": "secret"}
    )
    service = ServiceSpec("echo", "nonce", "127.0.0.1", 1234, 7, spec)

    save_service(str(tmp_path), service)

    assert load_service(str(tmp_path)) == service
    assert (tmp_path / "service.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["service.json"]


def test_a_spec_of_a_later_version_can_be_read():
    values = GenerationSpec(revision=3, python="/p", ring="/r", app_root="/a").to_dict()

    assert GenerationSpec.from_dict({**values, "unheard_of": 1}).revision == 3


def test_what_makes_a_zygote_reusable_is_the_interpreter_and_its_environment():
    def key(**changes):
        return GenerationSpec(
            **{"revision": 1, "python": "/p", "ring": "/r", "app_root": "/a", **changes}
        ).zygote_key

    assert key() == key(revision=2, app_root="/b", worker_variables={"X": "1"})
    assert key() != key(python="/q")
    assert key() != key(interpreter_variables={"X": "1"})
    assert key() != key(import_conditions="other")


def test_the_ring_holds_the_scoring_package_and_nothing_else_of_ours(tmp_path):
    ring = Path(materialize_ring(str(tmp_path)))

    assert sorted(path.name for path in ring.iterdir()) == ["mooring"]
    assert sorted(path.name for path in (ring / "mooring").iterdir()) == ["__init__.py", "scoring"]
    assert materialize_ring(str(tmp_path)) == str(ring)
    command = "import mooring.scoring.supervisor.master as m; print(m.__file__)"
    answer = subprocess.run(
        [sys.executable, "-S", "-E", "-c", command], cwd=ring, capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith(str(ring))


def test_rings_made_at_once_are_one(tmp_path):
    command = f"from mooring.scoring.supervisor.ring import materialize_ring; print(materialize_ring({str(tmp_path)!r}))"
    racers = [
        subprocess.Popen([sys.executable, "-c", command], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    paths = {racer.communicate()[0] for racer in racers}

    assert len(paths) == 1
    assert len(list((tmp_path / "scoring").iterdir())) == 1


@pytest.mark.parametrize("depth", [1, 40], ids=["short", "longer than an address"])
def test_a_master_is_found_however_long_the_path_to_it_is(tmp_path, depth, monkeypatch):
    folder = tmp_path.joinpath(*["deeper"] * depth)
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("control.sock")
        server.listen()
        monkeypatch.chdir("/")
        answerer = subprocess.Popen(
            [sys.executable, "-c", _ANSWERER, str(server.fileno())], pass_fds=[server.fileno()]
        )
        seen = []
        answer = ask(str(folder), {"do": "status"}, on_record=seen.append)
        answerer.wait()

    assert answer == {"ok": True, "asked": {"do": "status", "follow": True}}
    assert seen == [{"seq": 1}]


_ANSWERER = """
import json, socket, sys
server = socket.socket(fileno=int(sys.argv[1]))
guest, _ = server.accept()
question = json.loads(guest.makefile().readline())
guest.sendall(json.dumps({"record": {"seq": 1}}).encode() + b"\\n")
guest.sendall(json.dumps({"ok": True, "asked": question}).encode() + b"\\n")
"""


def test_no_master_is_said(tmp_path):
    with pytest.raises(MasterGone):
        ask(str(tmp_path), {"do": "status"})


def test_descriptors_arrive_with_the_message_they_belong_to():
    here, there = socket.socketpair()
    lines = Lines(there)
    pipes = [os.pipe() for _ in range(2)]
    with here, there:
        send_line(here, {"n": 1})
        send_line(here, {"n": 2}, [pipes[0][0], pipes[0][1]])
        send_line(here, {"n": 3})
        send_line(here, {"n": 4}, [pipes[1][0]])
        got = []
        while len(got) < 4:
            got += lines.receive()

    assert [(message["n"], len(fds)) for message, fds in got] == [(1, 0), (2, 2), (3, 0), (4, 1)]
    for fd in [*pipes[0], *pipes[1], *(fd for _, fds in got for fd in fds)]:
        os.close(fd)


def test_a_slow_reader_gets_everything_in_the_end():
    loop, heard = Loop(), []
    here, there = socket.socketpair()
    sender = LineSocket(loop, here, lambda _message: None, lambda: None)
    for number in range(500):
        sender.send({"n": number, "padding": "x" * 5000})
    assert sender.unsent_bytes > 0

    def hear(message):
        heard.append(message["n"])
        if message["n"] == 499:
            loop.stop()

    receiver = LineSocket(loop, there, hear, lambda: None)
    loop.run()

    assert heard == list(range(500))
    sender.close()
    receiver.close()
    loop.close()


def test_lines_are_whole_whatever_the_pieces_they_are_written_in():
    loop, lines = Loop(), []
    read, write = os.pipe()
    pump = LinePump(loop, read, lines.append)
    for piece in (b"fi", b"rst\nsec", b"ond\r\nno utf-8: \xff\n", b"unfinished"):
        os.write(write, piece)
    os.close(write)

    pump.finish()

    assert lines == ["first", "second", "no utf-8: \ufffd", "unfinished"]
    loop.close()


def test_a_line_without_end_is_cut():
    loop, lines = Loop(), []
    read, write = os.pipe()
    pump = LinePump(loop, read, lines.append)
    for _ in range(3):
        os.write(write, b"x" * 60_000)
        pump._read_once()

    assert [len(line) for line in lines] == [65536, 65536]
    pump.close()
    os.close(write)
    loop.close()


def test_an_error_in_one_callback_does_not_stop_the_others():
    loop, errors = Loop(), []
    loop.on_error = errors.append
    loop.later(0.0, lambda: 1 / 0)
    loop.later(0.0, loop.stop)

    loop.run()

    assert [type(error) for error in errors] == [ZeroDivisionError]
    loop.close()


def test_a_cancelled_timer_is_silent():
    loop, rung = Loop(), []
    loop.later(0.0, lambda: rung.append(1)).cancel()
    loop.later(0.01, loop.stop)

    loop.run()

    assert rung == []
    loop.close()


def test_messages_are_plain_json():
    here, there = socket.socketpair()
    with here, there:
        send_line(here, {"do": "status"})

        assert json.loads(there.recv(100)) == {"do": "status"}
