"""The front: the container that has a service's address as long as the service lives."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass
from typing import Any

from mooring.deployments.target import Reporter
from mooring.engine import DockerTrouble, Engine
from mooring.engine.errors import PublishedPortTaken
from mooring.engine.removing import remove_container
from mooring.images.contract import USER_ID
from mooring.images.proxy import proxy_image
from mooring.settings import Settings
from mooring.targets.docker.containers import SERVING, hardened
from mooring.targets.docker.front_config import (
    AGAIN_FILE,
    CERTIFICATE_FILE,
    CONFIG_DIR,
    CONFIG_FILE,
    FRONT_PORT,
    SLOTS,
    render_again,
    render_front_config,
    render_switch,
    render_teller,
    with_active,
)
from mooring.targets.docker.host_names import port_of
from mooring.targets.docker.place import DNS, FRONT, DockerPlace
from mooring.targets.docker.secrets import put_secrets, read_secret

_TRIES = 5


@dataclass(frozen=True)
class FrontOptions:
    """How a front is to behave.

    Attributes:
        port: On the engine's machine; None takes a free one.
        certificate: PEM text of certificate chain and key; empty for plain HTTP.
        replays: See `render_front_config`.
        dns_label: Its name on the private network; the port follows from it, unless one is asked for.
    """

    port: int | None
    certificate: bytes = b""
    replays: bool = True
    dns_label: str = ""


class Front:
    """The front of one service.

    Args:
        engine: Where it runs.
        place: Of the service.
        settings: For its image, and the address it is published on.
    """

    def __init__(self, engine: Engine, place: DockerPlace, settings: Settings) -> None:
        self._engine = engine
        self._place = place
        self._settings = settings

    def find(self) -> dict[str, Any] | None:
        """What the engine says about it; None when it is not there."""
        return self._engine.find_container(self._place.front)

    def port(self) -> int | None:
        """Its port on the engine's machine; None when it is not there."""
        facts = self.find()
        bound = ((facts or {}).get("HostConfig") or {}).get("PortBindings") or {}
        entries = bound.get(f"{FRONT_PORT}/tcp") or [{}]
        text = str(entries[0].get("HostPort") or "")
        return int(text) if text.isdigit() else None

    def create(self, slot: str, options: FrontOptions, reporter: Reporter) -> int:
        """Make and start it, with the traffic going to a slot; its port.

        Raises:
            PublishedPortTaken: The port asked for is.
            DockerTrouble: The engine refuses; nothing is left.
        """
        image = proxy_image(self._engine, self._settings, lambda text: reporter.progress("front", text))
        wanted = options.port
        for attempt in range(_TRIES):
            port = wanted or (port_of(options.dns_label) if options.dns_label else _free_port())
            try:
                self._create(image, slot, port, options)
            except PublishedPortTaken as error:
                self.remove()
                if wanted or options.dns_label or attempt == _TRIES - 1:
                    address = f"{self._settings.docker_publish}:{port}"
                    raise PublishedPortTaken(
                        f"{address} is already in use.", error.advice, error.evidence
                    ) from error
            except BaseException:
                self.remove()
                raise
            else:
                return port
        raise AssertionError  # the last attempt raised

    def switch(self, slot: str, address: str, options: FrontOptions) -> None:
        """Send new requests to the container of a slot; those under way are not disturbed.

        Args:
            slot: That gets the traffic.
            address: Of its container on the private network.
            options: Its certificate is renewed, too.
        """
        self._write(slot, options)
        self._move(slot, address)
        if options.certificate:
            self._renew_certificate(options.certificate)

    def switch_back(self, slot: str, address: str) -> None:
        """Send new requests to the container of a slot, with certificate and options as they are."""
        config = read_secret(self._engine, self._place.front, f"{CONFIG_DIR}/{CONFIG_FILE}").decode()
        put_secrets(
            self._engine, self._place.front, {CONFIG_FILE: with_active(config, slot).encode()}, CONFIG_DIR
        )
        self._move(slot, address)

    def tell(self, command: str) -> str:
        """Put a command to the running proxy, and give its answer."""
        api, name = self._engine.api, self._place.front
        with self._engine.told(name):
            call = api.exec_create(name, render_teller(command))
            return bytes(api.exec_start(call["Id"])).decode("utf-8", "replace")

    def start(self) -> None:
        """Start it again, when it was stopped."""
        with self._engine.told(self._place.front):
            self._engine.api.start(self._place.front)

    def remove(self) -> None:
        """Remove it; nothing happens when it is gone."""
        remove_container(self._engine, self._place.front, volume=self._place.front)

    def _move(self, slot: str, address: str) -> None:
        said = self.tell(render_switch(slot, address)).strip()
        wrong = [
            line
            for line in said.splitlines()
            if line.strip() and "changed" not in line and "no need" not in line
        ]
        if wrong:
            raise DockerTrouble(f"The front did not take the new address: {wrong[0].strip()}")

    # ---- making ---------------------------------------------------------------------------------------------------

    def _create(self, image: str, slot: str, port: int, options: FrontOptions) -> None:
        name, api = self._place.front, self._engine.api
        labels = {**self._place.role(FRONT), **({DNS: options.dns_label} if options.dns_label else {})}
        aliases = [options.dns_label] if options.dns_label else []
        with self._engine.told(name):
            api.create_volume(name, labels=labels)
            host = api.create_host_config(
                **hardened(),
                binds={name: {"bind": CONFIG_DIR, "mode": "rw"}},
                network_mode=self._place.network,
                port_bindings={FRONT_PORT: (self._settings.docker_publish, port)},
                restart_policy={"Name": SERVING},
            )
            api.create_container(
                image,
                name=name,
                entrypoint=["haproxy", "-db", "-f", f"{CONFIG_DIR}/{CONFIG_FILE}"],
                command=[],
                user=str(USER_ID),
                ports=[FRONT_PORT],
                labels=labels,
                host_config=host,
                networking_config=api.create_networking_config(
                    {self._place.network: api.create_endpoint_config(aliases=aliases)}
                ),
            )
        self._write(slot, options)
        self.start()

    def _write(self, slot: str, options: FrontOptions) -> None:
        aliases = {each: self._place.alias(each) for each in SLOTS}
        text = render_front_config(aliases, slot, has_tls=bool(options.certificate), replays=options.replays)
        files = {CONFIG_FILE: text.encode(), AGAIN_FILE: render_again(replays=options.replays).encode()}
        if options.certificate:
            files[CERTIFICATE_FILE] = options.certificate
        put_secrets(self._engine, self._place.front, files, CONFIG_DIR)

    def _renew_certificate(self, certificate: bytes) -> None:
        path = f"{CONFIG_DIR}/{CERTIFICATE_FILE}"
        self.tell(f"set ssl cert {path} <<\n{certificate.decode().strip()}\n")
        self.tell(f"commit ssl cert {path}")


def _free_port() -> int:
    """A port that is free here; on an engine of another machine, one that may well be."""
    for _ in range(_TRIES):
        port = random.randint(32768, 60999)  # noqa: S311 - no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return 0
