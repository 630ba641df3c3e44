"""How a service is, as the engine and its own address tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mooring.deployments.container_failures import as_seen_here
from mooring.deployments.container_records import Record
from mooring.deployments.target import Crash, Observation
from mooring.deployments.values import State
from mooring.engine import DockerTrouble, Engine
from mooring.images.labels import ROLE
from mooring.images.naming import LABEL
from mooring.settings import Settings
from mooring.targets.docker.containers import is_serving, revision_of
from mooring.targets.docker.front import Front
from mooring.targets.docker.place import APP, DNS, FRONT, DockerPlace
from mooring.targets.docker.probing import answers
from mooring.targets.docker.reading import read_container
from mooring.targets.docker.telling import reachable_host, running_of
from mooring.targets.docker.waiting import crash_of

_ANSWERS_WITHIN_S = 2.0
_HEALTHY = 200
_GOOD = ("worker-ready", "generation-ready", "switched")
_BAD = ("worker-crashed", "generation-failed", "worker-hangs", "stopping", "stopped")


def observe_service(engine: Engine, place: DockerPlace, settings: Settings, front: Front) -> Observation:
    """Present whenever anything of the service is there, or when nobody can know because the engine is silent."""
    try:
        return _observe(engine, place, settings, front)
    except DockerTrouble as trouble:
        crash = Crash(code=trouble.code, engine=trouble.problem, advice=trouble.remedy)
        return Observation(present=True, state="Unhealthy", crash=crash)


def _observe(engine: Engine, place: DockerPlace, settings: Settings, front: Front) -> Observation:
    listed = engine.containers(place.labels)
    if not listed:
        return Observation(present=False)
    apps = [engine.find_container(each["Id"]) for each in listed if each["Labels"].get(ROLE) == APP]
    found = sorted((facts for facts in apps if facts), key=revision_of)
    serving = next((facts for facts in reversed(found) if is_serving(facts)), None)
    face = next((each for each in listed if each["Labels"].get(ROLE) == FRONT), None)
    if serving is None:
        return _without_app(engine, found, face)
    seen = Observation(
        present=True,
        state="Unhealthy",
        revision=revision_of(serving),
        details=_details(serving, face),
    )
    crash = _front_crash(face, place)
    if crash is not None:
        return replace(seen, crash=crash, revision=None)
    labels: dict[str, str] = serving["Config"]["Labels"]
    deployment = {
        "sslEnabled": labels.get(LABEL + "tls") == "on",
        "cname": labels.get(LABEL + "host"),
        "dnsNameLabel": labels.get(DNS),
    }
    running = running_of(engine, settings, deployment, front.port(), serving["Id"])
    host = reachable_host(engine, settings)
    state, crash = _state_of(engine, serving, running.scoring_uri, host)
    if crash is not None:
        crash = as_seen_here(crash, place.app_root(revision_of(serving)))
    alive = serving["State"].get("Running")
    return replace(seen, state=state, running=running, crash=crash, revision=seen.revision if alive else None)


def _without_app(engine: Engine, found: list[dict[str, Any]], face: dict[str, Any] | None) -> Observation:
    if found:
        return Observation(present=True, state="Transitioning")
    _ = engine
    words = "Its app container was removed from outside" if face else ""
    return Observation(present=True, state="Unhealthy", crash=Crash(code="not-running", engine=words))


def _front_crash(face: dict[str, Any] | None, place: DockerPlace) -> Crash | None:
    if face is None:
        return Crash(
            code="not-running",
            engine=f"Container {place.front}, which has the address, was removed from outside",
        )
    if face["State"] != "running":
        return Crash(
            code="not-running",
            engine=f"Container {place.front}, which has the address, is {face['State']}: {face['Status']}",
        )
    return None


def _state_of(engine: Engine, serving: dict[str, Any], uri: str, host: str) -> tuple[State, Crash | None]:
    state = serving["State"]
    name = serving["Name"].lstrip("/")
    if state.get("Paused"):
        return "Unhealthy", Crash(
            code="not-running", engine=f"Container {name} is paused (docker unpause {name})"
        )
    if state.get("Restarting"):
        return "Unhealthy", crash_of(engine, serving)
    if not state.get("Running"):
        crash = crash_of(engine, serving)
        if not crash.boot_error and not state.get("OOMKilled"):
            words = f"Container {name} was stopped (exit code {state.get('ExitCode')})"
            crash = replace(crash, code="not-running", engine=words)
        return "Unhealthy", crash
    if answers(host, uri, _ANSWERS_WITHIN_S) == _HEALTHY:
        return "Healthy", None
    if _last_event(read_container(engine, serving["Id"])) in _GOOD:
        return "Healthy", None  # it serves, and is too busy to say so
    return "Unhealthy", crash_of(engine, serving)


def _last_event(records: list[Record]) -> str:
    names = (str(record["event"]) for record in reversed(records) if record.get("event") in (*_GOOD, *_BAD))
    return next(names, "")


def _details(serving: dict[str, Any], face: dict[str, Any] | None) -> dict[str, Any]:
    labels: dict[str, str] = serving["Config"]["Labels"]
    state, host = serving["State"], serving["HostConfig"]
    return {
        "container": serving["Name"].lstrip("/"),
        "front": (face or {}).get("Names", [""])[0].lstrip("/"),
        "image": serving["Image"],
        "models": labels.get(LABEL + "models", ""),
        "environment": labels.get(LABEL + "environment", ""),
        "entry_script": labels.get(LABEL + "entry-script", ""),
        "started": state.get("StartedAt"),
        "restarts": serving.get("RestartCount", 0),
        "memory_limit_bytes": host.get("Memory") or None,
        "cpu_limit": (host.get("NanoCpus") or 0) / 1e9 or None,
        "oom_killed": bool(state.get("OOMKilled")),
    }
