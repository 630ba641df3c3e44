"""Start, signals, drain, several workers."""

import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from .conftest import ECHO, app_root, read_answer, render, wait_until
from .test_limits import GATED, held, release


def test_a_drain_finishes_what_is_in_flight_and_ends_with_0(serve):
    server = serve(GATED)
    with held(server) as busy:
        server.terminate()
        server.wait_for("Draining")
        release(server)
        answer = read_answer(busy)

    assert answer.json == "hold"
    assert answer.headers["connection"] == "close"
    assert server.end() == 0


def test_an_idle_client_may_send_one_more_request_while_draining(serve):
    server = serve()
    with server.connect() as idle:
        idle.sendall(render("POST", "/score", "one", {}))
        read_answer(idle)
        server.terminate()
        server.wait_for("Draining")
        idle.sendall(render("POST", "/score", "two", {}))
        answer = read_answer(idle)

        assert answer.json == "two"
        assert answer.headers["connection"] == "close"
        assert idle.recv(10) == b""
    assert server.end() == 0


def test_draining_refuses_new_connections(serve):
    server = serve(GATED)
    with held(server) as busy:
        server.terminate()
        server.wait_for("Draining")

        def refused():
            try:
                with socket.create_connection(("127.0.0.1", server.port), timeout=1):
                    return False
            except OSError:
                return True

        wait_until(refused)
        release(server)
        assert read_answer(busy).status == 200


def test_a_run_that_outlasts_the_drain_is_cut_off(serve):
    server = serve(GATED, MOORING_DRAIN_S="0.2")
    with held(server):
        server.terminate()

        assert server.end() == 0
    assert "cut off" in server.log


def test_a_script_that_can_not_start_ends_with_3(serve):
    server = serve(
        "def init():\n    raise ValueError('no model')\n\ndef run(data):\n    return data\n", ready=False
    )

    assert server.end() == 3
    assert "no model" in server.log


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken_is_said_so(serve, workers):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "mooring.scoring", "--entry_script", "x.py", "--port", str(port), "--worker_count", workers],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert f"127.0.0.1:{port} can not be listened on: Address already in use" in done.stderr


def test_workers_share_the_port_and_add_up_their_metrics(serve):
    server = serve(
        "import os\ndef init(): pass\ndef run(data):\n    return os.getpid()\n", "--worker_count", "2"
    )
    pids = set()
    asked = 0
    while len(pids) < 2 and asked < 500:
        connections = [server.connect() for _ in range(4)]
        for connection in connections:
            connection.sendall(render("POST", "/score", "x", {}))
        for connection in connections:
            pids.add(read_answer(connection).json)
            connection.close()
        asked += 4

    assert len(pids) == 2
    # A worker counts a request after it has answered, and another worker may be asked for the sum meanwhile.
    wait_until(lambda: server.metric("mooring_run_seconds_count") == asked)
    assert server.metric("mooring_workers") == 2
    server.terminate()
    assert server.end() == 0


def test_a_killed_worker_takes_only_its_own_requests_and_is_replaced(serve):
    server = serve(
        "import os\ndef init(): pass\ndef run(data):\n    return os.getpid()\n", "--worker_count", "2"
    )
    failures, answered, stop = [], [], threading.Event()

    def ask():
        while not stop.is_set():
            try:
                answered.append(server.post("x").status)
            except (OSError, EOFError) as error:  # noqa: PERF203
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for round_number in range(3):
        victim = server.post("x", connection="close").json
        os.kill(victim, signal.SIGKILL)
        server.wait_for("ready for serving traffic", times=3 + round_number)
    stop.set()
    for thread in threads:
        thread.join()

    assert set(answered) == {200}
    assert len(failures) <= 3 * len(threads)
    before = server.metric("mooring_run_seconds_count")
    assert before >= len(answered) * 0.9  # a dead worker's counts are not forgotten


def test_workers_that_can_not_start_end_the_whole_with_3(serve):
    server = serve("def run(data):\n    return data\n", "--worker_count", "2", ready=False)

    assert server.end() == 3


def test_a_preloaded_script_runs_init_once(serve):
    server = serve(
        "def init():\n    print('init called')\n\ndef run(data):\n    return data\n",
        "--worker_count",
        "2",
        WORKER_PRELOAD="true",
    )

    assert server.log.count("init called") == 1
    assert server.post("x").json == "x"


def test_a_separate_health_port_answers_too(serve):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    server = serve(ECHO, "--health_port", str(port), SEPERATE_HEALTH_ENDPOINT="true")
    score_port, server.port = server.port, port

    assert server.get("/").body == b"Healthy"
    assert score_port != port


def test_a_debugger_is_waited_for(serve):
    pytest.importorskip("debugpy")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    server = serve(ECHO, ready=False, AZUREML_DEBUG_PORT=str(port))
    server.wait_for(f"Waiting for a debugger on port {port}")

    with socket.create_connection(("127.0.0.1", port), timeout=20):
        assert "ready for serving traffic" not in server.log


def test_it_works_without_uvloop_and_orjson(serve, tmp_path):
    (tmp_path / "shadow").mkdir()
    for name in ("uvloop", "orjson", "httptools", "prometheus_client"):
        (tmp_path / "shadow" / f"{name}.py").write_text("raise ImportError('hidden')\n")
    server = serve(GATED, PYTHONPATH=str(tmp_path / "shadow"))

    with held(server) as busy, server.connect() as other:
        other.sendall(render("POST", "/score", "x" * 400_000, {}))
        release(server)
        assert read_answer(busy).status == 200
        assert len(read_answer(other).json) == 400_000
    for _ in range(40):
        assert server.post("x").status == 200
    server.terminate()
    assert server.end() == 0
    assert app_root(server).exists()


def test_only_the_ring_is_loaded():
    code = (
        "import sys; from mooring.scoring.worker import serve_worker; import mooring.scoring.service\n"
        "outer = ('sqlalchemy', 'typer', 'rich', 'fsspec', 'httpx', 'numpy', 'pandas', 'prometheus_client', 'jwt', 'ssl')\n"
        "print([name for name in outer if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert eval(done.stdout) in ([], ["ssl"])  # asyncio imports ssl where it can
