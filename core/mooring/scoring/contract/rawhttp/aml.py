"""What an `AMLResponse` does with its arguments, on whichever response class it stands."""

from __future__ import annotations

import json
from typing import Any, Mapping

__all__ = ["JSON", "body_of", "finish"]

JSON = "application/json"
FAILED = "x-ms-run-function-failed"


def body_of(message: Any, json_str: bool) -> dict[str, Any]:
    """Arguments for the response class: no message is an empty JSON object."""
    if message is None:
        return {"response": "{}", "mimetype": JSON}
    if json_str:
        return {"response": json.dumps(message), "mimetype": JSON}
    return {"response": message}


def finish(
    response: Any, message: Any, headers: Mapping[str, str], json_str: bool, run_function_failed: bool
) -> None:
    """Add the script's headers: values are split at commas into repeated headers, dates included (as in v1)."""
    if message is not None and not json_str and "Content-Type" in headers:
        response.headers.remove("Content-Type")
    response.headers[FAILED] = str(run_function_failed)
    for name, value in headers.items():
        for part in value.split(","):
            response.headers.add(name, part.strip())
