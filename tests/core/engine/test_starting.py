"""No engine: how to start one is said for the system that asks, always with the way to do without."""

from __future__ import annotations

import pytest

from mooring.engine.errors import how_to_start
from mooring.engine.words import in_words

HERE = "unix:///var/run/docker.sock"


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("linux", "sudo systemctl start docker"),
        ("darwin", "open -a Docker"),
        ("win32", "Docker Desktop"),
        ("wsl", "WSL integration"),
    ],
)
def test_starting_an_engine_is_told_for_the_system(system: str, command: str) -> None:
    advice = how_to_start(HERE, system)

    assert command in advice
    assert "computeType process" in advice


@pytest.mark.parametrize("place", ["ssh://ada@far.example:22", "tcp://far.example:2376"])
def test_an_engine_of_another_machine_is_to_be_started_there(place: str) -> None:
    advice = how_to_start(place, "linux")

    assert "far.example" in advice
    assert "sudo systemctl" not in advice
    assert "computeType process" in advice


def test_without_the_sdk_the_way_without_docker_is_told_too() -> None:
    trouble = in_words(ModuleNotFoundError("No module named 'docker'", name="docker"), HERE, "")

    assert trouble is not None
    assert trouble.code == "docker-sdk-missing"
    assert 'pip install "mooring[docker]"' in trouble.remedy
    assert "computeType process" in trouble.remedy
