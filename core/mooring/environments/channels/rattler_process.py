"""Asking py-rattler in a process of its own: interrupted work ends with it, and its threads never run in ours."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mooring.environments.child_process import child_process
from mooring.environments.failures import CondaExtraMissing
from mooring.environments.locking import write_private
from mooring.environments.redaction import redact
from mooring.environments.uv_process import Progress

PROGRESS_MARK = "mooring: "
_AUTHENTICATION = "RATTLER_AUTH_FILE"
_CRASHED = "it ended without an answer"


def require_rattler(packages: Collection[str]) -> None:
    """Make sure that the library is there before anything is done for `packages`.

    Raises:
        CondaExtraMissing: It is not installed.
    """
    if find_spec("rattler") is None:
        raise CondaExtraMissing(list(packages))


def run_rattler(
    request: dict[str, Any], folder: Path, *, credentials: dict[str, Any], progress: Progress | None
) -> dict[str, Any]:
    """The answer of `rattler_child` to a request; an answer with `error` tells what went wrong.

    Args:
        request: Free of secrets.
        folder: Exists, is empty, and is removed by the caller.
        credentials: By host, in the form of rattler's authentication file.
        progress: Gets a line for each package that is fetched.
    """
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    variables = dict(os.environ)
    if credentials:
        place = folder / "authentication.json"
        write_private(place, [json.dumps({**_known_credentials(), **credentials})])
        variables[_AUTHENTICATION] = str(place)
    command = [sys.executable, "-m", "mooring.environments.channels.rattler_child", str(folder)]
    words: list[str] = []
    with child_process(command, working_dir=folder, variables=variables) as process:
        for line in process.stderr or ():
            text = redact(line.rstrip("\n"))
            if not text.startswith(PROGRESS_MARK):
                words.append(text)
            elif progress is not None:
                progress("environment", text.removeprefix(PROGRESS_MARK))
    try:
        answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"error": "\n".join(words[-20:]) or _CRASHED}
    return {**answer, "error": redact(answer["error"])} if "error" in answer else dict(answer)


def _known_credentials() -> dict[str, Any]:
    """What the user's own authentication file says."""
    try:
        return dict(json.loads(Path(os.environ[_AUTHENTICATION]).read_text(encoding="utf-8")))
    except (KeyError, OSError, ValueError):
        return {}
