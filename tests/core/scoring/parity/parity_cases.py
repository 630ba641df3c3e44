"""Scripts and requests on which the reference server and ours are compared.

Each case is one entry script with its requests; `row` names the row of the fact sheet it belongs to.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One request."""

    method: str = "POST"
    target: str = "/score"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Case(NamedTuple):
    """One script and what is asked of it; without calls only its start is compared."""

    name: str
    script: str
    calls: tuple[Call, ...] = ()
    env: dict[str, str] = {}  # noqa: RUF012
    files: dict[str, str] = {}  # noqa: RUF012
    entry: str = "score.py"


JSON = (("Content-Type", "application/json"),)
TEXT = (("Content-Type", "text/plain"),)


def post(value: Any, headers: tuple[tuple[str, str], ...] = JSON, target: str = "/score") -> Call:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Call("POST", target, headers, body)


def get(target: str = "/score", *headers: tuple[str, str]) -> Call:
    return Call("GET", target, headers)


INIT = "def init():\n    pass\n\n"
ECHO = INIT + "def run(data):\n    return [type(data).__name__, data]\n"
SWAGGER = tuple(get(f"/swagger.json{query}") for query in ("", "?version=2", "?version=3", "?version=3.1"))

RESULT_HEADER = (
    "import collections, datetime, decimal, enum, math, uuid\nimport numpy as np\nimport pandas as pd\n"
    + INIT
)
RESULTS = {
    "list-of-floats": "[385.5, 220.5]",
    "dict": '{"result": [1, 2], "ok": True}',
    "nested": '{"a": {"b": [{"c": None}]}}',
    "none": "None",
    "true": "True",
    "zero": "0",
    "float": "0.1",
    "small-float": "1e-17",
    "big-float": "1.7976931348623157e308",
    "big-int": "2**80",
    "nan": "float('nan')",
    "infinities": "[math.inf, -math.inf, math.nan]",
    "empty-string": "''",
    "string": "'text'",
    "unicode": "'é😀\\u2028'",
    "control-characters": "'a\\n\\t\\x00\\x7f\"\\\\/'",
    "lone-surrogate": "'\\ud800'",
    "json-in-a-string": "'[\"diabetic\"]'",
    "html-in-a-string": "'<b>&</b>'",
    "tuple": "(1, 'a')",
    "flask-tuple": "('x', 201)",
    "int-keys": "{1: 'a', 2.5: 'b', True: 'c', None: 'd'}",
    "tuple-keys": "{(1, 2): 'a'}",
    "empty-list": "[]",
    "empty-dict": "{}",
    "set": "{1}",
    "frozenset": "frozenset([1])",
    "bytes": "b'abc'",
    "bytearray": "bytearray(b'abc')",
    "datetime": "datetime.datetime(2020, 1, 1)",
    "decimal": "decimal.Decimal('1.5')",
    "uuid": "uuid.UUID(int=0)",
    "ordered-dict": "collections.OrderedDict([('b', 1), ('a', 2)])",
    "default-dict": "collections.defaultdict(list, a=[1])",
    "counter": "collections.Counter('aab')",
    "named-tuple": "collections.namedtuple('P', 'x y')(1, 2)",
    "deque": "collections.deque([1])",
    "int-enum": "enum.IntEnum('E', 'A B').B",
    "enum": "enum.Enum('E', 'A B').B",
    "str-subclass": "type('S', (str,), {})('x')",
    "float-subclass": "type('F', (float,), {})(1.5)",
    "object": "object()",
    "function": "len",
    "class": "int",
    "exception-object": "ValueError('x')",
    "complex": "1j",
    "range": "range(3)",
    "map": "map(int, [1])",
    "ndarray": "np.array([1.0, 2.0])",
    "ndarray-list": "np.array([[1.0, 2.0]]).tolist()",
    "ndarray-in-list": "[np.array([1])]",
    "float64": "np.float64(1.5)",
    "float64-list": "[np.float64(1.5), np.float64('nan')]",
    "float32": "np.float32(1.5)",
    "int64": "np.int64(3)",
    "bool_": "np.bool_(True)",
    "str_": "np.str_('x')",
    "datetime64": "np.datetime64('2020-01-01')",
    "data-frame": "pd.DataFrame({'a': [1]})",
    "data-frame-records": "pd.DataFrame({'a': [1], 'b': ['x']}).to_dict(orient='records')",
    "data-frame-json": "pd.DataFrame({'a': [1]}).to_json(orient='records')",
    "series": "pd.Series([1])",
    "timestamp": "pd.Timestamp('2020-01-01')",
    "pandas-na": "pd.NA",
    "float64-key": "{np.float64(1.5): 1}",
    "int64-key": "{np.int64(1): 1}",
    "deep-list": "__import__('functools').reduce(lambda inner, _: [inner], range(200), 1)",
}


def result_cases() -> list[Case]:
    calls = (post({"data": 1}), get("/score?a=1"), post(b"", TEXT))
    return [
        Case(f"result-{name}", f"{RESULT_HEADER}def run(data):\n    return {expression}\n", calls)
        for name, expression in RESULTS.items()
    ] + [
        Case("result-circular", INIT + "def run(data):\n    x = []\n    x.append(x)\n    return x\n", calls[:1]),
        Case("result-too-deep", INIT + "def run(data):\n    x = []\n    for _ in range(5000):\n        x = [x]\n    return x\n", calls[:1]),
    ]  # fmt: skip


RAISED = {
    "value-error": "raise ValueError('bad')",
    "key-error": "return {}['missing']",
    "type-error": "return 1 + 'a'",
    "name-error": "return model",
    "zero-division": "return 1 / 0",
    "assertion": "assert False, 'no'",
    "no-text": "raise Exception",
    "unicode-text": "raise ValueError('é😀')",
    "not-implemented": "raise NotImplementedError",
    "stop-iteration": "raise StopIteration(3)",
    "memory-error": "raise MemoryError",
    "recursion": "return run(data)",
    "unprintable": "raise type('Bad', (Exception,), {'__str__': lambda self: 1 / 0})()",
    "chained": "try:\n        int('x')\n    except ValueError as error:\n        raise RuntimeError('wrapped') from error",
    "own-timeout": "raise TimeoutError('database')",
    "socket-timeout": "import socket\n    raise socket.timeout('x')",
    "connection-refused": "raise ConnectionRefusedError('x')",
    "os-error": "return open('/nonexistent').read()",
    "json-error": "import json\n    return json.loads('{')",
    "import-error": "import no_such_module",
    "own-class": "raise type('Mine', (Exception,), {})('x')",
    "system-exit": "raise SystemExit(2)",
    "system-exit-0": "import sys\n    sys.exit(0)",
    "keyboard-interrupt": "raise KeyboardInterrupt",
    "generator-exit": "raise GeneratorExit",
    "base-exception": "raise BaseException('x')",
    "exception-group": "raise ExceptionGroup('several', [ValueError('a')])",
}


def raising_cases() -> list[Case]:
    calls = (post({"data": 1}), get("/score?data=1"), post({"data": 1}, (*JSON, ("x-request-id", "mine"))))
    return [
        Case(f"raises-{name}", f"{INIT}def run(data):\n    {body}\n", calls) for name, body in RAISED.items()
    ]


def text_cases() -> list[Case]:
    types = (
        None, "application/json", "text/plain", "text/plain; charset=utf-16", "application/octet-stream", "application/xml",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "APPLICATION/X-WWW-FORM-URLENCODED",
        "multipart/form-data; boundary=x", "multipart/mixed; boundary=x", "", "nonsense", ";;",
    )  # fmt: skip
    bodies = {
        "json": b'{"data": [1]}', "broken-json": b"{", "empty": b"", "bom": b"\xef\xbb\xbf{}", "latin-1": b"\xe9",
        "utf-16": "{}".encode("utf-16"), "gzip": b"\x1f\x8b\x08\x00", "nul": b"a\x00b", "emoji": "😀".encode(),
        "truncated": b"ab\xf0\x9f\x98", "surrogate": b"\xed\xa0\x80", "crlf": b"a\r\nb", "form": b"a=1&b=2",
        "overlong": b"\xc0\xaf", "long": b"[" + b"1.5, " * 5000 + b"2]",
    }  # fmt: skip
    by_type = tuple(
        Call("POST", "/score", () if kind is None else (("Content-Type", kind),), b'{"data": "\xc3\xa9"}')
        for kind in types
    )
    return [
        Case("text-content-types", ECHO, by_type),
        Case("text-bodies", ECHO, tuple(Call("POST", "/score", TEXT, body) for body in bodies.values())),
        Case("text-bodies-as-json", ECHO, tuple(Call("POST", "/score", JSON, body) for body in bodies.values())),
        Case("text-bodies-untyped", ECHO, tuple(Call("POST", "/score", (), body) for body in bodies.values())),
        Case("text-large-body", INIT + "def run(data):\n    return len(data)\n", (post(b"1" * 3_000_000), post(b"\xc3\xa9" * 500_000))),
    ]  # fmt: skip


QUERIES = (
    "", "?", "?a=1", "?a=1&b=[1,2]&c=a&d=null", "?foo=bar1&foo=bar2&x=y", "?a", "?a=", "?=1", "?a=%7B%22b%22%3A1%7D",
    "?a=1.5e3", "?a=true", "?a=True", "?a=NaN", "?a=%22x%22", "?a=%C3%A9", "?%C3%A9=1", "?a=%E9", "?a=%ZZ", "?a=1+2",
    "?a=1%2B2", "?a=1;b=2", "?a=1&&b=2", "?a==1", "?a=1&a=2&a=x", "?a[]=1&a[]=2", "?A=1&a=2", "?a=%00", "?a=01",
)  # fmt: skip


def method_cases() -> list[Case]:
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PURGE")
    paths = ("/score", "/", "/swagger.json", "/score/", "/nowhere", "/%73core", "/score/more", "/SCORE", "//score", "/score//", "/.", "/score?", "/swagger.json/")  # fmt: skip
    every = tuple(Call(method, path, JSON, b'{"data": [1]}' if method not in ("GET", "HEAD", "TRACE") else b"") for method in methods for path in paths)  # fmt: skip
    schema = (
        SCHEMA_HEADER
        + '@input_schema("data", StandardPythonParameterType([1]))\ndef run(data):\n    return data\n'
    )
    raw = RAW_HEADER + "@rawhttp\ndef run(request):\n    return AMLResponse({'method': request.method, 'path': request.full_path}, 200, json_str=True)\n"  # fmt: skip
    return [
        Case("methods-text", ECHO, every),
        Case("methods-schema", schema, every),
        Case("methods-raw", raw, every),
        Case("queries-text", ECHO, tuple(get("/score" + query) for query in QUERIES)),
        Case("queries-schema", schema.replace("[1]", "'x'").replace('"data"', '"a"').replace("run(data)", "run(a)").replace("return data", "return a"), tuple(get("/score" + query) for query in QUERIES)),
        Case("queries-defaults", SCHEMA_HEADER + "@input_schema('a', StandardPythonParameterType(1))\ndef run(a, b=2, c=None):\n    return [a, b, c]\n", tuple(get("/score" + query) for query in QUERIES)),
    ]  # fmt: skip


RAW_HEADER = (
    "from azureml.contrib.services.aml_request import AMLRequest, rawhttp\n"
    "from azureml.contrib.services.aml_response import AMLResponse\n" + INIT
)
SCHEMA_HEADER = (
    "import datetime\nimport numpy as np\nimport pandas as pd\n"
    "from inference_schema.schema_decorators import input_schema, output_schema\n"
    "from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType\n"
    "from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType\n"
    "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n"
    + INIT
)

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="image"; filename="a b.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x00\xff\r\n'
    b'--x\r\nContent-Disposition: form-data; name="image"; filename="second.png"\r\n\r\nsecond\r\n'
    b'--x\r\nContent-Disposition: form-data; name="field"\r\n\r\nv\xc3\xa9\r\n'
    b'--x\r\nContent-Disposition: form-data; name="field"\r\n\r\n\r\n--x--\r\n'
)
FORM = (("Content-Type", "multipart/form-data; boundary=x"),)
URLENCODED = (("Content-Type", "application/x-www-form-urlencoded"),)

RAW_REPLIES = {
    "text": "AMLResponse('hello', 200)",
    "bytes": "AMLResponse(b'\\x89PNG', 200, {'Content-Type': 'image/png'})",
    "created": "AMLResponse('made', 201, {'Location': '/score/1'})",
    "no-content": "AMLResponse('', 204)",
    "none": "AMLResponse(None, 200)",
    "none-400": "AMLResponse(None, 400, {'X-Why': 'none'})",
    "json": "AMLResponse({'a': [1, 2.5, None]}, 200, json_str=True)",
    "json-string": "AMLResponse('x', 200, {}, True)",
    "json-nan": "AMLResponse(float('nan'), 200, json_str=True)",
    "dict-without-json": "AMLResponse({'a': 1}, 200)",
    "list-of-text": "AMLResponse(['a', 'b'], 200)",
    "generator": "AMLResponse((c for c in 'abc'), 200)",
    "status-400": "AMLResponse('bad request', 400)",
    "status-404": "AMLResponse('gone', 404)",
    "status-500": "AMLResponse('failed', 500)",
    "status-500-json": "AMLResponse({'error': 'x'}, 500, json_str=True)",
    "status-503-marked": "AMLResponse('busy', 503, run_function_failed=True)",
    "status-200-marked": "AMLResponse('bad', 200, run_function_failed=True)",
    "status-299": "AMLResponse('odd', 299)",
    "repeated-header": "AMLResponse('x', 200, {'X-Many': 'a, b,c'})",
    "date-header": "AMLResponse('x', 200, {'X-Date': 'Wed, 21 Oct 2015 07:28:00 GMT'})",
    "content-type-parameters": "AMLResponse('x', 200, {'Content-Type': 'text/csv; charset=latin-1'})",
    "lower-content-type": "AMLResponse('x', 200, {'content-type': 'text/csv'})",
    "cors": "AMLResponse('x', 200, {'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'a, b'})",
    "unicode-body": "AMLResponse('é😀', 200)",
    "status-string": "AMLResponse('x', '418 I AM A TEAPOT')",
    "number-header": "AMLResponse('x', 200, {'X-N': 1})",
    "plain-value": "[1, 2]",
    "plain-string": "'text'",
    "plain-none": "None",
    "plain-bytes": "b'abc'",
    "plain-dict": "{'method': request.method}",
}
RAW_BODIES = {
    "mimetype-after": "response = AMLResponse('<x/>', 200)\n    response.mimetype = 'application/xml'\n    return response",
    "mimetype-json-after": "response = AMLResponse('{}', 200)\n    response.mimetype = 'application/json'\n    return response",
    "headers-after": "response = AMLResponse('x', 200)\n    response.headers['X-A'] = 'a, b'\n    response.headers.add('X-A', 'c')\n    return response",
    "headers-update": "response = AMLResponse('x', 200)\n    response.headers.update({'X-A': '1', 'X-B': '2'})\n    return response",
    "status-after": "response = AMLResponse('x', 200)\n    response.status_code = 202\n    return response",
    "data-after": "response = AMLResponse('x', 200)\n    response.data = 'new'\n    return response",
    "cookie": "response = AMLResponse('x', 200)\n    response.set_cookie('a', 'b', max_age=60, httponly=True)\n    return response",
    "content-type-after": "response = AMLResponse('x', 200)\n    response.content_type = 'text/x-mine'\n    return response",
    "raises": "raise ValueError('x')",
    "raises-timeout": "raise TimeoutError",
    "read-response": "response = AMLResponse({'a': 1}, 200, json_str=True)\n    return [response.status_code, response.status, response.mimetype, response.get_data(as_text=True), response.get_json(), response.headers['content-type']]",
}
RAW_READS = {
    "method": "request.method",
    "data": "request.data.hex()",
    "get-data-false": "request.get_data(False).hex()",
    "get-data-text": "request.get_data(as_text=True)",
    "data-twice": "[request.data.hex(), request.get_data().hex()]",
    "eaten": "[len(request.get_data(False)), len(request.get_data()), len(request.files), len(request.form)]",
    "json": "request.json",
    "get-json": "request.get_json()",
    "get-json-force": "request.get_json(force=True)",
    "get-json-silent": "request.get_json(silent=True)",
    "json-after-data": "[len(request.data), request.get_json(silent=True)]",
    "eaten-json": "[len(request.get_data(False)), request.get_json(silent=True)]",
    "files": "[[f.filename, f.name, f.content_type, f.mimetype, f.read().hex()] for f in request.files.getlist('image')]",
    "file-by-name": "[request.files['image'].filename, request.files['image'].stream.read().hex()]",
    "file-headers": "sorted(request.files['image'].headers.items()) if request.files else []",
    "file-missing": "request.files['nothing']",
    "file-get": "request.files.get('nothing') is None",
    "file-keys": "[sorted(request.files), sorted(request.files.keys()), 'image' in request.files, len(request.files)]",
    "file-lists": "[len(request.files.getlist('image')), request.files.to_dict().keys().__len__()]",
    "file-save": "[request.files['image'].save('/tmp/mooring-parity-saved'), open('/tmp/mooring-parity-saved', 'rb').read().hex()]",
    "file-seek": "(lambda f: [f.seek(0, 2), f.tell(), f.seek(1), f.read(2).hex()])(request.files['image'])",
    "form": "request.form.to_dict()",
    "form-lists": "[request.form.getlist('field'), request.form.getlist('a'), request.form.get('field'), request.form.get('none', 'd')]",
    "form-then-data": "[len(request.form), len(request.data), len(request.get_data())]",
    "data-then-form": "[len(request.get_data()), len(request.form), len(request.files)]",
    "args": "request.args.to_dict(flat=False)",
    "args-get": "[request.args.get('a'), request.args.get('n', type=int), request.args.get('a', 5, type=int), request.args.getlist('a')]",
    "values": "sorted(request.values.items(multi=True)) if hasattr(request.values, 'lists') and not isinstance(request.values, dict) else sorted(request.values.items())",
    "path": "[request.path, request.full_path, request.query_string.decode()]",
    "headers": "sorted((k, v) for k, v in request.headers.items() if k not in ('Host', 'Accept-Encoding'))",
    "headers-dict": "sorted(k for k in dict(request.headers) if k not in ('Host', 'Accept-Encoding'))",
    "header-get": "[request.headers.get('content-type'), request.headers.get('X-None'), 'content-length' in request.headers]",
    "header-item": "request.headers['X-Custom']",
    "mimetype": "[request.mimetype, request.content_type, request.is_json, request.content_length]",
    "mimetype-params": "sorted(request.mimetype_params.items())",
    "cookies": "dict(request.cookies)",
    "isinstance": "[isinstance(request, AMLRequest), isinstance(AMLResponse('x', 200), AMLResponse)]",
    "stream": "request.stream.read().hex()",
    "scheme": "[request.scheme, request.is_secure, request.remote_addr]",
    "content-encoding": "[str(request.content_encoding), str(request.referrer), str(request.user_agent)]",
    "url": "[request.url.split('/', 3)[3], request.base_url.split('/', 3)[3]]",
    "truth": "bool(request)",
}
RAW_CALLS = (
    post({"data": [1]}),
    Call("POST", "/score?a=1&a=x&n=5&%C3%A9=%C3%A9", FORM, MULTIPART),
    Call("POST", "/score", URLENCODED, b"a=1&field=x+y&field=%C3%A9&empty"),
    Call("POST", "/score", (("Content-Type", "image/png"), ("X-Custom", "a"), ("Cookie", "s=1; t=a b"), ("User-Agent", "u/1")), b"\x89PNG"),
    Call("GET", "/score?a=1", (("X-Custom", "b"),)),
)  # fmt: skip


def raw_cases() -> list[Case]:
    replies = [
        Case(f"raw-reply-{name}", f"{RAW_HEADER}@rawhttp\ndef run(request):\n    return {expression}\n", (post({"data": 1}), get("/score"), Call("OPTIONS", "/score")))
        for name, expression in RAW_REPLIES.items()
    ]  # fmt: skip
    bodies = [
        Case(f"raw-body-{name}", f"{RAW_HEADER}@rawhttp\ndef run(request):\n    {body}\n", (post({"data": 1}), Call("OPTIONS", "/score")))
        for name, body in RAW_BODIES.items()
    ]  # fmt: skip
    reads = [
        Case(
            f"raw-read-{name}",
            f"{RAW_HEADER}@rawhttp\ndef run(request):\n    return {expression}\n",
            RAW_CALLS,
        )
        for name, expression in RAW_READS.items()
    ]
    others = [
        Case("raw-new-names", RAW_HEADER.replace("azureml.contrib.services", "azureml_inference_server_http.api") + "@rawhttp\ndef run(request):\n    return AMLResponse('ok', 200)\n", (post(1),)),
        Case("raw-on-a-helper", RAW_HEADER + "@rawhttp\ndef helper():\n    pass\n\ndef run(request):\n    return request.method\n", (post(1),)),
        Case("raw-with-headers", RAW_HEADER + "@rawhttp\ndef run(request, request_headers):\n    return sorted(k for k in request_headers if k.startswith('X-'))\n", (post(1, (*JSON, ("x-one", "1"), ("X-TWO", "2"))),)),
        Case("response-from-a-text-run", RAW_HEADER + "def run(data):\n    return AMLResponse('bad ' + data, 400, {'X-A': 'b'})\n", (post("x"), get("/score?a=1"), Call("OPTIONS", "/score"))),
        Case("response-500-from-a-text-run", RAW_HEADER + "def run(data):\n    return AMLResponse(data, 500)\n", (post("x"),)),
    ]  # fmt: skip
    return replies + bodies + reads + others
