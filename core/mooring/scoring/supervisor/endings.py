"""How a process ended, in words."""

from __future__ import annotations

import signal
from typing import Any, Mapping

__all__ = ["describe_ending"]


def describe_ending(facts: Mapping[str, Any]) -> str:
    """The predicate of a sentence about a worker, for instance `was ended by signal 9 (Killed)`."""
    if facts.get("code") == "memory-exceeded":
        return "was ended by the system because memory ran out"
    if facts.get("signal"):
        return f"was ended by signal {facts['signal']} ({signal.strsignal(facts['signal'])})"
    if facts.get("boot_error"):
        return f"could not load the script: {facts['boot_error'].get('message', '')}"
    if facts.get("exit_code") is None:
        return "disappeared"
    return f"exited with code {facts['exit_code']}"
