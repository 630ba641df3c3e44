"""A real registry with a login and a certificate: pulled from, pushed to, refused, and no password to be seen."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mooring.cli import run
from mooring.engine import Engine
from mooring.engine.errors import RegistryUnauthorised, RegistryUnreachable
from mooring.images.bases import BaseImages
from mooring.images.logins import RegistryLogins
from mooring.images.parts import ImageWishes
from mooring.images.pushing import push_image
from mooring.settings import Settings, load_settings

pytestmark = [pytest.mark.docker]


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings()


@pytest.fixture
def image(engine: Engine) -> Iterator[str]:
    """A small image of nothing, for moving about; of its own for each test, as others do the same meanwhile."""
    name = f"mooring-test-nothing-{uuid.uuid4().hex[:12]}"
    engine.api.import_image_from_data(b"\0" * 1024, repository=name, tag="1")
    yield f"{name}:1"
    for each in engine.api.images():
        for tag in each.get("RepoTags") or []:
            if name in tag:
                engine.api.remove_image(tag, force=True)


def _push(engine: Engine, settings: Settings, image: str, registry: str) -> Any:
    return push_image(engine, image, registry, settings=settings, tell=lambda _text: None)


def test_a_registered_login_pushes_and_pulls(
    engine: Engine, settings: Settings, image: str, private_registry: Any
) -> None:
    there = private_registry.address
    RegistryLogins(settings).add(f"https://{there}/", private_registry.username, private_registry.password)

    pushed = _push(engine, settings, image, there)
    engine.api.remove_image(pushed.tag)
    found = BaseImages(engine, settings).get_named(pushed.reference, ImageWishes(), lambda _text: None)

    assert pushed.reference.startswith(f"{there}/{image.removesuffix(':1')}@sha256:")
    assert found.id == engine.api.inspect_image(image)["Id"]


def test_a_login_given_with_the_base_image_is_used_for_its_registry(
    engine: Engine, settings: Settings, image: str, private_registry: Any
) -> None:
    there = private_registry.address
    RegistryLogins(settings).add(there, private_registry.username, private_registry.password)
    pushed = _push(engine, settings, image, there)
    engine.api.remove_image(pushed.tag)
    RegistryLogins(settings).remove(there)
    wishes = ImageWishes(
        registry_address=f"https://{there}",
        registry_user=private_registry.username,
        registry_password=private_registry.password,
    )

    assert BaseImages(engine, settings).get_named(pushed.tag, wishes, lambda _text: None)


def test_without_a_login_the_registry_refuses(
    engine: Engine, settings: Settings, image: str, private_registry: Any
) -> None:
    with pytest.raises(RegistryUnauthorised, match="mooring image login"):
        _push(engine, settings, image, private_registry.address)

    other = ImageWishes(registry_address="other.example", registry_user="u", registry_password="p")
    with pytest.raises(RegistryUnauthorised):
        BaseImages(engine, settings).get_named(f"{private_registry.address}/x:1", other, lambda _text: None)


def test_a_certificate_nobody_trusts_is_told_as_such(
    engine: Engine, settings: Settings, image: str, private_registry: Any
) -> None:
    if private_registry.strict_address.startswith("127."):
        pytest.skip("this machine has no address but the loopback")

    with pytest.raises(RegistryUnreachable, match="certificate"):
        _push(engine, settings, image, private_registry.strict_address)


def test_login_is_tried_first_and_kept_for_its_owner_alone(
    settings: Settings,
    private_registry: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong-password\n")
    words = [
        "image",
        "login",
        "--registry",
        private_registry.address,
        "-u",
        "ada",
        "--password",
        f"@{secret}",
    ]

    assert run(words) != 0
    assert not RegistryLogins(settings).list()
    secret.write_text(private_registry.password + "\n")
    assert run(words) == 0
    said = capsys.readouterr()

    kept = settings.home / "registries.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert private_registry.password not in said.out + said.err
    assert RegistryLogins(settings).find(f"{private_registry.address}/a/b:1") is not None
    assert RegistryLogins(settings).find(f"{private_registry.address}0/a/b:1") is None
    assert run(["image", "logout", "--registry", private_registry.address]) == 0
    assert not RegistryLogins(settings).list()


def test_a_password_on_the_command_line_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["image", "login", "--registry", "x.io", "-u", "ada", "--password", "canary-word"]) != 0

    assert "canary-word" not in capsys.readouterr().err
