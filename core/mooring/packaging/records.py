"""A registered image, what can go wrong around one, and the store that remembers them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from mooring.errors import MooringError, did_you_mean

# v1: lower-case letters, digits, dashes and points, 3 to 32.
_NAME = re.compile(r"(?=.{3,32}\Z)[a-z0-9]([-.a-z0-9]*[a-z0-9])?\Z")
# What a registry takes as a tag. Source: distribution's reference grammar.
_LABEL = re.compile(r"\w[\w.-]{0,127}\Z", re.ASCII)


@dataclass(frozen=True)
class RegisteredImage:
    """An image under a name and a version.

    Attributes:
        label: The tag it has: what was asked for, else its version.
        models: Ids of the model versions in it.
        environment: `name:version` of its environment; empty when it had no name.
        environment_digest, python_version: What was installed.
        entry_script: Relative to the app root.
        image_id: `sha256:…`, the engine's own name for it.
        tag: `name:label` on the engine, or with the registry before it.
        reference: `repository@sha256:…` in a registry; empty while it was pushed nowhere.
        base: Name of its base image.
        size_bytes: Of all its layers, unpacked.
        inference: What was asked for, with its code where it is kept; see `mooring.deployments.asked`.
    """

    name: str
    version: int
    label: str
    created_time: datetime
    created_by: str = ""
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    models: tuple[str, ...] = ()
    environment: str = ""
    environment_digest: str = ""
    python_version: str = ""
    entry_script: str = ""
    image_id: str = ""
    tag: str = ""
    reference: str = ""
    base: str = ""
    size_bytes: int = 0
    inference: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def id(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"

    @property
    def location(self) -> str:
        """What `docker pull` or `docker run` takes: in the registry, once it was pushed, else on the engine."""
        return self.reference or self.tag

    def to_dict(self) -> dict[str, Any]:
        """JSON form with v1's field names."""
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "label": self.label,
            "createdTime": self.created_time.isoformat(),
            "createdBy": self.created_by,
            "description": self.description or None,
            "kvTags": dict(self.tags),
            "properties": dict(self.properties),
            "creationState": "Succeeded",
            "imageType": "Docker",
            "imageLocation": self.location,
            "imageTag": self.tag,
            "imageId": self.image_id,
            "imageDigest": self.reference.rpartition("@")[2] or None,
            "modelIds": list(self.models),
            "environment": self.environment or None,
            "environmentDigest": self.environment_digest,
            "pythonVersion": self.python_version,
            "entryScript": self.entry_script,
            "baseImage": self.base,
            "sizeBytes": self.size_bytes,
        }


class ImageStore(Protocol):
    """Remembers registered images."""

    def reserve(self, name: str) -> int:
        """The next version of a name; it is given once."""
        ...

    def put(self, image: RegisteredImage) -> None:
        """Add a version, or replace what is known about it."""
        ...

    def find(self, name: str, version: int | None = None) -> RegisteredImage | None:
        """A version, the newest by default; None when there is none."""
        ...

    def list(self) -> Sequence[RegisteredImage]:
        """All, newest first."""
        ...

    def remove(self, name: str, version: int) -> None:
        """Forget a version; its number is not given again."""
        ...


@dataclass(eq=False)
class InvalidImageName(MooringError):
    """A name or label that no image may have."""

    code = "image-name-invalid"
    name: str
    is_label: bool = False

    @property
    def problem(self) -> str:
        """The name, and what it is to be."""
        return f"{self.name!r} is not valid as {'a label' if self.is_label else 'the name'} of an image."

    @property
    def remedy(self) -> str:
        """The rule."""
        if self.is_label:
            return "Use up to 128 letters, digits, points, dashes and underscores, beginning with a letter or digit."
        return "Use 3 to 32 lower-case letters, digits, dashes and points, beginning and ending with a letter or digit."


@dataclass(eq=False)
class ImageNotRegistered(MooringError):
    """No image of that name or version."""

    code = "image-not-registered"
    image_id: str
    known: Sequence[str] = ()

    @property
    def problem(self) -> str:
        """What was asked for, and a near name."""
        return f"There is no image {self.image_id!r}{did_you_mean(self.image_id.partition(':')[0], list(self.known)) or '.'}"

    @property
    def remedy(self) -> str:
        """Where they are listed."""
        return "List them with `mooring image list`, or build it: mooring image build -n NAME."


@dataclass(eq=False)
class ImageInUse(MooringError):
    """Services run the image that should be deleted."""

    code = "image-in-use"
    image_id: str
    services: Sequence[str]

    @property
    def problem(self) -> str:
        """Which services."""
        return f"The image {self.image_id} is used by {', '.join(self.services)}."

    @property
    def remedy(self) -> str:
        """Free it first."""
        return "Delete those services, or update them to another image, then delete this one."


@dataclass(eq=False)
class ImageNameTaken(MooringError):
    """The engine has an image of that name which is not ours."""

    code = "image-name-taken"
    tag: str

    @property
    def problem(self) -> str:
        """The name."""
        return f"The engine has an image {self.tag} that Mooring did not make."

    @property
    def remedy(self) -> str:
        """Choose."""
        return "Choose another name or label; that image is left alone."


def check_image_name(name: str) -> None:
    """Raise unless an image may have the name.

    Raises:
        InvalidImageName: It may not.
    """
    if not _NAME.match(name):
        raise InvalidImageName(name=name)


def check_label(label: str) -> None:
    """Raise unless an image may have the label.

    Raises:
        InvalidImageName: It may not.
    """
    if not _LABEL.match(label):
        raise InvalidImageName(name=label, is_label=True)


def parse_image_id(image_id: str) -> tuple[str, int | None]:
    """Name and version of `name:version` or `name`.

    Raises:
        ImageNotRegistered: The version is no number.
    """
    name, _, version = image_id.partition(":")
    if version and not version.isdecimal():
        raise ImageNotRegistered(image_id=image_id)
    return name, int(version) if version else None
