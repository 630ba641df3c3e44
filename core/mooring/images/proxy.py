"""The image of the proxy that has an address in front of containers: HAProxy, as it is published or built on the base image."""

from __future__ import annotations

from collections.abc import Callable

from mooring.engine import DockerTrouble, Engine
from mooring.images.bases import BaseImages
from mooring.images.naming import digest_of, image_tag
from mooring.images.parts import ImageWishes
from mooring.images.steps import build_dockerfile
from mooring.settings import Settings

_INSTALL = "RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends haproxy && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin"


def proxy_image(engine: Engine, settings: Settings, tell: Callable[[str], None]) -> str:
    """The image that is configured; where it can't be had, one made of the base image.

    Args:
        engine: Has it afterwards.
        settings: Name both images.
        tell: Told when one is built.

    Raises:
        DockerTrouble: Neither can be had.
    """
    name = settings.docker_front_image
    made = image_tag("front", digest_of("front", settings.docker_base_image, _INSTALL))
    for known in (name, made):
        if engine.find_image(known) is not None:
            return known
    try:
        BaseImages(engine, settings).get_named(name, ImageWishes(), tell)
    except DockerTrouble as trouble:
        if trouble.code not in ("registry-unreachable", "image-not-found", "registry-unauthorised"):
            raise
        base = settings.docker_base_image.format(python="3.11")
        tell(f"{name} can't be had ({trouble.code}); building the front on {base}")
        text = f"FROM {base}\nUSER 0\n{_INSTALL}\n"
        try:
            build_dockerfile(engine, text, made, settings.docker_build_network, tell)
        except DockerTrouble as other:
            raise _missing(name, base, trouble, other) from other
        return made
    return name


def _missing(name: str, base: str, first: DockerTrouble, second: DockerTrouble) -> DockerTrouble:
    """Nobody asked for these images by name, so what they are for has to be said."""
    cause = (
        f"The proxy in front of services can't be had, neither as {name} nor built on {base}: {first.problem}"
    )
    advice = "Let the engine pull it, or name an image with HAProxy in MOORING_DOCKER_FRONT_IMAGE."
    return type(first)(cause, advice, second.problem)
