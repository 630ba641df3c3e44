"""Make a deployment configuration from v1's arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mooring.sdk.exceptions import WebserviceException, raises_as

T = TypeVar("T")


def build(kind: Callable[..., T], given: dict[str, Any]) -> T:
    """An object of the kind from the arguments that were given (None: not given); wrong ones are told all at once."""
    return raises_as(WebserviceException)(kind)(
        **{name: value for name, value in given.items() if value is not None}
    )
