"""Binary bodies and micro-batching: quicker ways to the same answers."""

import io
import json
import threading

import numpy as np
import pytest

from .conftest import read_answer, render

pytest.importorskip("numpy")

DOUBLE = """
import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema

def init():
    pass

@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))
@output_schema(NumpyParameterType(np.array([1.0])))
def run(data):
    return (data.sum(axis=1) * 2).tolist()
"""
FRAME = """
import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.schema_decorators import input_schema

def init():
    pass

@input_schema("data", PandasParameterType(pd.DataFrame({"a": [1.0], "b": [2]})))
def run(data):
    return {"columns": list(data.columns), "types": [str(t) for t in data.dtypes], "sum": data["a"].sum() + data["b"].sum().item()}
"""
NPY = "application/x-npy"
ARROW = "application/vnd.apache.arrow.stream"


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.fixture
def double(serve):
    return serve(DOUBLE)


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1, 2], [3, 4]], dtype=np.int32),
        np.array([[1, 2], [3, 4]], dtype=">f4"),
        np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
    ],
    ids=["float64", "int32", "big endian", "fortran"],
)
def test_npy_in_gives_the_same_answer_as_json(double, array):
    answer = double.post(npy(array), content_type=NPY)

    assert answer.status == 200
    assert (
        answer.body
        == double.post({"data": array.tolist()}, content_type="application/json").body
        == b"[6.0, 14.0]"
    )
    assert answer.headers["x-ms-run-function-failed"] == "False"


def test_no_rows_are_an_answer_too(double):
    assert double.post(npy(np.empty((0, 2))), content_type=NPY).json == []


def test_npy_out_is_given_to_who_asks(double):
    answer = double.post({"data": [[1, 2]]}, content_type="application/json", accept=f"{NPY}, */*")

    assert answer.headers["content-type"] == NPY
    assert np.load(io.BytesIO(answer.body)).tolist() == [6.0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not in npy format"),
        (b"[[1, 2]]", "not in npy format"),
        (npy(np.ones((2, 2)))[:-1], "not as long"),
        (npy(np.ones((2, 2))) + b"x", "not as long"),
        (npy(np.ones((2, 3))), "shape (2, 3)"),
        (npy(np.ones(2)), "shape (2,)"),
        (npy(np.array([["a", "b"]])), "can not be read"),
        (npy(np.array([[1, 2]])).replace(b"<i8", b"|O8"), "header"),
        (npy(np.array([[1, 2]])).replace(b"'shape'", b"'shapf'"), "header"),
        (npy(np.array([[1, 2]])).replace(b"(1, 2)", b"(-1,2)"), "header"),
        (b"\x93NUMPY\x01\x00\xff\xff{" + b" " * 9, "header"),
    ],
)
def test_a_wrong_npy_body_is_400_and_says_why(double, body, says):
    answer = double.post(body, content_type=NPY)

    assert answer.status == 400
    assert says in answer.json["message"]


def test_arrow_streams_become_frames_and_arrays(serve, double):
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    body = sink.getvalue().to_pybytes()

    frame = serve(FRAME).post(body, content_type=ARROW)

    assert frame.json == {"columns": ["a", "b"], "types": ["float64", "int64"], "sum": 10.0}
    assert double.post(body, content_type=ARROW).json == [8.0, 12.0]
    assert double.post(b"garbage", content_type=ARROW).status == 400


def test_scripts_without_a_schema_know_nothing_of_it(serve):
    assert serve().post("text", content_type="text/plain", accept=NPY).json == "text"


def test_a_decorator_of_the_users_own_is_not_skipped(serve):
    script = (
        DOUBLE.replace("    return (data", "    return (1 + data")
        .replace(
            "@output_schema(NumpyParameterType(np.array([1.0])))",
            "@output_schema(NumpyParameterType(np.array([1.0])))\n@mine\n@mine",
        )
        .replace(
            "def init",
            "import functools\ndef mine(f):\n    @functools.wraps(f)\n    def g(data):\n        return f(data)\n    return g\n\ndef init",
        )
    )

    assert serve(script).post(npy(np.ones((1, 2))), content_type=NPY).status == 415


# ---- batches ----

COUNTING = DOUBLE.replace("    return (data", "    assert not (data < 0).any(), 'negative'\n    return (data")


def ask_together(server, bodies, rounds=1):
    """Each body on a connection of its own, all in flight at once."""
    connections = [server.connect() for _ in bodies]
    answers = []
    for _ in range(rounds):
        for connection, body in zip(connections, bodies, strict=False):
            connection.sendall(render("POST", "/score", body, {"content-type": "application/json"}))
        answers = [read_answer(connection) for connection in connections]
    for connection in connections:
        connection.close()
    return answers


def warm(server, rounds=6):
    for _ in range(12):
        server.post({"data": [[0, 0]]}, content_type="application/json")
    ask_together(server, [{"data": [[n, 1]]} for n in range(24)], rounds)


def test_batched_requests_get_their_own_rows(serve):
    server = serve(COUNTING, MOORING_BATCH="32")
    warm(server)
    bodies = [{"data": [[n, k] for k in range(n % 3 + 1)]} for n in range(40)]

    answers = ask_together(server, bodies)

    assert [answer.json for answer in answers] == [
        [(n + k) * 2.0 for k in range(n % 3 + 1)] for n in range(40)
    ]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 40
    assert server.metric("mooring_batch_size_sum") > server.metric("mooring_batch_size_count")


def test_one_bad_row_fails_alone(serve):
    server = serve(COUNTING, MOORING_BATCH="32")
    warm(server)
    bodies = [{"data": [[n, 1]]} for n in range(20)]
    bodies[3] = {"data": [[-1, 1]]}
    bodies[5] = {"data": [[1, 2, 3]]}
    bodies[7] = {"data": "text"}
    bodies[9] = {"wrong": []}
    bodies[11] = "{ not json"
    bodies[13] = {"data": []}

    answers = ask_together(server, bodies)

    statuses = {place: answer.status for place, answer in enumerate(answers) if answer.status != 200}
    assert statuses == {3: 500, 5: 500, 7: 500, 9: 400, 11: 400, 13: 500}
    assert [answers[n].json for n in (0, 4, 19)] == [[2.0], [10.0], [40.0]]


def test_a_script_that_mixes_its_rows_is_found_out_before_anybody_gets_a_wrong_answer(serve):
    server = serve(
        DOUBLE.replace("(data.sum(axis=1) * 2).tolist()", "(data.sum(axis=1) - data.mean()).tolist()"),
        MOORING_BATCH="32",
    )
    warm(server)

    answers = ask_together(server, [{"data": [[n, n]]} for n in range(30)])

    assert [answer.json for answer in answers] == [[float(n)] for n in range(30)]
    assert "not batched any more" in server.log


def test_a_result_without_rows_is_not_split(serve):
    server = serve(
        DOUBLE.replace("(data.sum(axis=1) * 2).tolist()", '{"total": float(data.sum())}'), MOORING_BATCH="32"
    )
    warm(server)

    answers = ask_together(server, [{"data": [[n, 1]]} for n in range(30)])

    assert [answer.json for answer in answers] == [{"total": n + 1.0} for n in range(30)]


def test_columns_of_rows_are_split_too(serve):
    script = DOUBLE.replace(
        "(data.sum(axis=1) * 2).tolist()", '{"sum": data.sum(axis=1).tolist(), "first": data[:, 0].tolist()}'
    )
    server = serve(script, MOORING_BATCH="32")
    warm(server)

    answers = ask_together(server, [{"data": [[n, 1]]} for n in range(30)])

    assert [answer.json for answer in answers] == [{"sum": [n + 1.0], "first": [float(n)]} for n in range(30)]
    assert "not batched" not in server.log


def test_batching_asked_for_where_it_can_not_be_is_said_in_the_log(serve):
    server = serve(MOORING_BATCH="32")

    assert "MOORING_BATCH is ignored" in server.log
    assert server.post("x").json == "x"


def test_a_lone_request_never_waits_for_company(serve):
    server = serve(DOUBLE, MOORING_BATCH="32,500000")
    for _ in range(20):
        answer = server.post({"data": [[1, 2]]}, content_type="application/json")
        assert answer.status == 200

    assert server.metric("mooring_request_seconds_bucket", le="0.25", status="200") >= 20


def test_many_threads_see_only_their_own_answers(serve):
    server = serve(DOUBLE, MOORING_BATCH="16,200")
    wrong = []

    def ask(seed):
        with server.connect() as connection:
            pending = bytearray()
            for step in range(100):
                value = seed * 1000 + step
                raw = json.dumps({"data": [[value, 0]]})
                connection.sendall(render("POST", "/score", raw, {"content-type": "application/json"}))
                if read_answer(connection, pending).json != [value * 2.0]:
                    wrong.append(value)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
