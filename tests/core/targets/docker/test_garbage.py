"""`mooring gc`: lists what nothing needs, removes it when told to, and touches nothing else."""

from __future__ import annotations

import pytest

from mooring.engine import Engine
from mooring.images.labels import build_labels
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget, garbage
from mooring.testing.reporters import Recorder

from .conftest import BASE, MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]


def test_what_a_service_left_is_listed_first_and_removed_when_told(
    engine: Engine, settings: Settings, release: MakeRelease
) -> None:
    target = DockerTarget(settings)
    target.start(release(), Recorder())
    place = target._place("echo")

    assert not [each for each in target.garbage(["echo"]) if each.kind != "image"]
    listed = [each for each in target.garbage([]) if each.kind != "image"]
    still = target.observe("echo").state
    target.remove_garbage(listed)

    assert {(each.kind, each.name) for each in listed} == {
        ("container", place.front),
        ("container", place.container(1)),
        ("network", place.network),
    }
    assert still == "Healthy"
    assert not engine.api.volumes(filters={"label": f"io.mooring.scope={place.scope}"})["Volumes"]
    assert not target.observe("echo").present
    target.stop("echo")


def test_an_installation_that_was_killed_is_garbage_after_an_hour(
    engine: Engine, settings: Settings, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    container = engine.api.create_container(
        BASE, ["true"], labels=build_labels(settings), name="mooring-gc-test"
    )
    try:
        young = garbage.find_garbage(engine, settings, [])
        monkeypatch.setattr(garbage, "_YOUNG_S", -10)
        old = garbage.find_garbage(engine, settings, [])
    finally:
        engine.api.remove_container(container["Id"], force=True)

    assert not [each for each in young if each.kind == "container"]
    assert [each.reason for each in old if each.kind == "container"] == [
        "left by an installation that was killed"
    ]


def test_images_that_are_used_or_named_are_kept(
    engine: Engine, settings: Settings, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_YOUNG_S", -10)
    target = DockerTarget(settings)
    target.start(release(script=f"# {settings.home}\ndef init(): pass\ndef run(d): return d\n"), Recorder())
    image = target.observe("echo").details["image"]
    (tag,) = engine.api.inspect_image(image)["RepoTags"]

    def listed() -> set[str]:
        return {each.name for each in garbage.find_garbage(engine, settings, []) if each.kind == "image"}

    in_use = garbage.find_garbage(engine, settings, ["echo"])
    engine.api.tag(image, "mooring-gc-named", "1")
    target.stop("echo")
    engine.api.tag(image, *tag.rsplit(":", 1))
    named = listed()
    engine.api.remove_image("mooring-gc-named:1")
    unnamed = listed()
    engine.api.remove_image(tag)

    assert tag not in {each.name for each in in_use}
    assert tag not in named
    assert tag in unnamed
