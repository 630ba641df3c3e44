"""CORS headers for the origins of AML_CORS_ORIGINS, as flask-cors adds them for GET and POST."""

from __future__ import annotations

from mooring.scoring.messages import Request, Response

__all__ = ["Cors"]


class Cors:
    """Adds `Access-Control-…` headers for listed origins.

    Args:
        origins: Allowed origins; one `*` allows all.
    """

    def __init__(self, origins: list[str]) -> None:
        self._any = "*" in origins
        self._origins = sorted(origins)
        self._known = frozenset(origin.lower() for origin in origins)

    @classmethod
    def from_setting(cls, setting: str | None) -> Cors | None:
        """From the comma list of the setting; None when it is empty."""
        return cls([origin.strip() for origin in setting.split(",")]) if setting else None

    def add(self, request: Request, response: Response) -> None:
        """Add what applies to this request's origin, unless the script has set its own."""
        if response.get("access-control-allow-origin") is not None:
            return
        origin = request.headers.get("origin")
        if origin is None:
            # Without an origin the answer may be cached for anyone: it names the first one, or all.
            origin = "*" if self._any else self._origins[0]
        elif not (self._any or origin.lower() in self._known):
            return
        response.headers.append(("Access-Control-Allow-Origin", origin))
        if request.method == "OPTIONS":
            self._add_preflight(request, response)
        if origin != "*" and (self._any or len(self._origins) > 1):
            response.headers.append(("Vary", "Origin"))

    def _add_preflight(self, request: Request, response: Response) -> None:
        if (request.headers.get("access-control-request-method") or "").upper() not in ("GET", "POST"):
            return
        wanted = request.headers.get("access-control-request-headers")
        if wanted:
            names = sorted(name.strip() for name in wanted.split(","))
            response.headers.append(("Access-Control-Allow-Headers", ", ".join(names)))
        response.headers.append(("Access-Control-Allow-Methods", "GET, POST"))
