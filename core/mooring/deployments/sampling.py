"""One known good request after a start: it shows what the first user would see."""

from __future__ import annotations

import json
from typing import Any

from mooring.deployments.calls import Answer, as_body, call
from mooring.deployments.journal import Journal
from mooring.deployments.parts import Parts
from mooring.deployments.target import Release, Running
from mooring.errors import MooringError

_TIMEOUT_S = 30.0
_SHOWN_CHARACTERS = 200


def send_sample(parts: Parts, release: Release, running: Running, journal: Journal) -> None:
    """Send the registered sample, or the schema's; without either nothing is sent. Never fails the deployment."""
    try:
        bearer = bearer_for(parts, release.service, release.server.auth_mode)
        sample = release.sample if release.sample is not None else _schema_sample(running, bearer)
        if sample is None:
            return
        answer = call(
            running.scoring_uri, method="POST", body=as_body(sample), bearer=bearer, timeout_s=_TIMEOUT_S
        )
    except (OSError, MooringError, TypeError) as error:
        journal.event("sample", f"no answer: {error}", data={"status": 0})
        return
    journal.event(
        "sample", _describe(answer), data={"status": answer.status, "seconds": round(answer.seconds, 4)}
    )


def bearer_for(parts: Parts, service: str, mode: str) -> str:
    """What opens a service; empty when it is open."""
    keys = parts.keys(service)
    if mode == "token":
        return keys.issue_token(service).access_token
    return "" if mode == "off" else keys.read()["primary"]


def _describe(answer: Answer) -> str:
    text = f"{answer.status} in {answer.seconds * 1000:.0f} ms"
    if answer.status == 200:  # noqa: PLR2004
        return text
    return f"{text}: {answer.content[:_SHOWN_CHARACTERS].decode('utf-8', 'replace')}"


def _schema_sample(running: Running, bearer: str) -> Any:
    """The example in the service's own description: only decorated scripts have one."""
    answer = call(running.swagger_uri, bearer=bearer, timeout_s=_TIMEOUT_S)
    if answer.status != 200:  # noqa: PLR2004
        return None
    try:
        definitions = json.loads(answer.content).get("definitions", {})
    except ValueError:
        return None
    described = definitions.get("ServiceInput") or {}
    # A script without decorators is described as "any object", and what it really wants is unknown.
    return described.get("example") if described.get("properties") else None
