"""`rawhttp`, `AMLRequest` and `AMLResponse`: scripts that speak HTTP themselves.

Where Flask or werkzeug is installed, requests and responses are theirs, so that every method scripts know is
there; elsewhere they are small look-alikes with what scripts were seen to use (`plain_request`, `plain_response`).
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar

__all__ = ["rawhttp", "web_objects"]

Function = TypeVar("Function", bound=Callable[..., Any])

_rawHttpRequested = False  # noqa: N816  the name that old code knows


def rawhttp(func: Function) -> Function:
    """Ask for the request object as the argument of `run`; the mark is process-wide, whatever is decorated."""
    global _rawHttpRequested  # noqa: PLW0603
    _rawHttpRequested = True
    return func


def web_objects() -> Any:
    """The module that makes requests and responses: on Flask or werkzeug when they are there, else ours."""
    try:
        from mooring.scoring.contract.rawhttp import werkzeug_objects as objects
    except Exception:  # noqa: BLE001  a broken pin of Flask raises anything; the script may never need it
        from mooring.scoring.contract.rawhttp import plain_objects as objects  # type: ignore[no-redef]
    return objects


def __getattr__(name: str) -> Any:
    if name in ("AMLRequest", "AMLResponse"):
        return getattr(web_objects(), name)
    raise AttributeError(name)
