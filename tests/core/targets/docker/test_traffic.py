"""No request fails while versions change and containers die."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from mooring.engine import Engine
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.usefixtures("nothing_left")]


@pytest.fixture
def target(settings: Settings):
    made = DockerTarget(settings)
    yield made
    made.stop("echo")


def main_process(engine: Engine, target: DockerTarget) -> int:
    container = target.observe("echo").details["container"]
    return int(engine.api.inspect_container(container)["State"]["Pid"])


UPDATES = int(os.environ.get("MOORING_TRAFFIC_UPDATES", "5"))
KILLS = int(os.environ.get("MOORING_TRAFFIC_KILLS", "3"))


def test_no_request_fails_over_updates(target: DockerTarget, release: MakeRelease, crowd_at: Any) -> None:
    first = target.start(release(), Recorder())

    with crowd_at(first.port or 0) as crowd:
        for revision in range(2, UPDATES + 2):
            target.start(release(revision=revision, port=first.port), Recorder())
            crowd.wait_for_more(20)

    assert set(crowd.answers) == {200}
    assert target.observe("echo").revision == UPDATES + 1


def test_no_request_fails_when_the_container_dies(
    engine: Engine, target: DockerTarget, release: MakeRelease, crowd_at: Any
) -> None:
    """Ended as a crash or the kernel ends it; `docker kill` means that it shall stay down."""
    if os.geteuid() != 0:
        pytest.skip("only root may end processes of containers")
    first = target.start(release(), Recorder())

    with crowd_at(first.port or 0) as crowd:
        for _ in range(KILLS):
            crowd.wait_for_more(20)
            os.kill(main_process(engine, target), signal.SIGKILL)
            crowd.wait_for_more(20)

    assert set(crowd.answers) == {200}
    assert target.observe("echo").state == "Healthy"


def test_a_failed_update_disturbs_nobody(target: DockerTarget, release: MakeRelease, crowd_at: Any) -> None:
    first = target.start(release(), Recorder())
    broken = release(
        revision=2, port=first.port, script="def init(): raise ValueError('no')\ndef run(d): pass\n"
    )

    with crowd_at(first.port or 0) as crowd:
        with pytest.raises(Exception, match="echo"):
            target.start(broken, Recorder())
        crowd.wait_for_more(20)

    assert set(crowd.answers) == {200}
