"""Clients never notice updates, nor the death of workers."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time

import pytest

from mooring.testing import Recorder

from .conftest import post, ready_workers, wait_until

ECHO = "import os, time\ndef init(): pass\ndef run(raw_data):\n    time.sleep(0.002)\n    return raw_data\n"
POISON = "import os\ndef init(): pass\ndef run(raw_data):\n    if 'poison' in raw_data: os._exit(9)\n    return os.getpid()\n"


class Load(contextlib.AbstractContextManager):
    """Clients that ask steadily and forgive nothing: half keep their connection, half make a new one each time."""

    def __init__(self, port: int, clients: int = 8) -> None:
        self.port = port
        self.answered = 0
        self.failures: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.answered > 20)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        keeps = number % 2 == 0
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        count = 0
        while not self._over.wait(0.005):
            count += 1
            body = json.dumps([number, count])
            try:
                client.request("POST", "/score", body)
                answer = client.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                return
            if answer.status != 200 or json.loads(content) != body:
                self.failures.append(f"{answer.status} {content!r} for {body}")
            self.answered += 1
            if not keeps:
                client.close()
        client.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_updates_under_load_lose_no_request(target, release, workers):
    variables = {"WORKER_COUNT": str(workers)}
    running = target.start(release(script=ECHO, environment_variables=variables), Recorder())

    with Load(running.port) as load:
        for revision in range(2, 8):
            before = load.answered
            target.start(release(revision=revision, script=ECHO, environment_variables=variables), Recorder())
            wait_until(lambda before=before: load.answered > before + 20)

    assert load.failures == []
    assert target.observe("echo").revision == 7


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_workers_under_load_lose_no_request(target, release, workers):
    running = target.start(
        release(script=ECHO, environment_variables={"WORKER_COUNT": str(workers)}), Recorder()
    )

    with Load(running.port) as load:
        for _ in range(5):
            alive = wait_until(lambda: ready_workers(target.observe("echo")))
            os.kill(alive[0]["pid"], signal.SIGKILL)
            before = load.answered
            wait_until(lambda before=before: load.answered > before + 50)

    assert load.failures == []


def test_an_idle_connection_goes_on_with_the_new_version(target, release):
    running = target.start(release(script="def init(): pass\ndef run(raw_data): return 1\n"), Recorder())
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    client.request("POST", "/score", "{}")
    assert client.getresponse().read() == b"1"
    address = client.sock.getsockname()

    target.start(release(revision=2, script="def init(): pass\ndef run(raw_data): return 2\n"), Recorder())

    client.request("POST", "/score", "{}")
    assert client.getresponse().read() == b"2"
    assert client.sock.getsockname() == address
    client.close()


def test_half_a_request_survives_the_worker_that_read_it(target, release):
    running = target.start(release(script=ECHO), Recorder())
    whole = b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd"
    with socket.create_connection(("127.0.0.1", running.port)) as client:
        client.sendall(whole[:-2])
        wait_until(lambda: ready_workers(target.observe("echo"))[0]["connections"] == 1)
        (worker,) = ready_workers(target.observe("echo"))

        os.kill(worker["pid"], signal.SIGKILL)
        wait_until(lambda: [w for w in ready_workers(target.observe("echo")) if w["pid"] != worker["pid"]])
        client.sendall(whole[-2:])

        assert client.recv(4096).endswith(b'"abcd"')


def test_pipelined_requests_survive_in_order(target, release):
    script = (
        "import os, time\ndef init(): pass\ndef run(raw_data):\n"
        "    if not os.path.exists('second'):\n"
        "        if raw_data == 'b': open('second', 'w').close(); os._exit(1)\n"
        "    return raw_data\n"
    )
    running = target.start(release(script=script), Recorder())
    requests = b"".join(
        b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n" + c for c in (b"a", b"b", b"c")
    )
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as client:
        client.sendall(requests)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3 or not got.endswith(b'"c"'):
            got += client.recv(65536)

    assert [got.index(answer) for answer in (b'"a"', b'"b"', b'"c"')] == sorted(
        got.index(answer) for answer in (b'"a"', b'"b"', b'"c"')
    )


def test_a_request_that_kills_two_workers_is_answered_with_the_cause(target, release):
    running = target.start(release(script=POISON), Recorder())
    status, content = post(running.scoring_uri, "poison")

    assert status == 502
    assert "exited with code 9" in content["message"]
    assert post(running.scoring_uri)[0] == 200
    assert target.observe("echo").details["restarts"] == 2


def test_without_replay_the_first_death_is_answered(target, release):
    running = target.start(
        release(script=POISON, environment_variables={"MOORING_REPLAY": "off"}), Recorder()
    )

    status, content = post(running.scoring_uri, "poison")

    assert status == 502
    assert "exited with code 9" in content["message"]
    assert wait_until(lambda: post(running.scoring_uri)[0] == 200)
    assert target.observe("echo").details["restarts"] == 1


def test_a_request_too_large_to_be_noted_is_not_replayed_in_part(target, release):
    running = target.start(release(script=POISON), Recorder())

    status, content = post(running.scoring_uri, "poison" + "x" * 300_000)

    assert status == 502
    assert "can't be tried again" in content["message"]


def test_a_large_request_is_followed_by_small_ones_on_the_same_connection(target, release):
    running = target.start(release(script=ECHO), Recorder())
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    for size in (10, 70_000, 900_000, 10):
        client.request("POST", "/score", "x" * size)
        assert len(client.getresponse().read()) == size + 2
    (worker,) = ready_workers(target.observe("echo"))

    os.kill(worker["pid"], signal.SIGKILL)

    client.request("POST", "/score", "still here")
    assert client.getresponse().read() == b'"still here"'
    client.close()


def test_a_long_request_is_finished_by_the_old_version(target, release):
    slow = "import time\ndef init(): pass\ndef run(raw_data):\n    time.sleep(1.5)\n    return 'old'\n"
    running = target.start(release(script=slow), Recorder())
    client = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    client.request("POST", "/score", "{}")
    wait_until(lambda: ready_workers(target.observe("echo"))[0]["connections"] == 1)

    started = time.monotonic()
    target.start(
        release(revision=2, script="def init(): pass\ndef run(raw_data): return 'new'\n"), Recorder()
    )

    assert client.getresponse().read() == b'"old"'
    assert time.monotonic() - started > 0.5
    client.request("POST", "/score", "{}")
    assert client.getresponse().read() == b'"new"'
    client.close()
