"""What a service's folder holds, by name: known to the master, and to those who look for it without loading it."""

from __future__ import annotations

__all__ = ["CONTROL_SOCKET", "LOG_FOLDER", "MASTER_FILE"]

CONTROL_SOCKET = "control.sock"
LOG_FOLDER = "logs"
MASTER_FILE = "master.json"
