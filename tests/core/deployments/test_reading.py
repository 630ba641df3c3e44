from __future__ import annotations

import json

import pytest

from mooring.configs import ProcessDeploymentConfig
from mooring.deployments.errors import ServiceNotFound
from mooring.deployments.target import Crash, Observation


def test_services_are_filtered_by_every_condition(desk, inference, models):
    health = ProcessDeploymentConfig(tags={"area": "health"}, properties={"team": "a"})
    desk.deploy("first", ["diabetes:1"], inference, health)
    desk.deploy("second", ["diabetes:2"], inference)

    def names(**conditions):
        return [service.name for service in desk.list(**conditions)]

    assert names() == ["first", "second"]
    assert names(compute_type="PROCESS") == ["first", "second"]
    assert names(compute_type="aci") == []
    assert names(model_name="diabetes") == ["first", "second"]
    assert names(model_name="diab") == []
    assert names(model_id="diabetes:2") == ["second"]
    assert names(tags=["area"]) == names(tags=[("area", "health")]) == ["first"]
    assert names(tags=[("area", "wealth")]) == []
    assert names(properties=[("team", "a")], tags=["area"]) == ["first"]


def test_what_is_not_there_says_what_v1_said(desk):
    with pytest.raises(ServiceNotFound, match="Webservice with name scorer not found in provided workspace"):
        desk.get("scorer")


def test_a_service_whose_processes_are_gone_is_unhealthy_with_the_way_back(desk, inference, target):
    desk.deploy("scorer", [], inference)
    target.break_down("scorer")

    service = desk.get("scorer")

    assert (service.state, service.failure.code) == ("Unhealthy", "not-running")
    assert "mooring service update -n scorer" in service.failure.remedy


def test_a_service_whose_target_was_uninstalled_says_so(desk, inference, make_parts, settings):
    from mooring.deployments.desk import ServiceDesk
    from mooring.deployments.discovery import Targets

    desk.deploy("scorer", [], inference)
    parts = make_parts()
    parts.targets = Targets(settings, [])

    service = ServiceDesk(parts).get("scorer")

    assert (service.state, service.failure.code) == ("Unhealthy", "compute-type-unavailable")


def test_a_crash_that_the_place_reports_gets_a_verdict(desk, inference, target, monkeypatch):
    desk.deploy("scorer", [], inference)
    crash = Crash(signal=9, memory_limit_bytes=2**28, memory_peak_bytes=2**28)
    monkeypatch.setattr(
        target, "observe", lambda _name: Observation(present=True, state="Failed", crash=crash)
    )

    service = desk.get("scorer")

    assert (service.state, service.failure.code) == ("Failed", "memory-exceeded")


def test_json_has_v1s_field_names_and_no_key(desk, inference, models):
    desk.deploy(
        "scorer",
        ["diabetes:1"],
        inference,
        ProcessDeploymentConfig(auth_enabled=True, primary_key="sesame-1"),
    )

    document = desk.get("scorer").to_dict()

    assert {
        "name",
        "state",
        "computeType",
        "scoringUri",
        "swaggerUri",
        "createdTime",
        "tags",
        "error",
    } <= set(document)
    assert (document["state"], document["computeType"], document["authEnabled"]) == (
        "Healthy",
        "PROCESS",
        True,
    )
    assert "sesame-1" not in json.dumps(document)


def test_the_verdict_is_in_the_json(desk, inference, target):
    target.crash = Crash(exit_code=7)
    with pytest.raises(Exception, match="exit code 7"):
        desk.deploy("scorer", [], inference)

    error = desk.get("scorer").to_dict()["error"]

    assert error["code"] == "exited"
    assert error["message"] == error["cause"]


def test_a_record_survives_the_store(desk, inference, models, parts, target):
    target.crash = Crash(
        boot_error={
            "kind": "init-raised",
            "message": "init() raised: ValueError: x",
            "path": "/a.py",
            "line": 3,
        }
    )
    with pytest.raises(Exception, match="ValueError"):
        desk.deploy("scorer", ["diabetes:1"], inference, ProcessDeploymentConfig(tags={"a": "b"}))
    record = parts.store.find("scorer")

    parts.store.put(record)

    assert parts.store.find("scorer") == record
    assert record.failure.excerpt.line == 3
    assert record.tags == {"a": "b"}
