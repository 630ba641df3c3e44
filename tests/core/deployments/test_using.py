from __future__ import annotations

import pytest

from mooring.configs import AksDeploymentConfig, ProcessDeploymentConfig
from mooring.deployments.calls import as_body, call
from mooring.deployments.errors import AuthOff, BadAnswer, InvalidKey, ServiceUnreachable


@pytest.fixture
def guarded(desk, inference):
    return desk.deploy("scorer", [], inference, ProcessDeploymentConfig(auth_enabled=True))


@pytest.fixture
def tokened(desk, inference):
    return desk.deploy("scorer", [], inference, ProcessDeploymentConfig(token_auth_enabled=True))


@pytest.mark.parametrize(
    ("data", "got"),
    [
        ('{"data": [1]}', {"data": [1]}),
        (b'{"data": [1]}', {"data": [1]}),
        ({"data": [1]}, {"data": [1]}),
        ([[1, 2]], [[1, 2]]),
        (None, None),
    ],
    ids=["text", "bytes", "dict", "list", "none"],
)
def test_run_sends_what_it_is_given(desk, inference, data, got):
    desk.deploy("scorer", [], inference)

    assert desk.run("scorer", data) == {"revision": "1", "got": got}


def test_run_fetches_the_key_itself(desk, guarded):
    assert call(guarded.scoring_uri, method="POST", body=b"1").status == 401
    assert desk.run("scorer", 1)["got"] == 1


def test_run_reads_the_key_again_after_a_401(desk, guarded, target, monkeypatch):
    """Somebody regenerates the key between our reading it and the request."""
    refusals = iter([401, 200])
    target.answer = lambda _release, _body: (next(refusals), "answer")

    assert desk.run("scorer", 1) == "answer"


def test_run_fetches_a_token_itself(desk, tokened):
    assert desk.run("scorer", 1)["got"] == 1


def test_an_error_answer_is_raised_with_status_and_text(desk, inference, target):
    desk.deploy("scorer", [], inference)
    target.answer = lambda _release, _body: (500, {"message": "no such column"})

    with pytest.raises(BadAnswer, match="no such column") as caught:
        desk.run("scorer", 1)

    assert caught.value.status == 500
    assert caught.value.problem.startswith("Received bad response from service")


def test_a_service_that_is_gone_says_how_it_is(desk, inference, target):
    desk.deploy("scorer", [], inference)
    target.break_down("scorer")

    with pytest.raises(ServiceUnreachable, match=r"refused\); it is Unhealthy\. scorer should run"):
        desk.run("scorer", 1)


def test_numpy_arrays_can_be_sent():
    class Array:
        def tolist(self):
            return [1, 2]

    assert as_body({"data": Array()}) == b'{"data": [1, 2]}'


def test_either_key_opens_the_service_and_a_replaced_one_does_not(desk, guarded, target):
    before = desk.keys("scorer")

    desk.regenerate_key("scorer", "PRIMARY")

    after = desk.keys("scorer")
    assert after.primary != before.primary
    assert after.secondary == before.secondary
    assert status(guarded, before.primary) == 401
    assert status(guarded, after.primary) == status(guarded, after.secondary) == 200
    assert target.keys_applied == ["scorer"]


def test_a_key_can_be_chosen(desk, guarded):
    desk.regenerate_key("scorer", "Secondary", "chosen-by-me")

    assert desk.keys("scorer").secondary == "chosen-by-me"


@pytest.mark.parametrize(
    ("which", "value"),
    [
        ("Tertiary", None),
        ("Primary", "with space"),
        ("Primary", "line\nbreak"),
        ("Primary", "ü"),
        ("Primary", "x" * 257),
    ],
)
def test_what_can_not_be_a_key_is_refused_without_showing_it(desk, guarded, which, value):
    with pytest.raises(InvalidKey) as caught:
        desk.regenerate_key("scorer", which, value)

    assert value is None or value not in str(caught.value)


def test_a_new_signing_key_revokes_tokens(desk, tokened):
    token = desk.token("scorer")
    assert status(tokened, token.access_token) == 200

    desk.regenerate_key("scorer", "Signing")

    assert status(tokened, token.access_token) == 401
    assert status(tokened, desk.token("scorer").access_token) == 200


def test_a_token_says_when_to_ask_again_and_does_not_show_itself(desk, tokened):
    token = desk.token("scorer")

    assert token.refresh_after < token.expiry_on
    assert token.access_token not in repr(token)


def test_a_token_is_for_one_service(desk, tokened, inference):
    desk.deploy("other", [], inference, ProcessDeploymentConfig(token_auth_enabled=True))

    assert status(tokened, desk.token("other").access_token) == 401


def test_an_open_service_has_neither_keys_nor_tokens(desk, inference):
    desk.deploy("scorer", [], inference)

    with pytest.raises(AuthOff, match="keys"):
        desk.keys("scorer")
    with pytest.raises(AuthOff, match="token"):
        desk.token("scorer")


def test_aks_asks_for_a_key_unless_told_otherwise(desk, inference, target):
    target.compute_types = ("process", "aks")

    assert desk.deploy("scorer", [], inference, AksDeploymentConfig()).auth_enabled


def status(service, bearer):
    return call(service.scoring_uri, method="POST", body=b"1", bearer=bearer).status
