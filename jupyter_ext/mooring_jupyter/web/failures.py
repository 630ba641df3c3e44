"""Failures as HTTP answers: the only place that knows which status a code has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring_jupyter.shapes import Problem

BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE = 400, 403, 404, 409, 413
INTERNAL, BAD_GATEWAY, UNAVAILABLE, NO_ROOM = 500, 502, 503, 507

_BY_CODE = {
    "internal-error": INTERNAL,
    "system-error": INTERNAL,
    "access-denied": FORBIDDEN,
    "auth-off": CONFLICT,
    "upload-offset": CONFLICT,
    "upload-too-large": TOO_LARGE,
    "model-in-use": CONFLICT,
    "file-exists": CONFLICT,
    "property-immutable": CONFLICT,
    "rollback-impossible": CONFLICT,
    "update-impossible": CONFLICT,
    "path-missing": NOT_FOUND,
    "model-path-missing": NOT_FOUND,
    "scoring-failed": BAD_GATEWAY,
    "service-unreachable": BAD_GATEWAY,
    "engine-not-running": UNAVAILABLE,
    "engine-silent": UNAVAILABLE,
    "database-unusable": INTERNAL,
    "storage-failed": INTERNAL,
    "artifact-missing": INTERNAL,
    "artifact-damaged": INTERNAL,
    "storage-full": NO_ROOM,
    "disk-full": NO_ROOM,
}
_BY_ENDING = {"-not-found": NOT_FOUND, "-exists": CONFLICT, "-busy": CONFLICT, "-in-use": CONFLICT}


@dataclass(eq=False)
class InvalidRequest(MooringError):
    """A body or parameter is not what the interface's description says."""

    code = "request-invalid"
    where: str
    reason: str

    @property
    def problem(self) -> str:
        """Which, and why."""
        return f"{self.where}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Where the rules are."""
        return "See /mooring/api/openapi.json for what is expected."


@dataclass(eq=False)
class AccessDenied(MooringError):
    """Jupyter Server's authorizer said no."""

    code = "access-denied"
    user: str
    action: str
    resource: str

    @property
    def problem(self) -> str:
        """Who may not do what."""
        return f"{self.user} may not {self.action} {self.resource}."

    @property
    def remedy(self) -> str:
        """Whom to ask."""
        return "Ask whoever runs this Jupyter server for access."


def status_of(code: str) -> int:
    """The HTTP status for a failure: by its code, else by the ending of its code, else 400."""
    endings = (status for ending, status in _BY_ENDING.items() if code.endswith(ending))
    return _BY_CODE.get(code) or next(endings, BAD_REQUEST)


def problem_of(error: BaseException) -> Problem:
    """A failure as it travels."""
    from mooring.cli.failures import facts_of

    facts: dict[str, Any] = facts_of(error, [])[0]
    message = f"{facts['problem']} {facts['remedy']}".strip()
    return {"message": message, **facts}  # type: ignore[typeddict-item]
