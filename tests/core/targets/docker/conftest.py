"""A base image, and releases that can run in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mooring.deployments.target import Release
from mooring.engine import Engine
from mooring.environments import Resolution
from mooring.settings import Settings
from mooring.testing.releases import make_release

BASE = os.environ.get("MOORING_TEST_BASE_IMAGE", "python:3.11-slim")
REGISTRY = os.environ.get("MOORING_TEST_REGISTRY", "localhost:5000")
NETWORK = os.environ.get("MOORING_TEST_BUILD_NETWORK", "host")

MakeRelease = Callable[..., Release]


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", docker_base_image=BASE, docker_build_network=NETWORK)


@pytest.fixture
def release(settings: Settings) -> MakeRelease:
    """Makes releases that need no package: `release(revision=2, script="…")`."""

    def make(**changes: Any) -> Release:
        made = make_release(settings, **{"environment": plain_environment(), **changes})
        return replace(made, compute_type="local")

    return make


def plain_environment() -> Resolution:
    """The base image's Python in a virtual environment, and nothing in it."""
    return Resolution(digest="none-for-3.11", python_version="3.11")


@pytest.fixture
def nothing_left(engine: Engine, settings: Settings) -> Iterator[None]:
    """Whatever the test does, the engine has nothing of its workspace afterwards."""
    from mooring.images.labels import SCOPE, scope_of

    yield
    label = f"{SCOPE}={scope_of(settings)}"
    try:
        assert not engine.api.containers(all=True, filters={"label": label})
        assert not engine.api.volumes(filters={"label": label})["Volumes"]
        assert not engine.api.networks(filters={"label": label})
    finally:
        for container in engine.api.containers(all=True, filters={"label": label}):
            engine.api.remove_container(container["Id"], force=True, v=True)
