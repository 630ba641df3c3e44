"""How one kind of `run` is called: decided once at load, so that a request costs no inspection."""

from __future__ import annotations

from typing import Any, Callable, Dict, Protocol

from mooring.scoring.messages import Request, Response

__all__ = ["RunPlan"]


class RunPlan(Protocol):
    """The three steps of an answer; a batching server calls them apart, `Application.answer` in a row."""

    is_async: bool  # `call` returns an awaitable
    allows_batching: bool  # every argument has rows on axis 0, and so has the result
    calls_options: bool  # OPTIONS reaches `run` (raw HTTP)
    call: Callable[..., Any]  # the script's run, taking what `read` returns as keywords

    def read(self, request: Request) -> Dict[str, Any]:
        """Arguments for `call`; raises `Refusal`, or whatever the script's own conversion raises."""
        ...

    def reply(self, result: Any, request: Request, run_ms: float) -> Response:
        """The response to `result`; never raises."""
        ...
