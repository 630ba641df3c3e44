"""`mooring serve`: the scoring server alone, in this Python."""

import http.client
import signal
import socket
import subprocess
import sys

import pytest


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serve_answers_until_ctrl_c(work, free_port):
    (work / "score.py").write_text(
        "import os\n\ndef init():\n    pass\n\ndef run(data):\n    return os.environ['AZUREML_MODEL_DIR']\n"
    )
    (work / "model").mkdir()
    words = ["serve", "score.py", "--model-dir", "model", "--port", str(free_port)]

    with subprocess.Popen(
        [sys.executable, "-m", "mooring", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        answer = ask(server, free_port)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)

    assert answer.endswith('model"')


def test_the_script_named_twice_is_told(mooring):
    assert mooring("serve", "a.py", "--entry_script", "b.py").exit_code == 2


def ask(server, port):
    """Ask until it listens; it may take its time to start."""
    while server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("POST", "/score", b"x")
            return connection.getresponse().read().decode()
        except OSError:
            continue
        finally:
            connection.close()
    raise AssertionError(server.stdout.read().decode())
