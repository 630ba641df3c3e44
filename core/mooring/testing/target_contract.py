"""What every target promises, as tests to inherit.

    class TestNomadTarget(TargetContract):
        @pytest.fixture
        def target(self, settings):
            return NomadTarget(settings)

The releases it makes run in the interpreter of the tests; a target that builds images overrides `release`.
"""

# ruff: noqa: S101, D102, ARG002, PLR2004 - these are tests: assert is how they speak, and their names are what they claim
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mooring.deployments.calls import call
from mooring.deployments.target import Release, StartFailed, Target
from mooring.settings import Settings
from mooring.testing.releases import make_release
from mooring.testing.reporters import Recorder

_BROKEN = (
    "def init():\n    raise RuntimeError('broken on purpose')\n\n\ndef run(raw_data):\n    return raw_data\n"
)

MakeRelease = Callable[..., Release]


class TargetContract:
    """Inherit it and provide a fixture `target`."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        """A home of its own."""
        return Settings(home=tmp_path / "home")

    @pytest.fixture
    def target(self, settings: Settings) -> Target:
        """The target to be tested."""
        raise NotImplementedError

    @pytest.fixture
    def release(self, settings: Settings) -> MakeRelease:
        """Makes releases: `release(revision=2, script="…")`."""

        def make(**changes: Any) -> Release:
            return make_release(settings, **changes)

        return make

    @pytest.fixture(autouse=True)
    def _stop_afterwards(self, target: Target) -> Iterator[None]:
        yield
        target.stop("echo")

    def fail_next_start(self, target: Target, release: MakeRelease, revision: int) -> Release:
        """A release that can't start; targets that run no script override it."""
        return release(revision=revision, script=_BROKEN)

    def test_it_has_a_name_and_takes_some_compute_type(self, target: Target) -> None:
        assert target.name
        assert target.compute_types
        assert all(kind == kind.lower() for kind in target.compute_types)

    def test_a_started_release_answers(self, target: Target, release: MakeRelease) -> None:
        running = target.start(release(), Recorder())

        assert _revision_answering(running.scoring_uri) == "1"

    def test_a_start_reports_its_phases_in_order(self, target: Target, release: MakeRelease) -> None:
        told = Recorder()

        target.start(release(), told)

        assert [phase for phase in told.phases if phase in ("started", "init")] == ["started", "init"]

    def test_what_is_not_there_is_observed_as_absent(self, target: Target) -> None:
        assert not target.observe("echo").present

    def test_what_runs_is_observed_with_its_revision_and_address(
        self, target: Target, release: MakeRelease
    ) -> None:
        running = target.start(release(), Recorder())

        seen = target.observe("echo")

        assert (seen.present, seen.state, seen.revision) == (True, "Healthy", 1)
        assert seen.running is not None
        assert seen.running.scoring_uri == running.scoring_uri

    def test_another_instance_sees_the_same(
        self, target: Target, release: MakeRelease, settings: Settings
    ) -> None:
        target.start(release(), Recorder())
        other = self.another(target, settings)

        assert other.observe("echo").revision == 1

    def another(self, target: Target, settings: Settings) -> Target:
        """A second instance, as another process would make it."""
        make: Any = type(target)
        second: Target = make(settings)
        return second

    def test_a_second_revision_takes_over_the_address(self, target: Target, release: MakeRelease) -> None:
        first = target.start(release(), Recorder())

        second = target.start(release(revision=2, port=first.port), Recorder())

        assert second.scoring_uri == first.scoring_uri
        assert _revision_answering(first.scoring_uri) == "2"
        assert target.observe("echo").revision == 2

    def test_a_failed_start_says_so_and_leaves_nothing_running(
        self, target: Target, release: MakeRelease
    ) -> None:
        broken = self.fail_next_start(target, release, 1)

        with pytest.raises(StartFailed):
            target.start(broken, Recorder())

        assert target.observe("echo").revision is None

    def test_a_failed_update_keeps_what_served(self, target: Target, release: MakeRelease) -> None:
        first = target.start(release(), Recorder())
        broken = self.fail_next_start(target, release, 2)

        with pytest.raises(StartFailed):
            target.start(broken, Recorder())

        assert _revision_answering(first.scoring_uri) == "1"
        assert target.observe("echo").revision == 1

    def test_the_log_of_a_failed_start_can_be_read(self, target: Target, release: MakeRelease) -> None:
        broken = self.fail_next_start(target, release, 1)
        with pytest.raises(StartFailed):
            target.start(broken, Recorder())

        assert list(target.logs("echo", last_start=True))

    def test_logs_go_on_after_a_cursor(self, target: Target, release: MakeRelease) -> None:
        target.start(release(), Recorder())
        lines = list(target.logs("echo"))

        rest = list(target.logs("echo", after=lines[0].cursor))

        assert [line.text for line in rest][: len(lines) - 1] == [line.text for line in lines[1:]]

    def test_an_unknown_cursor_begins_at_the_start(self, target: Target, release: MakeRelease) -> None:
        target.start(release(), Recorder())

        assert next(target.logs("echo", after="nonsense")).text == next(target.logs("echo")).text

    def test_tidying_leaves_what_serves(self, target: Target, release: MakeRelease) -> None:
        running = target.start(release(), Recorder())

        target.tidy("echo")

        assert _revision_answering(running.scoring_uri) == "1"

    def test_nothing_is_left_after_stop(self, target: Target, release: MakeRelease) -> None:
        running = target.start(release(), Recorder())

        target.stop("echo")

        assert not target.observe("echo").present
        assert not list(target.logs("echo"))
        with pytest.raises(OSError, match=r"."):
            call(running.scoring_uri, method="POST", body=b"1", timeout_s=5)

    def test_stopping_twice_is_the_same_as_once(self, target: Target, release: MakeRelease) -> None:
        target.start(release(), Recorder())

        target.stop("echo")
        target.stop("echo")

        assert not target.observe("echo").present

    def test_stopping_one_service_leaves_the_others(self, target: Target, release: MakeRelease) -> None:
        kept = target.start(release(service="kept"), Recorder())
        target.start(release(), Recorder())
        try:
            target.stop("echo")

            assert _revision_answering(kept.scoring_uri) == "1"
        finally:
            target.stop("kept")

    def test_a_service_stopped_can_start_again(self, target: Target, release: MakeRelease) -> None:
        target.start(release(), Recorder())
        target.stop("echo")

        running = target.start(release(revision=2), Recorder())

        assert _revision_answering(running.scoring_uri) == "2"

    def test_keys_can_be_applied_when_nothing_runs(self, target: Target) -> None:
        target.apply_keys("echo")


def _revision_answering(scoring_uri: str) -> str:
    answer = call(scoring_uri, method="POST", body=b'{"data": [1]}', timeout_s=10)

    assert answer.status == 200
    content = json.loads(answer.content)
    assert content["got"] == {"data": [1]}
    return str(content["revision"])
