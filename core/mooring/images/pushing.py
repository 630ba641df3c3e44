"""Sending images to registries, where they have a digest that never means another image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from mooring.engine import DockerTrouble, Engine
from mooring.engine.words import trouble_of
from mooring.images.logins import RegistryLogins
from mooring.images.parts import PushedImage
from mooring.settings import Settings


def push_image(
    engine: Engine,
    image: str,
    registry: str,
    *,
    settings: Settings,
    tell: Callable[[str], None],
    name: str = "",
) -> PushedImage:
    """An image of the engine, in a registry.

    Args:
        engine: That has the image.
        image: Its tag or id.
        registry: `host:port/path`.
        settings: Know registries that were logged in to; docker's own logins are for the others.
        tell: Told layer by layer.
        name: `repository:tag` below the registry; the image's own tag when empty.

    Raises:
        DockerTrouble: The registry refuses it or can't be reached.
    """
    shared = f"{registry.rstrip('/')}/{name or image}"
    repository, version = shared.rsplit(":", 1)
    told: dict[str, Any] = {}
    login = RegistryLogins(settings).find(shared)
    with engine.told(shared):
        engine.api.tag(image, repository, version)
        failures: list[str] = []
        for word in engine.api.push(repository, version, stream=True, decode=True, auth_config=login):
            if word.get("error"):
                failures.append(str(word["error"]))  # the stream is read to its end, or it would stay open
            elif word.get("id"):
                tell(f"pushing {word['id']} {str(word.get('status') or '').lower()}")
            told.update(word.get("aux") or {})
        if failures:
            with suppress(DockerTrouble), engine.told(shared):
                engine.api.remove_image(shared, noprune=True)
            raise trouble_of(failures[0], shared)
    digest = str(told.get("Digest") or "")
    return PushedImage(shared, f"{repository}@{digest}" if digest else shared, int(told.get("Size") or 0))
