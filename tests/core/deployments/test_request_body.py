"""Frames, arrays and lists become the body that a service takes."""

from __future__ import annotations

import json

import pytest

from mooring.deployments.calls import as_body
from mooring.deployments.request_body import body_from
from mooring.deployments.request_form import form_of
from mooring.json_values import NotSendable

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

FRAME = pd.DataFrame({"age": [1, 2], "name": ["a", "b"]})
RECORDS = form_of("s", {"data": [{"age": 0, "name": ""}]}, "model", {})
LISTS = form_of("s", {"data": [[0, 0]], "method": "predict"}, "model", {})
BARE = form_of("s", [[0, 0]], "model", {})
UNKNOWN = form_of("s", None, "none", {})


@pytest.mark.parametrize(
    ("form", "data", "body"),
    [
        (RECORDS, FRAME, {"data": [{"age": 1, "name": "a"}, {"age": 2, "name": "b"}]}),
        (RECORDS, FRAME.iloc[0], {"data": [{"age": 1, "name": "a"}]}),
        (LISTS, FRAME, {"data": [[1, "a"], [2, "b"]], "method": "predict"}),
        (LISTS, np.array([[1.5, 2.5]]), {"data": [[1.5, 2.5]], "method": "predict"}),
        (LISTS, np.array([1.5, 2.5]), {"data": [[1.5, 2.5]], "method": "predict"}),
        (BARE, np.array([[1, 2]]), [[1, 2]]),
        (BARE, [[1, 2]], [[1, 2]]),
        (UNKNOWN, np.array([[1, 2]]), {"data": [[1, 2]]}),
        (UNKNOWN, [[1, 2]], {"data": [[1, 2]]}),
        (UNKNOWN, {"a": 1}, {"a": 1}),
        (UNKNOWN, "text", "text"),
    ],
    ids=[
        "frame as records", "series", "frame as lists", "array keeps the other fields", "one row", "bare array",
        "bare list", "array to the unknown", "list to the unknown", "dict", "text",
    ],
)  # fmt: skip
def test_data_becomes_a_body(form, data, body):
    assert body_from(form, data) == body


def test_dates_are_sent_as_text_and_missing_ones_as_nothing():
    when = pd.to_datetime(["2020-01-02", None])
    mixed = pd.DataFrame({"when": when, "x": [1, 2]})

    assert json.loads(as_body(body_from(UNKNOWN, mixed))) == {"data": [["2020-01-02T00:00:00", 1], [None, 2]]}
    assert json.loads(as_body(body_from(UNKNOWN, pd.DataFrame({"when": when})))) == {
        "data": [["2020-01-02T00:00:00"], [None]]
    }
    assert json.loads(as_body({"data": mixed, "at": when[0]}))["at"] == "2020-01-02T00:00:00"


def test_what_has_no_form_in_json_is_told():
    with pytest.raises(NotSendable, match="A set can't be sent as JSON"):
        as_body({"data": {1, 2}})


def test_asking_gives_status_time_and_body_of_an_error_too(desk, inference, target):
    desk.deploy("scorer", [], inference)
    target.answer = lambda _release, _body: (500, {"message": "no such column"})

    answer = desk.ask("scorer", {"data": 1})

    assert (answer.status, answer.decoded()) == (500, {"message": "no such column"})
    assert answer.seconds > 0
