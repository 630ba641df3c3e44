"""Keys and tokens at the door."""

import base64
import json
import time

import jwt
import pytest

from .conftest import read_answer, render, wait_until

PRIMARY = "primary-key-000000000000000000000"
SECONDARY = "secondary-key-0000000000000000000"
SIGNING = "signing-key-of-at-least-thirty-two-bytes"


@pytest.fixture
def guarded(serve, keys_file):
    return serve(MOORING_AUTH="key", MOORING_KEYS_FILE=str(keys_file.path))


def bearer(text):
    return {"authorization": f"Bearer {text}"}


def test_either_key_opens_the_door(guarded):
    assert guarded.post("x", **bearer(PRIMARY)).json == "x"
    assert guarded.post("x", **bearer(SECONDARY)).json == "x"
    assert guarded.post("x", authorization=f"bearer {PRIMARY}").status == 200


@pytest.mark.parametrize(
    "header",
    [
        {},
        bearer("wrong"),
        bearer(PRIMARY + "x"),
        bearer(PRIMARY[:-1]),
        bearer(""),
        {"authorization": PRIMARY},
        {"authorization": "Basic " + base64.b64encode(f"u:{PRIMARY}".encode()).decode()},
        {"authorization": "Bearer"},
        {"authorization": "é" * 10},
    ],
)
def test_anything_else_is_401_with_ids_and_a_way_out(guarded, header):
    answer = guarded.post("x", **header)

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "x-request-id" in answer.headers
    assert "message" in answer.json
    assert PRIMARY not in answer.body.decode()


def test_a_stranger_can_not_send_a_large_body(guarded):
    head = b"POST /score HTTP/1.1\r\nhost: t\r\ncontent-length: 90000000\r\nexpect: 100-continue\r\n\r\n"

    assert guarded.ask(head).status == 401


def test_a_refused_request_leaves_the_connection_usable(guarded):
    with guarded.connect() as connection:
        pending = bytearray()
        connection.sendall(render("POST", "/score", "x", {}) + render("POST", "/score", "y", bearer(PRIMARY)))

        assert [read_answer(connection, pending).status for _ in range(2)] == [401, 200]


def test_health_and_metrics_are_open_and_the_rest_is_not(guarded):
    assert guarded.get("/").status == 200
    assert guarded.get("/metrics").status == 200
    assert guarded.get("/swagger.json").status == 401
    assert guarded.get("/nothing").status == 401
    assert guarded.get("/score").status == 401
    assert guarded.get("/%2e").status == 401


def test_which_routes_are_open_is_a_setting(serve, keys_file):
    server = serve(
        MOORING_AUTH="key", MOORING_KEYS_FILE=str(keys_file.path), MOORING_OPEN_ROUTES="/swagger.json"
    )

    assert server.get("/swagger.json").status == 200
    assert server.get("/").status == 401
    assert server.get("/metrics").status == 401
    assert server.get("/metrics", **bearer(PRIMARY)).status == 200


def test_regenerated_keys_are_valid_without_a_restart(guarded, keys_file):
    keys_file.write(primary="new-key-1111111111111111111111111", secondary=SECONDARY)

    wait_until(lambda: guarded.post("x", **bearer("new-key-1111111111111111111111111")).status == 200)
    assert guarded.post("x", **bearer(PRIMARY)).status == 401
    assert guarded.post("x", **bearer(SECONDARY)).status == 200


def test_a_broken_keys_file_leaves_the_old_keys_valid(guarded, keys_file):
    keys_file.path.write_text("{ not json")
    guarded.wait_for("stay valid")

    assert guarded.post("x", **bearer(PRIMARY)).status == 200


def test_keys_are_in_no_log_line_and_no_answer(guarded, keys_file):
    guarded.post("x", **bearer(PRIMARY))
    guarded.post("x", **bearer("wrong"))
    page = guarded.get("/metrics").body.decode()
    guarded.terminate()
    guarded.end()

    for secret in (PRIMARY, SECONDARY):
        assert secret not in guarded.log + page


def test_a_keys_file_that_can_not_be_read_stops_the_start_with_code_3(serve, tmp_path):
    server = serve(ready=False, MOORING_AUTH="key", MOORING_KEYS_FILE=str(tmp_path / "none.json"))

    assert server.end() == 3
    assert "can not be read: No such file" in server.log


# ---- tokens ----


@pytest.fixture
def signed(serve, keys_file):
    keys_file.write(primary=PRIMARY, signing=SIGNING, kid="k1")
    return serve(
        MOORING_AUTH="token",
        MOORING_KEYS_FILE=str(keys_file.path),
        MOORING_JWT_AUDIENCE="scorer",
        MOORING_JWT_ISSUER="mooring",
    )


def token(signing=SIGNING, kid="k1", algorithm="HS256", drop=(), **claims):
    full = {"aud": "scorer", "iss": "mooring", "exp": time.time() + 60, **claims}
    for name in drop:
        del full[name]
    return jwt.encode(full, signing, algorithm=algorithm, headers={"kid": kid} if kid else None)


def unsigned():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return (
        part({"alg": "none", "kid": "k1"}) + "." + part({"aud": "scorer", "iss": "mooring", "exp": 9e9}) + "."
    )


def tampered():
    head, body, signature = token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["exp"] += 10_000
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{other}.{signature}"


def test_a_good_token_opens_the_door_again_and_again(signed):
    good = token()

    assert [signed.post("x", **bearer(good)).status for _ in range(3)] == [200] * 3


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        tampered,
        lambda: token(exp=time.time() - 1),
        lambda: token(drop=["exp"]),
        lambda: token(aud="another"),
        lambda: token(drop=["aud"]),
        lambda: token(iss="another"),
        lambda: token(drop=["iss"]),
        lambda: token(kid="k2"),
        lambda: token(kid="../../k1"),
        lambda: token(kid=None),
        lambda: token(signing="another-key-of-at-least-thirty-two-bytes"),
        lambda: token(algorithm="HS512"),
        lambda: token(nbf=time.time() + 60),
        lambda: PRIMARY,
        lambda: "a.b.c",
        lambda: "." * 5000,
        lambda: token(exp=float("inf")),
    ],
    ids=[
        "alg none", "tampered", "expired", "no exp", "wrong aud", "no aud", "wrong iss", "no iss", "wrong kid",
        "path as kid", "no kid", "wrong key", "other alg", "not yet", "key, not token", "garbage", "dots", "endless",
    ],
)  # fmt: skip
def test_a_bad_token_does_not(signed, make):
    assert signed.post("x", **bearer(make())).status == 401


def test_a_token_ends_when_it_says(signed):
    short = token(exp=int(time.time()) + 1)
    assert signed.post("x", **bearer(short)).status == 200

    wait_until(lambda: signed.post("x", **bearer(short)).status == 401)


def test_another_signing_key_revokes_all_tokens(signed, keys_file):
    old = token()
    assert signed.post("x", **bearer(old)).status == 200
    keys_file.write(primary=PRIMARY, signing="new-signing-key-of-at-least-32-bytes", kid="k2")

    wait_until(lambda: signed.post("x", **bearer(old)).status == 401)
    new = token(signing="new-signing-key-of-at-least-32-bytes", kid="k2")
    assert signed.post("x", **bearer(new)).status == 200


def test_keys_and_tokens_may_be_valid_at_once(serve, keys_file):
    keys_file.write(primary=PRIMARY, signing=SIGNING, kid="k1")
    server = serve(MOORING_AUTH="key+token", MOORING_KEYS_FILE=str(keys_file.path))

    assert server.post("x", **bearer(PRIMARY)).status == 200
    assert server.post("x", **bearer(token(drop=["aud"]))).status == 200
    assert server.post("x", **bearer("neither")).status == 401


def test_a_short_signing_key_is_refused(serve, keys_file):
    keys_file.write(primary=PRIMARY, signing="short")
    server = serve(ready=False, MOORING_AUTH="token", MOORING_KEYS_FILE=str(keys_file.path))

    assert server.end() == 3
    assert "shorter than 32 bytes" in server.log


def test_a_browsers_preflight_needs_no_key(serve, keys_file):
    server = serve(
        MOORING_AUTH="key", MOORING_KEYS_FILE=str(keys_file.path), AML_CORS_ORIGINS="https://a.example"
    )
    ask = render(
        "OPTIONS", "/score", b"", {"origin": "https://a.example", "access-control-request-method": "POST"}
    )

    assert server.ask(ask).status == 200
    assert server.post("x").status == 401
