"""Exit codes, the only place that knows them. Scripts may rely on these numbers."""

from __future__ import annotations

from mooring.errors import MooringError

OK = 0
FAILED = 1
"""An expected failure that has no number of its own."""
USAGE = 2
"""The command line can't be understood."""
NOT_FOUND = 3
"""What was named does not exist."""
CONFLICT = 4
"""It exists already, is in use, or somebody else is changing it."""
DEPLOYMENT_FAILED = 5
"""A service was asked to change and did not come up."""
INTERRUPTED = 130
"""Ctrl-C."""

MEANINGS = {
    OK: "done",
    FAILED: "failed; the message says why",
    USAGE: "the command line can't be understood",
    NOT_FOUND: "what was named does not exist",
    CONFLICT: "it exists already, is in use, or is being changed by somebody else",
    DEPLOYMENT_FAILED: "the service did not come up; what served before still does",
    INTERRUPTED: "interrupted by Ctrl-C",
}

_BY_CODE = {
    "usage": USAGE,
    "model-in-use": CONFLICT,
    "file-exists": CONFLICT,
    "checks-failed": DEPLOYMENT_FAILED,
    "deployment-failed": DEPLOYMENT_FAILED,
    "start-failed": DEPLOYMENT_FAILED,
}
_BY_ENDING = {"-not-found": NOT_FOUND, "-exists": CONFLICT, "-busy": CONFLICT, "-in-use": CONFLICT}


def exit_code_of(error: BaseException) -> int:
    """The number for a failure: by its code, else by the ending of its code, else 1."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    code = error.code if isinstance(error, MooringError) else ""
    endings = (status for ending, status in _BY_ENDING.items() if code.endswith(ending))
    return _BY_CODE.get(code) or next(endings, FAILED)
