"""Labels: how what belongs to a workspace is found again, on an engine that others use, too."""

from __future__ import annotations

import hashlib
import socket

from mooring.images.naming import LABEL
from mooring.settings import Settings

SCOPE, WORKSPACE, ROLE = (LABEL + name for name in ("scope", "workspace", "role"))
BUILD = "build"
"""Role of a container that packages are installed in; it is gone with the build."""

_SCOPE_LENGTH = 8


def scope_of(settings: Settings) -> str:
    """A word for the workspace that no other workspace has, on this or another machine of the same engine.

    Machines that share a database share its workspaces.
    """
    root = settings.database_url or f"{socket.gethostname()}:{settings.home}"
    return hashlib.sha256(f"{root}\0{settings.workspace}".encode()).hexdigest()[:_SCOPE_LENGTH]


def build_labels(settings: Settings) -> dict[str, str]:
    """On a container that something is built in."""
    return {SCOPE: scope_of(settings), ROLE: BUILD}
