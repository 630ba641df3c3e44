"""The engine: found as docker's own command finds it, asked through docker's SDK, its refusals put into words."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Generator, Iterable
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from mooring.errors import MooringError
from mooring.images.archive import ParentImage
from mooring.targets.docker import errors

_TIMEOUT_S = 120
_LOOPBACK = "127.0.0.1"


class Engine:
    """One Docker engine: where DOCKER_HOST points, else docker's current context, else this machine's.

    Connected when first used. Every method raises a `DockerTrouble` when the engine can't be used.
    """

    @cached_property
    def place(self) -> str:
        """Its address, for people."""
        return os.environ.get("DOCKER_HOST") or _context_host() or "unix:///var/run/docker.sock"

    @property
    def host(self) -> str:
        """Name or address of the machine its ports are published on."""
        parts = urlsplit(self.place)
        return parts.hostname or _LOOPBACK if parts.scheme in ("tcp", "ssh", "http", "https") else _LOOPBACK

    @cached_property
    def api(self) -> Any:
        """The SDK's low-level client."""
        with self.told():
            return _connect(self.place)

    @contextlib.contextmanager
    def told(self, about: str = "") -> Generator[None, None, None]:
        """Put what the SDK raises inside the block into our words.

        Args:
            about: The image or container it is about, for messages.
        """
        try:
            yield
        except MooringError:
            raise
        except Exception as error:
            known = _in_words(error, self.place, about)
            if known is None:
                raise
            raise known from error

    def parent(self, image: str) -> ParentImage | None:
        """An image as something to put layers on; None when the engine does not have it."""
        facts = self.find_image(image)
        if facts is None:
            return None
        layers = tuple((facts.get("RootFS") or {}).get("Layers") or ())
        return ParentImage(
            id=facts["Id"],
            layers=layers,
            config=facts.get("Config") or {},
            architecture=facts.get("Architecture") or "amd64",
            system=facts.get("Os") or "linux",
            variant=facts.get("Variant") or "",
            abouts=self._abouts(image, len(layers)),
        )

    def find_image(self, image: str) -> dict[str, Any] | None:
        """What the engine says about an image it has; None when it has none of that name."""
        import docker.errors as vendor

        with self.told(image):
            try:
                facts: dict[str, Any] = self.api.inspect_image(image)
            except (vendor.ImageNotFound, vendor.NotFound):
                return None
            return facts

    def find_container(self, container: str) -> dict[str, Any] | None:
        """What the engine says about a container; None when there is none."""
        import docker.errors as vendor

        with self.told(container):
            try:
                facts: dict[str, Any] = self.api.inspect_container(container)
            except vendor.NotFound:
                return None
            return facts

    def containers(self, labels: dict[str, str]) -> list[dict[str, Any]]:
        """Containers with these labels, running or not, as the engine lists them."""
        wanted = [f"{name}={value}" for name, value in labels.items()]
        with self.told():
            found: list[dict[str, Any]] = self.api.containers(all=True, filters={"label": wanted})
            return found

    def _abouts(self, image: str, layers: int) -> tuple[str, ...]:
        """What each layer holds: known of images of our own, whose history has one entry a layer."""
        with self.told(image):
            history = [entry.get("CreatedBy") or "base image" for entry in self.api.history(image)]
        return tuple(reversed(history)) if len(history) == layers else ()


@cache
def _connect(place: str) -> Any:
    """One client a process and engine: it keeps connections open."""
    _knock(place)
    import docker

    if os.environ.get("DOCKER_HOST") or not _context_host():
        return docker.from_env(timeout=_TIMEOUT_S).api
    return docker.APIClient(base_url=place, tls=_context_tls() or False, timeout=_TIMEOUT_S, version="auto")


def _knock(place: str) -> None:
    """Tell at once, and without the SDK, that nothing listens on a socket of this machine, or not for us."""
    path = place.removeprefix("unix://")
    if path == place:
        return
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.connect(path)
        except PermissionError as error:
            raise errors.forbidden(place) from error
        except OSError as error:
            raise errors.not_running(place) from error


def last_line(lines: Iterable[str]) -> str:
    """The last that says something."""
    return next((line.strip() for line in reversed(list(lines)) if line.strip()), "")


def _context_host() -> str:
    """Address in docker's current context; empty for the default one."""
    name = os.environ.get("DOCKER_CONTEXT") or ""
    try:
        from docker.context import ContextAPI
        from docker.context.config import get_current_context_name

        context: Any = ContextAPI.get_context(name or get_current_context_name())
    except Exception:  # noqa: BLE001 - a context that can't be read is as good as none: the default engine answers
        return ""
    return str(context.Host or "") if context is not None and context.Name != "default" else ""


def _context_tls() -> Any:
    from docker.context import ContextAPI

    context: Any = ContextAPI.get_current_context()
    return getattr(context, "TLSConfig", None)


def _in_words(error: Exception, place: str, about: str) -> errors.DockerTrouble | None:
    """The trouble an exception of the SDK stands for; None for a mistake of ours."""
    name, module = type(error).__name__, type(error).__module__
    if isinstance(error, ImportError) and error.name in ("docker", "pathspec"):
        return errors.SdkMissing(
            f"The Python package {error.name!r} is not installed.",
            'Install it: pip install "mooring[docker]".',
        )
    if name == "ReadTimeout" or "Read timed out" in str(error):
        return errors.EngineSilent(
            f"The Docker engine at {place} does not answer.",
            "Look after the engine, or restart it, and try again.",
        )
    if module.startswith("docker.errors") and name in ("APIError", "NotFound", "ImageNotFound"):
        return trouble_of(str(getattr(error, "explanation", None) or error), about, place)
    if isinstance(error, OSError) or module.startswith(("docker", "requests", "urllib3")):
        text = str(error)
        if "Permission denied" in text or "PermissionError" in text:
            return errors.forbidden(place)
        if not isinstance(error, OSError) or module.startswith(("requests", "urllib3")):
            return errors.not_running(place)
    return None


_WORDS: tuple[tuple[str, str], ...] = (
    ("no space left|disk quota exceeded", "disk"),
    ("port is already allocated|address already in use|ports are not available", "port"),
    ("could not select device driver|nvidia-container-cli|unknown or invalid runtime name: nvidia", "gpu"),
    ("exec format error|no matching manifest for|does not match the specified platform", "architecture"),
    ("unauthorized|authentication required|no basic auth|denied: |access denied|incorrect username", "login"),
    (
        "manifest unknown|manifest for .* not found|repository does not exist|no such image|not found: ",
        "image",
    ),
    (
        "dial tcp|no such host|i/o timeout|connection refused|tls: |x509|server gave http response|request canceled",
        "net",
    ),
)


def trouble_of(words: str, about: str = "", place: str = "") -> errors.DockerTrouble:
    """The trouble that an engine's words stand for."""
    kind = next((kind for pattern, kind in _WORDS if re.search(pattern, words, re.IGNORECASE)), "")
    said, image = _first_sentence(words), repr(about) if about else "the image"
    if kind in _KINDS:
        make, cause, advice = _KINDS[kind]
        return make(cause.format(image=image), advice, said)
    return errors.DockerTrouble(
        f"The Docker engine{f' at {place}' if place else ''} refused: {_first_sentence(words)}", evidence=said
    )


_KINDS: dict[str, tuple[type[errors.DockerTrouble], str, str]] = {
    "disk": (
        errors.EngineDiskFull,
        "The Docker engine has no space left on its disk.",
        "Free some: mooring gc --yes, then docker system prune; and deploy again.",
    ),
    "port": (
        errors.PublishedPortTaken,
        "The port is already in use on the engine's machine.",
        "Stop the other process or container, or deploy without a port to take a free one.",
    ),
    "gpu": (
        errors.GpuMissing,
        "The Docker engine has no GPU to give.",
        "Install the NVIDIA container toolkit on the engine's machine, or deploy without a GPU.",
    ),
    "architecture": (
        errors.WrongArchitecture,
        "The base image {image} is for another processor than the engine's.",
        "Choose an image for the engine's processor (`docker info` names it), or one for several.",
    ),
    "login": (
        errors.RegistryUnauthorised,
        "The registry refuses to hand out {image}: it is not there, or wants another login.",
        "Check the name, then log in (`docker login`) or give baseImageRegistry a user and password.",
    ),
    "image": (
        errors.ImageNotFound,
        "No image {image} is there, neither on the engine nor in its registry.",
        "Correct its name or tag.",
    ),
    "net": (
        errors.RegistryUnreachable,
        "The registry of {image} can't be reached by the engine.",
        "Check its name, the network and proxy of the engine, and that it is trusted.",
    ),
}


def _first_sentence(words: str) -> str:
    line = last_line(words.splitlines()[:1]) or "no reason given"
    return line if line.endswith(".") else f"{line}."
