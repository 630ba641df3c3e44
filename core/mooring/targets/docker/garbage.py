"""What containers, and the making of images, left on the engine that nothing needs any more."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from mooring.engine import DockerTrouble, Engine
from mooring.engine.removing import remove_container
from mooring.images.labels import BUILD, ROLE, SCOPE, scope_of
from mooring.images.naming import REPOSITORY
from mooring.settings import Settings
from mooring.targets.docker.place import SERVICE

_YOUNG_S = 3600
_GONE = "its service is gone"


@dataclass(frozen=True)
class DockerGarbage:
    """Something that may go.

    Attributes:
        kind: `container`, `image`, `volume` or `network`.
        name: As the engine knows it.
        size_bytes: What removing it frees at most; 0 when that is not known.
        reason: Why it may go.
    """

    kind: str
    name: str
    size_bytes: int
    reason: str


def find_garbage(engine: Engine, settings: Settings, services: Collection[str]) -> list[DockerGarbage]:
    """Containers, volumes and networks of services that are gone, left-over installations, and images nobody uses.

    Args:
        engine: Asked.
        settings: Say which workspace.
        services: Names of those there are in it.
    """
    listed = engine.containers({SCOPE: scope_of(settings)})
    orphans = [each for each in listed if _is_orphan(each, services)]
    names = {_name_of(each) for each in orphans}
    lost = [name for name in _volumes(engine, settings, services) if name not in names]
    found = [DockerGarbage("container", _name_of(each), 0, _reason(each)) for each in orphans]
    found += [DockerGarbage("volume", name, 0, _GONE) for name in lost]
    if not services and len(listed) == len(orphans):
        found += [
            DockerGarbage("network", name, 0, "no service is on it") for name in _networks(engine, settings)
        ]
    return [*found, *_images(engine, kept=_used_images(engine, without=orphans))]


def remove_garbage(engine: Engine, found: Collection[DockerGarbage]) -> None:
    """Remove it; what came into use since is left alone."""
    for item in found:
        with suppress(DockerTrouble), engine.told(item.name):
            if item.kind == "container":
                remove_container(engine, item.name, volume=item.name)
            elif item.kind == "volume":
                engine.api.remove_volume(item.name)
            elif item.kind == "network":
                engine.api.remove_network(item.name)
            else:
                engine.api.remove_image(item.name)


def _is_orphan(container: dict[str, Any], services: Collection[str]) -> bool:
    labels = container["Labels"]
    if labels.get(ROLE) == BUILD:
        return time.time() - float(container.get("Created") or time.time()) > _YOUNG_S
    return labels.get(SERVICE) not in services


def _reason(container: dict[str, Any]) -> str:
    return "left by an installation that was killed" if container["Labels"].get(ROLE) == BUILD else _GONE


def _name_of(container: dict[str, Any]) -> str:
    return str(container["Names"][0]).lstrip("/")


def _volumes(engine: Engine, settings: Settings, services: Collection[str]) -> list[str]:
    with engine.told():
        found = engine.questions.volumes(filters={"label": f"{SCOPE}={scope_of(settings)}"})["Volumes"] or []
    return [each["Name"] for each in found if (each.get("Labels") or {}).get(SERVICE) not in services]


def _networks(engine: Engine, settings: Settings) -> list[str]:
    with engine.told():
        found = engine.questions.networks(filters={"label": f"{SCOPE}={scope_of(settings)}"})
    return [str(each["Name"]) for each in found]


def _used_images(engine: Engine, without: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Layers of every image some container was made of, or that has a name; what is below those is used, too."""
    gone = {each["Id"] for each in without}
    with engine.told():
        images = {each["ImageID"] for each in engine.api.containers(all=True) if each["Id"] not in gone}
        images |= {each["Id"] for each in engine.api.images() if _is_named(each.get("RepoTags") or [])}
    return [_layers(engine.find_image(image)) for image in images]


def _is_named(tags: list[str]) -> bool:
    """Whether an image has a name that somebody chose, beside those that say what went into it."""
    return any(f"{REPOSITORY}/" not in tag and tag != "<none>:<none>" for tag in tags)


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
