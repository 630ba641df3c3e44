"""The images of a release: packages, ring, extra steps, models, code; each made once and found again by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.deployments.target import Release, Reporter
from mooring.environments import Resolution
from mooring.images.archive import ImageChange, ParentImage
from mooring.images.context import APP_ROOT, code_files, model_files, models_digest
from mooring.images.installing import ENVIRONMENT_DIR, RING_DIR, render_steps_dockerfile
from mooring.images.layers import Layer, write_layer
from mooring.images.naming import LABEL, ImageInputs, digest_of, image_tag
from mooring.scoring.supervisor.ring import materialize_ring
from mooring.settings import Settings
from mooring.targets.docker.assembling import assemble, scratch
from mooring.targets.docker.bases import BaseImages
from mooring.targets.docker.engine import Engine
from mooring.targets.docker.errors import DockerTrouble
from mooring.targets.docker.packages import install_packages
from mooring.targets.docker.ring_layer import make_ring_layer
from mooring.targets.docker.secrets import USER_ID
from mooring.targets.docker.steps import build_dockerfile

PORT = 5001
"""The container's own; v1's."""


@dataclass(frozen=True)
class ReleaseImage:
    """An image that is ready to run.

    Attributes:
        id: `sha256:…`.
        tag: `mooring/service:<digest>`.
        base: Name of its base image.
        reused: Which of its parts were there already.
        made: Which were not.
        left_out: Files of the source directory that an ignore file kept out, in words; empty when none.
    """

    id: str
    tag: str
    base: str
    reused: tuple[str, ...]
    made: tuple[str, ...]
    left_out: str = ""


class ImageBuilder:
    """Makes the images of releases on one engine.

    Args:
        engine: Has them afterwards.
        settings: For base image, registry and network.
        reporter: Told layer by layer.
    """

    def __init__(self, engine: Engine, settings: Settings, reporter: Reporter) -> None:
        self._engine = engine
        self._settings = settings
        self._reporter = reporter
        self._made: list[str] = []
        self._reused: list[str] = []

    def build(self, release: Release) -> ReleaseImage:
        """The image of a release; only what is not there yet is made.

        Raises:
            MooringError: It can't be made; what was half made is gone.
        """
        base_name, base = BaseImages(self._engine, self._settings).get(release, self._reporter)
        environment = self._environment(release, base, base_name)
        models = self._models(release, environment)
        code = code_files(release.app_root, release.source_directory, release.entry_script)
        with scratch() as folder:
            layer = write_layer(code.files, folder / "code.tar", f"mooring: code of {release.entry_script}")
            tag, image = self._put(models, "service", _application(release, layer), "code", layer.digest)
        left_out = f"{code.left_out} files left out by {code.ignore_file}" if code.left_out else ""
        return ReleaseImage(image, tag, base_name, tuple(self._reused), tuple(self._made), left_out)

    # ---- the parts ------------------------------------------------------------------------------------------------

    def _environment(self, release: Release, base: ParentImage, base_name: str) -> ParentImage:
        ring = Path(materialize_ring(str(self._settings.home)))
        inputs = ImageInputs(base.id, release.environment.digest, ring.name, release.image.extra_steps)
        tag = image_tag("environment", inputs.environment_digest)
        found = self._known(tag, "environment")
        if found is not None:
            return found
        packages = self._packages(release.environment, base, base_name, inputs)
        if release.image.extra_steps:
            packages = self._with_steps(packages, release.image.extra_steps)
        with scratch() as folder:
            python = _interpreter(release.environment)
            layer = make_ring_layer(self._engine, self._settings, packages, python, ring, folder)
            labels = {LABEL + "ring": ring.name}
            assemble(self._engine, packages, ImageChange([layer], labels=labels), tag)
        self._made.append("environment")
        self._push(tag)
        return self._parent(tag)

    def _packages(
        self, resolution: Resolution, base: ParentImage, base_name: str, inputs: ImageInputs
    ) -> ParentImage:
        labels = {
            LABEL + "base": base_name,
            LABEL + "base-id": base.id,
            LABEL + "environment": resolution.digest,
        }
        tag = image_tag("packages", inputs.packages_digest)
        found = self._known(tag, "packages")
        if found is not None:
            return found
        layers: list[Layer] = []
        with scratch() as folder:
            if not resolution.is_user_managed:
                self._reporter.progress(
                    "image", f"installing {len(resolution.requirements)} packages in {base_name}"
                )
                engine, settings = self._engine, self._settings
                layers.append(install_packages(engine, settings, base, resolution, folder, self._reporter))
            variables = {} if resolution.is_user_managed else {"PATH": _path_with_environment(base)}
            assemble(self._engine, base, ImageChange(layers, variables, labels), tag)
        self._made.append("packages")
        return self._parent(tag)

    def _with_steps(self, packages: ParentImage, steps: str) -> ParentImage:
        tag = image_tag("steps", digest_of(packages.id, steps))
        if self._engine.find_image(tag) is None:
            text = render_steps_dockerfile(packages.id, steps)
            build_dockerfile(self._engine, text, tag, self._settings.docker_build_network, self._reporter)
        return self._parent(tag)

    def _models(self, release: Release, environment: ParentImage) -> ParentImage:
        if not release.models:
            return environment
        digest = digest_of("models", environment.id, models_digest(release.models))
        tag = image_tag("models", digest)
        found = self._known(tag, "models")
        if found is not None:
            return found
        names = ", ".join(model.id for model in release.models)
        self._reporter.progress("image", f"layer of {names}")
        with scratch() as folder:
            layer = write_layer(
                model_files(release.app_root), folder / "models.tar", f"mooring: models {names}"
            )
            assemble(self._engine, environment, ImageChange([layer], labels={LABEL + "models": names}), tag)
        self._made.append("models")
        return self._parent(tag)

    def _put(
        self, parent: ParentImage, kind: str, change: ImageChange, part: str, digest: str
    ) -> tuple[str, str]:
        tag = image_tag(kind, digest_of(parent.id, digest, repr(sorted(change.variables.items()))))
        known = self._engine.find_image(tag)
        (self._reused if known else self._made).append(part)
        return tag, str(known["Id"]) if known else assemble(self._engine, parent, change, tag)

    # ---- finding and sharing --------------------------------------------------------------------------------------

    def _known(self, tag: str, part: str) -> ParentImage | None:
        """The image of that name, from the engine or the shared registry."""
        found = self._engine.parent(tag)
        if found is None and part == "environment" and self._settings.docker_registry:
            found = self._fetch(tag)
        if found is not None:
            self._reused.append(part)
        return found

    def _parent(self, tag: str) -> ParentImage:
        found = self._engine.parent(tag)
        if found is None:
            raise DockerTrouble(f"The image {tag} was made and is gone again.", "Deploy again.")
        return found

    def _fetch(self, tag: str) -> ParentImage | None:
        shared = f"{self._settings.docker_registry.rstrip('/')}/{tag}"
        try:
            BaseImages(self._engine, self._settings).pull(shared, None, self._reporter)
        except DockerTrouble as trouble:
            if trouble.code in ("image-not-found", "registry-unauthorised"):
                return None
            raise
        with self._engine.told(shared):
            self._engine.api.tag(shared, *tag.rsplit(":", 1))
        return self._engine.parent(tag)

    def _push(self, tag: str) -> None:
        if self._settings.docker_registry:
            push(
                self._engine,
                tag,
                self._settings.docker_registry,
                lambda text: self._reporter.progress("image", text),
            )


def push(engine: Engine, tag: str, registry: str, tell: Callable[[str], None]) -> str:
    """Send an image to a registry; its name there.

    Raises:
        DockerTrouble: The registry refuses it or can't be reached.
    """
    from mooring.targets.docker.engine import trouble_of

    shared = f"{registry.rstrip('/')}/{tag}"
    repository, version = shared.rsplit(":", 1)
    with engine.told(shared):
        engine.api.tag(tag, repository, version)
        failures: list[str] = []
        for word in engine.api.push(repository, version, stream=True, decode=True):
            if word.get("error"):
                failures.append(str(word["error"]))
            elif word.get("id"):
                tell(f"pushing {word['id']} {str(word.get('status') or '').lower()}")
        if failures:
            raise trouble_of(failures[0], shared)
    return shared


def _application(release: Release, layer: Layer) -> ImageChange:
    """The last step: code, and all a container has to know that is no secret and true for every service."""
    python = _interpreter(release.environment)
    variables = {
        "AML_APP_ROOT": APP_ROOT,
        "AZUREML_ENTRY_SCRIPT": release.entry_script,
        "SERVER_PORT": str(PORT),
        "MOORING_HOST": "0.0.0.0",  # noqa: S104 - of the container; what is published is decided outside
        "MOORING_MODELS": ",".join(model.id for model in release.models),
        "HOME": "/tmp",  # noqa: S108 - the only folder a container may write to
        "USER": "mooring",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if release.source_directory:
        variables["AZUREML_SOURCE_DIRECTORY"] = release.source_directory
    if release.model_dir:
        variables["AZUREML_MODEL_DIR"] = f"{APP_ROOT}/{release.model_dir}"
    settings: dict[str, Any] = {
        "Entrypoint": [python, "-S", "-E", "-s", f"{RING_DIR}/mooring/scoring/supervisor", "contained"],
        "Cmd": [],
        "User": str(USER_ID),
        "WorkingDir": APP_ROOT,
        "ExposedPorts": {f"{PORT}/tcp": {}},
        "StopSignal": "SIGTERM",
    }
    labels = {
        LABEL + "models": ",".join(model.id for model in release.models),
        LABEL + "entry-script": release.entry_script,
        LABEL
        + "script": f"sha256:{hashlib.sha256((release.app_root / release.entry_script).read_bytes()).hexdigest()}",
        LABEL + "role": "service",
    }
    return ImageChange([layer], variables, labels, settings)


def _interpreter(resolution: Resolution) -> str:
    return resolution.interpreter if resolution.is_user_managed else f"{ENVIRONMENT_DIR}/bin/python"


def _path_with_environment(base: ParentImage) -> str:
    usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    known = dict(entry.partition("=")[::2] for entry in base.config.get("Env") or [])
    return f"{ENVIRONMENT_DIR}/bin:{known.get('PATH') or usual}"
