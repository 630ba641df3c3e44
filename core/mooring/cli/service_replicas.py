"""The replicas in `mooring service show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mooring.cli.sizes import size


def replica_lines(replicas: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A line for each replica, by its name."""
    return {f"replica {row['name'].rpartition('-')[2]}": _line(row) for row in replicas}


def _line(row: dict[str, Any]) -> str:
    said = [row["state"], f"revision {row['revision']}", row["node"] or "no node yet"]
    if row.get("version"):
        said.insert(1, f"version {row['version']}")
    if row["restarts"]:
        said.append(f"{row['restarts']} restart{'s' if row['restarts'] != 1 else ''}")
    if row["cpu"] is not None:
        said.append(f"{row['cpu']:.2f} CPU, {size(row['memory_bytes'])}")
    return " · ".join(said)
