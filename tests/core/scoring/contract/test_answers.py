"""Answers beyond what the comparison with the reference server covers: causes in the log, hooks for the server."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.scoring.contract.encoding import encode, fast_loads
from mooring.scoring.contract.identity import identify, new_id
from mooring.scoring.messages import Headers, Request

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers() | st.booleans(), inner) | st.tuples(inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_encoding_is_byte_for_byte_json_dumps(value):
    assert encode(value) == json.dumps(value).encode("ascii")


@given(VALUES)
def test_fast_reading_agrees_for_what_ends_in_floats(value):
    text = json.dumps(value).encode()

    read, expected = fast_loads()(text), json.loads(text)

    assert repr(_as_floats(read)) == repr(_as_floats(expected))


def _as_floats(value):
    if isinstance(value, list):
        return [_as_floats(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_floats(item) for key, item in value.items()}
    try:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def test_what_json_can_not_hold_is_logged_with_place_and_remedy(load, tmp_path, caplog):
    served = load("def run(data):\n    return {1, 2}\n")

    with caplog.at_level(logging.ERROR):
        response = served.post(1)

    assert response.status == 500
    assert f"{tmp_path / 'score.py'}:3" in caplog.text
    assert "a set that can not be sent as JSON" in caplog.text


def test_a_scripts_own_timeout_is_answered_as_in_v1_and_logged_as_what_it_is(load, tmp_path, caplog):
    served = load("def run(data):\n    raise TimeoutError('database')\n", scoring_timeout_ms=800)

    with caplog.at_level(logging.ERROR):
        response = served.post(1)

    assert response.body == b'{"message": "Scoring timeout after 800 ms"}'
    assert f"its own TimeoutError at {tmp_path / 'score.py'}:4" in caplog.text
    assert "database" in caplog.text


def test_an_exception_is_logged_with_its_traceback_and_without_our_frames(load, tmp_path, caplog):
    served = load("def helper():\n    return {}['missing']\n\ndef run(data):\n    return helper()\n")

    with caplog.at_level(logging.ERROR):
        served.post(1)

    assert f"run() raised KeyError at {tmp_path / 'score.py'}:4" in caplog.text
    assert "application.py" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b'{"data": "\xe9"}', b"\0" * 5, b"[" * 200_000, b'{"data": ' + b"1" * 5000 + b"x}"],
    ids=["bytes", "utf-32", "nesting", "digits"],
)
def test_a_body_that_can_not_be_read_is_the_clients_mistake(load, body):
    served = load(
        "from inference_schema.schema_decorators import input_schema\n"
        "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n"
        "@input_schema('data', StandardPythonParameterType('x'))\ndef run(data):\n    return data\n"
    )

    response = served.post(body)

    assert (response.status, response.get("x-ms-run-function-failed")) == (400, "False")
    assert b"could not be decoded as JSON" in response.body


def test_only_scoring_needs_a_slot(load):
    application = load("def run(data):\n    return data\n").application
    wanted = {("POST", "/score"), ("GET", "/score"), ("POST", "//score")}
    asked = wanted | {
        ("OPTIONS", "/score"),
        ("HEAD", "/score"),
        ("PUT", "/score"),
        ("GET", "/"),
        ("GET", "/score/"),
    }

    assert {(m, p) for m, p in asked if application.needs_run(Request(m, p, p))} == wanted


def test_a_raw_run_gets_every_method_but_those_without_a_route(load):
    application = load(
        "from azureml.contrib.services.aml_request import rawhttp\n@rawhttp\ndef run(request):\n    return request.method\n"
    ).application

    assert application.needs_run(Request("OPTIONS", "/score", "/score"))
    assert not application.needs_run(Request("PUT", "/score", "/score"))


def test_refusals_around_the_contract_carry_the_requests_ids(load):
    application = load("def run(data):\n    return data\n").application
    request = Request("POST", "/score", "/score", headers=[("x-request-id", "mine")])

    response = application.refuse(request, 503, "busy")

    assert (response.status, response.get("x-request-id"), response.body) == (
        503,
        "mine",
        b'{"message": "busy"}',
    )
    assert application.timed_out(request, 7).body == b'{"message": "Scoring timeout after 7 ms"}'


def test_new_ids_are_uuids_of_version_4():
    import uuid

    made = [new_id() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert {uuid.UUID(text).version for text in made} == {4}
    assert all(str(uuid.UUID(text)) == text for text in made)


def test_a_forked_process_makes_other_ids():
    code = (
        "import os\nfrom mooring.scoring.contract.identity import new_id\nnew_id()\n"
        "child = os.fork()\nos.write(1, (new_id() + chr(10)).encode())\nif child:\n    os.waitpid(child, 0)\n"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert len(set(printed)) == 2


@given(
    st.dictionaries(
        st.sampled_from(["x-request-id", "x-ms-request-id", "x-ms-client-request-id", "traceid"]),
        st.text(max_size=120),
    )
)
def test_ids_never_make_a_request_fail(headers):
    pairs, refusal = identify(Headers(headers.items()))

    assert all(len(value) <= 100 for name, value in pairs if name != "TraceId")
    assert refusal == "" or "must not exceed 100" in refusal


def test_headers_answer_with_the_first_of_several():
    headers = Headers([("a", "1"), ("b", "2"), ("a", "3")])

    assert (headers.get("a"), headers.get_all("a"), headers.get("c"), headers.get("c", "d")) == (
        "1",
        ["1", "3"],
        None,
        "d",
    )


@pytest.mark.parametrize(
    "body", [memoryview(b'"x"'), bytearray(b'"x"'), b'"x"'], ids=lambda body: type(body).__name__
)
def test_any_buffer_is_a_body(load, body):
    served = load("def run(data):\n    return data\n")

    response = served.application.answer(Request("POST", "/score", "/score", body=body))

    assert response.body == b'"\\"x\\""'
