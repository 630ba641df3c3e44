"""Request and response objects for environments without Flask."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from mooring.scoring.contract.rawhttp.aml import body_of, finish
from mooring.scoring.contract.rawhttp.plain_request import WebRequest
from mooring.scoring.contract.rawhttp.plain_response import Response

__all__ = ["AMLRequest", "AMLResponse", "in_context", "make_request"]

make_request = WebRequest


class AMLRequest(WebRequest):
    """Only here to be imported; `run` gets the server's request object, which is not one of these."""


class AMLResponse(Response):
    """A response of the script's own.

    Args:
        message: Text, bytes, an iterable of either; with `json_str` anything JSON can hold; None is `{}`.
        status_code: The HTTP status.
        response_headers: Added to the response; values are split at commas.
        json_str: Encode the message as JSON.
        run_function_failed: What `x-ms-run-function-failed` says.
    """

    def __init__(
        self,
        message: Any,
        status_code: int,
        response_headers: Mapping[str, str] = {},
        json_str: bool = False,
        run_function_failed: bool = False,
    ) -> None:
        super().__init__(status=status_code, **body_of(message, json_str))
        finish(self, message, response_headers, json_str, run_function_failed)


def in_context(run: Callable[..., Any], first: str, is_async: bool) -> Callable[..., Any]:
    """`run` itself: there is no framework whose context it could need."""
    del first, is_async
    return run
