"""From what `run` returned to the response: JSON, a response object of the script's own, or a stream."""

from __future__ import annotations

import inspect
import logging
from typing import Any

from mooring.scoring.contract.encoding import encode
from mooring.scoring.contract.streams import stream_reply
from mooring.scoring.messages import Request, Response

__all__ = ["JSON", "Replies", "error_reply"]

logger = logging.getLogger("azmlinfsrv")

JSON = "application/json"
HTML = "text/html; charset=utf-8"
INTERNAL_ERROR = "An unexpected internal error occurred. Check the logs for more info."
SCRIPT_ERROR = "An unexpected error occurred in scoring script. Check the logs for more info."

_SUCCEEDED = ("x-ms-run-function-failed", "False")
_EMPTY = encode({})


class Replies:
    """Turns results into responses.

    Args:
        place: Where `run` is defined, for the log: `path:line`.
        model_dump: What to try on results that JSON can not hold, or None to refuse them as v1 did.
    """

    def __init__(self, place: str, model_dump: Any = None) -> None:
        self._place = place
        self.model_dump = model_dump

    def __call__(self, result: Any, request: Request, run_ms: float) -> Response:
        """The response to a finished `run`; never raises."""
        try:
            body = _EMPTY if result is None else encode(result)
        except Exception as error:  # noqa: BLE001
            return self._unusual(result, request, run_ms, error)
        return Response(
            200, body, JSON, [_SUCCEEDED, ("x-ms-run-fn-exec-ms", f"{run_ms:.3f}")], False, run_ms
        )

    def _unusual(self, result: Any, request: Request, run_ms: float, error: Exception) -> Response:
        """Response objects and streams; else what JSON can not hold, which v1 answered as an internal error."""
        try:
            if hasattr(result, "status_code") and hasattr(result, "headers"):
                from mooring.scoring.contract.rawhttp.replies import is_response, response_reply

                if is_response(result):
                    return response_reply(result, run_ms)
            if inspect.isgenerator(result) or inspect.isasyncgen(result):
                return stream_reply(result, request, run_ms)
            if self.model_dump is not None:
                return Response(
                    200,
                    encode(self.model_dump(result)),
                    JSON,
                    [_SUCCEEDED, ("x-ms-run-fn-exec-ms", f"{run_ms:.3f}")],
                    False,
                    run_ms,
                )
        except Exception as other:  # noqa: BLE001
            error = other
        self._log_cause(result, error)
        return error_reply(500, INTERNAL_ERROR)

    def _log_cause(self, result: Any, error: Exception) -> None:
        if inspect.iscoroutine(result):
            result.close()
        logger.error(
            "run() at %s returned %s that can not be sent as JSON: %s. Return lists, dicts, str, int, float, bool or None"
            " (for arrays: .tolist(); for data frames: .to_dict()).",
            self._place,
            _describe(result),
            error,
        )


def error_reply(status: int, message: str, run_failed: bool = False) -> Response:
    """A JSON error, without the request's ids."""
    headers = [("x-ms-run-function-failed", str(run_failed))]
    return Response(status, encode({"message": message}), JSON, headers, run_failed)


def _describe(result: Any) -> str:
    kind = type(result)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    shape = getattr(result, "shape", None)
    return f"a {name} of shape {shape}" if isinstance(shape, tuple) else f"a {name}"
