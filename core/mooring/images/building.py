"""The image of a model with its script: packages, ring, extra steps, models, code; each made once and found by its name.

Whoever runs containers calls `build_image`, and `push_image` when the place takes them from a registry:

    engine = Engine()
    image = build_image(release.image_parts, engine=engine, settings=settings, tell=reporter_of_the_phase)
    there = push_image(engine, image.tag, "registry.example.com/team", tell=…)
    there.reference                      # registry.example.com/team/mooring/service@sha256:…

`mooring.images.contract` says what may be expected of the image.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mooring.engine import DockerTrouble, Engine
from mooring.engine.errors import ImageNotFound
from mooring.environments import Resolution
from mooring.images.application import describe_application, interpreter_of
from mooring.images.archive import ImageChange, ParentImage
from mooring.images.assembling import assemble, scratch
from mooring.images.bases import BaseImages
from mooring.images.context import code_files, model_files, models_digest
from mooring.images.installing import ENVIRONMENT_DIR, render_steps_dockerfile
from mooring.images.layers import Layer, write_layer
from mooring.images.naming import LABEL, REPOSITORY, ImageInputs, digest_of, image_tag
from mooring.images.packages import install_packages
from mooring.images.parents import find_parent
from mooring.images.parts import BuiltImage, ImageParts, PrebuiltImage
from mooring.images.pushing import push_image
from mooring.images.ring_layer import make_ring_layer
from mooring.images.steps import build_dockerfile
from mooring.scoring.supervisor.ring import materialize_ring
from mooring.settings import Settings


def build_image(
    parts: ImageParts, *, engine: Engine, settings: Settings, tell: Callable[[str], None]
) -> BuiltImage:
    """The image of these parts, on the engine; only what is not there yet is made.

    Args:
        parts: Laid out and resolved.
        engine: Has the image afterwards.
        settings: For base image, shared registry and network.
        tell: Told what is done, layer by layer.

    Raises:
        MooringError: It can't be made; what was half made is gone.
    """
    if parts.prebuilt is not None:
        return _fetch_prebuilt(parts.prebuilt, engine, settings, tell)
    return _Builder(engine, settings, tell).build(parts)


def _fetch_prebuilt(
    wanted: PrebuiltImage, engine: Engine, settings: Settings, tell: Callable[[str], None]
) -> BuiltImage:
    facts = engine.find_image(wanted.id)
    if facts is None and wanted.reference:
        BaseImages(engine, settings).pull(wanted.reference, None, tell)
        facts = engine.find_image(wanted.reference)
    if facts is None:
        raise ImageNotFound(
            f"The image {wanted.name} is not on the engine any more, and in no registry.",
            "Build it again (mooring image build), and push it with --registry where several engines need it.",
        )
    labels: dict[str, str] = (facts.get("Config") or {}).get("Labels") or {}
    tag = _a_tag(engine, facts["Id"], facts.get("RepoTags") or [])
    return BuiltImage(facts["Id"], tag, labels.get(LABEL + "base", ""), reused=(wanted.name,), made=())


def _a_tag(engine: Engine, image: str, tags: list[str]) -> str:
    """A name without a registry, so that it can be pushed to any; one pulled by digest gets one."""
    plain = [tag for tag in tags if "/" not in tag or tag.startswith(f"{REPOSITORY}/")]
    if plain:
        return plain[0]
    made = image_tag("service", image.removeprefix("sha256:")[:20])
    with engine.told(made):
        engine.api.tag(image, *made.rsplit(":", 1))
    return made


class _Builder:
    """Makes images on one engine.

    Args:
        engine: Has them afterwards.
        settings: For base image, registry and network.
        tell: Told layer by layer.
    """

    def __init__(self, engine: Engine, settings: Settings, tell: Callable[[str], None]) -> None:
        self._engine = engine
        self._settings = settings
        self._tell = tell
        self._made: list[str] = []
        self._reused: list[str] = []

    def build(self, parts: ImageParts) -> BuiltImage:
        """The image of these parts; only what is not there yet is made.

        Raises:
            MooringError: It can't be made; what was half made is gone.
        """
        base_name, base = BaseImages(self._engine, self._settings).get(parts, self._tell)
        environment = self._environment(parts, base, base_name)
        models = self._models(parts, environment)
        code = code_files(parts.app_root, parts.source_directory, parts.entry_script)
        with scratch() as folder:
            layer = write_layer(code.files, folder / "code.tar", f"mooring: code of {parts.entry_script}")
            tag, image = self._put(
                models, "service", describe_application(parts, layer), "code", layer.digest
            )
        left_out = f"{code.left_out} files left out by {code.ignore_file}" if code.left_out else ""
        return BuiltImage(image, tag, base_name, tuple(self._reused), tuple(self._made), left_out)

    # ---- the parts ------------------------------------------------------------------------------------------------

    def _environment(self, parts: ImageParts, base: ParentImage, base_name: str) -> ParentImage:
        ring = Path(materialize_ring(str(self._settings.home)))
        inputs = ImageInputs(base.id, parts.environment.digest, ring.name, parts.wishes.extra_steps)
        tag = image_tag("environment", inputs.environment_digest)
        found = self._known(tag, "environment")
        if found is not None:
            return found
        packages = self._packages(parts.environment, base, base_name, inputs)
        if parts.wishes.extra_steps:
            packages = self._with_steps(packages, parts.wishes.extra_steps)
        with scratch() as folder:
            python = interpreter_of(parts.environment)
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
                self._tell(f"installing {len(resolution.requirements)} packages in {base_name}")
                engine, settings = self._engine, self._settings
                layers.append(install_packages(engine, settings, base, resolution, folder, self._tell))
            variables = {} if resolution.is_user_managed else {"PATH": _path_with_environment(base)}
            assemble(self._engine, base, ImageChange(layers, variables, labels), tag)
        self._made.append("packages")
        return self._parent(tag)

    def _with_steps(self, packages: ParentImage, steps: str) -> ParentImage:
        tag = image_tag("steps", digest_of(packages.id, steps))
        if self._engine.find_image(tag) is None:
            text = render_steps_dockerfile(packages.id, steps)
            build_dockerfile(self._engine, text, tag, self._settings.docker_build_network, self._tell)
        return self._parent(tag)

    def _models(self, parts: ImageParts, environment: ParentImage) -> ParentImage:
        if not parts.models:
            return environment
        digest = digest_of("models", environment.id, models_digest(parts.models))
        tag = image_tag("models", digest)
        found = self._known(tag, "models")
        if found is not None:
            return found
        names = ", ".join(model.id for model in parts.models)
        self._tell(f"layer of {names}")
        with scratch() as folder:
            layer = write_layer(
                model_files(parts.app_root), folder / "models.tar", f"mooring: models {names}"
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
        found = find_parent(self._engine, tag)
        if found is None and part == "environment" and self._settings.docker_registry:
            found = self._fetch(tag)
        if found is not None:
            self._reused.append(part)
        return found

    def _parent(self, tag: str) -> ParentImage:
        found = find_parent(self._engine, tag)
        if found is None:
            raise DockerTrouble(f"The image {tag} was made and is gone again.", "Deploy again.")
        return found

    def _fetch(self, tag: str) -> ParentImage | None:
        shared = f"{self._settings.docker_registry.rstrip('/')}/{tag}"
        try:
            BaseImages(self._engine, self._settings).pull(shared, None, self._tell)
        except DockerTrouble as trouble:
            if trouble.code in ("image-not-found", "registry-unauthorised"):
                return None
            raise
        with self._engine.told(shared):
            self._engine.api.tag(shared, *tag.rsplit(":", 1))
        return find_parent(self._engine, tag)

    def _push(self, tag: str) -> None:
        if self._settings.docker_registry:
            push_image(
                self._engine, tag, self._settings.docker_registry, settings=self._settings, tell=self._tell
            )


def _path_with_environment(base: ParentImage) -> str:
    usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    known = dict(entry.partition("=")[::2] for entry in base.config.get("Env") or [])
    return f"{ENVIRONMENT_DIR}/bin:{known.get('PATH') or usual}"
