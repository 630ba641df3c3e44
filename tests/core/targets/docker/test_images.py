"""Images: only what changed is made, the same inputs give the same image, labels lead back."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from mooring.deployments.target import Release
from mooring.engine import Engine
from mooring.engine.removing import remove_image
from mooring.images.bases import BaseImages, base_lock_path
from mooring.images.building import build_image
from mooring.images.parts import BuiltImage, ImageWishes
from mooring.images.pushing import push_image
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.reporters import Recorder

from .conftest import REGISTRY, MakeRelease

pytestmark = pytest.mark.docker


@pytest.fixture
def build(engine: Engine, settings: Settings):
    made: list[str] = []

    def run(release: Release) -> BuiltImage:
        image = build_image(release.image_parts, engine=engine, settings=settings, tell=_say_nothing)
        made.append(image.id)
        return image

    yield run
    for image in set(made):
        remove_image(engine, image)  # other tests may use the same


def test_only_the_code_is_made_when_only_the_code_changed(build, release: MakeRelease) -> None:
    build(release())
    changed = build(release(revision=2, script="def init(): pass\ndef run(d): return 2\n"))

    assert changed.made == ("code",)
    assert "environment" in changed.reused


def test_the_same_code_makes_the_same_image_without_making_anything(build, release: MakeRelease) -> None:
    first = build(release())
    second = build(release(revision=2))

    assert second.id == first.id
    assert second.made == ()


def test_an_image_that_was_lost_comes_back_under_the_same_id(
    engine: Engine, build, release: MakeRelease
) -> None:
    script = f"# {uuid4()}\ndef init(): pass\ndef run(d): return 3\n"
    first = build(release(script=script))
    engine.api.remove_image(first.id, force=True, noprune=True)

    assert build(release(revision=2, script=script)).id == first.id


def test_labels_lead_from_a_container_to_what_it_runs(
    engine: Engine, settings: Settings, release: MakeRelease
) -> None:
    target = DockerTarget(settings)
    target.start(release(), Recorder())
    try:
        container = engine.find_container(target.observe("echo").details["container"])
    finally:
        target.stop("echo")

    labels = container["Config"]["Labels"]
    assert labels["io.mooring.service"] == "echo"
    assert labels["io.mooring.workspace"] == settings.workspace
    assert labels["io.mooring.revision"] == "1"
    assert labels["io.mooring.entry-script"] == "score.py"
    assert labels["io.mooring.environment"] == "none-for-3.11"
    assert labels["io.mooring.script"].startswith("sha256:")


def test_extra_steps_are_taken_as_written(settings: Settings, release: MakeRelease) -> None:
    script = "def init(): pass\ndef run(d): return open('/etc/made-by-step').read()\n"
    wanted = replace(
        release(script=script), image=ImageWishes(extra_steps="RUN echo -n yes > /etc/made-by-step")
    )
    target = DockerTarget(settings)
    running = target.start(wanted, Recorder())
    try:
        from mooring.deployments.calls import call

        assert call(running.scoring_uri, method="POST", body=b"1").decoded() == "yes"
    finally:
        target.stop("echo")


def test_a_base_dockerfile_with_the_users_own_interpreter_is_used_as_it_is(
    settings: Settings, release: MakeRelease
) -> None:
    from mooring.environments import Resolution

    from .conftest import BASE

    own = Resolution("user-python3", "", source="user-managed", interpreter="/usr/local/bin/own")
    text = f"FROM {BASE}\nRUN ln -s $(command -v python3) /usr/local/bin/own\n"
    wanted = replace(release(environment=own), image=ImageWishes(base_dockerfile=text))
    target = DockerTarget(settings)
    running = target.start(wanted, Recorder())
    target.stop("echo")

    assert running.port


def test_a_machine_without_the_environment_gets_it_from_the_registry(
    engine: Engine, settings: Settings, release: MakeRelease
) -> None:
    shared = replace(settings, docker_registry=f"{REGISTRY}/test-{time.time_ns()}")
    steps = ImageWishes(extra_steps=f"RUN echo {time.time_ns()} > /etc/unique")
    first = build_image(
        replace(release(), image=steps).image_parts, engine=engine, settings=shared, tell=_say_nothing
    )
    environment = next(
        tag
        for image in engine.api.images()
        for tag in image.get("RepoTags") or []
        if tag.startswith(shared.docker_registry)
    )
    try:
        engine.api.remove_image(first.id, force=True)
        for tag in (environment, environment.removeprefix(f"{shared.docker_registry}/")):
            engine.api.remove_image(tag, force=True)

        second = build_image(
            replace(release(revision=2), image=steps).image_parts,
            engine=engine,
            settings=shared,
            tell=_say_nothing,
        )
    finally:
        engine.api.remove_image(first.id, force=True)
        engine.api.remove_image(environment, force=True)

    assert second.id == first.id
    assert second.reused == ("environment",)


def test_a_push_to_a_registry_that_is_not_there_is_told(
    engine: Engine, settings: Settings, build, release: MakeRelease
) -> None:
    image = build(release())

    with pytest.raises(Exception, match="can't be reached"):
        push_image(engine, image.tag, "localhost:1", settings=settings, tell=_say_nothing)
    assert engine.find_image(f"localhost:1/{image.tag}") is None


def test_a_base_image_stays_at_the_digest_it_had_first(engine: Engine, settings: Settings) -> None:
    name = f"{REGISTRY}/python:3.11"
    BaseImages(engine, settings).get_named(name, ImageWishes(), _say_nothing)

    kept = json.loads(base_lock_path(settings).read_text(encoding="utf-8"))

    assert kept[name].startswith(f"{REGISTRY}/python@sha256:")


def _say_nothing(_text: str) -> None:
    pass
