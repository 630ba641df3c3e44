"""From a revision to a release: resolved, laid out, with options and keys; what a target is asked to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.deployments import layout
from mooring.deployments.asked import app_root_of, environment_of, source_of
from mooring.deployments.from_image import image_of
from mooring.deployments.journal import Journal
from mooring.deployments.keys import TOKEN_ISSUER
from mooring.deployments.parts import Parts
from mooring.deployments.target import AuthMode, Release, Resources, ServerOptions, Target
from mooring.deployments.values import Revision
from mooring.images.parts import ImageWishes, PrebuiltImage

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig
    from mooring.environments import Environment, ReadyEnvironment, Resolution
    from mooring.registry import ModelVersion


def prepare_release(
    parts: Parts,
    revision: Revision,
    journal: Journal,
    *,
    target: Target,
    port: int | None,
    known_environment: str = "",
    code_from: Revision | None = None,
) -> Release:
    """Resolve the environment and lay out the app root of a revision.

    Args:
        parts: Around the desk.
        revision: To be released.
        journal: Told about substitutions and the environment.
        target: Where it is going to run.
        port: The port the service has now, if any.
        known_environment: Digest of the environment in use; what was said about it is not said again.
        code_from: Take the code from this earlier revision instead of from the user's folder.

    Raises:
        MooringError: The environment can't be had, or a model is gone.
        OSError: Files can't be copied.
    """
    folder = parts.folder(revision.service)
    models = [parts.models.get_by_id(model_id) for model_id in revision.models]
    journal.progress("environment", "resolving")
    resolution = resolution_of(
        parts,
        revision,
        models,
        target=target,
        progress=lambda text: journal.progress("environment", text),
    )
    if resolution.digest != known_environment:
        for finding in resolution.findings:
            journal.finding("environment", finding)
    app_root = app_root_of(folder, revision)
    layout.remove_folder(app_root.parent)
    if code_from is None:
        layout.lay_out(source_of(revision.inference), app_root, models, parts.models)
    else:
        layout.lay_out_again(app_root_of(folder, code_from), app_root, models, parts.models)
    ready_environment = _build_once(parts, resolution, journal)
    return release_of(parts, revision, models, resolution, ready_environment=ready_environment, port=port)


def release_of(
    parts: Parts,
    revision: Revision,
    models: Sequence[ModelVersion],
    resolution: Resolution,
    *,
    ready_environment: Callable[[], ReadyEnvironment],
    port: int | None,
) -> Release:
    """The release of a revision, whose app root need not be laid out yet."""
    from mooring.configs import DeploymentConfig

    folder = parts.folder(revision.service)
    deployment = DeploymentConfig.from_dict(revision.deployment)
    environment = environment_of(revision.inference)
    image = image_of(revision.inference)
    source = source_of(revision.inference)
    variables = dict(environment.environment_variables) if environment else {}
    return Release(
        service=revision.service,
        revision=revision.number,
        compute_type=deployment.compute_type,
        folder=folder,
        app_root=app_root_of(folder, revision),
        entry_script=source.entry_in_app_root,
        source_directory=source.directory_name,
        model_dir=layout.model_dir(models),
        models=models,
        environment=resolution,
        ready_environment=ready_environment,
        image=image_wishes(environment, revision.inference, deployment),
        prebuilt=PrebuiltImage(image.image_id, image.engine_id, image.reference) if image else None,
        environment_variables={**variables, **(_get(deployment, "environment_variables") or {})},
        server=server_options(parts, revision.service, deployment),
        port=port or _get(deployment, "port") or None,
        resources=Resources(
            cpu=_get(deployment, "cpu_cores"),
            cpu_limit=_get(deployment, "cpu_cores_limit"),
            memory_gb=_get(deployment, "memory_gb"),
            memory_limit_gb=_get(deployment, "memory_gb_limit"),
            gpus=_get(deployment, "gpu_cores"),
        ),
        tags=dict(_get(deployment, "tags") or {}),
        properties=dict(_get(deployment, "properties") or {}),
        description=_get(deployment, "description") or "",
        sample=sample_of(models),
        deployment=revision.deployment,
    )


def resolution_of(
    parts: Parts,
    revision: Revision,
    models: Sequence[ModelVersion],
    *,
    target: Target,
    progress: Callable[[str], None],
) -> Resolution:
    """The packages of a revision; what is installed in an image was decided when it was built."""
    image = image_of(revision.inference)
    if image is not None:
        from mooring.environments import Resolution

        return Resolution(
            digest=image.environment_digest, python_version=image.python_version, source=image.image_id
        )
    return parts.builder.resolve(
        environment_of(revision.inference), models=models, portable=target.runs_elsewhere, progress=progress
    )


def server_options(parts: Parts, service: str, deployment: DeploymentConfig) -> ServerOptions:
    """The scoring server's options a deployment config asks for."""
    wanted = deployment.server_options()
    mode = auth_mode(deployment)
    return ServerOptions(
        auth_mode=mode,
        keys_path=parts.keys(service).path if mode != "off" else None,
        token_audience=service,
        token_issuer=TOKEN_ISSUER,
        scoring_timeout_ms=wanted["scoring_timeout_ms"],
        max_concurrent_requests=wanted["max_concurrent"],
        max_queue_wait_ms=wanted["max_queue_wait_ms"],
        worker_count=wanted["worker_count"] or 1,
        app_insights=bool(_get(deployment, "enable_app_insights")),
        collect_model_data=bool(_get(deployment, "collect_model_data")),
    )


def image_wishes(
    environment: Environment | None, inference: dict[str, Any], deployment: DeploymentConfig
) -> ImageWishes:
    """What the environment's docker section, or the old keys of the inference config, say about the image."""
    from mooring.environments.sections import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE, DockerSection

    docker = environment.docker if environment is not None else DockerSection()
    asked = inference.get("image") or {}
    base = asked.get("baseImage") or docker.base_image or ""
    registry = asked.get("baseImageRegistry") or docker.base_image_registry.to_dict()
    return ImageWishes(
        # v1 wrote its own default into every environment: nobody chose that one.
        base_image="" if base in {DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE} else base,
        base_dockerfile=docker.base_dockerfile or "",
        registry_address=registry.get("address") or "",
        registry_user=registry.get("username") or "",
        registry_password=registry.get("password") or "",
        extra_steps=asked.get("extraSteps") or "",
        needs_gpu=bool(asked.get("enableGpu") or _get(deployment, "gpu_cores")),
    )


def auth_mode(deployment: DeploymentConfig) -> AuthMode:
    """Who may send requests: v1 lets keys in beside tokens nowhere, and refuses a config that asks for both."""
    wanted = deployment.server_options()
    if wanted["token_auth_enabled"]:
        return "token"
    return "key" if wanted["auth_enabled"] else "off"


def sample_of(models: Sequence[ModelVersion]) -> Any:
    """The sample request registered with the first model that has one."""
    return next((model.sample_input for model in models if model.sample_input is not None), None)


def forget_layouts(folder: Path, keep: set[int]) -> None:
    """Remove the app roots of revisions nobody will go back to."""
    revisions = folder / "revisions"
    if not revisions.is_dir():
        return
    for old in revisions.iterdir():
        if not (old.name.isdigit() and int(old.name) in keep):
            layout.remove_folder(old)


def _build_once(parts: Parts, resolution: Resolution, journal: Journal) -> Callable[[], ReadyEnvironment]:
    built: list[ReadyEnvironment] = []

    def ready_environment() -> ReadyEnvironment:
        if not built:
            ready = parts.builder.realize(
                resolution, progress=lambda text: journal.progress("environment", text)
            )
            built.append(ready)
            journal.event("environment", _describe(resolution, ready), data=_facts(resolution, ready))
        return built[0]

    return ready_environment


def _describe(resolution: Resolution, ready: ReadyEnvironment) -> str:
    how = "reused" if ready.reused else f"built in {ready.seconds:.1f} s, kept for next time"
    return f"python {resolution.python_version}, {resolution.contents}, {how}"


def _facts(resolution: Resolution, ready: ReadyEnvironment) -> dict[str, Any]:
    return {
        "digest": resolution.digest,
        "python": resolution.python_version,
        "packages": len(resolution.requirements),
        "conda_packages": len(resolution.conda),
        "reused": ready.reused,
        "seconds": round(ready.seconds, 3),
        "path": str(ready.path),
    }


def _get(deployment: DeploymentConfig, name: str) -> Any:
    """A setting only some compute types have."""
    return getattr(deployment, name, None)
