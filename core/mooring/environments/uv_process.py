"""Running uv: found beside us, told where packages come from, ended with us, and never quoted with a secret."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mooring.environments.child_process import child_process
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
    command = [find_uv(), *arguments, "--color", "never"]
    variables = _environment(downloads_python=downloads_python)
    with child_process(command, working_dir=working_dir, variables=variables) as process:
        for line in process.stderr or ():
            text = redact(line.rstrip("\n"))
            words.append(text)
            if progress is not None and _WORTH_SHOWING.match(text):
                progress(phase, text.strip())
    return UvOutcome(process.returncode, "\n".join(words).strip())


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


def _environment(*, downloads_python: bool) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    for name in _SYSTEM_CERTIFICATES:  # as pip does: a company's own authority is known to the system alone
        variables.setdefault(name, "true")
    for name, value in read_pip_indexes().items():
        variables.setdefault(name, value)
    variables["UV_PYTHON_DOWNLOADS"] = "manual" if downloads_python else "never"
    return variables
