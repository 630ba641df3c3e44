"""Removing what may be gone already, or be removed by somebody else at the same time."""

from __future__ import annotations

from contextlib import suppress

from mooring.engine.engine import Engine

_OURS = "mooring/service:"


def remove_container(engine: Engine, container: str, *, volume: str = "") -> None:
    """Remove a container and its volume, running or not; nothing happens when they are gone."""
    import docker.errors as vendor

    with engine.told(container):
        try:
            engine.api.remove_container(container, force=True, v=True)
        except vendor.NotFound:
            pass
        except vendor.APIError as error:
            if "already in progress" not in str(error.explanation):
                raise
        if volume:
            with suppress(vendor.NotFound):
                engine.api.remove_volume(volume, force=True)


def remove_image(engine: Engine, image: str) -> None:
    """Remove the image of one release, which is its code; what it stands on stays for the next.

    Others may use it: an image that a container needs, or that was given a name, stays.
    """
    import docker.errors as vendor

    facts = engine.find_image(image)
    tags = [tag for tag in (facts or {}).get("RepoTags") or [] if tag.startswith(_OURS)]
    with engine.told(image):
        for name in tags or ([image] if facts and not facts.get("RepoTags") else []):
            with suppress(vendor.APIError):
                engine.api.remove_image(name, noprune=True)
