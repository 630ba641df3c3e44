"""The image desk: build, find, push, hand over and remove the images of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.deployments.asked import inference_document
from mooring.deployments.checking import check_alone, summarize
from mooring.deployments.from_image import FromImage
from mooring.deployments.journal import Silence
from mooring.deployments.ownership import current_user
from mooring.deployments.parts import Parts
from mooring.deployments.target import Reporter
from mooring.engine import Engine
from mooring.engine.errors import ImageNotFound
from mooring.images.building import build_image
from mooring.images.parts import ImageParts
from mooring.packaging.preparing import laid_out, tell_finding
from mooring.packaging.records import (
    ImageInUse,
    ImageNotRegistered,
    ImageStore,
    RegisteredImage,
    check_image_name,
    check_label,
    parse_image_id,
)
from mooring.packaging.registering import Made, Registrar

if TYPE_CHECKING:
    from mooring.configs import InferenceConfig
    from mooring.deployments.reading import Label


class ImageDesk:
    """Images of a workspace under names and versions.

    Args:
        parts: Around the service desk: models, environments, settings.
        store: Remembers the images.
    """

    def __init__(self, parts: Parts, store: ImageStore) -> None:
        self._parts = parts
        self._store = store

    @cached_property
    def engine(self) -> Engine:
        """Makes and keeps the images."""
        return Engine()

    @property
    def _registrar(self) -> Registrar:
        return Registrar(self._parts, self._store, self.engine)

    # ---- making --------------------------------------------------------------------------------------------------

    def build(
        self,
        name: str,
        models: Sequence[str],
        inference: InferenceConfig,
        *,
        label: str = "",
        registry: str = "",
        description: str = "",
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        reporter: Reporter | None = None,
    ) -> RegisteredImage:
        """Build an image that runs by itself, and register it as the next version of its name.

        Args:
            name: Of the image.
            models: Ids `name:version` or `name`; may be empty.
            inference: Script, folder, environment.
            label: Its tag; the version when empty.
            registry: Also push it to `host:port/path`.
            description: Free text.
            tags: To find it by; may change.
            properties: To find it by; never change.
            reporter: Told about phases as they happen.

        Raises:
            InvalidImageName, ChecksFailed, ModelNotFound: Nothing was made.
            MooringError: It can't be made, or pushed; nothing is registered.
        """
        check_image_name(name)
        if label:
            check_label(label)
        told = reporter or Silence()
        findings = check_alone(name, inference)
        told.event("checked", summarize(findings), data={"findings": len(findings)})
        for finding in findings:
            tell_finding(told, "checked", finding)
        document = inference_document(inference, self._parts.environments)
        versions = [self._parts.models.get_by_id(model) for model in models]
        wanted = RegisteredImage(
            name=name,
            version=0,
            label=label,
            created_time=datetime.now(timezone.utc),
            created_by=current_user(),
            description=description,
            tags=dict(tags or {}),
            properties=dict(properties or {}),
            models=tuple(model.id for model in versions),
            environment=str(document["environmentId"]),
        )
        with laid_out(self._parts, document, versions, told) as parts:
            made = self._make(parts, document, told)
            try:
                return self._registrar.register(wanted, made, registry=registry, reporter=told)
            except ImageNotFound:  # the last name of an equal image was taken away just now, and it along
                again = self._make(parts, document, told)
                return self._registrar.register(wanted, again, registry=registry, reporter=told)

    def _make(self, parts: ImageParts, document: dict[str, Any], reporter: Reporter) -> Made:
        built = build_image(
            parts,
            engine=self.engine,
            settings=self._parts.settings,
            tell=lambda text: reporter.progress("image", text),
        )
        reporter.event("image", built.describe(), data={"id": built.id, "made": list(built.made)})
        return Made(built, parts, document)

    def write_context(
        self,
        models: Sequence[str],
        inference: InferenceConfig,
        folder: Path,
        *,
        reporter: Reporter | None = None,
    ) -> Path:
        """Write a Dockerfile, and all it needs, into a folder; any `docker build` makes the image of it.

        Args:
            models: As for `build`.
            inference: As for `build`.
            folder: Empty, or not there yet.
            reporter: Told about phases.

        Raises:
            FolderNotEmpty, ChecksFailed, ModelNotFound: Nothing was written.
        """
        from mooring.packaging.dockerfile import check_empty, write_context

        check_empty(folder)
        told = reporter or Silence()
        findings = check_alone(folder.name, inference)
        told.event("checked", summarize(findings), data={"findings": len(findings)})
        document = inference_document(inference, self._parts.environments)
        versions = [self._parts.models.get_by_id(model) for model in models]
        with laid_out(self._parts, document, versions, told) as parts:
            files = write_context(parts, folder, self._parts.settings)
        told.event("context", f"{files} files in {folder}", data={"files": files})
        return folder

    def promote(self, service: str, name: str = "", *, reporter: Reporter | None = None) -> RegisteredImage:
        """Register the very image a service runs, so that it can be deployed somewhere else.

        Args:
            service: That runs in a container of this engine.
            name: Of the image; the service's when empty.
            reporter: Told about phases.

        Raises:
            NotInAContainer: It doesn't run in one.
        """
        from mooring.packaging.promoting import running_image

        told = reporter or Silence()
        running = running_image(self._parts, service, self.engine)
        wanted = RegisteredImage(
            name=name or service,
            version=0,
            label="",
            created_time=datetime.now(timezone.utc),
            created_by=current_user(),
            description=f"of service {service}",
            models=tuple(model.id for model in running.parts.models),
            environment=str(running.document["environmentId"]),
        )
        check_image_name(wanted.name)
        known = self._store.find(wanted.name)
        if known is not None and known.image_id == running.image.id:
            return known
        return self._registrar.register(wanted, running, registry="", reporter=told)

    # ---- finding -------------------------------------------------------------------------------------------------

    def list(
        self,
        name: str | None = None,
        *,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Iterable[Label] = (),
        properties: Iterable[Label] = (),
    ) -> Sequence[RegisteredImage]:
        """Images, newest first; every condition must hold. Tags: `key` or `(key, value)`."""
        return [
            image
            for image in self._store.list()
            if (name is None or image.name == name)
            and (model_id is None or model_id in image.models)
            and (model_name is None or any(m.rpartition(":")[0] == model_name for m in image.models))
            and all(_has(image.tags, wanted) for wanted in tags)
            and all(_has(image.properties, wanted) for wanted in properties)
        ]

    def get(self, image_id: str) -> RegisteredImage:
        """An image by `name:version`; the newest version of `name`.

        Raises:
            ImageNotRegistered: There is none.
        """
        name, version = parse_image_id(image_id)
        found = self._store.find(name, version)
        if found is None:
            raise ImageNotRegistered(
                image_id=image_id, known=sorted({each.name for each in self._store.list()})
            )
        return found

    def as_inference(self, image_id: str) -> FromImage:
        """What `ServiceDesk.deploy` and `update` take instead of an inference config, to run this very image."""
        image = self.get(image_id)
        return FromImage(
            image_id=image.id,
            engine_id=image.image_id,
            reference=image.reference,
            environment_digest=image.environment_digest,
            python_version=image.python_version,
            models=image.models,
            inference=image.inference,
        )

    def is_on_engine(self, image: RegisteredImage) -> bool:
        """Whether the engine still has it.

        Raises:
            DockerTrouble: It can't be asked.
        """
        return self.engine.find_image(image.image_id) is not None

    def users(self, image: RegisteredImage) -> Sequence[str]:
        """Names of the services that run it, or could go back to it."""
        used: list[str] = []
        for service in self._parts.store.list():
            kept = ("serving", "pending", "superseded")
            revisions = [each for each in self._parts.store.revisions(service.name) if each.status in kept]
            if any((each.inference.get("fromImage") or {}).get("id") == image.id for each in revisions[-2:]):
                used.append(service.name)
        return used

    # ---- changing ------------------------------------------------------------------------------------------------

    def relabel(self, image_id: str, change: Callable[[RegisteredImage], RegisteredImage]) -> RegisteredImage:
        """Change what describes an image."""
        changed = change(self.get(image_id))
        self._store.put(changed)
        return changed

    def push(self, image_id: str, registry: str, *, reporter: Reporter | None = None) -> RegisteredImage:
        """Send an image to a registry; `reference` of the answer is its name by digest there.

        Raises:
            DockerTrouble: The registry refuses it, or the engine no longer has the image.
        """
        image = self.get(image_id)
        pushed = self._registrar.push(image, registry, reporter or Silence())
        self._store.put(pushed)
        return pushed

    def delete(self, image_id: str) -> RegisteredImage:
        """Forget an image, and remove it from the engine unless something else uses it there.

        Raises:
            ImageInUse: A service runs it.
            ImageNotRegistered: There is none.
        """
        image = self.get(image_id)
        users = self.users(image)
        if users:
            raise ImageInUse(image_id=image.id, services=users)
        self._registrar.remove(image)
        return image

    def unused(self, *, keep: int = 1) -> Sequence[RegisteredImage]:
        """Images no service runs, but for the newest of each name.

        Args:
            keep: How many of each name stay in any case.
        """
        seen: dict[str, int] = {}
        found: list[RegisteredImage] = []
        for image in sorted(self._store.list(), key=lambda each: (each.name, -each.version)):
            seen[image.name] = seen.get(image.name, 0) + 1
            if seen[image.name] > keep and not self.users(image):
                found.append(image)
        return found


def _has(labels: dict[str, str], wanted: Any) -> bool:
    if isinstance(wanted, str):
        return wanted in labels
    key, value = wanted
    return bool(labels.get(key) == value)
