"""The port every target implements, and the values that pass through it.

A target is a class with a constructor that takes `Settings`, announced as an entry point in the group
`mooring.targets`. It keeps no state of its own: what it knows about a service it reads back from the place where
the service runs. Inherit `mooring.testing.TargetContract` in the target's tests to check every promise made here.

    [project.entry-points."mooring.targets"]
    nomad = "mooring_nomad:NomadTarget"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from mooring.deployments.values import LogLine, State
from mooring.errors import MooringError
from mooring.images.parts import ImageParts, ImageWishes, PrebuiltImage
from mooring.settings import Settings

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig
    from mooring.environments import ReadyEnvironment, Resolution
    from mooring.findings import Finding
    from mooring.registry import ModelVersion

AuthMode = Literal["off", "key", "token", "key+token"]


def service_folder(settings: Settings, service: str) -> Path:
    """The folder all that belongs to a service lives in; a target's own things go in `<folder>/<target name>/`."""
    return settings.workspace_dir / "services" / service


@dataclass(frozen=True)
class ServerOptions:
    """How the scoring server should behave; None and empty mean the server's default.

    Attributes:
        auth_mode: The scoring server's `MOORING_AUTH`: `off` lets in anybody who can connect.
        keys_path: JSON file, mode 0600, with `primary`, `secondary` and `signing`; never pass its contents on a
            command line or in an environment variable. It may change while the service runs.
        token_audience, token_issuer: What a token must name.
        scoring_timeout_ms: v1's `scoringTimeoutMs`: a longer run is answered 504.
        max_concurrent_requests: Requests a worker takes at once.
        max_queue_wait_ms: How long a request may wait for a worker before it is answered 503.
        worker_count: Processes that answer, each with its own init().
        app_insights: Whether request telemetry was asked for.
        collect_model_data: Whether model data collection was asked for.
    """

    auth_mode: AuthMode = "off"
    keys_path: Path | None = None
    token_audience: str = ""
    token_issuer: str = ""
    scoring_timeout_ms: int | None = None
    max_concurrent_requests: int | None = None
    max_queue_wait_ms: int | None = None
    worker_count: int = 1
    app_insights: bool = False
    collect_model_data: bool = False


@dataclass(frozen=True)
class Resources:
    """What the release may use; None means no limit was asked for."""

    cpu: float | None = None
    cpu_limit: float | None = None
    memory_gb: float | None = None
    memory_limit_gb: float | None = None
    gpus: int | None = None


@dataclass(frozen=True)
class Release:
    """What a target is asked to run: one revision of one service, with everything it needs.

    Attributes:
        service: Name of the service.
        revision: Number of the revision; higher than that of anything already running for the service.
        compute_type: `process`, `local`, `aci`, …: what the deployment config said.
        folder: The service's folder in the workspace, see `service_folder`.
        app_root: Laid out and ready when `start` is called: `<basename of source dir>/…` (or the script as main.py
            and under its own name) and `azureml-models/<name>/<version>/<entry>`. Belongs to this revision alone.
            The worker's AML_APP_ROOT and working directory, or what goes there in a container.
        entry_script: Relative to `app_root`.
        source_directory: Basename of the source directory, relative to `app_root`; empty when there is none.
        model_dir: What AZUREML_MODEL_DIR says, relative to `app_root`; empty when the release has no model.
        models: The model versions, in order.
        environment: What has to be installed.
        ready_environment: Builds that environment on this machine, or finds it, and reports it as a phase; cheap when
            called again. Targets that install it elsewhere (an image) never call it.
        image: What was asked for about the image.
        prebuilt: The image to run as it is; `build_image` hands it out, and nothing is built.
        environment_variables: From the environment definition and the deployment; set for the worker.
        server: Options of the scoring server.
        port: Port to listen on; None takes a free one. On an update the port in use now.
        resources: What it may use.
        tags, properties: To be shown where the place shows such things.
        sample: One request body known to be good (JSON-able), or None.
        deployment: The whole deployment config as a dict, without keys, for what only one target understands.
        ready_within_s: How long the new version may take to answer.
    """

    service: str
    revision: int
    compute_type: str
    folder: Path
    app_root: Path
    entry_script: str
    source_directory: str
    model_dir: str
    models: Sequence[ModelVersion]
    environment: Resolution
    ready_environment: Callable[[], ReadyEnvironment]
    image: ImageWishes = field(default_factory=ImageWishes)
    prebuilt: PrebuiltImage | None = None
    environment_variables: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    server: ServerOptions = field(default_factory=ServerOptions)
    port: int | None = None
    resources: Resources = field(default_factory=Resources)
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    description: str = ""
    sample: Any = None
    deployment: dict[str, Any] = field(default_factory=dict[str, Any])
    ready_within_s: float = 300.0

    @property
    def image_parts(self) -> ImageParts:
        """What goes into an image of it, for `mooring.images.building.build_image`."""
        return ImageParts(
            app_root=self.app_root,
            entry_script=self.entry_script,
            source_directory=self.source_directory,
            model_dir=self.model_dir,
            models=self.models,
            environment=self.environment,
            wishes=self.image,
            prebuilt=self.prebuilt,
        )


@dataclass(frozen=True)
class Running:
    """A release that answers.

    Attributes:
        scoring_uri: Where to POST, for instance `http://127.0.0.1:6789/score`.
        swagger_uri: Where its description is.
        port: On this machine; None where that means nothing.
        details: Facts worth keeping (pid, container id), JSON-able.
    """

    scoring_uri: str
    swagger_uri: str
    port: int | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Crash:
    """The facts a target has about a release that did not come up, or stopped; it judges nothing.

    Attributes:
        boot_error: What the worker reported: `{kind, message, path, line, traceback}`; None when it said nothing.
        exit_code: Of the worker; None when it did not exit by itself.
        signal: Number of the signal that ended it; None when none did.
        memory_limit_bytes, memory_peak_bytes: Known ones only.
        log_tail: Last lines it wrote, oldest first.
        timed_out_after_s: It ran, but did not answer for so long.
        engine: The place's own words, for instance Docker's.
        code: A verdict the target is sure of, such as `port-taken` or `supervisor-gone`; empty when unsure.
        advice: What to do about a sure code, where the place knows that better than the verdict; else empty.
    """

    boot_error: dict[str, Any] | None = None
    exit_code: int | None = None
    signal: int | None = None
    memory_limit_bytes: int | None = None
    memory_peak_bytes: int | None = None
    log_tail: tuple[str, ...] = ()
    timed_out_after_s: float | None = None
    engine: str = ""
    code: str = ""
    advice: str = ""


@dataclass(eq=False)
class StartFailed(MooringError):
    """A target could not bring a release up, and has undone what it did; what served before still does."""

    code = "start-failed"
    service: str
    crash: Crash

    @property
    def problem(self) -> str:
        """Short: the verdict says more."""
        return f"{self.service} did not start."

    @property
    def remedy(self) -> str:
        """Where the reason is."""
        return f"Read its log: mooring service get-logs -n {self.service} --last-start."


@dataclass(frozen=True)
class Observation:
    """What the place says about a service, right now.

    Attributes:
        present: Something of the service exists there: running, crashed or half-made.
        state: As the place sees it; meaningless when not present.
        revision: The revision that answers; None when none does.
        running: Its address, when known.
        crash: Why it does not answer, when known.
        details: For people and for `service show`: workers, restarts, memory, started_time; JSON-able.
    """

    present: bool
    state: State = "Unhealthy"
    revision: int | None = None
    running: Running | None = None
    crash: Crash | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])


class Reporter(Protocol):
    """Told what happens while it happens; implementations print, record or forward."""

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done (or a fact is known): `init`, "loaded in 0.8 s, 61 MB", {"init_s": 0.8}."""

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on: what it does right now. Not kept."""


class Target(Protocol):
    """Somewhere a release can run.

    A target may offer more, which is used where it is there: `observe_many(services)`, a dict of observations,
    when asking about many costs little more than about one; `replicas(service)`, rows with name, state, version
    (of an endpoint), node, restarts, cpu and memory_bytes; `manifest(service)`, the objects a service was made
    of, and `planned_manifest(release)`, those that `start` would make it of; `garbage(services)` and
    `remove_garbage(found)`, what services that are gone left behind.
    """

    name: str
    """Unique among targets: `process`."""

    compute_types: tuple[str, ...]
    """Deployment configs it takes, lower-case: ("process",)."""

    runs_elsewhere: bool
    """Whether releases run in an interpreter of their own place (an image), never in one of this machine."""

    def check(self, service: str, deployment: DeploymentConfig) -> list[Finding]:
        """What would keep the service from running here (engine missing, port taken by another, no room).

        Called before anything is made, and leaves nothing behind. `error` findings stop the deployment. A port the
        service itself has is not taken.
        """
        ...

    def start(self, release: Release, reporter: Reporter) -> Running:
        """Bring the release up and return once it answers.

        When a revision of the service already runs, the new one starts beside it at the same address; once it
        answers, traffic moves, the old one drains and is removed: no request fails. Reports the phases `started`,
        `init` and, on an update, `switch`.

        Raises:
            StartFailed: It does not come up. What this call made is undone, except logs; what ran before still runs.
            BaseException: Interrupted (KeyboardInterrupt, too): undone in the same way.
        """
        ...

    def observe(self, service: str) -> Observation:
        """What the place says now. Cheap (1 ms where it can be), never raises for a service that is not there."""
        ...

    def logs(self, service: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
        """The lines there are now, oldest first, each with a cursor; does not wait for more.

        Args:
            service: Name of the service.
            after: Cursor of a line seen before: only later ones. An unknown cursor means from the start.
            last_start: Only what the last start attempt wrote, which may have failed.
        """
        ...

    def apply_keys(self, service: str) -> None:
        """The keys file changed: make what runs honour it now. Nothing to do when nothing runs."""
        ...

    def tidy(self, service: str) -> None:
        """Clear away what a killed `start` left half-made; what serves goes on serving.

        When nothing serves, nothing runs afterwards; logs stay. Called when the process that called `start` is dead.
        """
        ...

    def stop(self, service: str) -> None:
        """Remove all that `start` made for the service, logs too, and nothing else. Twice is the same as once."""
        ...
