"""`mooring service manifest`, and the replicas in `mooring service show`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.output import Answer
from mooring.cli.sizes import size
from mooring.cli.verb import verb
from mooring.errors import MooringError


@dataclass(eq=False)
class NoManifest(MooringError):
    """The service is not made of objects that could be shown."""

    code = "manifest-missing"
    service: str
    compute_type: str

    @property
    def problem(self) -> str:
        """Which service, and where it runs."""
        return (
            f"{self.service} has no manifest: it runs with computeType {self.compute_type}, or never served."
        )

    @property
    def remedy(self) -> str:
        """What has one."""
        return "Ask for that of a service with computeType aks, once it serves."


def add_manifest(app: typer.Typer) -> None:
    """Add the verb to its noun."""
    examples = ("mooring service manifest -n scorer > scorer.yaml",)
    verb(app, "manifest", examples=examples)(manifest)


def manifest(call: Call, name: common.ServiceName) -> Answer:
    """Print the Kubernetes objects of a service, to be kept in git.

    As they were applied for the revision that serves, in YAML, without Secrets: `kubectl diff -f` shows what was
    changed since.
    """
    objects = list(call.workspace.services.manifest(name))
    if not objects:
        raise NoManifest(service=name, compute_type=call.workspace.services.get(name).compute_type)
    import yaml

    return Answer(objects, text=yaml.safe_dump_all(objects, sort_keys=False))


def replica_lines(replicas: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A line for each replica, by its name."""
    return {f"replica {row['name'].rpartition('-')[2]}": _line(row) for row in replicas}


def _line(row: dict[str, Any]) -> str:
    said = [row["state"], f"revision {row['revision']}", row["node"] or "no node yet"]
    if row["restarts"]:
        said.append(f"{row['restarts']} restart{'s' if row['restarts'] != 1 else ''}")
    if row["cpu"] is not None:
        said.append(f"{row['cpu']:.2f} CPU, {size(row['memory_bytes'])}")
    return " · ".join(said)
