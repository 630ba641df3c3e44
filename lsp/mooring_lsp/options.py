"""What the editor sets when it starts the server: its `initializationOptions`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionOptions:
    """The editor's wishes.

    Attributes:
        workspace: Name of the Mooring workspace, instead of the one the folders name.
        shows_logs: The client shows logs itself.
        asks: The client asks for names and confirmations itself.
        shows_outcomes: The client says itself what came of a command.
    """

    workspace: str | None = None
    shows_logs: bool = False
    asks: bool = False
    shows_outcomes: bool = False

    @staticmethod
    def of(given: object) -> SessionOptions:
        """From what the client sent; what is not understood is left out."""
        values = given if isinstance(given, dict) else {}
        workspace = values.get("workspace")
        return SessionOptions(
            workspace=workspace if isinstance(workspace, str) and workspace else None,
            shows_logs=values.get("showsLogs") is True,
            asks=values.get("asks") is True,
            shows_outcomes=values.get("showsOutcomes") is True,
        )
