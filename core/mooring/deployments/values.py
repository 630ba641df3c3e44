"""What is known about a service: the record, its revisions, its events and log lines, and why it failed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["Transitioning", "Healthy", "Unhealthy", "Unschedulable", "Failed"]
"""Azure ML v1's states. `Transitioning`: deploying or updating. `Healthy`: answers. `Unhealthy`: deployed, but
unreachable now. `Unschedulable`: the place lacks resources. `Failed`: ended in an error."""

EventKind = Literal["phase", "finding", "note", "failure"]
OperationKind = Literal["deploy", "update", "reload", "rollback", "delete"]
RevisionStatus = Literal["pending", "serving", "superseded", "failed"]


@dataclass(frozen=True)
class Excerpt:
    """The line of a file a failure is about.

    Attributes:
        path: The file as its owner knows it, not a copy of it.
        line: Counts from 1.
        text: The line, without its end.
    """

    path: str
    line: int
    text: str = ""


@dataclass(frozen=True)
class Failure:
    """One verdict: what failed, in one sentence, what shows it, and what to do.

    Attributes:
        code: Stable, documented in docs/failures.md, for instance `init-file-missing`.
        cause: One sentence.
        evidence: Short lines: the exception, the exit code, what a folder holds.
        remedy: One imperative sentence.
        excerpt: The guilty line, when there is one.
        kept: What still serves in spite of the failure; empty when nothing does.
    """

    code: str
    cause: str
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    excerpt: Excerpt | None = None
    kept: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON form; `message` repeats the cause for readers of v1's error object."""
        return {**asdict(self), "evidence": list(self.evidence), "message": self.cause}


@dataclass(frozen=True)
class Event:
    """One line of a service's history.

    Attributes:
        seq: Rises within a service; part of a stream's cursor.
        time: UTC.
        kind: `phase` = a step of an operation; `finding` = found before the start; `note` = the place reports
            something (a restart, a worker that came back); `failure` = an operation ended badly.
        phase: `plan`, `checked`, `environment`, `started`, `init`, `sample`, `switch`, `healthy`, `failed`, …
        text: One line, without secrets.
        data: The same as facts; `elapsed_s` = seconds since the operation began.
        cursor: Give it to `stream` to go on after this line; empty outside a stream.
    """

    seq: int
    time: datetime
    service: str
    kind: EventKind
    phase: str
    text: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    cursor: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON form, told from a log line by its `phase`."""
        return {**asdict(self), "time": self.time.isoformat()}


@dataclass(frozen=True)
class LogLine:
    """One line a service wrote.

    Attributes:
        time: UTC, when it was written; None when the place did not note it.
        text: Without the line's end.
        stream: `stdout`, `stderr` or `system` (the place's own words).
        source: Which process or container wrote it, for instance `worker-1`.
        replica: Which of several replicas it is from; empty where there is only one.
        cursor: From a target: where to read on after this line, opaque to everybody else. From the desk's
            stream: the stream's cursor.
    """

    time: datetime | None
    text: str
    stream: str = "stdout"
    source: str = ""
    cursor: str = ""
    replica: str = ""

    @property
    def labelled(self) -> str:
        """The text, with the replica's name before it where there is one."""
        return f"{self.replica}  {self.text}" if self.replica else self.text

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {**asdict(self), "time": self.time.isoformat() if self.time else None}


@dataclass(frozen=True)
class Operation:
    """Somebody is changing a service right now; dead when its owner process is gone.

    Attributes:
        kind: What is being done.
        revision: Number of the revision being started; 0 for a deletion.
        pid: Owner process.
        process_started: When that process started, in the system's own unit: a pid alone may be reused.
        host: Host name of the owner.
        user: Who runs it.
        started_time: UTC.
    """

    kind: OperationKind
    revision: int
    pid: int
    process_started: str
    host: str
    user: str
    started_time: datetime


@dataclass(frozen=True)
class Revision:
    """One version of a service: exactly what was asked for, enough to start it again.

    Attributes:
        number: 1, 2, … within the service.
        models: Ids `name:version`, in the order given.
        inference: `InferenceConfig.to_dict()` with absolute paths.
        deployment: The deployment config's `to_dict()` without its keys.
        environment_digest: Digest of the resolved environment; empty until resolved.
        source: Digest of the entry script and its folder; empty until copied.
    """

    service: str
    number: int
    status: RevisionStatus
    created_time: datetime
    created_by: str = ""
    reason: OperationKind = "deploy"
    models: tuple[str, ...] = ()
    inference: dict[str, Any] = field(default_factory=dict[str, Any])
    deployment: dict[str, Any] = field(default_factory=dict[str, Any])
    environment_digest: str = ""
    source: str = ""
    failure: Failure | None = None


@dataclass(frozen=True)
class Service:
    """What runs (or should run) behind one URL.

    Attributes:
        target: Name of the target that runs it.
        revision: Number of the revision that serves; None before the first one does.
        models: Ids of the models it serves, or is about to serve.
        port: Port on this machine; None where that means nothing.
        state: As of when this value was made; ask again for news.
        failure: Why the last operation failed, or why it does not serve; None when all is well.
        operation: What is being done to it right now.
    """

    name: str
    compute_type: str
    target: str
    created_time: datetime
    updated_time: datetime
    created_by: str = ""
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    auth_enabled: bool = False
    token_auth_enabled: bool = False
    state: State = "Transitioning"
    failure: Failure | None = None
    scoring_uri: str = ""
    swagger_uri: str = ""
    port: int | None = None
    revision: int | None = None
    models: tuple[str, ...] = ()
    environment: str = ""
    operation: Operation | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form with v1's field names; holds no key."""
        return {
            "name": self.name,
            "description": self.description,
            "tags": dict(self.tags),
            "properties": dict(self.properties),
            "state": self.state,
            "createdTime": self.created_time.isoformat(),
            "updatedTime": self.updated_time.isoformat(),
            "createdBy": self.created_by,
            "computeType": self.compute_type.upper(),
            "authEnabled": self.auth_enabled,
            "tokenAuthEnabled": self.token_auth_enabled,
            "scoringUri": self.scoring_uri or None,
            "swaggerUri": self.swagger_uri or None,
            "port": self.port,
            "modelIds": list(self.models),
            "environment": self.environment or None,
            "revision": self.revision,
            "error": self.failure.to_dict() if self.failure else None,
        }
