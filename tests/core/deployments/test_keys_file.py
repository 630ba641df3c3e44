from __future__ import annotations

import json
import stat

import jwt
import pytest

from mooring.deployments.errors import InvalidKey
from mooring.deployments.keys import ServiceKeys


@pytest.fixture
def keys(tmp_path):
    return ServiceKeys(tmp_path / "service" / "keys.json")


def test_missing_keys_are_made_and_kept(keys):
    keys.ensure({})
    first = keys.read()
    keys.ensure({})

    assert keys.read() == first
    assert len({*first.values()}) == 3
    assert all(len(value) >= 32 for value in first.values())


def test_given_keys_replace_what_is_there(keys):
    keys.ensure({})
    keys.ensure({"primary": "mine"})

    assert keys.read()["primary"] == "mine"


def test_the_file_is_0600_and_nothing_else_is_left(keys):
    keys.ensure({})
    keys.regenerate("primary")

    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert [path.name for path in keys.path.parent.iterdir()] == ["keys.json"]
    assert set(json.loads(keys.path.read_text())) == {"primary", "secondary", "signing"}


def test_a_refused_key_changes_nothing(keys):
    keys.ensure({})
    before = keys.read()

    with pytest.raises(InvalidKey):
        keys.regenerate("primary", "not\nallowed")

    assert keys.read() == before


def test_a_token_is_signed_for_the_service_and_expires(keys):
    keys.ensure({})
    token = keys.issue_token("scorer")

    claims = jwt.decode(token.access_token, keys.read()["signing"], algorithms=["HS256"], audience="scorer")

    assert claims["iss"] == "mooring"
    assert claims["exp"] == int(token.expiry_on.timestamp())
