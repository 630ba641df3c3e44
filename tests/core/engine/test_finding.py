"""Which engine is used: DOCKER_HOST's, a context's, another machine's by ssh or TLS; and what stands in the way."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mooring.engine import Engine
from mooring.engine.errors import EngineForbidden, EngineNotRunning
from mooring.engine.tunnel import tunnel_for

pytestmark = pytest.mark.docker


def _ping(engine: Engine) -> bool:
    with engine.told():
        return bool(engine.api.ping())


def test_ssh_leads_to_an_engine_also_after_the_connection_broke(
    ssh: Any, ssh_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", ssh_place)
    there = Engine()
    first = _ping(there)
    tunnel = tunnel_for(ssh_place)
    assert tunnel is not None
    ssh.cut()
    tunnel.await_end(60)

    assert first
    assert _ping(there)
    assert there.containers({"no": "such-label"}) == []
    assert there.host == "127.0.0.1"


def test_a_key_that_ssh_does_not_take_is_told_with_what_to_try(
    ssh: Any, ssh_place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", ssh_place)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    shutil.copy(tmp_path / "other", tmp_path / "ssh" / "key")

    with pytest.raises(EngineForbidden, match="Permission denied") as refused:
        _ping(Engine())

    assert f"ssh ada@127.0.0.1 -p {ssh.port}" in refused.value.remedy


def test_a_host_that_nobody_knows_is_told_with_what_to_try(
    ssh: Any, ssh_place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", ssh_place)
    (tmp_path / "ssh" / "known_hosts").unlink()

    with pytest.raises(EngineForbidden, match="verification failed") as refused:
        _ping(Engine())

    assert "known_hosts" in refused.value.remedy


def test_a_machine_that_ssh_does_not_find_is_told(ssh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://ada@127.0.0.1:1")

    with pytest.raises(EngineNotRunning, match="Connection refused"):
        _ping(Engine())


def test_a_machine_without_an_engine_is_told_as_such(
    ssh: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"{ssh.place}{tmp_path}/none.sock")

    with pytest.raises(EngineNotRunning, match="No Docker engine answers") as failed:
        _ping(Engine())

    assert "on its machine" in failed.value.remedy


def test_tls_leads_to_an_engine_with_the_certificates_of_docker_cert_path(
    relay: Any, certificates: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, others = certificates("ours"), certificates("others")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(ours))
    monkeypatch.setenv("DOCKER_HOST", relay(certificates=ours).place)
    answered = _ping(Engine())
    monkeypatch.setenv("DOCKER_HOST", relay(certificates=others).place)
    with pytest.raises(EngineForbidden, match="certificates") as refused:
        _ping(Engine())

    assert answered
    assert "DOCKER_CERT_PATH" in refused.value.remedy


def test_certificates_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))

    with pytest.raises(EngineForbidden, match="certificates"):
        _ping(Engine())


def test_a_context_leads_to_its_engine(
    relay: Any, missing: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("docker") is None:
        missing("docker command")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    place = relay().place
    create = ["docker", "context", "create", "far", "--docker", f"host={place}"]
    subprocess.run(create, check=True, capture_output=True)
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    found = Engine()
    answered = _ping(found)
    monkeypatch.setenv("DOCKER_CONTEXT", "nowhere")

    assert answered
    assert found.place == place
    with pytest.raises(EngineNotRunning, match="'nowhere'"):
        _ping(Engine())
