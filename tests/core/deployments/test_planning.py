"""What would happen is said without anything happening."""

from __future__ import annotations

import pytest

from mooring.configs import ProcessDeploymentConfig
from mooring.deployments import ServiceExists, ServiceNotFound


def test_a_first_deployment_is_foretold_and_nothing_is_made(desk, inference, models, parts):
    plan = desk.plan_deploy("scorer", ["diabetes:1"], inference)

    assert (plan.target, plan.revision, plan.models, plan.keeps) == ("memory", 1, ("diabetes:1",), ())
    assert plan.why == "no deployment config given"
    assert (
        plan.environment_fate == "decided there" if parts.targets.named("memory").runs_elsewhere else "reused"
    )
    assert plan.line.startswith("scorer → memory (no deployment config given): diabetes:1 · python ")
    assert list(desk.list()) == []
    assert not parts.folder("scorer").exists()


def test_an_update_is_foretold_against_what_serves(desk, inference, models, project):
    desk.deploy("scorer", ["diabetes:1"], inference, ProcessDeploymentConfig(auth_enabled=True))
    (project / "score.py").write_text("def init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n")

    plan = desk.plan_update("scorer", models=["diabetes:2"])

    assert plan.changes == ("diabetes:1 → diabetes:2", "script changed", "no downtime")
    assert (plan.revision, plan.reason, plan.keeps) == (2, "update", ("URL", "keys"))
    assert plan.environment_fate == "reused"
    assert desk.get("scorer").revision == 1


def test_what_deploy_would_refuse_the_plan_refuses(desk, inference):
    desk.deploy("scorer", [], inference)

    with pytest.raises(ServiceExists):
        desk.plan_deploy("scorer", [], inference)
    with pytest.raises(ServiceNotFound):
        desk.plan_update("nobody")


def test_overwriting_keeps_the_address(desk, inference):
    desk.deploy("scorer", [], inference)

    assert desk.plan_deploy("scorer", [], inference, overwrite=True).keeps == ("URL",)
