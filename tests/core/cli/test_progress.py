"""Lines in a pipe, a live line on a terminal."""

import io
import os
import pty
import subprocess
import sys

from mooring.cli.progress import PhaseLines, bytes_moving, line
from mooring.cli.sizes import seconds, size


def test_each_phase_is_one_line_in_a_pipe_and_progress_is_silent():
    out = io.StringIO()
    view = PhaseLines(out)

    view.progress("environment", "resolving")
    view.event("environment", "python 3.11, 9 packages")
    view.event("checked", "score.py:1:1 · M1 · something", data={"finding": {}})
    view.event("healthy", "the answer says it")
    view.close()

    assert out.getvalue().splitlines() == [
        "  Environment  python 3.11, 9 packages",
        "               score.py:1:1 · M1 · something",
    ]


def test_nothing_is_written_for_programs():
    out = io.StringIO()
    view = PhaseLines(out, is_quiet=True)

    view.event("init", "loaded")

    assert out.getvalue() == ""


def test_bytes_are_silent_in_a_pipe():
    out = io.StringIO()
    with bytes_moving(out, "Registering") as moved:
        moved(1, 2)

    assert out.getvalue() == ""


def test_on_a_terminal_the_current_phase_moves():
    code = (
        "import sys, time; from mooring.cli.progress import PhaseLines; v = PhaseLines(sys.stdout);"
        "v.progress('environment', 'installing');\n"
        "import threading; threading.Event().wait(1.0)\n"
        "v.event('environment', 'done'); v.close()"
    )
    leader, follower = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", code], stdout=follower, stderr=follower, env={**os.environ, "TERM": "xterm"}
    )
    os.close(follower)
    told = b""
    while True:
        try:
            chunk = os.read(leader, 4096)
        except OSError:
            break
        if not chunk:
            break
        told += chunk
    os.close(leader)

    assert done.wait() == 0
    assert told.count(b"installing") > 1
    assert b"  Environment  done" in told


def test_phases_align():
    assert line("init", "loaded", 1.24) == "  Init         loaded   1.2 s"


def test_sizes_and_times_as_people_say_them():
    assert [size(n) for n in (0, 999, 1200, 340_000_000)] == ["0 B", "999 B", "1.2 kB", "340.0 MB"]
    assert [seconds(s) for s in (0.0011, 0.4, 12, 200)] == ["1.1 ms", "0.4 s", "12 s", "3 min 20 s"]


def test_a_live_line_says_what_history_expects():
    from mooring.cli.progress import LiveLine

    live = LiveLine(io.StringIO())
    live._is_live, live._show_live = True, lambda _text: None
    live.show("image", "installing 9 packages", lambda _elapsed_s: 40.0)

    assert "of about 40 s" in str(live.__rich__())
    live.clear()
