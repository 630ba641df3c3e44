"""Sending images to registries, where they have a digest that never means another image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mooring.engine import Engine
from mooring.engine.words import trouble_of
from mooring.images.parts import PushedImage


def push_image(
    engine: Engine,
    image: str,
    registry: str,
    *,
    tell: Callable[[str], None],
    name: str = "",
    login: dict[str, str] | None = None,
) -> PushedImage:
    """An image of the engine, in a registry.

    Args:
        engine: That has the image.
        image: Its tag or id.
        registry: `host:port/path`.
        tell: Told layer by layer.
        name: `repository:tag` below the registry; the image's own tag when empty.
        login: `{"username", "password"}`; None leaves it to docker's own logins.

    Raises:
        DockerTrouble: The registry refuses it or can't be reached.
    """
    shared = f"{registry.rstrip('/')}/{name or image}"
    repository, version = shared.rsplit(":", 1)
    told: dict[str, Any] = {}
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
            raise trouble_of(failures[0], shared)
    digest = str(told.get("Digest") or "")
    return PushedImage(shared, f"{repository}@{digest}" if digest else shared, int(told.get("Size") or 0))
