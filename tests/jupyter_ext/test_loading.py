"""Loading the magics into a real kernel."""

from __future__ import annotations

import time

import pytest
from jupyter_client.manager import start_new_kernel

WATCH = """
import sys, threading
class Watch:
    threads = set()
    def find_spec(self, name, path=None, target=None):
        if name.startswith("mooring"):
            self.threads.add(threading.current_thread().name)
sys.meta_path.insert(0, Watch())
"""


@pytest.fixture
def run(home):
    """Runs a cell in a kernel of its own, and gives what it printed."""
    manager, client = start_new_kernel()

    def run_cell(code):
        printed = []

        def hear(message):
            if message["header"]["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        client.execute_interactive(code, output_hook=hear, timeout=60)
        return "".join(printed).strip()

    yield run_cell
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_what_a_first_command_needs_is_imported_between_cells_and_by_the_thread_that_runs_them(run):
    """Two threads that import one package at once may each get half of it."""
    run(WATCH)
    run("%load_ext mooring")
    deadline = time.monotonic() + 60

    while run("print('mooring.sdk' in sys.modules)") != "True":
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert run("print(Watch.threads)") == "{'MainThread'}"
