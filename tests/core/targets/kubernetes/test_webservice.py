"""v1's own class on a cluster: tokens, rollback, limits on what one replica takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jwt
import pytest

from mooring import AksWebservice, Model, Webservice
from mooring.deployments.calls import call
from mooring.sdk.workspace import Workspace
from mooring.settings import Settings

from .conftest import script
from .waiting import until

pytestmark = [pytest.mark.kubernetes]

SLOW = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(30 if 'hold' in str(data) else 0)\n    return 'done'\n"


@pytest.fixture
def deploy(ws: Workspace, namespace: str, tmp_path: Path) -> Iterator[Any]:
    """`deploy("name", "text of the script", num_replicas=2)`: a service that is healthy, and gone after the test."""
    made: list[Webservice] = []

    def deploy(name: str, text: str = "", **settings: Any) -> Webservice:
        wanted = {"namespace": namespace, "num_replicas": 1, "cpu_cores": 0.05, "memory_gb": 0.2, **settings}
        config = AksWebservice.deploy_configuration(**wanted)
        made.append(Model.deploy(ws, name, [], script(tmp_path, "one", text), config))
        made[-1].wait_for_deployment()
        return made[-1]

    yield deploy
    for service in made:
        service.delete()


def status_of(service: Webservice, body: bytes = b"1", bearer: str = "") -> int:
    return call(service.scoring_uri or "", method="POST", body=body, bearer=bearer, timeout_s=60).status


def test_tokens_let_in_until_they_expire_or_their_key_is_replaced(deploy: Any, settings: Settings) -> None:
    service: Webservice = deploy("tokens", token_auth_enabled=True)
    token = service.get_access_token()
    now = datetime.now(timezone.utc)
    (kept,) = settings.workspace_dir.rglob("tokens/keys.json")
    signing = json.loads(kept.read_text())["signing"]

    def forged(**changes: Any) -> str:
        good = jwt.decode(token.access_token, signing, algorithms=["HS256"], audience="tokens")
        return jwt.encode({**good, **changes}, signing, algorithm="HS256")

    assert now < token.refresh_after < token.expiry_on <= now + timedelta(hours=13)
    assert status_of(service, bearer=token.access_token) == 200
    assert status_of(service) == 401
    assert status_of(service, bearer=forged(exp=int(time.time()) - 60)) == 401
    assert status_of(service, bearer=forged(nbf=int(time.time()) + 3600)) == 401
    assert status_of(service, bearer=forged(aud="another")) == 401

    service.regen_key("Signing")
    fresh = service.get_access_token()
    assert status_of(service, bearer=token.access_token) == 401
    assert status_of(service, bearer=fresh.access_token) == 200


def test_a_rollback_serves_the_revision_before_at_the_same_address(deploy: Any, tmp_path: Path) -> None:
    service: Webservice = deploy("back")
    before = (service.scoring_uri, service.get_keys())
    service.update(inference_config=script(tmp_path, "two"))
    service.wait_for_deployment()
    updated = service.run("1")

    service.rollback()

    assert (updated, service.run("1")) == ("two", "one")
    assert (service.scoring_uri, service.get_keys()) == before


def test_a_replica_takes_as_many_requests_at_once_as_it_was_told(deploy: Any) -> None:
    limits = {
        "replica_max_concurrent_requests": 1,
        "max_request_wait_time": 100,
        "scoring_timeout_ms": 3000,
    }
    service: Webservice = deploy("narrow", SLOW, auth_enabled=False, **limits)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(status_of, service, b'"hold"')
        until(lambda: status_of(service) == 503, within_s=25)  # the one that is held takes thirty seconds

        assert held.result() == 504
