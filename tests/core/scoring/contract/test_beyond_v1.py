"""Async, typed and streaming runs, and errors that explain themselves."""

from __future__ import annotations

import json

import pytest


def message(response):
    return json.loads(response.body)["message"]


def test_an_async_run_is_awaited(load):
    served = load("import asyncio\nasync def run(data):\n    await asyncio.sleep(0)\n    return [data]\n")

    assert served.application.run_plan.is_async
    assert served.post(1).body == b'["1"]'


def test_an_async_run_that_raises_is_a_failed_run(load):
    served = load("async def run(data):\n    raise ValueError\n")

    response = served.post(1)

    assert (response.status, response.run_failed) == (500, True)


def test_refusals_of_an_async_run_are_the_same(load):
    served = load("async def run(data):\n    return data\n")

    assert served.post(b"\xff").status == 400
    assert served.ask("OPTIONS").status == 200


TYPED = """
    from typing import Dict, List, Literal, Optional, Tuple
    def run(rows: List[List[float]], mode: Literal['a', 'b'] = 'a', top: Optional[int] = None,
            pair: Tuple[int, str] = (1, 'x'), extra: Dict[str, bool] = {}):
        return [sum(map(sum, rows)), mode, top, pair, extra]
"""


def test_typed_parameters_come_by_name(load):
    served = load(TYPED)

    response = served.post(
        {"rows": [[1, 2.5]], "mode": "b", "top": 3, "pair": [2, "y"], "extra": {"k": True}}
    )

    assert json.loads(response.body) == [3.5, "b", 3, [2, "y"], {"k": True}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"rows": [[1], ["x"]]}, 'rows[1][0]: expected a number, got "x"'),
        ({"rows": [[1], 5]}, "rows[1]: expected a list of a number, got 5"),
        ({"rows": [[True]]}, "rows[0][0]: expected a number, got true"),
        ({"rows": [[1]], "mode": "c"}, "mode: expected one of 'a', 'b', got \"c\""),
        ({"rows": [[1]], "top": 1.5}, "top: expected an integer or null, got 1.5"),
        ({"rows": [[1]], "pair": [1]}, "pair: expected a list of 2 values, got [1]"),
        ({"rows": [[1]], "extra": {"k": 1}}, "extra.k: expected true or false, got 1"),
        ({"mode": "a"}, "A value is not provided for the 'rows' parameter."),
        ([1], "POST body should be a JSON dictionary."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_that_does_not_fit_is_named(load, body, reason):
    response = load(TYPED).post(body)

    assert (response.status, message(response)) == (400, reason)


def test_one_parameter_may_be_the_whole_body(load):
    served = load("from typing import List\ndef run(rows: List[int]):\n    return sum(rows)\n")

    assert served.post([1, 2]).body == b"3"
    assert served.post({"rows": [1, 2]}).body == b"3"


def test_hints_describe_the_service(load):
    served = load(
        "from typing import List\ndef run(rows: List[int], k: float = 1.0) -> List[str]:\n    return []\n"
    )

    schemas = served.application.swagger("3.1")["components"]["schemas"]

    assert schemas["ServiceInput"] == {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": {"type": "integer"}}, "k": {"type": "number"}},
        "required": ["rows"],
    }
    assert schemas["ServiceOutput"] == {"type": "array", "items": {"type": "string"}}


def test_dataclasses_are_made_from_objects(load):
    served = load(
        "from dataclasses import dataclass\nfrom typing import List\n@dataclass\nclass Row:\n    x: float\n    n: int = 2\n"
        "def run(rows: List[Row]):\n    return [Row(row.x * row.n, 0) for row in rows]\n"
    )

    assert served.post({"rows": [{"x": 1.5}]}).body == b'[{"x": 3.0, "n": 0}]'
    assert message(served.post({"rows": [{"n": 1}]})) == "rows[0].x: expected a value, got null"


def test_pydantic_models_check_themselves(load):
    pytest.importorskip("pydantic")
    served = load(
        "from pydantic import BaseModel\nclass Inner(BaseModel):\n    k: int\nclass Row(BaseModel):\n    x: float\n    inner: Inner\n"
        "def run(row: Row) -> Row:\n    return row\n"
    )

    assert served.post({"x": 1, "inner": {"k": 2}}).body == b'{"x": 1.0, "inner": {"k": 2}}'
    assert message(served.post({"x": 1, "inner": {"k": "no"}})).startswith("row.inner.k: expected Row (")
    schema = served.application.swagger("3")["components"]["schemas"]["ServiceInput"]
    assert "$ref" not in json.dumps(schema)


@pytest.mark.parametrize(
    "run",
    [
        "def run(data: str): return data",
        "def run(data: dict): return data",
        "def run(data: list) -> list: return data",
        "from typing import Any\ndef run(data: Any): return data",
        "from typing import Optional\ndef run(data: Optional[str]): return data",
        "from typing import Union\ndef run(data: Union[str, list]): return data",
        "from typing import List\nimport json\ndef run(data: List[float]): return json.loads(data) and data",
        "from typing import List\nimport json\ndef parse(x): return json.loads(x)\ndef run(data: List[float]): return parse(data) and data",
        "def run(data: str, k: int = 5): return data",
        "def run(data: 'Undefined'): return data",
    ],
)
def test_old_scripts_with_hints_still_get_text(load, run):
    assert json.loads(load(run + "\n").post([1]).body) == "[1]"


def chunks(response):
    assert response.is_stream
    return list(response.body)


def test_a_generator_of_text_is_sent_in_chunks(load):
    response = load("def run(data):\n    yield 'a'\n    yield 'é'\n").post(1)

    assert (response.status, response.content_type) == (200, "text/plain; charset=utf-8")
    assert chunks(response) == [b"a", "é".encode()]


def test_a_generator_of_values_is_sent_as_json_lines(load):
    response = load("def run(data):\n    yield {'n': 1}\n    yield 2\n").post(1)

    assert (response.content_type, chunks(response)) == ("application/x-ndjson", [b'{"n": 1}\n', b"2\n"])


def test_a_client_that_asks_for_events_gets_them(load):
    response = load("def run(data):\n    yield 'two\\nlines'\n    yield {'n': 1}\n").post(
        1, Accept="text/event-stream"
    )

    assert response.content_type == "text/event-stream; charset=utf-8"
    assert chunks(response) == [b"data: two\ndata: lines\n\n", b'data: {"n": 1}\n\n']


def test_a_generator_that_fails_before_its_first_item_is_a_500(load):
    response = load("def run(data):\n    raise ValueError\n    yield 1\n").post(1)

    assert response.status == 500


def test_an_event_stream_that_fails_in_the_middle_says_so(load):
    response = load("def run(data):\n    yield 1\n    raise ValueError\n").post(1, Accept="text/event-stream")

    assert chunks(response)[-1].startswith(b"event: error\n")


def test_a_chunk_stream_that_fails_in_the_middle_breaks_off(load):
    response = load("def run(data):\n    yield 1\n    raise ValueError('x')\n").post(1)

    with pytest.raises(ValueError, match="x"):
        chunks(response)


def test_an_empty_generator_is_an_empty_answer(load):
    assert chunks(load("def run(data):\n    return\n    yield\n").post(1)) == []


SCHEMA = """
    import numpy as np
    import pandas as pd
    from inference_schema.schema_decorators import input_schema
    from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
    from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
    @input_schema('data', NumpyParameterType(np.array([[1.0, 2.0]])))
    @input_schema('frame', PandasParameterType(pd.DataFrame({'a': [1], 'b': ['x']})))
    def run(data, frame):
        if len(data) > 2:
            raise ValueError('the script itself')
        return data.tolist()
"""
GOOD = {"data": [[1, 2]], "frame": [{"a": 1, "b": "x"}]}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"data": [[1, 2], [3]]}, "row 1 has 1 values, 2 are expected"),
        ({"data": [[1, "x"]]}, 'row 0, value 1: expected float64, got "x"'),
        ({"data": "text"}, "Invalid input format: expected an array of items."),
        ({"frame": [{"a": 1}]}, "row 0 has no column 'b'"),
        ({"frame": [{"a": 1, "b": "x", "c": 1}]}, "row 0 has the unknown column 'c'"),
        ({"frame": [{"a": "one", "b": "x"}]}, "row 0, column 'a': expected int64, got \"one\""),
    ],
)
def test_errors_explain_themselves_when_asked_to(load, change, reason):
    pytest.importorskip("pandas")
    served = load(SCHEMA, explain_errors=True)
    name = next(iter(change))

    response = served.post({**GOOD, **change})

    assert (response.status, response.run_failed) == (400, False)
    assert message(response) == f"The {name!r} parameter does not fit its schema: {reason}"


def test_the_scripts_own_failure_is_never_explained_away(load):
    pytest.importorskip("pandas")
    served = load(SCHEMA, explain_errors=True)

    response = served.post({**GOOD, "data": [[1, 2]] * 3})

    assert (response.status, response.run_failed) == (500, True)


def test_nothing_is_explained_unless_asked(load):
    pytest.importorskip("pandas")

    assert load(SCHEMA).post({**GOOD, "data": [[1]]}).status == 500


def test_declared_arrays_can_be_batched_and_text_can_not(load):
    pytest.importorskip("pandas")
    plan = load(SCHEMA).application.run_plan

    assert plan.allows_batching
    assert plan.convert({"data": [[1, 2]], "frame": []}.copy() | {"frame": GOOD["frame"]})["data"].shape == (
        1,
        2,
    )
    assert not load("def run(data):\n    return data\n").application.run_plan.allows_batching
