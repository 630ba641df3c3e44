"""What a master is asked to run, and how that is remembered so that it can be run again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

__all__ = ["PROTOCOL", "GenerationSpec", "ServiceSpec", "load_service", "save_service", "write_atomically"]

PROTOCOL = 1
"""Rises when a master of before would not understand what is asked now."""

SERVICE_FILE = "service.json"


@dataclass(frozen=True)
class GenerationSpec:
    """One version of the service.

    Attributes:
        revision: The caller's number for it.
        python: Interpreter of the environment.
        ring: Folder to put on that interpreter's path.
        app_root: Working directory of the workers.
        interpreter_variables: The whole environment the interpreter is started with; may hold secrets.
        worker_variables: Set in each worker before it reads its settings; no part of what makes a zygote reusable.
        worker_count: Workers that serve at once.
        ready_within_s: How long all of them may take to be ready.
        drain_s: How long requests of an old version may go on once the new one serves.
        silent_after_s: A worker that neither reports nor computes for so long is dead in all but name.
        import_conditions: Differs when libraries must be imported anew although the interpreter is the same.
        is_warm: Keep a process with the script's libraries imported, from which the next worker is forked.
        replays: Whether requests of a worker that died are given to another one.
    """

    revision: int
    python: str
    ring: str
    app_root: str
    interpreter_variables: dict[str, str] = field(default_factory=dict)
    worker_variables: dict[str, str] = field(default_factory=dict)
    worker_count: int = 1
    ready_within_s: float = 300.0
    drain_s: float = 30.0
    silent_after_s: float = 30.0
    import_conditions: str = ""
    is_warm: bool = True
    replays: bool = True

    @property
    def zygote_key(self) -> str:
        """Equal for two versions whose workers can be forked from the same zygote."""
        variables = sorted(self.interpreter_variables.items())
        return json.dumps([self.python, self.ring, self.import_conditions, variables])

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> GenerationSpec:
        """The spec that `to_dict` gave; keys of a later Mooring are ignored."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


@dataclass(frozen=True)
class ServiceSpec:
    """A service: where it listens and which version it runs.

    Attributes:
        name: For people and for process lists.
        nonce: Random; in the environment of every process of the service, so that each can be told from others.
        host, port: Where it listens.
        generation: Number of the last generation started; rises by one with each.
        current: The version that serves, or is about to.
        has_served: Whether any version ever did; a service that never came up is not brought back.
    """

    name: str
    nonce: str
    host: str
    port: int
    generation: int
    current: GenerationSpec
    has_served: bool = False

    def moved_to(self, generation: int, current: GenerationSpec) -> ServiceSpec:
        """The same service, with another version of that number."""
        return replace(self, generation=generation, current=current)

    def serving(self) -> ServiceSpec:
        """The same service, which serves now."""
        return replace(self, has_served=True)


def load_service(run_dir: str) -> ServiceSpec:
    """Read back what `save_service` wrote.

    Raises:
        FileNotFoundError: No service was ever started there.
    """
    with open(os.path.join(run_dir, SERVICE_FILE), encoding="utf-8") as file:
        values = json.load(file)
    values["current"] = GenerationSpec.from_dict(values["current"])
    known = {each.name for each in fields(ServiceSpec)}
    return ServiceSpec(**{name: value for name, value in values.items() if name in known})


def save_service(run_dir: str, service: ServiceSpec) -> None:
    """Remember the service; only its owner may read it."""
    write_atomically(os.path.join(run_dir, SERVICE_FILE), json.dumps(asdict(service), indent=1))


def write_atomically(path: str, text: str) -> None:
    """Replace a file by one that only its owner may read; no reader ever sees half of it."""
    temporary = f"{path}.{os.getpid()}.new"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
