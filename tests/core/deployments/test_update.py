from __future__ import annotations

import pytest

from mooring.configs import AciDeploymentConfig, InferenceConfig, ProcessDeploymentConfig
from mooring.deployments.errors import (
    ChecksFailed,
    DeploymentFailed,
    ImmutableProperty,
    NothingToRollBack,
    NothingToUpdate,
    ServiceNotFound,
    WrongComputeType,
)
from mooring.deployments.target import Crash
from mooring.testing import Recorder


@pytest.fixture
def scorer(desk, inference, models):
    return desk.deploy("scorer", ["diabetes:1"], inference, ProcessDeploymentConfig(auth_enabled=True))


@pytest.fixture
def releases(target, scorer):
    """Releases started after the first."""
    seen = []
    target.during_start = seen.append
    return seen


def test_models_can_change_alone(desk, scorer, releases):
    after = desk.update("scorer", models=["diabetes:2"])

    assert (after.models, after.revision, after.scoring_uri) == (("diabetes:2",), 2, scorer.scoring_uri)
    assert releases[0].entry_script == "project/score.py"
    assert desk.keys("scorer")


def test_the_old_model_is_free_after_an_update(desk, scorer, workspace):
    desk.update("scorer", models=["diabetes:2"])

    assert workspace.models.users("diabetes:1") == []
    assert workspace.models.users("diabetes:2") == ["scorer"]


def test_another_script_keeps_the_models(desk, scorer, releases, tmp_path):
    other = tmp_path / "other.py"
    other.write_text("def init():\n    pass\n\n\ndef run(raw_data):\n    return 2\n")

    after = desk.update("scorer", inference_config=InferenceConfig(entry_script=str(other)))

    assert releases[0].entry_script == "other.py"
    assert after.models == ("diabetes:1",)


def test_settings_change_one_by_one(desk, scorer, releases):
    after = desk.update("scorer", settings={"auth_enabled": False, "worker_count": 2})

    assert not after.auth_enabled
    assert (releases[0].server.auth_mode, releases[0].server.worker_count) == ("off", 2)


def test_labels_change_without_a_restart(desk, scorer, releases):
    after = desk.update("scorer", tags={"area": "health"}, properties={"team": "a"}, description="Scores.")

    assert (after.tags, after.properties, after.description) == ({"area": "health"}, {"team": "a"}, "Scores.")
    assert releases == []


def test_labels_outlive_the_next_update(desk, scorer):
    desk.update("scorer", tags={"area": "health"})

    assert desk.update("scorer", models=["diabetes:2"]).tags == {"area": "health"}
    assert desk.rollback("scorer").tags == {"area": "health"}


def test_a_property_never_changes(desk, scorer):
    desk.update("scorer", properties={"team": "a"})

    with pytest.raises(ImmutableProperty, match="'team'"):
        desk.update("scorer", properties={"team": "b"})


def test_updating_nothing_says_what_v1_said(desk, scorer):
    with pytest.raises(NothingToUpdate, match="No parameters provided to update"):
        desk.update("scorer")


def test_updating_what_is_not_there(desk):
    with pytest.raises(ServiceNotFound, match="WebserviceNotFound"):
        desk.update("scorer", models=[])


def test_an_update_does_not_move_a_service(desk, scorer):
    with pytest.raises(WrongComputeType, match="'aci'"):
        desk.update("scorer", deployment_config=AciDeploymentConfig())


def test_a_failed_update_keeps_what_served_and_says_so(desk, scorer, target):
    target.crash = Crash(exit_code=1)

    with pytest.raises(DeploymentFailed, match="was not changed") as caught:
        desk.update("scorer", models=["diabetes:2"])

    assert caught.value.failure.kept == "scorer-1 still serves diabetes:1 at the same URL."
    service = desk.get("scorer")
    assert (service.state, service.models, service.revision) == ("Healthy", ("diabetes:1",), 1)
    assert service.failure == caught.value.failure
    assert desk.run("scorer", "1")["revision"] == "1"


def test_the_next_success_clears_the_verdict(desk, scorer, target):
    target.crash = Crash(exit_code=1)
    with pytest.raises(DeploymentFailed):
        desk.update("scorer", models=["diabetes:2"])

    assert desk.update("scorer", models=["diabetes:2"]).failure is None


def test_an_interrupted_update_leaves_the_service_as_it_was(desk, scorer, target, parts, workspace):
    def interrupt(_release):
        raise KeyboardInterrupt

    target.during_start = interrupt

    with pytest.raises(KeyboardInterrupt):
        desk.update("scorer", models=["diabetes:2"])

    service = desk.get("scorer")
    assert (service.state, service.models, service.operation) == ("Healthy", ("diabetes:1",), None)
    assert workspace.models.users("diabetes:2") == []
    assert sorted(path.name for path in (parts.folder("scorer") / "revisions").iterdir()) == ["1"]


def test_reload_takes_the_script_as_it_is_on_disk(desk, scorer, releases, project):
    (project / "score.py").write_text(
        "# edited\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 3\n"
    )

    desk.reload("scorer")

    assert (releases[0].app_root / "project" / "score.py").read_text().startswith("# edited")


def test_reload_refuses_a_script_that_can_not_start(desk, scorer, releases, project):
    (project / "score.py").write_text("def init(:\n")

    with pytest.raises(ChecksFailed, match="entry-script-syntax"):
        desk.reload("scorer")

    assert releases == []
    assert desk.get("scorer").state == "Healthy"


def test_reload_starts_a_service_that_stopped(desk, scorer, target):
    target.break_down("scorer")
    assert desk.get("scorer").state == "Unhealthy"

    assert desk.reload("scorer").state == "Healthy"


def test_rollback_brings_back_models_and_code(desk, scorer, releases, project):
    old = (project / "score.py").read_text()
    (project / "score.py").write_text("# new\n" + old)
    desk.update("scorer", models=["diabetes:2"])

    after = desk.rollback("scorer")

    assert after.models == ("diabetes:1",)
    assert (releases[-1].app_root / "project" / "score.py").read_text() == old
    assert after.revision == 3


def test_rolling_back_twice_goes_forth_again(desk, scorer):
    desk.update("scorer", models=["diabetes:2"])
    desk.rollback("scorer")

    assert desk.rollback("scorer").models == ("diabetes:2",)


def test_there_is_nothing_before_the_first_revision(desk, scorer):
    with pytest.raises(NothingToRollBack):
        desk.rollback("scorer")


def test_only_the_serving_and_the_previous_layout_are_kept(desk, scorer, parts):
    for _ in range(4):
        desk.reload("scorer")

    assert sorted(path.name for path in (parts.folder("scorer") / "revisions").iterdir()) == ["4", "5"]


def test_an_update_reports_the_switch(desk, scorer):
    told = Recorder()

    desk.update("scorer", models=["diabetes:2"], reporter=told)

    assert told.phases == ["plan", "checked", "environment", "started", "init", "switch", "healthy"]


def test_the_update_half_done_is_seen_by_others(desk, scorer, target, make_parts):
    from mooring.deployments.desk import ServiceDesk

    other = ServiceDesk(make_parts())
    seen = []
    target.during_start = lambda _release: seen.append(other.get("scorer"))

    desk.update("scorer", models=["diabetes:2"])

    assert seen[0].state == "Transitioning"
    assert seen[0].operation.kind == "update"
    assert seen[0].models == ("diabetes:1",)


def test_the_plan_says_what_changes(desk, scorer, project):
    def plan(act):
        told = Recorder()
        act(told)
        return dict(told.events)["plan"]

    assert (
        plan(lambda told: desk.update("scorer", models=["diabetes:2"], reporter=told))
        == "scorer → revision 2: diabetes:1 → diabetes:2 · no downtime"
    )
    (project / "score.py").write_text((project / "score.py").read_text() + "# more\n")
    assert (
        plan(lambda told: desk.reload("scorer", reporter=told))
        == "scorer → revision 3: diabetes:2 · script changed · no downtime"
    )
    assert (
        plan(lambda told: desk.rollback("scorer", reporter=told))
        == "scorer → revision 4: diabetes:2 · the code it had · no downtime"
    )
    assert "settings changed" in plan(
        lambda told: desk.update("scorer", settings={"worker_count": 2}, reporter=told)
    )
