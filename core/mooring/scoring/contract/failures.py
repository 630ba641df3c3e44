"""What stops a script from starting, and what a request is refused for."""

from __future__ import annotations

from typing import Any

__all__ = ["BootError", "Refusal"]


class BootError(Exception):
    """The service can not start: the entry script is missing, wrong, or raised in `init()`.

    Args:
        kind: A stable word, such as `init-raised` or `run-missing`.
        message: One sentence that says what is wrong.
        path: The file to look at, when there is one.
        line: The line in `path`, counted from 1.
        traceback: The script's own traceback as text, without our frames.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        path: str | None = None,
        line: int | None = None,
        traceback: str = "",
    ) -> None:
        super().__init__(kind, message, path, line, traceback)
        self.kind = kind
        self.message = message
        self.path = path
        self.line = line
        self.traceback = traceback

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{self.message} ({place})"

    def to_dict(self) -> dict[str, Any]:
        """The failure as the supervisor's channel carries it."""
        return {
            "kind": self.kind,
            "message": self.message,
            "path": self.path,
            "line": self.line,
            "traceback": self.traceback,
        }


class Refusal(Exception):
    """A request that is answered with an error before, or instead of, a call of `run`.

    Args:
        status: The HTTP status.
        message: The text of the JSON body's `message`.
        run_failed: What `x-ms-run-function-failed` says.
    """

    def __init__(self, status: int, message: str, run_failed: bool = False) -> None:
        super().__init__(status, message, run_failed)
        self.status = status
        self.message = message
        self.run_failed = run_failed
