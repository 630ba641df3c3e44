"""What an image is made of, and what is known about one that is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.environments import Resolution
    from mooring.registry import ModelVersion


@dataclass(frozen=True)
class ImageWishes:
    """What was asked for about the image a release runs in; only targets that build images read it.

    Attributes:
        base_image: Name of the image below the packages; empty leaves the choice to the target.
        base_dockerfile: Text of a Dockerfile that makes that image.
        registry_address, registry_user, registry_password: Where it is pulled from, when that takes a login.
        extra_steps: Dockerfile lines to add after the packages, as written.
        needs_gpu: Whether a GPU was asked for.
    """

    base_image: str = ""
    base_dockerfile: str = ""
    registry_address: str = ""
    registry_user: str = ""
    registry_password: str = field(default="", repr=False)
    extra_steps: str = ""
    needs_gpu: bool = False


@dataclass(frozen=True)
class PrebuiltImage:
    """An image that exists.

    Attributes:
        name: For people.
        id: `sha256:…`, the engine's own name for it.
        reference: Where it can be pulled from; empty when it is in no registry.
    """

    name: str
    id: str
    reference: str = ""


@dataclass(frozen=True)
class ImageParts:
    """What goes into an image.

    Attributes:
        app_root: Folder laid out as `mooring.deployments.target.Release` says: the code, and the models.
        entry_script: Relative to `app_root`.
        source_directory: Base name of the source directory; empty when there is none.
        model_dir: What AZUREML_MODEL_DIR says, relative to `app_root`; empty without a model.
        models: The model versions.
        environment: What is installed; resolved for another machine (`portable`).
        wishes: About the base image.
        variables: Environment variables that become part of the image; nothing secret.
        prebuilt: An image that was made before: it is taken as it is, and nothing is built.
    """

    app_root: Path
    entry_script: str
    source_directory: str
    model_dir: str
    models: Sequence[ModelVersion]
    environment: Resolution
    wishes: ImageWishes = field(default_factory=ImageWishes)
    variables: dict[str, str] = field(default_factory=dict[str, str])
    prebuilt: PrebuiltImage | None = None


@dataclass(frozen=True)
class BuiltImage:
    """An image that is ready to run.

    Attributes:
        id: `sha256:…`, the engine's own name for it; the same for the same parts.
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

    def describe(self) -> str:
        """One line for people: which parts were built, which were there."""
        said = [f"{name} reused" for name in self.reused] + [f"{name} built" for name in self.made]
        text = f"{self.tag} on {self.base}: {', '.join(said)}"
        return f"{text}; {self.left_out}" if self.left_out else text


@dataclass(frozen=True)
class PushedImage:
    """An image in a registry.

    Attributes:
        tag: Its name there, with the tag.
        reference: `repository@sha256:…`, which never means another image.
        size_bytes: Of its manifest's layers; 0 when the registry does not say.
    """

    tag: str
    reference: str
    size_bytes: int = 0
