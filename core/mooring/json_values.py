"""Values of numpy, pandas and of dates, as JSON knows them; by what they can do, so that nothing has to be imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.errors import MooringError


@dataclass(eq=False)
class NotSendable(MooringError):
    """Something that has no form in JSON was to be sent to a service."""

    code = "data-not-json"
    kind: str

    @property
    def problem(self) -> str:
        """What it is."""
        return f"A {self.kind} can't be sent as JSON."

    @property
    def remedy(self) -> str:
        """What can."""
        return "Send numbers, text, dates, lists and dicts of them, a numpy array or a frame."


def plain(value: Any) -> Any:
    """A value that JSON does not know, as one that it knows.

    Raises:
        NotSendable: There is none.
    """
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()  # noqa: PLR0124 (pandas' date that is none)
    values = value.to_numpy() if hasattr(value, "to_numpy") else value
    for name in ("tolist", "item"):
        if hasattr(values, name):
            return getattr(with_dates(values), name)()
    raise NotSendable(type(value).__name__)


def with_dates(values: Any) -> Any:
    """An array whose dates are counted finely enough for Python's; as nanoseconds they would become mere numbers."""
    return (
        values.astype("datetime64[us]")
        if getattr(getattr(values, "dtype", None), "kind", "") == "M"
        else values
    )
