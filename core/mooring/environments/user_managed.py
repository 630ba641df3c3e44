"""Interpreters that the user looks after: used as they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from mooring.environments.failures import InterpreterUnusable
from mooring.environments.resolution import Resolution
from mooring.environments.ring import OLDEST_PYTHON, SCORING_MODULES
from mooring.findings import Finding

_PROBE = (
    "import json, sys; from importlib.util import find_spec;"
    "print(json.dumps([list(sys.version_info[:2]), [m for m in sys.argv[1:] if find_spec(m) is None]]))"
)


def use_interpreter(interpreter_path: str, *, portable: bool) -> Resolution:
    """A resolution that installs nothing.

    Args:
        interpreter_path: v1's `python` means the interpreter that runs now, or the image's own when `portable`.
        portable: The interpreter belongs to an image and can't be looked at from here.

    Raises:
        InterpreterUnusable: It is not there, does not run, or is too old.
    """
    if portable:
        return Resolution(_digest(interpreter_path), "", source="user-managed", interpreter=interpreter_path)
    if interpreter_path in {"python", "python3", sys.executable}:
        missing = [module for module in SCORING_MODULES if find_spec(module) is None]
        return _resolution(sys.executable, sys.version_info[:2], missing)
    path = shutil.which(os.path.expanduser(interpreter_path))  # noqa: PTH111  leaves `~nobody` as it is; Path's own raises
    if path is None:
        raise InterpreterUnusable(interpreter_path, "it is not there, or may not be run")
    version, missing = _probe(path)
    return _resolution(path, version, missing)


def _probe(path: str) -> tuple[tuple[int, int], list[str]]:
    try:
        done = subprocess.run(
            [path, "-c", _PROBE, *SCORING_MODULES],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
        version, missing = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise InterpreterUnusable(path, "it does not answer like a Python 3") from error
    return (version[0], version[1]), missing


def _resolution(path: str, version: tuple[int, int], missing: list[str]) -> Resolution:
    if version < OLDEST_PYTHON:
        raise InterpreterUnusable(path, f"it is Python {version[0]}.{version[1]}")
    findings = [_missing(path, missing)] if missing else []
    return Resolution(
        digest=_digest(path),
        python_version=f"{version[0]}.{version[1]}",
        findings=tuple(findings),
        source="user-managed",
        interpreter=path,
    )


def _missing(path: str, modules: list[str]) -> Finding:
    return Finding(
        "scoring-packages-missing",
        "information",
        f"{path!r} has no {', '.join(modules)}; the scoring server uses its own, slower way for them.",
        "Install them there for speed.",
        data={"modules": modules},
    )


def _digest(path: str) -> str:
    return f"user-{hashlib.sha256(path.encode()).hexdigest()[:19]}"
