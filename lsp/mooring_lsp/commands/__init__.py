"""What the editor can have done; docs/language-server.md says what each command takes. Loaded when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_lsp.answering import add_command, later
from mooring_lsp.commands import ids

if TYPE_CHECKING:
    from mooring_lsp.server import MooringServer

_COMMANDS = {
    ids.DEPLOY: "deploy:deploy",
    ids.REGISTER_MODEL: "register_model:register_model",
    ids.TEST: "test:test",
    ids.UPDATE: "changes:update",
    ids.RELOAD: "changes:reload",
    ids.ROLLBACK: "changes:rollback",
    ids.STOP: "changes:stop",
    ids.SHOW_LOGS: "logs:show_logs",
    ids.SHOW_SERVICE: "services:show_service",
    ids.ACTIONS: "services:choose_action",
    ids.CREATE_INFERENCE: "files:create_inference_config",
    ids.CREATE_DEPLOYMENT: "files:create_deployment_config",
    ids.ADD_PACKAGE: "files:add_to_environment",
    ids.GENERATE_SAMPLE: "files:generate_sample",
}


def register_commands(server: MooringServer) -> None:
    """Add them all."""
    for name, place in _COMMANDS.items():
        add_command(server, name, later(f"mooring_lsp.commands.{place}"))
