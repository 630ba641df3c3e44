"""The editor face of Mooring: the language server."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the language server; None takes the process's own arguments. Returns the exit status."""
    from mooring_lsp.command_line import run

    return run(arguments)
