"""Schema-decorated scripts: every parameter type, its conversions, refusals and descriptions."""

from __future__ import annotations

import json
from typing import Any

from parity_cases import JSON, SCHEMA_HEADER, SWAGGER, Call, Case, get, post

NUMPY_SHOW = "[str(data.dtype), list(data.shape), data.astype(str).tolist()]"
NUMPY_SAMPLES = {
    "float64-2d": "np.array([[0.1, 1.2, 2.3]])",
    "float64-1d": "np.array([0.1, 1.2])",
    "float32": "np.array([[1.5, 2.5, 3.5]], dtype='float32')",
    "float16": "np.array([[1.5, 2.5, 3.5]], dtype='float16')",
    "int64": "np.array([[1, 2, 3]])",
    "int32": "np.array([[1, 2, 3]], dtype='int32')",
    "uint8": "np.array([[1, 2, 3]], dtype='uint8')",
    "int8-1d": "np.array([1, 2], dtype='int8')",
    "bool": "np.array([[True, False, True]])",
    "text": "np.array([['ab', 'cd', 'e']])",
    "bytes": "np.array([b'ab', b'cd'])",
    "object": "np.array([[1, 'a', None]], dtype=object)",
    "datetime64": "np.array(['2020-01-01', '2020-02-01'], dtype='datetime64[s]')",
    "timedelta64": "np.array([5, 6], dtype='timedelta64[s]')",
    "structured": "np.array([(1, 'a', 2.5)], dtype=[('n', '<i4'), ('s', '<U3'), ('f', '<f8')])",
    "3d": "np.zeros((2, 2, 2))",
    "empty": "np.zeros((0, 3))",
}
NUMPY_VALUES: list[Any] = [
    [[1, 2, 3]],
    [[1.9, 2, 3], [4, 5, 6]],
    [1, 2],
    [[1, 2]],
    [[1, None, 3]],
    [["1", "2.5", "abcdef"]],
    [[True, False, True]],
    [[1, 2, 3], [4, 5]],
    [],
    "text",
    None,
    {"a": 1},
    [[2**70, 1, 1]],
    ["2020-03-01T00:00:00", "2021-01-01"],
    ["5 seconds", "6 days"],
    ["5 parsecs"],
    [{"n": 1, "s": "abcdef", "f": 1}, [2, "b", 3]],
    [[[1, 2], [3, 4]]],
    [300, -300],
]


def numpy_cases() -> list[Case]:
    script = SCHEMA_HEADER + "@input_schema('data', NumpyParameterType({}))\n@output_schema(NumpyParameterType(np.array([1.0])))\ndef run(data):\n    return " + NUMPY_SHOW + "\n"  # fmt: skip
    calls = tuple(post({"data": value}) for value in NUMPY_VALUES) + SWAGGER
    plain = [Case(f"numpy-{name}", script.format(sample), calls) for name, sample in NUMPY_SAMPLES.items()]
    flags = [
        Case(f"numpy-{name}", script.format("np.array([[1.0, 2.0, 3.0]])" + flag), calls)
        for name, flag in {
            "any-type": ", enforce_column_type=False",
            "any-shape": ", enforce_shape=False",
            "anything": ", False, False",
        }.items()
    ]
    return plain + flags


FRAMES = {
    "mixed": "pd.DataFrame({'a': [1, 2], 'b': ['x', 'y'], 'c': [0.5, 1.5]})",
    "floats": "pd.DataFrame([[1.5, 2.5]], columns=['x', 'y'])",
    "dates": "pd.DataFrame({'when': pd.to_datetime(['2020-01-01']), 'n': [1]})",
    "durations": "pd.DataFrame({'took': pd.to_timedelta(['5 s']), 'n': [1]})",
    "bools": "pd.DataFrame({'t': [True], 'n': [1]})",
    "int-columns": "pd.DataFrame([[1, 2]])",
}
FRAME_SHOW = "[list(map(str, data.columns)), list(map(str, data.dtypes)), list(data.shape), data.astype(str).values.tolist()]"
FRAME_VALUES: list[Any] = [
    [{"a": 1, "b": "x", "c": 0.1}, {"a": 2, "b": None, "c": 3}],
    [{"a": "1", "b": 2, "c": "0.5"}],
    [{"a": 1, "b": "x"}],
    [{"a": 1, "b": "x", "d": 1.5}],
    [{"a": 1.9, "b": "x", "c": True}],
    [{"x": 1, "y": 2}],
    [[1, "x", 0.5], [2, "y", 1.5]],
    [[1, 2]],
    [{"when": "2021-05-05T00:00:00.000", "n": 2}],
    [{"took": "6 days", "n": 2}],
    [{"took": 5000, "n": 2}],
    [{"t": False, "n": 3}],
    [{"0": 1, "1": 2}],
    [],
    {},
    "text",
    5,
    None,
    {"columns": ["a", "b", "c"], "index": [0], "data": [[1, "x", 0.5]]},
    {"0": {"a": 1, "b": "x", "c": 0.5}},
    {"a": {"0": 1}, "b": {"0": "x"}, "c": {"0": 0.5}},
    {"schema": {"fields": [{"name": "index", "type": "integer"}, {"name": "a", "type": "integer"}, {"name": "b", "type": "string"}, {"name": "c", "type": "number"}], "primaryKey": ["index"], "pandas_version": "1.4.0"}, "data": [{"index": 0, "a": 1, "b": "x", "c": 0.5}]},
]  # fmt: skip


def pandas_cases() -> list[Case]:
    script = SCHEMA_HEADER + "@input_schema('data', PandasParameterType({}))\n@output_schema(PandasParameterType(pd.DataFrame({{'r': [1]}})))\ndef run(data):\n    return " + FRAME_SHOW + "\n"  # fmt: skip
    calls = tuple(post({"data": value}) for value in FRAME_VALUES) + SWAGGER
    by_frame = [Case(f"pandas-{name}", script.format(sample), calls) for name, sample in FRAMES.items()]
    by_orient = [
        Case(f"pandas-orient-{orient}", script.format(f"{FRAMES['mixed']}, orient={orient!r}"), calls)
        for orient in ("split", "records", "index", "columns", "values", "table")
    ]
    dated = [
        Case(f"pandas-dates-{orient}", script.format(f"{FRAMES['dates']}, orient={orient!r}"), calls)
        for orient in ("split", "index", "columns", "values", "table")
    ]
    flags = [
        Case(f"pandas-{name}", script.format(FRAMES["mixed"] + flag), calls)
        for name, flag in {
            "any-type": ", enforce_column_type=False",
            "any-shape": ", enforce_shape=False",
            "named": ", apply_column_names=True",
        }.items()
    ]
    return by_frame + by_orient + dated + flags


STANDARD = {
    "int": "5",
    "float": "1.5",
    "bool": "True",
    "str": "'x'",
    "bytes": "b'abc'",
    "bytearray": "bytearray(b'abc')",
    "list": "[1, 2]",
    "list-mixed": "[1, 'a', None]",
    "list-empty": "[]",
    "tuple": "(1, 2)",
    "range": "range(3)",
    "dict": "{'a': 1, 'b': ['x'], 'c': {'d': 1.5}}",
    "dict-empty": "{}",
    "date": "datetime.date(2020, 1, 2)",
    "datetime": "datetime.datetime(2020, 1, 2, 3, 4, 5)",
    "datetime-zone": "datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)",
    "time": "datetime.time(3, 4, 5)",
    "nested-dict": "{'a': NumpyParameterType(np.array([[1.0, 2.0]])), 'b': PandasParameterType(pd.DataFrame({'x': [1]})), 'c': 5}",
    "nested-list": "[NumpyParameterType(np.array([1.0]))]",
    "nested-frames": "[PandasParameterType(pd.DataFrame({'x': [1]}))]",
    "nested-deep": "{'outer': StandardPythonParameterType({'inner': NumpyParameterType(np.array([1.0]))})}",
    "nested-standard": "{'n': StandardPythonParameterType(1), 's': StandardPythonParameterType('x')}",
}
STANDARD_VALUES: list[Any] = [
    5, 1.0, 1.5, True, "x", "YWJj", "a b", [1, 2], ["a"], [], {}, {"a": 1}, None, "2020-05-06", "2020-05-06T07:08:09Z",
    "07:08:09", "not a date", {"a": [[1, 2]], "b": [{"x": 1}], "c": "z"}, {"a": [[1, 2, 3]]}, {"b": [{"x": "n"}]},
    [[1.0], [2]], [[{"x": 1}]], {"outer": {"inner": [1, 2]}}, {"n": 1, "s": "y"}, {"n": "1"}, 2**70,
]  # fmt: skip


def standard_cases() -> list[Case]:
    script = SCHEMA_HEADER + "@input_schema('data', StandardPythonParameterType({}))\n@output_schema(StandardPythonParameterType({{'r': 1}}))\ndef run(data):\n    return [type(data).__name__, repr(data)]\n"  # fmt: skip
    calls = tuple(post({"data": value}) for value in STANDARD_VALUES) + SWAGGER
    return [Case(f"standard-{name}", script.format(sample), calls) for name, sample in STANDARD.items()]


def schema_request_cases() -> list[Case]:
    script = SCHEMA_HEADER + "@input_schema('data', NumpyParameterType(np.array([[1.0, 2.0]])))\n@input_schema('k', StandardPythonParameterType(1))\ndef run(data, k=7):\n    return [data.tolist(), k]\n"  # fmt: skip
    good = {"data": [[1, 2]], "k": 3}
    bodies = [
        b"", b"{", b"null", b"[]", b"1", b'"x"', b"{}", b'{"k": 1}', b'{"data": [[1, 2]], "extra": 1}',
        b'{"data": [[1, 2]]} trailing', b'{"data": [[NaN, Infinity]]}', b'{"data": [[1, 2]], "data": [[3, 4]]}',
        b'{"data": [[1e400, -1e400]]}', b'{"data": [["\\ud800", 2]]}', b"{'data': [[1, 2]]}", b'{"data": [[1, 2],]}',
        b'  {"data": [[1, 2]]}  ', b'\xef\xbb\xbf{"data": [[1, 2]]}', b"\x00", b"{\n\n1",
        json.dumps(good).encode("utf-16"), json.dumps(good).encode("utf-32"), json.dumps(good).encode("utf-16-be"),
        b'{"data": [[1, 2]], "k": 1.0}', b'{"data": [[1, 2]], "k": true}', b'{"data": [[1, 2]], "k": null}',
        b'{"data": [[01, 2]]}', b'{"Data": [[1, 2]]}', b'{"data": [[1, 2]], "k": 18446744073709551616}',
    ]  # fmt: skip
    unreadable = (b"\xff\xfe", b'{"data": "\xe9"}', b"\0" * 5, b"[" * 3000)
    types = (
        "application/json", "application/json; charset=utf-8", "application/json;charset=latin-1", "APPLICATION/JSON", "application/vnd.api+json",
        "application/problem+JSON", "text/json", "text/plain", "application/x-json", "application/octet-stream", "image/svg+xml",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", " application/json ", "application/json, text/plain", "application/+json",
    )  # fmt: skip
    by_type = tuple(
        Call("POST", "/score", (("Content-Type", kind),), json.dumps(good).encode()) for kind in types
    )
    untyped = (Call("POST", "/score", (), json.dumps(good).encode()), Call("POST", "/score", (), b""))
    return [
        Case("schema-bodies", script, tuple(post(body) for body in bodies)),
        Case("schema-unreadable-bodies", script, tuple(post(body) for body in unreadable)),
        Case("schema-content-types", script, by_type + untyped),
        Case("schema-queries", script, tuple(get("/score" + query) for query in ("", "?data=[[1,2]]", "?data=[[1,2]]&k=5", "?data=x", "?data=[[1,2]]&k=x", "?k=1", "?data=[1,2]&data=[3,4]"))),
    ]  # fmt: skip


def decoration_cases() -> list[Case]:
    one = "@input_schema('data', StandardPythonParameterType([1]))\n"
    two = "@input_schema('data', NumpyParameterType(np.array([[1.0]])))\n@input_schema('mode', StandardPythonParameterType('a'))\n"
    calls = (
        post({"data": [1]}),
        post({"data": [[1]], "mode": "b"}),
        post({}),
        post({"data": None}),
        get("/score?data=[1]"),
        *SWAGGER,
    )
    bodies = {
        "output-only": "@output_schema(StandardPythonParameterType([1]))\ndef run(data):\n    return data",
        "two-parameters": two + "def run(data, mode):\n    return [data.tolist(), mode]",
        "two-parameters-default": two + "def run(data, mode='d'):\n    return [data.tolist(), mode]",
        "undeclared-parameter": one + "def run(data, other):\n    return [data, other]",
        "undeclared-default": one + "def run(data, other=5):\n    return [data, other]",
        "keyword-only": one + "def run(*, data):\n    return data",
        "optional": "@input_schema('data', StandardPythonParameterType([1]))\n@input_schema('k', NumpyParameterType(np.array([1.0])), optional=True)\ndef run(data, k=None):\n    return [data, str(k)]",
        "no-conversion": "@input_schema('data', NumpyParameterType(np.array([[1.0]])), convert_to_provided_type=False)\ndef run(data):\n    return [type(data).__name__, data]",
        "wrong-name": "@input_schema('input', StandardPythonParameterType([1]))\ndef run(data):\n    return data",
        "request-headers": one + "def run(data, request_headers):\n    return [data, sorted(k for k in request_headers if k.startswith('X-'))]",
        "returns-array": one + "def run(data):\n    return np.array(data)",
        "returns-frame": "@output_schema(PandasParameterType(pd.DataFrame({'a': [1]})))\n" + one + "def run(data):\n    return pd.DataFrame({'a': data})",
        "returns-none": one + "def run(data):\n    return None",
        "raises": one + "def run(data):\n    raise KeyError('x')",
        "default-is-not-of-type": one + "@input_schema('n', StandardPythonParameterType(1))\ndef run(data, n=None):\n    return [data, n]",
        "power-bi": "@input_schema('Inputs', StandardPythonParameterType({'input1': PandasParameterType(pd.DataFrame({'x': [1]}))}))\n@input_schema('GlobalParameters', StandardPythonParameterType(1.0))\n@output_schema(StandardPythonParameterType({'Results': {'WebServiceOutput0': [1]}}))\ndef run(Inputs, GlobalParameters):\n    return {'Results': {'WebServiceOutput0': Inputs['input1']['x'].tolist(), 'p': GlobalParameters}}",
        "annotated": one + "def run(data: list) -> list:\n    return data",
        "helper-is-decorated": one + "def helper(data):\n    return data\n\ndef run(data):\n    return [type(data).__name__, data]",
        "decorator-on-top": "import functools\ndef log(f):\n    @functools.wraps(f)\n    def inner(data):\n        return f(data=data)\n    return inner\n\n@log\n" + one + "def run(data):\n    return data",
        "custom-type": "from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType\nclass Upper(AbstractParameterType):\n    def deserialize_input(self, input_data):\n        return str(input_data).upper()\n    def input_to_swagger(self):\n        return {'type': 'string', 'format': 'upper', 'example': 'A'}\n\n@input_schema('data', Upper(5.5))\ndef run(data):\n    return data",
    }  # fmt: skip
    power_bi = (post({"Inputs": {"input1": [{"x": 1}, {"x": 2}]}, "GlobalParameters": 2}), post({"Inputs": {"input1": [{"x": 1}]}, "GlobalParameters": 2.5}))  # fmt: skip
    return [
        Case(
            f"decorated-{name}", SCHEMA_HEADER + body + "\n", calls + (power_bi if name == "power-bi" else ())
        )
        for name, body in bodies.items()
    ]


def swagger_cases() -> list[Case]:
    text = "def init():\n    pass\n\ndef run(data):\n    return data\n"
    asked = ("", "2", "2.0", "3", "3.0", "3.1", "9", "2.00", "v2", "3.1.0", "%32")
    others = ("", "?Version=3", "?version=3&version=2", "?x=1", "?version")
    versions = (
        *(get(f"/swagger.json?version={version}") for version in asked),
        *(get(f"/swagger.json{query}") for query in others),
        *(Call(method, "/swagger.json") for method in ("HEAD", "POST", "OPTIONS")),
    )
    named = {
        "SERVICE_NAME": "my service",
        "SERVICE_VERSION": "7",
        "SERVICE_PATH_PREFIX": "/api/v1/service/x/",
    }
    return [
        Case("swagger-text", text, versions),
        Case("swagger-named", text, versions, env=named),
        Case("swagger-mixed-list", SCHEMA_HEADER + "@input_schema('data', StandardPythonParameterType([1, 'a']))\ndef run(data):\n    return data\n", versions),
        Case("swagger-own", text, versions, files={"swagger.json": '{"mine": 1}'}),
        Case("swagger-own-2", text, versions, files={"swagger2.json": '{"mine": 2}'}),
        Case("swagger-own-both", text, versions, files={"swagger.json": '{"mine": 1}', "swagger2.json": '{"mine": 2}'}),
        Case("swagger-own-3", text, versions, files={"swagger3.json": '{"mine": "é"}', "swagger3.1.json": '{"mine": 31}'}),
        Case("swagger-own-empty-object", text, versions, files={"swagger.json": "{}"}),
        Case("swagger-own-list", text, versions, files={"swagger.json": "[1]"}),
        Case("swagger-own-broken", text, (), files={"swagger.json": "{"}),
        Case("swagger-own-empty", text, (), files={"swagger3.json": ""}),
    ]  # fmt: skip


def schema_cases() -> list[Case]:
    return (
        numpy_cases()
        + pandas_cases()
        + standard_cases()
        + schema_request_cases()
        + decoration_cases()
        + swagger_cases()
    )


__all__ = ["JSON", "schema_cases"]
