"""What containers, and the making of images, left on the engine that nothing needs any more."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from mooring.engine import DockerTrouble, Engine
from mooring.images.labels import BUILD, ROLE, SCOPE, scope_of
from mooring.images.naming import REPOSITORY
from mooring.settings import Settings
from mooring.targets.docker.place import SERVICE

_YOUNG_S = 3600


@dataclass(frozen=True)
class DockerGarbage:
    """Something that may go.

    Attributes:
        kind: `container`, `image` or `volume`.
        name: As the engine knows it.
        size_bytes: What removing it frees at most; 0 when that is not known.
        reason: Why it may go.
    """

    kind: str
    name: str
    size_bytes: int
    reason: str


def find_garbage(engine: Engine, settings: Settings, services: Collection[str]) -> list[DockerGarbage]:
    """Containers of services that are gone, left-over installations, and images no container uses.

    Args:
        engine: Asked.
        settings: Say which workspace.
        services: Names of those there are in it.
    """
    listed = engine.containers({SCOPE: scope_of(settings)})
    orphans = [each for each in listed if _is_orphan(each, services)]
    found = [
        DockerGarbage("container", each["Names"][0].lstrip("/"), 0, "its service is gone") for each in orphans
    ]
    return [*found, *_images(engine, kept=_used_images(engine, without=orphans))]


def remove_garbage(engine: Engine, found: Collection[DockerGarbage]) -> None:
    """Remove it; what came into use since is left alone."""
    for item in found:
        with suppress(DockerTrouble), engine.told(item.name):
            if item.kind == "container":
                engine.api.remove_container(item.name, force=True, v=True)
            else:
                engine.api.remove_image(item.name)


def _is_orphan(container: dict[str, Any], services: Collection[str]) -> bool:
    labels = container["Labels"]
    return labels.get(ROLE) != BUILD and labels.get(SERVICE) not in services


def _used_images(engine: Engine, without: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Layers of every image some container was made of; what is below those is used, too."""
    gone = {each["Id"] for each in without}
    with engine.told():
        images = {each["ImageID"] for each in engine.api.containers(all=True) if each["Id"] not in gone}
    return [_layers(engine.find_image(image)) for image in images]


def _images(engine: Engine, kept: list[tuple[str, ...]]) -> list[DockerGarbage]:
    with engine.told():
        listed = engine.api.images()
    known = {image["Id"]: _layers(facts) for image in listed if (facts := _old_enough(engine, image["Id"]))}
    sizes = {_layers(engine.find_image(image["Id"])): int(image.get("Size") or 0) for image in listed}
    found: list[DockerGarbage] = []
    for image in listed:
        tags = [tag for tag in image.get("RepoTags") or [] if tag.startswith(f"{REPOSITORY}/")]
        layers = known.get(image["Id"])
        if not tags or layers is None or any(used[: len(layers)] == layers for used in kept):
            continue
        below = max((size for other, size in sizes.items() if _is_below(other, layers)), default=0)
        freed = int(image.get("Size") or 0) - below
        found.extend(DockerGarbage("image", tag, freed, "no container uses it") for tag in tags)
    return found


def _old_enough(engine: Engine, image: str) -> dict[str, Any] | None:
    """The image's facts, unless it was given a name within the last hour: somebody may be about to use it."""
    facts = engine.find_image(image)
    tagged = str(((facts or {}).get("Metadata") or {}).get("LastTagTime") or "")[:19]
    try:
        age = datetime.now(timezone.utc) - datetime.fromisoformat(f"{tagged}+00:00")
    except ValueError:
        return facts
    return facts if age.total_seconds() > _YOUNG_S else None


def _is_below(other: tuple[str, ...], layers: tuple[str, ...]) -> bool:
    return len(other) < len(layers) and layers[: len(other)] == other


def _layers(facts: dict[str, Any] | None) -> tuple[str, ...]:
    return tuple(((facts or {}).get("RootFS") or {}).get("Layers") or ())
