"""Queue, waits, timeouts: honest under load."""

import threading
import time

import pytest

from .conftest import ECHO, app_root, read_answer, render, wait_until

GATED = """
import os, time

def init():
    pass

def run(data):
    if data == "hold":
        open("held", "w").close()
        while not os.path.exists("go"):
            time.sleep(0.002)
    return data
"""


def held(server):
    """A connection whose request is in run() until the file `go` appears."""
    connection = server.connect()
    connection.sendall(render("POST", "/score", "hold", {}))
    wait_until((app_root(server) / "held").exists)
    return connection


def release(server):
    (app_root(server) / "go").touch()


def test_requests_queue_without_limit_by_default(serve):
    server = serve(GATED)
    with held(server) as first:
        waiting = [server.connect() for _ in range(50)]
        for connection in waiting:
            connection.sendall(render("POST", "/score", "x", {}))
        wait_until(lambda: server.metric("mooring_queue_depth") == 50)
        release(server)

        assert read_answer(first).json == "hold"
        assert [read_answer(connection).status for connection in waiting] == [200] * 50
        for connection in waiting:
            connection.close()


def test_health_and_metrics_are_served_while_the_script_computes(serve):
    server = serve(GATED)
    with held(server) as first:
        assert server.get("/").body == b"Healthy"
        assert server.metric("mooring_requests_in_flight") == 2  # the scrape itself is one
        release(server)
        assert read_answer(first).status == 200


def test_a_full_queue_answers_503_with_retry_after(serve):
    server = serve(GATED, MOORING_MAX_QUEUE="1", SERVICE_NAME="scorer")
    with held(server) as first, server.connect() as second:
        second.sendall(render("POST", "/score", "x", {}))
        wait_until(lambda: server.metric("mooring_queue_depth") == 1)

        third = server.post("y")

        assert third.status == 503
        assert third.body == b"Too many requests for service scorer (overloaded)"
        assert int(third.headers["retry-after"]) >= 1
        release(server)
        assert read_answer(first).status == read_answer(second).status == 200
        assert server.post("z").status == 200


def test_a_wait_beyond_the_bound_ends_with_503_though_no_slot_gets_free(serve):
    server = serve(GATED, MOORING_MAX_QUEUE_WAIT_MS="100")
    with held(server) as first:
        started = time.monotonic()
        answer = server.post("x")

        assert answer.status == 503
        assert time.monotonic() - started > 0.09
        release(server)
        assert read_answer(first).status == 200


def test_a_client_that_left_the_queue_is_not_run(serve):
    server = serve(GATED.replace("    return data", '    print("ran", data)\n    return data'))
    with held(server) as first:
        with server.connect() as second:
            second.sendall(render("POST", "/score", "gone", {}))
            wait_until(lambda: server.metric("mooring_queue_depth") == 1)
        time.sleep(0.15)  # longer than a half-closed client is waited for
        release(server)
        assert read_answer(first).status == 200
    assert server.post("next").status == 200
    server.wait_for("ran next")
    assert "ran gone" not in server.log


def test_several_slots_run_side_by_side(serve):
    server = serve(
        """
import threading
barrier = threading.Barrier(3)

def init():
    pass

def run(data):
    barrier.wait(10)
    return threading.current_thread() is threading.main_thread()
""",
        MOORING_MAX_CONCURRENT_REQUESTS="3",
    )
    connections = [server.connect() for _ in range(3)]
    for connection in connections:
        connection.sendall(render("POST", "/score", "x", {}))

    answers = [read_answer(connection) for connection in connections]

    assert [answer.status for answer in answers] == [200] * 3
    assert sorted(answer.json for answer in answers) == [False, False, True]
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("warm", [0, 30], ids=["first request", "after short runs"])
@pytest.mark.parametrize(
    "pause", ["time.sleep(30)", "threading.Lock().acquire() and lock.acquire()", "spin()"]
)
def test_a_run_over_its_time_is_stopped_and_answered_as_by_the_reference(serve, warm, pause):
    server = serve(
        f"""
import threading, time
lock = threading.Lock()
lock.acquire()

def spin():
    while True:
        pass

def init():
    pass

def run(data):
    if data == "long":
        {pause}
    return data
""",
        SCORING_TIMEOUT_MS="300",
    )
    for _ in range(warm):
        assert server.post("short").status == 200
    started = time.monotonic()

    answer = server.post("long")

    assert answer.status == 500
    assert answer.json == {"message": "Scoring timeout after 300 ms"}
    assert answer.headers["x-ms-run-function-failed"] == "True"
    assert time.monotonic() - started < 20
    assert server.post("short").json == "short"


def test_the_front_ends_timeout_is_504(serve):
    server = serve(
        "import time\ndef init(): pass\ndef run(data):\n    time.sleep(float(data))\n",
        MOORING_GATEWAY_TIMEOUT_MS="200",
    )

    assert server.post("0").status == 200
    assert server.post("5").status == 504
    assert server.post("0").status == 200


def test_a_script_that_swallows_its_interruption_is_answered_reported_and_replaced(serve):
    server = serve(
        """
import time

def init():
    pass

def run(data):
    while data == "stuck":
        try:
            time.sleep(60)
        except BaseException:
            pass
    return data
""",
        SCORING_TIMEOUT_MS="200",
        WORKER_TIMEOUT="2",
    )
    assert server.post("stuck").json == {"message": "Scoring timeout after 200 ms"}
    unhealthy = []

    def is_unhealthy():
        try:
            unhealthy.append(server.get("/").status)
        except (OSError, EOFError):
            return False
        return 503 in unhealthy or server.log.count("ready for serving") == 2

    wait_until(is_unhealthy)
    server.wait_for("ready for serving traffic", times=2)
    assert "has not returned" in server.log
    assert server.post("fine").json == "fine"


def test_the_script_always_runs_in_the_thread_that_loaded_it(serve):
    server = serve(
        """
import threading, time
home = None

def init():
    global home
    home = threading.current_thread()

def run(data):
    time.sleep(float(data))
    return threading.current_thread() is home is threading.main_thread()
"""
    )
    for data in ["0"] * 30 + ["0.05"] + ["0"] * 30:
        assert server.post(data).json is True


def test_a_script_may_start_an_event_loop_of_its_own(serve):
    server = serve(
        "import asyncio\ndef init(): pass\nasync def answer(data):\n    await asyncio.sleep(0)\n    return data\n"
        "def run(data):\n    return asyncio.run(answer(data))\n"
    )
    for _ in range(20):
        assert server.post("x").json == "x"


def test_overload_is_shed_and_what_is_accepted_stays_quick(serve):
    """Twenty clients ask a script that can serve ten at their patience: nobody waits much beyond the bound."""
    server = serve(
        "import time\ndef init(): pass\ndef run(data):\n    time.sleep(0.01)\n    return data\n",
        MOORING_MAX_QUEUE_WAIT_MS="50",
    )
    until = time.monotonic() + 3
    found: list[tuple[int, float]] = []

    def ask():
        with server.connect() as connection:
            pending = bytearray()
            while time.monotonic() < until:
                started = time.monotonic()
                connection.sendall(render("POST", "/score", "x", {}))
                answer = read_answer(connection, pending)
                found.append((answer.status, time.monotonic() - started))
                if answer.status == 503:
                    time.sleep(0.01)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    accepted = sorted(seconds for status, seconds in found if status == 200)
    assert {status for status, _ in found} == {200, 503}
    assert len(accepted) > 50
    assert accepted[int(len(accepted) * 0.99)] < 0.4
    assert server.post("after").status == 200


def test_echo_is_quick_enough_to_run_on_the_event_loop(serve):
    server = serve(ECHO)
    for _ in range(30):
        assert server.post("x").status == 200

    assert server.metric("mooring_run_seconds_count") == 30
