"""Running uv: found beside us, told where packages come from, ended with us, and never quoted with a secret."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from mooring.environments.failures import ResolutionFailed
from mooring.environments.pip_configuration import read_pip_indexes
from mooring.environments.redaction import redact

Progress = Callable[[str, str], None]
"""Called with a phase and one line of text, free of secrets."""

_SYSTEM_CERTIFICATES = ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS")  # the newer and the older name of one setting

# Active environments must not leak into the one that is made.
_UNWANTED = (
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_REQUIRE_HASHES",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
)
_WORTH_SHOWING = re.compile(r"^\s*(Prepared|Installed|Downloading|Building|Built|Installing) ")


@dataclass(frozen=True)
class UvOutcome:
    """How a run of uv ended. `words` is what it said on standard error, without secrets."""

    code: int
    words: str

    @property
    def is_ok(self) -> bool:
        """Whether it did what it was asked to."""
        return self.code == 0


def run_uv(
    arguments: Sequence[str],
    *,
    phase: str = "environment",
    progress: Progress | None = None,
    working_dir: Path | None = None,
    downloads_python: bool = False,
) -> UvOutcome:
    """Run uv to its end; whatever interrupts the wait ends uv too.

    Args:
        arguments: Without secrets, as every process of the machine can read them.
        phase: Passed on to `progress`.
        progress: Gets uv's lines about packages as they come.
        working_dir: Where uv looks for its configuration, and what relative paths are relative to.
        downloads_python: Whether uv may fetch a Python by itself.
    """
    words: list[str] = []
    with terminable(), _started(arguments, working_dir, downloads_python=downloads_python) as process:
        for line in process.stderr or ():
            text = redact(line.rstrip("\n"))
            words.append(text)
            if progress is not None and _WORTH_SHOWING.match(text):
                progress(phase, text.strip())
        code = process.wait()
    return UvOutcome(code, "\n".join(words).strip())


def find_uv() -> str:
    """Path of the uv that came with Mooring, or of the one on PATH.

    Raises:
        ResolutionFailed: There is none.
    """
    try:
        from uv import find_uv_bin

        return find_uv_bin()
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if found is None:
        raise ResolutionFailed(
            kind="uv-missing",
            cause="uv, which resolves and installs packages, is not installed.",
            advice="Run `pip install uv`.",
        )
    return found


@contextmanager
def _started(
    arguments: Sequence[str], working_dir: Path | None, *, downloads_python: bool
) -> Generator[subprocess.Popen[str], None, None]:
    process = subprocess.Popen(
        [find_uv(), *arguments, "--color", "never"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=working_dir,
        env=_environment(downloads_python=downloads_python),
        # A session of its own, so that builds which uv started can be ended with it.
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


def _environment(*, downloads_python: bool) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    for name in _SYSTEM_CERTIFICATES:  # as pip does: a company's own authority is known to the system alone
        variables.setdefault(name, "true")
    for name, value in read_pip_indexes().items():
        variables.setdefault(name, value)
    variables["UV_PYTHON_DOWNLOADS"] = "manual" if downloads_python else "never"
    return variables


def _end(process: subprocess.Popen[str], *, within_s: float = 5.0) -> None:
    """Ask uv, and the builds it started, to end; insist when they do not."""
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
    """SIGTERM came while uv ran; like its default, but our clean-up runs first."""


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
