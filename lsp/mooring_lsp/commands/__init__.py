"""What the editor can have done, one file for each command or group; docs/language-server.md says what each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_lsp.commands import changes, deploy, files, logs, register_model, services, test

if TYPE_CHECKING:
    from mooring_lsp.server import MooringServer


def register_commands(server: MooringServer) -> None:
    """Add them all."""
    for command in (deploy, register_model, changes, test, services, logs, files):
        command.register(server)
