"""What clients are told about services, the same in every answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def with_uri(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts about a service as the core gives them, with its script's address."""
    script = facts["script"]
    rest = {key: value for key, value in facts.items() if key != "script"}
    return {**rest, "scriptUri": Path(script).as_uri() if script else None}
