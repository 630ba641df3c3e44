"""Registering an image: its code is kept, its name put on the engine's image, its models claimed; or all of it undone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mooring.deployments import layout
from mooring.deployments.parts import Parts
from mooring.deployments.target import Reporter
from mooring.engine import DockerTrouble, Engine
from mooring.engine.errors import ImageNotFound
from mooring.engine.removing import remove_image
from mooring.images.context import MODELS_FOLDER
from mooring.images.labels import scope_of
from mooring.images.naming import LABEL
from mooring.images.parts import BuiltImage, ImageParts
from mooring.images.pushing import push_image
from mooring.packaging.preparing import images_folder
from mooring.packaging.records import ImageNameTaken, ImageStore, RegisteredImage


@dataclass(frozen=True)
class Made:
    """An image that is made, and not registered yet.

    Attributes:
        image: As the engine has it.
        parts: What it was made of.
        document: What was asked for.
    """

    image: BuiltImage
    parts: ImageParts
    document: dict[str, Any]


class Registrar:
    """Puts images on the register, and takes them off.

    Args:
        parts: Around the desk.
        store: Remembers the images.
        engine: Has them.
    """

    def __init__(self, parts: Parts, store: ImageStore, engine: Engine) -> None:
        self._parts = parts
        self._store = store
        self._engine = engine

    def register(
        self, wanted: RegisteredImage, made: Made, *, registry: str, reporter: Reporter
    ) -> RegisteredImage:
        """The image under the next version of its name; when that fails, or is interrupted, all is as before.

        Args:
            wanted: With name, label and what describes it; what is known of the image is filled in.
            made: The image.
            registry: Also push it there.
            reporter: Told about the push.

        Raises:
            ImageNameTaken: The engine has an image of that name which is not ours.
            DockerTrouble: The registry refuses it.
        """
        facts = self._engine.find_image(made.image.id) or {}
        version = self._store.reserve(wanted.name)
        image = replace(
            wanted,
            version=version,
            label=wanted.label or str(version),
            environment_digest=made.parts.environment.digest,
            python_version=made.parts.environment.python_version,
            entry_script=made.parts.entry_script,
            image_id=made.image.id,
            base=made.image.base,
            size_bytes=int(facts.get("Size") or 0),
        )
        try:
            image = replace(image, inference=self._keep_code(image, made), tag=self._tag(image))
            self._parts.models.claim(_claimant(image), image.models)
            if registry:
                image = self.push(image, registry, reporter)
        except BaseException:
            with suppress(DockerTrouble):
                self._untag(image)
            self._forget(image)
            raise
        self._store.put(image)
        return image

    def remove(self, image: RegisteredImage) -> None:
        """Take an image off the register, and off the engine unless something else uses it there."""
        self._untag(image)
        self._store.remove(image.name, image.version)
        self._forget(image)

    def _forget(self, image: RegisteredImage) -> None:
        self._parts.models.release(_claimant(image))
        layout.remove_folder(self._folder(image))

    def _folder(self, image: RegisteredImage) -> Path:
        return images_folder(self._parts) / image.name / str(image.version)

    def _keep_code(self, image: RegisteredImage, made: Made) -> dict[str, Any]:
        """What was asked for, with the code as it was built.

        Verdicts show lines of it, and a service of the image is laid out from it.
        """
        folder, parts = self._folder(image), made.parts
        layout.remove_folder(folder)
        left_out = shutil.ignore_patterns("__pycache__")

        def skip(path: str, names: Iterable[str]) -> set[str]:
            at_top = Path(path) == parts.app_root
            return {*left_out(path, [*names]), *({MODELS_FOLDER} if at_top else set())}

        top = folder / "app"
        shutil.copytree(parts.app_root, top, ignore=skip)
        source = str(top / parts.source_directory) if parts.source_directory else None
        return {**made.document, "entryScript": str(top / parts.entry_script), "sourceDirectory": source}

    def _tag(self, image: RegisteredImage) -> str:
        """Give the engine's image its name; one of another workspace keeps its own."""
        tag = f"{image.name}:{image.label}"
        known = self._engine.find_image(tag)
        if known is not None and known["Id"] != image.image_id:
            if ((known.get("Config") or {}).get("Labels") or {}).get(LABEL + "role") != "service":
                raise ImageNameTaken(tag=tag)
            if image.label == str(image.version):
                tag = f"{tag}-{scope_of(self._parts.settings)}"
        with self._engine.told(tag):
            self._engine.api.tag(image.image_id, *tag.rsplit(":", 1))
        return tag

    def _untag(self, image: RegisteredImage) -> None:
        found = self._engine.find_image(image.tag) if image.tag else None
        if found is not None and found["Id"] == image.image_id:
            with suppress(DockerTrouble), self._engine.told(image.tag):
                self._engine.api.remove_image(image.tag, noprune=True)
        self._untag_pushed(image)
        remove_image(self._engine, image.image_id)

    def _untag_pushed(self, image: RegisteredImage) -> None:
        repository = image.reference.partition("@")[0]
        facts = self._engine.find_image(image.image_id) if repository else None
        for tag in (facts or {}).get("RepoTags") or []:
            if tag.rpartition(":")[0] == repository:
                with suppress(DockerTrouble), self._engine.told(tag):
                    self._engine.api.remove_image(tag, noprune=True)

    def push(self, image: RegisteredImage, registry: str, reporter: Reporter) -> RegisteredImage:
        """The same image, with its name by digest in a registry that has it now.

        Raises:
            DockerTrouble: The registry refuses it, or the engine no longer has it.
        """
        if self._engine.find_image(image.image_id) is None:
            raise ImageNotFound(
                f"The engine no longer has the image {image.id}.",
                f"Build it again: mooring image build -n {image.name}.",
            )
        pushed = push_image(
            self._engine,
            image.image_id,
            registry,
            name=f"{image.name}:{image.label}",
            settings=self._parts.settings,
            tell=lambda text: reporter.progress("push", text),
        )
        reporter.event("push", pushed.reference, data={"reference": pushed.reference})
        return replace(image, reference=pushed.reference)


def _claimant(image: RegisteredImage) -> str:
    return f"image {image.id}"
