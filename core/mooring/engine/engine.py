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
from mooring.engine.contexts import current_context
from mooring.engine.tunnel import tunnel_for
from mooring.engine.words import in_words
from mooring.errors import MooringError

_TIMEOUT_S = 120
"""Silence that is borne while the engine works: unpacking, committing, removing."""
_QUESTION_S = 10
"""Silence that is borne after a question; a healthy engine answers within milliseconds, a busy one within a second."""
_LOOPBACK = "127.0.0.1"
_USUAL = "unix:///var/run/docker.sock"


class Engine:
    """One Docker engine: where DOCKER_HOST points, else docker's current context, else this machine's.

    Connected when first used. Every method raises a `DockerTrouble` when the engine can't be used.
    """

    @cached_property
    def place(self) -> str:
        """Its address, for people."""
        context = None if os.environ.get("DOCKER_HOST") else current_context()
        return os.environ.get("DOCKER_HOST") or (context.host if context else _USUAL)

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
        tunnel = tunnel_for(self.place)
        try:
            if tunnel is not None:
                tunnel.ensure()
            yield
        except MooringError:
            raise
        except Exception as error:
            known = in_words(error, self.place, about, tunnel.said if tunnel else "")
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
    from docker.utils import kwargs_from_env

    tunnel = tunnel_for(place)
    context = None if os.environ.get("DOCKER_HOST") else current_context()
    if tunnel is not None:
        where: dict[str, Any] = {"base_url": tunnel.url}
    elif context is not None:
        where = {"base_url": context.host, "tls": context.tls}
    else:
        where = dict(kwargs_from_env())
    if where.get("base_url", "").startswith("ssh://"):
        where["use_ssh_client"] = True
    client = _client_class()(**where, timeout=_QUESTION_S, version="auto")
    client.timeout = timeout_s
    return client


@cache
def _client_class() -> type[Any]:
    """The SDK's low-level client; made when first used, as importing the SDK takes a while."""
    import docker

    class Client(docker.APIClient):  # type: ignore[misc]
        def merge_environment_settings(
            self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
        ) -> Any:
            """Trust the authority that was given for the engine, also where REQUESTS_CA_BUNDLE names others."""
            settings = super().merge_environment_settings(url, proxies, stream, verify, cert)
            return {**settings, "verify": self.verify}

    return Client


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
