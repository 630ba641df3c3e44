from __future__ import annotations

import stat

import pytest

from mooring.configs import (
    AciDeploymentConfig,
    AksDeploymentConfig,
    InferenceConfig,
    LocalDeploymentConfig,
    ProcessDeploymentConfig,
)
from mooring.deployments.calls import call
from mooring.deployments.errors import (
    ChecksFailed,
    DeploymentFailed,
    InvalidServiceName,
    ServiceExists,
    ServiceNotFound,
    UnknownComputeType,
)
from mooring.deployments.target import Crash
from mooring.findings import Finding
from mooring.registry import ModelInUse, ModelNotFound
from mooring.testing import Recorder


def test_a_deployed_service_is_healthy_and_knows_its_address(desk, inference, models):
    service = desk.deploy("scorer", ["diabetes:1"], inference)

    assert service.state == "Healthy"
    assert service.models == ("diabetes:1",)
    assert call(service.scoring_uri, method="POST", body=b"1").status == 200
    assert desk.get("scorer") == service


def test_a_model_without_version_means_the_newest(desk, inference, models):
    assert desk.deploy("scorer", ["diabetes"], inference).models == ("diabetes:2",)


def test_phases_come_in_order_with_elapsed_seconds(desk, inference, models):
    told = Recorder()

    desk.deploy("scorer", ["diabetes:1"], inference, reporter=told)

    assert told.phases == ["plan", "checked", "environment", "started", "init", "sample", "healthy"]
    elapsed = [data["elapsed_s"] for data in told.data]
    assert elapsed == sorted(elapsed)


def test_the_registered_sample_is_sent_once(desk, inference, models, target):
    bodies = []
    target.answer = lambda _release, body: (bodies.append(body), (200, "fine"))[1]

    desk.deploy("scorer", ["diabetes:1"], inference)

    assert bodies == [b'{"data": [[1]]}']


def test_a_sample_that_fails_is_said_and_the_service_stays_healthy(desk, inference, models, target):
    target.answer = lambda _release, _body: (500, {"message": "no"})
    told = Recorder()

    service = desk.deploy("scorer", ["diabetes:1"], inference, reporter=told)

    assert service.state == "Healthy"
    assert dict(told.events)["sample"].startswith("500 in")


def test_without_a_sample_nothing_is_sent(desk, inference, models, target):
    told = Recorder()

    desk.deploy("scorer", ["diabetes:2"], inference, reporter=told)

    assert "sample" not in told.phases


@pytest.mark.parametrize("name", ["Scorer", "s", "1st", "ends-", "with_underscore", "a" * 33, "new\n", ""])
def test_names_that_no_place_takes_are_refused(desk, inference, name):
    with pytest.raises(InvalidServiceName) as caught:
        desk.deploy(name, [], inference)

    assert repr(name) in str(caught.value)


def test_a_near_name_is_offered():
    assert "'my-scorer'" in InvalidServiceName(name="My Scorer").remedy


def test_a_taken_name_is_refused_with_the_way_out(desk, inference, models):
    desk.deploy("scorer", [], inference)

    with pytest.raises(ServiceExists, match="ServiceExists") as caught:
        desk.deploy("scorer", [], inference)

    assert "--overwrite" in caught.value.remedy


def test_overwriting_keeps_url_and_keys(desk, inference, models):
    config = ProcessDeploymentConfig(auth_enabled=True)
    before, keys = desk.deploy("scorer", ["diabetes:1"], inference, config), desk.keys("scorer")

    after = desk.deploy("scorer", ["diabetes:2"], inference, config, overwrite=True)

    assert after.scoring_uri == before.scoring_uri
    assert desk.keys("scorer").primary == keys.primary
    assert after.models == ("diabetes:2",)


def test_a_service_that_never_served_can_be_deployed_again(desk, inference, models, target):
    target.crash = Crash(exit_code=1)
    with pytest.raises(DeploymentFailed):
        desk.deploy("scorer", [], inference)

    assert desk.deploy("scorer", [], inference).state == "Healthy"


@pytest.mark.parametrize(
    "config",
    [AciDeploymentConfig(), AksDeploymentConfig(), LocalDeploymentConfig()],
    ids=["aci", "aks", "local"],
)
def test_a_place_that_is_not_installed_is_refused_with_the_way_out(desk, inference, models, config, parts):
    with pytest.raises(UnknownComputeType) as caught:
        desk.deploy("scorer", ["diabetes:1"], inference, config)

    assert config.compute_type in caught.value.problem
    assert "without --dc" in caught.value.remedy
    assert_nothing_is_left(desk, parts)


def test_what_the_target_finds_stops_the_deployment(desk, inference, models, target, parts):
    target.findings = [Finding("port-taken", "error", "127.0.0.1:80 is already in use.")]

    with pytest.raises(ChecksFailed, match=r"127\.0\.0\.1:80"):
        desk.deploy("scorer", ["diabetes:1"], inference)

    assert_nothing_is_left(desk, parts)


def test_a_broken_script_stops_the_deployment_at_its_line(desk, project, inference, parts):
    (project / "score.py").write_text("def init():\n    pass\n\n\ndef run():\n    return 1\n")

    with pytest.raises(ChecksFailed, match=r"score\.py:5:5 · run-signature"):
        desk.deploy("scorer", [], inference)

    assert_nothing_is_left(desk, parts)


def test_an_unknown_model_stops_the_deployment(desk, inference, parts):
    with pytest.raises(ModelNotFound):
        desk.deploy("scorer", ["nothing:1"], inference)

    assert_nothing_is_left(desk, parts)


def test_warnings_are_told_and_do_not_stop(desk, inference, target):
    target.findings = [Finding("memory-small", "warning", "0.1 GB is little.")]
    told = Recorder()

    desk.deploy("scorer", [], inference, reporter=told)

    assert told.events[1] == ("checked", "1 warning")
    assert "0.1 GB" in told.events[2][1]


def test_a_failed_first_deployment_leaves_the_verdict_and_its_log(desk, inference, models, target):
    target.crash = Crash(exit_code=1, log_tail=("it went wrong",))

    with pytest.raises(DeploymentFailed) as caught:
        desk.deploy("scorer", ["diabetes:1"], inference)

    service = desk.get("scorer")
    assert service.state == "Failed"
    assert service.failure == caught.value.failure
    assert service.failure.kept == ""
    assert [line.text for line in desk.logs("scorer", last_start=True)] == ["starting revision 1", "failed"]


def test_a_failed_first_deployment_frees_its_models(desk, inference, models, target, workspace):
    target.crash = Crash(exit_code=1)
    with pytest.raises(DeploymentFailed):
        desk.deploy("scorer", ["diabetes:1"], inference)

    assert workspace.models.delete("diabetes:1").id == "diabetes:1"


def test_a_model_that_is_served_can_not_be_deleted(desk, inference, models, workspace):
    desk.deploy("scorer", ["diabetes:1"], inference)

    with pytest.raises(ModelInUse, match="scorer"):
        workspace.models.delete("diabetes:1")


def test_an_interrupted_first_deployment_leaves_nothing(desk, inference, models, target, parts, workspace):
    def interrupt(_release):
        raise KeyboardInterrupt

    target.during_start = interrupt

    with pytest.raises(KeyboardInterrupt):
        desk.deploy("scorer", ["diabetes:1"], inference)

    assert_nothing_is_left(desk, parts)
    assert workspace.models.delete("diabetes:1")


def test_a_mistake_of_ours_is_raised_as_it_is_and_leaves_nothing(desk, inference, target, parts):
    def trip(_release):
        raise ZeroDivisionError

    target.during_start = trip

    with pytest.raises(ZeroDivisionError):
        desk.deploy("scorer", [], inference)

    assert_nothing_is_left(desk, parts)


def test_a_full_disk_is_named(desk, inference, target):
    import errno

    def fill(_release):
        raise OSError(errno.ENOSPC, "No space left on device")

    target.during_start = fill

    with pytest.raises(DeploymentFailed) as caught:
        desk.deploy("scorer", [], inference)

    assert caught.value.failure.code == "disk-full"


def test_the_source_folder_keeps_its_name_and_models_lie_below_the_app_root(
    desk, inference, models, target, project
):
    (project / ".git").mkdir()
    (project / "data.json").write_text("{}")
    seen = []
    target.during_start = seen.append

    desk.deploy("scorer", ["diabetes:1"], inference)

    release = seen[0]
    assert release.entry_script == "project/score.py"
    assert release.model_dir == "azureml-models/diabetes/1"
    files = {
        path.relative_to(release.app_root).as_posix()
        for path in release.app_root.rglob("*")
        if path.is_file()
    }
    assert files == {"project/score.py", "project/data.json", "azureml-models/diabetes/1/ridge.pkl"}


def test_a_script_alone_is_shipped_under_both_names(desk, project, target, models):
    seen = []
    target.during_start = seen.append

    desk.deploy("scorer", models, InferenceConfig(entry_script=str(project / "score.py")))

    release = seen[0]
    assert sorted(path.name for path in release.app_root.iterdir()) == [
        "azureml-models",
        "main.py",
        "score.py",
    ]
    assert (release.source_directory, release.model_dir) == ("", "azureml-models")


def test_options_of_the_config_reach_the_server(desk, inference, target):
    seen = []
    target.during_start = seen.append
    config = ProcessDeploymentConfig(
        auth_enabled=True,
        scoring_timeout_ms=1500,
        replica_max_concurrent_requests=4,
        max_request_wait_time=250,
        worker_count=2,
        environment_variables={"COLOUR": "blue"},
    )

    desk.deploy("scorer", [], inference, config)

    options = seen[0].server
    assert (options.auth_mode, options.scoring_timeout_ms, options.max_concurrent_requests) == (
        "key",
        1500,
        4,
    )
    assert (options.max_queue_wait_ms, options.worker_count) == (250, 2)
    assert seen[0].environment_variables["COLOUR"] == "blue"


def test_a_registered_environment_is_used_by_its_name(desk, workspace, project, target, monkeypatch):
    monkeypatch.chdir(project)
    from mooring.environments import Environment

    environment = Environment("blue")
    environment.environment_variables = {"COLOUR": "blue"}
    environment.register(workspace)
    config = project / "inferenceconfig.json"
    config.write_text('{"entryScript": "score.py", "sourceDirectory": ".", "environment": {"name": "blue"}}')
    seen = []
    target.during_start = seen.append

    service = desk.deploy("scorer", [], InferenceConfig.load(config))

    assert seen[0].environment_variables == {"COLOUR": "blue"}
    assert service.environment == "blue:1"


def test_delete_leaves_nothing(desk, inference, models, parts, workspace):
    service = desk.deploy("scorer", ["diabetes:1"], inference, ProcessDeploymentConfig(auth_enabled=True))

    desk.delete("scorer")

    assert_nothing_is_left(desk, parts)
    assert workspace.models.delete("diabetes:1")
    with pytest.raises(OSError, match="refused"):
        call(service.scoring_uri)


def test_deleting_what_is_not_there_names_a_near_one(desk, inference):
    desk.deploy("scorer", [], inference)

    with pytest.raises(ServiceNotFound, match="did you mean 'scorer'"):
        desk.delete("scorrer")


def test_the_keys_file_is_for_its_owner_only(desk, inference, parts):
    desk.deploy("scorer", [], inference, ProcessDeploymentConfig(auth_enabled=True, primary_key="my-own-key"))

    path = parts.keys("scorer").path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert desk.keys("scorer").primary == "my-own-key"


def test_keys_are_in_no_record_event_or_repr(desk, inference, parts, workspace):
    desk.deploy("scorer", [], inference, ProcessDeploymentConfig(auth_enabled=True, primary_key="my-own-key"))
    keys = desk.keys("scorer")

    shown = f"{desk.get('scorer')}{desk.revisions('scorer')}{list(desk.stream('scorer'))}{keys}"
    database = b"".join(path.read_bytes() for path in workspace.settings.workspace_dir.glob("*.db*"))

    for secret in (keys.primary, keys.secondary):
        assert secret not in shown
        assert secret.encode() not in database


def assert_nothing_is_left(desk, parts):
    assert list(desk.list()) == []
    services = parts.folder("scorer").parent
    left = [path for path in services.rglob("*") if path.is_file()] if services.exists() else []
    assert left == []


def test_the_plan_says_where_it_will_run_and_who_says_so(desk, inference, project):
    from mooring.configs import load_deployment_config

    file = project / "deploymentconfig.json"
    file.write_text('{"computeType": "process"}')
    told = Recorder()

    desk.deploy("first", [], inference, reporter=told)
    desk.deploy("second", [], inference, load_deployment_config(file)[0], reporter=told)

    plans = [text for phase, text in told.events if phase == "plan"]
    assert plans == [
        "first → memory (no deployment config given): no model",
        "second → memory (deploymentconfig.json: computeType process): no model",
    ]
