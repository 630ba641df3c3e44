"""The exception behind a failed start, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mooring.deployments.values import Failure
from mooring.deployments.verdict.scene import Scene

_LAST_LINE = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?::\s?(?P<text>.*))?$", re.DOTALL)
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)', re.MULTILINE)


@dataclass(frozen=True)
class Raised:
    """An exception as the worker reported it.

    Attributes:
        kind: `init-raised` or `import-raised`: when it happened.
        type: Name of its class, without the module.
        text: What it says.
        path, line: The user's own line it came from, when known.
        traceback: All of it.
    """

    kind: str
    type: str
    text: str
    path: str | None
    line: int | None
    traceback: str

    @property
    def during(self) -> str:
        """Who was at work, to begin a sentence with."""
        return "init()" if self.kind == "init-raised" else "The script"

    @property
    def summary(self) -> str:
        """`FileNotFoundError: …`, one line."""
        first = self.text.strip().splitlines()[0] if self.text.strip() else ""
        return f"{self.type}: {first}" if first else self.type

    @staticmethod
    def of(boot_error: dict[str, Any]) -> Raised:
        """Read from `{kind, message, path, line, traceback}`; whatever is missing is taken from the traceback."""
        traceback = str(boot_error.get("traceback") or "")
        message = str(boot_error.get("message") or "")
        kind, text = (
            _type_and_text(traceback) or _type_and_text(message.partition(": ")[2]) or ("Exception", message)
        )
        path, line = boot_error.get("path"), boot_error.get("line")
        frames = _FRAME.findall(traceback)
        if not path and frames:
            path, line = frames[-1][0], int(frames[-1][1])
        return Raised(
            kind=str(boot_error.get("kind") or "import-raised"),
            type=kind,
            text=text,
            path=path,
            line=line,
            traceback=traceback,
        )


def _type_and_text(text: str) -> tuple[str, str] | None:
    """From the end of a traceback: the line that is not indented and names a class, with all that follows it."""
    lines = text.rstrip().splitlines()
    for n in range(len(lines) - 1, -1, -1):
        found = _LAST_LINE.match(lines[n])
        if found and not lines[n].startswith("During handling") and _is_class(found["type"]):
            rest = "\n".join([found["text"] or "", *lines[n + 1 :]])
            return found["type"].rpartition(".")[2], rest.strip()
    return None


def _is_class(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() or last.endswith(("Error", "Exception", "error"))


def verdict_of(
    raised: Raised, scene: Scene, *, code: str, cause: str, remedy: str, evidence: tuple[str, ...] = ()
) -> Failure:
    """A failure that shows the exception and the user's line."""
    return Failure(
        code=code,
        cause=cause,
        evidence=(scene.shorten(raised.summary), *evidence),
        remedy=remedy,
        excerpt=scene.excerpt(raised.path, raised.line),
    )
