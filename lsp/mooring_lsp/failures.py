"""Why starts failed, on the lines of the scripts that made them fail, until the line changes or the service is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mooring.findings import Finding, Span
from mooring_lsp.documents import Snapshot


@dataclass(frozen=True)
class FailedStart:
    """One verdict that has a line.

    Attributes:
        text: Of the line, as it was when the start failed.
    """

    service: str
    path: str
    line: int
    text: str
    code: str
    cause: str
    remedy: str


class Failures:
    """The verdicts on the last start of each service.

    Args:
        changed: Told the path of a script about which there is something else to say now.
    """

    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed
        self._by_service: dict[str, FailedStart] = {}

    def keep(self, facts: dict[str, Any]) -> None:
        """A start failed; facts without a line in a file are left to the message."""
        failure = facts.get("failure") or {}
        excerpt = failure.get("excerpt") or {}
        name = str(facts.get("service") or excerpt.get("path", ""))
        if not excerpt.get("path") or not excerpt.get("line"):
            self.forget(name)
            return
        found = FailedStart(
            name,
            excerpt["path"],
            int(excerpt["line"]),
            str(excerpt.get("text", "")).strip(),
            str(failure.get("code", "start-failed")),
            str(failure.get("cause", "")),
            str(failure.get("remedy", "")),
        )
        if self._by_service.get(name) != found:
            self.forget(name)
            self._by_service[name] = found
            self._changed(found.path)

    def forget(self, service: str) -> None:
        """The service is well, or gone."""
        known = self._by_service.pop(service, None)
        if known is not None:
            self._changed(known.path)

    def findings_in(self, snapshot: Snapshot) -> list[Finding]:
        """What is to be said about a document; a line that was edited since is not blamed any more."""
        found: list[Finding] = []
        for failed in self._by_service.values():
            line = snapshot.places.line(failed.line - 1)
            if failed.path != snapshot.path or (failed.text and line.strip() != failed.text):
                continue
            start = len(line) - len(line.lstrip()) + 1
            span = Span(failed.line, start, failed.line, max(len(line.rstrip()) + 1, start))
            problem = f"{failed.service} did not start: {failed.cause}"
            found.append(Finding(failed.code, "error", problem, failed.remedy, snapshot.path, span))
        return found
