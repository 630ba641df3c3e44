"""Programs that work for us: each in a session of its own, ended with us whatever interrupts the wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType


@contextmanager
def child_process(
    command: Sequence[str], *, working_dir: Path | None, variables: Mapping[str, str]
) -> Generator[subprocess.Popen[str], None, None]:
    """A running program whose standard error is read by the block; it has ended when the block has.

    Args:
        command: Without secrets, as every process of the machine can read it.
        working_dir: None for ours.
        variables: Its whole environment.
    """
    with terminable(), _started(command, working_dir, variables) as process:
        yield process
        process.wait()


@contextmanager
def _started(
    command: Sequence[str], working_dir: Path | None, variables: Mapping[str, str]
) -> Generator[subprocess.Popen[str], None, None]:
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=working_dir,
        env=dict(variables),
        # A session of its own, so that what it started can be ended with it.
        start_new_session=True,
    )
    try:
        yield process
    except BaseException:
        _end(process)
        raise
    finally:
        if process.stderr is not None:
            process.stderr.close()


def _end(process: subprocess.Popen[str], *, within_s: float = 5.0) -> None:
    """Ask the program, and what it started, to end; insist when they do not."""
    if sys.platform == "win32":
        process.kill()
    else:
        _signal_all(process.pid, signal.SIGTERM)
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            _signal_all(process.pid, signal.SIGKILL)
    process.wait()


def _signal_all(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


class _Terminated(SystemExit):
    """SIGTERM came while a program ran; like its default, but our clean-up runs first."""


@contextmanager
def terminable() -> Generator[None, None, None]:
    """Let SIGTERM unwind the block instead of ending the process on the spot; others' handlers are left alone."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def leave(number: int, _frame: FrameType | None) -> None:
        raise _Terminated(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
