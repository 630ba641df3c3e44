"""The engine: found as docker's own command finds it, asked through docker's SDK, its refusals put into words."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Generator
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from mooring.engine import errors
from mooring.engine.words import in_words
from mooring.errors import MooringError

_TIMEOUT_S = 120
"""Silence that is borne while the engine works: unpacking, committing, removing."""
_QUESTION_S = 10
"""Silence that is borne after a question; a healthy engine answers within milliseconds, a busy one within a second."""
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
        """The SDK's low-level client, for work that may take a while."""
        with self.told():
            return _connect(self.place, _TIMEOUT_S)

    @cached_property
    def questions(self) -> Any:
        """The same client for questions: an engine that stopped answering is noticed soon."""
        with self.told():
            return _connect(self.place, _QUESTION_S)

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
            known = in_words(error, self.place, about)
            if known is None:
                raise
            raise known from error

    def find_image(self, image: str) -> dict[str, Any] | None:
        """What the engine says about an image it has; None when it has none of that name."""
        import docker.errors as vendor

        with self.told(image):
            try:
                facts: dict[str, Any] = self.questions.inspect_image(image)
            except (vendor.ImageNotFound, vendor.NotFound):
                return None
            return facts

    def find_container(self, container: str) -> dict[str, Any] | None:
        """What the engine says about a container; None when there is none."""
        import docker.errors as vendor

        with self.told(container):
            try:
                facts: dict[str, Any] = self.questions.inspect_container(container)
            except vendor.NotFound:
                return None
            return facts

    def log_in(self, registry: str, username: str, password: str) -> None:
        """Try a login at a registry; the engine keeps nothing of it.

        Raises:
            RegistryUnauthorised: The registry refuses it.
            DockerTrouble: It can't be reached.
        """
        with self.told(registry):
            self.api.login(username, password, registry=registry, reauth=True)

    def containers(self, labels: dict[str, str]) -> list[dict[str, Any]]:
        """Containers with these labels, running or not, as the engine lists them."""
        wanted = [f"{name}={value}" for name, value in labels.items()]
        with self.told():
            found: list[dict[str, Any]] = self.questions.containers(all=True, filters={"label": wanted})
            return found


@cache
def _connect(place: str, timeout_s: int) -> Any:
    """One client a process, engine and patience: it keeps connections open."""
    _knock(place)
    import docker

    # ssh:// goes through the ssh command, with its keys and configuration, as docker's own command does.
    if os.environ.get("DOCKER_HOST") or not _context_host():
        client = docker.from_env(timeout=_QUESTION_S, use_ssh_client=True).api
    else:
        tls = _context_tls() or False
        client = docker.APIClient(place, tls=tls, timeout=_QUESTION_S, version="auto", use_ssh_client=True)
    client.timeout = timeout_s
    return client


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
