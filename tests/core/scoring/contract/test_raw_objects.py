"""The request object for environments without Flask, fed with what clients and fuzzers send."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.scoring.contract.rawhttp.multipart import parse_multipart
from mooring.scoring.contract.rawhttp.plain_request import BadRequest, WebRequest
from mooring.scoring.contract.rawhttp.plain_response import Response
from mooring.scoring.messages import Request


def request_of(body: bytes, content_type: str, **more: str) -> WebRequest:
    headers = [("content-type", content_type), ("content-length", str(len(body))), *more.items()]
    return WebRequest(Request("POST", "/score?a=1", "/score", "a=1", headers, body))


FILES = st.lists(st.tuples(st.text("abc é\"'", min_size=1, max_size=8), st.binary(max_size=200)), max_size=4)


@given(
    files=FILES,
    fields=st.dictionaries(st.text("xyzé", min_size=1, max_size=5), st.text(max_size=30), max_size=3),
)
def test_files_and_fields_arrive_as_a_client_sent_them(files, fields):
    parts = [("up", (name, content, "image/png")) for name, content in files]
    sent = httpx.Request("POST", "http://x/score", files=parts or [("up", ("none", b""))], data=fields)

    request = request_of(sent.read(), sent.headers["content-type"])

    assert [file.read() for file in request.files.getlist("up")] == [
        content for _, content in files
    ] or not files
    assert request.form.to_dict() == fields
    assert request.data == b""


@given(st.binary(max_size=300))
def test_a_body_that_is_not_well_formed_never_raises(body):
    fields, files = parse_multipart(b"--x" + body, b"x")

    assert isinstance(fields, list)
    assert isinstance(files, list)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            "",
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            'text/plain; a="b',
        ]
    ),
)
def test_no_attribute_raises_on_any_body(body, content_type):
    request = request_of(body, content_type, cookie="a=b; =;;c", accept="*/*")

    seen = [request.form, request.files, request.args, request.values, request.cookies, request.url, request.mimetype_params, request.get_json(silent=True), request.data]  # fmt: skip

    assert len(seen) == 9


def test_an_eaten_stream_leaves_nothing():
    request = request_of(b'{"a": 1}', "application/json")

    assert request.get_data(False) == b'{"a": 1}'
    assert request.data == b""
    with pytest.raises(BadRequest):
        _ = request.json


def test_json_of_another_content_type_is_refused_unless_forced():
    request = request_of(b'{"a": 1}', "text/plain")

    with pytest.raises(BadRequest, match="application/json"):
        request.get_json()
    assert request.get_json(force=True) == {"a": 1}


def test_a_missing_file_is_a_key_error():
    with pytest.raises(KeyError):
        _ = request_of(b"", "text/plain").files["image"]


def test_a_file_can_be_saved_and_read_again(tmp_path):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n\x00\r\n\xff\r\n--x--\r\n'
    )
    file = request_of(body, "multipart/form-data; boundary=x").files["f"]

    file.save(tmp_path / "saved")
    file.seek(0)

    assert (tmp_path / "saved").read_bytes() == b"\x00\r\n\xff" == file.read()
    assert bool(file)


def test_header_values_of_a_request_do_not_show_in_its_repr():
    request = request_of(b"", "text/plain", authorization="Bearer secret")

    assert "secret" not in repr(request.headers)


def test_a_header_can_not_smuggle_another():
    with pytest.raises(ValueError, match="newline"):
        Response("x").headers["X-A"] = "1\r\nSet-Cookie: a=b"


def test_a_response_can_be_changed_after_it_was_made():
    response = Response("x", 200, mimetype="text/plain")
    response.mimetype = "application/json"
    response.status = "404 NOT FOUND"
    response.headers["X-A"] = "1"
    response.headers["x-a"] = "2"

    assert (response.content_type, response.status_code, response.headers.getlist("X-A")) == (
        "application/json",
        404,
        ["2"],
    )
