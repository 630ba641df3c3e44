"""What requests share."""

from __future__ import annotations

import subprocess
import sys

FIRST_REQUESTS = """
import importlib, sys
from pathlib import Path
from mooring_jupyter.web.state import ServerState

def is_whole(name):
    module = sys.modules.get(name)
    return module is not None and not getattr(module.__spec__, "_initializing", False)

def work(_):
    return [name for name in ("mooring.database.engine", "mooring.deployments.desk") if not is_whole(name)]

state = ServerState(Path(sys.argv[1]))
print([missing for missing in state.threads.map(work, range(64)) if missing])
"""


def test_no_request_is_worked_on_beside_the_imports_that_all_of_them_need(tmp_path):
    """Of two threads that import one package at once, either may get half of it."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_REQUESTS, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
