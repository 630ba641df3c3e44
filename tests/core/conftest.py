"""A real Docker engine, ways to it as if it were far, and a private registry for whoever needs them; without them tests are skipped, in CI they fail."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from mooring.engine import Engine
from mooring.engine.tunnel import tunnel_for
from mooring.errors import MooringError

from .relay import Relay, write_certificates
from .ssh_server import SshServer

# `canary-password`, as htpasswd -B writes it.
_HTPASSWD = "ada:$2b$12$H56ZfbeUwFi6fMsnLcCl7.Rrkc5RwNzdaRsGItjNKlL7eKtm3JV62\n"
_CONFIG = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}
http: {{addr: "0.0.0.0:{port}", tls: {{certificate: {folder}/cert.pem, key: {folder}/key.pem}}}}
auth: {{htpasswd: {{realm: test, path: {folder}/htpasswd}}}}
"""


@pytest.fixture(scope="session")
def engine(missing: Callable[[str], None]) -> Engine:
    found = Engine()
    try:
        with found.told():
            found.api.ping()
    except MooringError as trouble:
        missing(f"a Docker engine: {trouble.problem}")
    return found


@pytest.fixture
def engine_socket(engine: Engine, missing: Callable[[str], None]) -> str:
    """Path of the socket of this machine's engine."""
    if not engine.place.startswith("unix://"):
        missing("engine with a socket on this machine")
    return engine.place.removeprefix("unix://")


@pytest.fixture
def ssh(
    engine_socket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: Callable[[str], None]
) -> Iterator[SshServer]:
    """This machine by ssh, with an `ssh` command that gets in."""
    if shutil.which("ssh") is None:
        missing("ssh command")
    with SshServer(tmp_path / "ssh") as server:
        monkeypatch.setenv("PATH", str(server.bin), prepend=":")
        yield server


@pytest.fixture
def ssh_place(ssh: SshServer, engine_socket: str) -> Iterator[str]:
    """The engine's address by ssh."""
    place = f"{ssh.place}{engine_socket}"
    yield place
    tunnel = tunnel_for(place)
    if tunnel is not None:
        tunnel.close()


@pytest.fixture
def certificates(tmp_path: Path) -> Callable[[str], Path]:
    """Makes folders as DOCKER_CERT_PATH names one."""
    return lambda name: write_certificates(tmp_path / name)


@pytest.fixture
def relay(engine_socket: str) -> Iterator[Callable[..., Relay]]:
    """Makes addresses at which the engine is to be reached over TCP."""
    with contextlib.ExitStack() as closing:
        yield lambda **options: closing.enter_context(Relay(engine_socket, **options))


@dataclass(frozen=True)
class PrivateRegistry:
    """A registry with a login and a certificate that nobody has signed.

    Attributes:
        address: On the loopback, whose certificates engines take as they are.
        strict_address: The same registry at an address whose certificate must be trusted.
        username, password: The login.
    """

    address: str
    strict_address: str
    username: str = "ada"
    password: str = "canary-password"


@pytest.fixture(scope="session")
def private_registry(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[PrivateRegistry]:
    command = shutil.which("docker-registry") or shutil.which("registry")
    if command is None:
        missing("docker-registry")
    if not engine.place.startswith("unix://"):
        missing("engine on this machine for a registry on the loopback")
    folder = tmp_path_factory.mktemp("registry")
    port, address = _free_port(), _own_address()
    _write_certificate(folder)
    (folder / "htpasswd").write_text(_HTPASSWD)
    (folder / "config.yml").write_text(_CONFIG.format(folder=folder, port=port))
    quiet = {**os.environ, "OTEL_TRACES_EXPORTER": "none"}
    process = subprocess.Popen(
        [str(command), "serve", str(folder / "config.yml")], env=quiet, stderr=subprocess.DEVNULL
    )
    try:
        _await(f"https://localhost:{port}/v2/")
        yield PrivateRegistry(f"localhost:{port}", f"{address}:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _await(url: str) -> None:
    give_up = time.monotonic() + 15
    while time.monotonic() < give_up:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, verify=False)
            return
        time.sleep(0.05)
    raise TimeoutError(url)


def _own_address() -> str:
    """Of this machine for others, by which way a packet would go; none is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("198.51.100.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_certificate(folder: Path) -> None:
    from datetime import datetime, timedelta, timezone

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
