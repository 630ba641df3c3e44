"""What travels between the server extension and whoever asks it: the one definition of every body and answer.

The JSON Schemas of the OpenAPI document and the panel's TypeScript types are made from these classes; the Python client
uses them as they are. Names of fields are v1's where v1 has one.
"""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import NotRequired, TypedDict

State = Literal["Transitioning", "Healthy", "Unhealthy", "Unschedulable", "Failed"]
JobStatus = Literal["running", "done", "failed", "cancelled"]
FileKind = Literal[
    "model", "script", "inference-config", "deployment-config", "environment", "notebook", "folder", "other"
]
Severity = Literal["error", "warning", "information", "hint"]
Labels = dict[str, str]


class Problem(TypedDict):
    """Why something could not be done. `message` says both sentences, for readers of Jupyter's errors."""

    code: str
    problem: str
    remedy: str
    message: str
    failure: NotRequired[Failure]
    findings: NotRequired[list[Finding]]


class Finding(TypedDict):
    """Something wrong or worth fixing in a file. Lines and columns count from 1."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    problem: str
    remedy: str
    fixable: bool


class Excerpt(TypedDict):
    """The line of a file a failure is about."""

    path: str
    line: int
    text: str


class Failure(TypedDict):
    """A verdict: what failed, what shows it, what to do, and what serves in spite of it."""

    code: str
    cause: str
    message: str
    evidence: list[str]
    remedy: str
    excerpt: Excerpt | None
    kept: str


class Resources(TypedDict):
    """What a copy of a model needs."""

    cpu: float | None
    memoryInGB: float | None
    gpu: int | None


class Model(TypedDict):
    """One version of a model."""

    id: str
    name: str
    version: int
    framework: str | None
    frameworkVersion: str | None
    description: str | None
    tags: Labels
    properties: Labels
    createdTime: str
    createdBy: str
    runId: str | None
    experimentName: str | None
    sampleInput: Any
    sampleOutput: Any
    resourceConfiguration: Resources | None
    entry: str
    unpack: bool
    digest: str
    sizeBytes: int
    pythonVersion: str


class ModelDetails(Model):
    """One version with its files, its packages, and the services that use it."""

    files: list[ModelFile]
    packages: Labels
    usedBy: list[str]


class ModelFile(TypedDict):
    """One file of a model."""

    path: str
    digest: str
    sizeBytes: int


class Models(TypedDict):
    """A page of models; `next` asks for the one after it."""

    models: list[Model]
    next: str | None


class ModelFilter(TypedDict, total=False):
    """Which models to list; every condition must hold."""

    search: str
    tag: list[str]
    framework: str
    latest: bool
    limit: int
    before: str


class ModelChange(TypedDict, total=False):
    """What to change of a version; the rest stays. `tags` replaces them all."""

    tags: Labels
    description: str | None


class NewModel(TypedDict):
    """What to register: a path below the file browser's top, or a finished upload."""

    name: str
    path: NotRequired[str]
    upload: NotRequired[str]
    framework: NotRequired[str | None]
    frameworkVersion: NotRequired[str | None]
    description: NotRequired[str | None]
    tags: NotRequired[Labels]
    properties: NotRequired[Labels]
    sampleInput: NotRequired[Any]


class ComparedField(TypedDict):
    """One line of a comparison; values as text, empty when there is none."""

    field: str
    first: str
    second: str
    same: bool


class Comparison(TypedDict):
    """Two versions side by side."""

    first: str
    second: str
    fields: list[ComparedField]


class Compared(TypedDict):
    """Ids of two versions."""

    first: str
    second: str


class Requests(TypedDict):
    """Counts and times since the start, from the service's own metrics."""

    count: int
    failed: int
    p50AtMostSeconds: float | None
    p99AtMostSeconds: float | None


class ServiceOperation(TypedDict):
    """What is being done to a service right now."""

    kind: str
    revision: int
    startedTime: str


class ServicePhase(TypedDict):
    """The last step of what is being done to a service."""

    phase: str
    text: str
    time: str


class Service(TypedDict):
    """What runs, or should run, behind one URL. Holds no key. `editedSince`: the script on disk is not what runs."""

    name: str
    description: str
    tags: Labels
    properties: Labels
    state: State
    createdTime: str
    updatedTime: str
    createdBy: str
    computeType: str
    target: str
    authEnabled: bool
    tokenAuthEnabled: bool
    scoringUri: str | None
    swaggerUri: str | None
    port: int | None
    modelIds: list[str]
    environment: str | None
    revision: int | None
    error: Failure | None
    operation: ServiceOperation | None
    phase: ServicePhase | None
    script: str | None
    editedSince: bool


class ServiceDetails(Service):
    """A service with its numbers, its revisions, oldest first, and what was asked for."""

    numbers: Requests | None
    revisions: list[Revision]
    inference: dict[str, Any] | None
    deployment: dict[str, Any] | None


class Revision(TypedDict):
    """What was asked for at one time."""

    number: int
    status: str
    reason: str
    createdTime: str
    createdBy: str
    models: list[str]
    failure: Failure | None


class Services(TypedDict):
    """All services, by name."""

    services: list[Service]


class Deployment(TypedDict):
    """What a deployment or update is to run, and where. Paths are below the file browser's top.

    `settings` are attributes of the deployment configuration of that compute type, on top of its file.
    """

    models: NotRequired[list[str]]
    inferenceConfig: NotRequired[str]
    entryScript: NotRequired[str]
    sourceDirectory: NotRequired[str]
    condaFile: NotRequired[str]
    environment: NotRequired[str]
    deploymentConfig: NotRequired[str]
    computeType: NotRequired[str]
    settings: NotRequired[dict[str, Any]]
    tags: NotRequired[Labels]
    properties: NotRequired[Labels]
    description: NotRequired[str]


class NewService(Deployment):
    """A deployment under a name; `overwrite` replaces a service that has it."""

    name: str
    overwrite: NotRequired[bool]


class ScoringRequest(TypedDict):
    """A request body: text is sent as it is, anything else as JSON."""

    data: Any


class ScoringAnswer(TypedDict):
    """What the service answered, and how long that took."""

    status: int
    answer: Any
    seconds: float


class LogLine(TypedDict):
    """One line a service wrote, or (with a `phase`) one of its history."""

    time: str | None
    text: str
    stream: NotRequired[str]
    source: NotRequired[str]
    phase: NotRequired[str]
    kind: NotRequired[str]
    failure: NotRequired[Failure]


class Log(TypedDict):
    """Lines, oldest first, and the cursor to go on from."""

    lines: list[LogLine]
    cursor: str


class LogRange(TypedDict, total=False):
    """Which lines: those after a cursor, or the last so many."""

    cursor: str
    lines: int


class Snippet(TypedDict):
    """A program that asks the service; it reads the key from a variable and holds none."""

    language: str
    title: str
    fileName: str
    text: str


class Consume(TypedDict):
    """Programs that ask a service, one a language."""

    snippets: list[Snippet]


class FormColumn(TypedDict):
    """One column of a table."""

    name: str
    kind: str


class FormField(TypedDict):
    """One field of a request's form; of kind `rows` it is a table. An empty name means the whole body."""

    name: str
    kind: Literal["number", "integer", "text", "boolean", "rows", "json"]
    example: Any
    columns: list[FormColumn]
    rows_are_objects: bool
    is_flat: bool


class RequestForm(TypedDict):
    """A good request, where it is known from, its JSON Schema, and the fields of a form that makes one."""

    service: str
    sample: Any
    source: Literal["model", "schema", "none"]
    schema: dict[str, Any]
    fields: list[FormField]


class FormValues(TypedDict):
    """Values by field name; rows as lists of cells. A field left out has its example."""

    values: dict[str, Any]


class RequestBody(TypedDict):
    """The body that the values mean."""

    body: Any


class Plan(TypedDict):
    """What a deployment or an update would do; `line` says all of it."""

    service: str
    target: str
    why: str
    reason: str
    revision: int
    modelIds: list[str]
    changes: list[str]
    environment: str
    environmentFate: str
    python: str
    packages: int
    keeps: list[str]
    findings: list[Finding]
    line: str


class Keys(TypedDict):
    """Both keys of a service; either one opens it."""

    primaryKey: str
    secondaryKey: str


class WhichKey(TypedDict):
    """The key to replace; a new signing key revokes every token."""

    key: Literal["primary", "secondary", "signing"]


class Token(TypedDict):
    """A token the service accepts for a while."""

    accessToken: str
    tokenType: str
    refreshAfter: str
    expiryOn: str


class Environment(TypedDict):
    """A registered environment."""

    name: str
    version: str | None
    pythonVersion: str | None
    packages: list[str]
    variables: list[str]
    image: str | None


class Environments(TypedDict):
    """Environments, by name."""

    environments: list[Environment]


class EnvironmentFilter(TypedDict, total=False):
    """All versions of one name, instead of the latest of each."""

    name: str


class NewEnvironment(TypedDict):
    """An environment to register from a conda or pip file below the file browser's top."""

    name: str
    path: str


class Target(TypedDict):
    """A place where services can run. `problem` says why it can't just now, `remedy` what to do."""

    name: str
    computeTypes: list[str]
    available: bool
    problem: str
    remedy: str
    services: int


class Compute(TypedDict):
    """Where services can run, and what a deployment there can be told."""

    targets: list[Target]


class Setting(TypedDict):
    """One setting of a deployment configuration, as a form shows it."""

    name: str
    key: str
    kind: str
    doc: str
    default: Any
    minimum: float | None
    maximum: float | None
    choices: list[str]


class Settings(TypedDict):
    """Settings of one compute type."""

    computeType: str
    settings: list[Setting]


class FilePath(TypedDict):
    """A path below the file browser's top."""

    path: str


class SourcePlace(TypedDict):
    """A path that a failure or a log names, and the service it was about."""

    path: str
    service: NotRequired[str]


class Proposal(TypedDict):
    """What a deployment that begins with a file would take. `exists`: a service runs the script already."""

    service: str
    exists: bool
    models: list[str]
    entryScript: str | None
    inferenceConfig: str | None
    deploymentConfig: str | None
    condaFile: str | None
    computeType: str


class FileFacts(TypedDict):
    """What a file is, the models registered from one of its name, and what a deployment would take."""

    path: str
    kind: FileKind
    suggestedName: str
    framework: str | None
    registered: list[str]
    proposal: Proposal | None


class Findings(TypedDict):
    """What is wrong with a file."""

    findings: list[Finding]


class NewUpload(TypedDict):
    """A file about to be sent in pieces."""

    name: str
    sizeBytes: int


class Upload(TypedDict):
    """How much of a file has arrived: the next piece begins at `offset`."""

    id: str
    name: str
    sizeBytes: int
    offset: int


class JobEvent(TypedDict):
    """A step that is done."""

    time: str
    phase: str
    text: str


class Job(TypedDict):
    """Long work: what it does, how far it is, and how it ended.

    `share` is between 0 and 1, or null when nobody knows; `result` names what was made, for instance `diabetes:3`.
    """

    id: str
    kind: str
    subject: str
    title: str
    status: JobStatus
    user: str
    startedTime: str
    endedTime: str | None
    phase: str
    text: str
    share: float | None
    result: str | None
    error: Problem | None
    events: list[JobEvent]


class Jobs(TypedDict):
    """Long work of the last day, newest first."""

    jobs: list[Job]


class DemoRequest(TypedDict, total=False):
    """Where the demo's files go, below the file browser's top."""

    directory: str
    name: str


class About(TypedDict):
    """Which Mooring answers, and the workspaces there are."""

    version: str
    workspace: str
    workspaces: list[str]
    root: str
