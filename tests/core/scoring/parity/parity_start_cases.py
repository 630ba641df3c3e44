"""Starting, module and process facts, ids, CORS and timeouts."""

from __future__ import annotations

from parity_cases import ECHO, INIT, JSON, RAW_HEADER, SCHEMA_HEADER, Call, Case, get, post

BOOT_FAILURES = {
    "no-init": "def run(data):\n    return data\n",
    "no-run": "def init():\n    pass\n",
    "empty": "",
    "no-arguments": INIT + "def run():\n    return 1\n",
    "args": INIT + "def run(*args):\n    return 1\n",
    "kwargs": INIT + "def run(data, **kwargs):\n    return 1\n",
    "positional-only": INIT + "def run(data, /):\n    return 1\n",
    "only-headers": INIT + "def run(request_headers):\n    return 1\n",
    "raw-and-schema": RAW_HEADER + SCHEMA_HEADER + "@rawhttp\n@input_schema('data', StandardPythonParameterType([1]))\ndef run(data):\n    return 1\n",
    "import-error": "import no_such_module_at_all\n" + ECHO,
    "raises-at-import": "raise ValueError('x')\n" + ECHO,
    "exits-at-import": "import sys\nsys.exit(0)\n" + ECHO,
    "init-raises": "def init():\n    raise FileNotFoundError('model.pkl')\n\ndef run(data):\n    return data\n",
    "init-exits": "import sys\ndef init():\n    sys.exit(0)\n\ndef run(data):\n    return data\n",
    "init-exits-1": "import sys\ndef init():\n    sys.exit(1)\n\ndef run(data):\n    return data\n",
    "init-parameter": "def init(model):\n    pass\n\ndef run(data):\n    return data\n",
    "init-is-none": "init = None\ndef run(data):\n    return data\n",
    "run-is-none": INIT + "run = None\n",
    "run-is-a-string": INIT + "run = 'x'\n",
    "syntax-error": INIT + "def run(data)\n    return data\n",
    "indentation": INIT + "def run(data):\nreturn data\n",
    "bad-encoding": INIT + "# -*- coding: nonsense -*-\ndef run(data):\n    return data\n",
    "not-a-parameter-type": SCHEMA_HEADER + "@input_schema('data', 5)\ndef run(data):\n    return data\n",
    "two-outputs": SCHEMA_HEADER + "@output_schema(StandardPythonParameterType(1))\n@output_schema(StandardPythonParameterType(1))\ndef run(data):\n    return data\n",
    "sample-none": SCHEMA_HEADER + "@input_schema('data', StandardPythonParameterType(None))\ndef run(data):\n    return data\n",
    "sample-not-array": SCHEMA_HEADER + "@input_schema('data', NumpyParameterType([1]))\ndef run(data):\n    return data\n",
    "sample-not-json": SCHEMA_HEADER + "@input_schema('data', StandardPythonParameterType(object()))\ndef run(data):\n    return data\n",
    "bad-orient": SCHEMA_HEADER + "@input_schema('data', PandasParameterType(pd.DataFrame({'a': [1]}), orient='rows'))\ndef run(data):\n    return data\n",
    "model-dir-unset": "import os\ndef init():\n    os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model.pkl')\n\ndef run(data):\n    return data\n",
}  # fmt: skip


def boot_cases() -> list[Case]:
    return [Case(f"boot-{name}", script) for name, script in BOOT_FAILURES.items()]


ACCEPTED = {
    "second-default": "def run(data, k=5):\n    return [data, k]",
    "first-default": "def run(data='d'):\n    return data",
    "keyword-only": "def run(*, data):\n    return data",
    "lambda": "run = lambda data: data",
    "callable-object": "class Scorer:\n    def __call__(self, data):\n        return [data]\n\nrun = Scorer()",
    "bound-method": "class Scorer:\n    def score(self, data):\n        return [data]\n\nrun = Scorer().score",
    "static-method": "class Scorer:\n    @staticmethod\n    def score(data):\n        return [data]\n\nrun = Scorer.score",
    "class": "class run:\n    def __init__(self, data):\n        pass",
    "partial": "import functools\ndef add(data, k):\n    return [data, k]\n\nrun = functools.partial(add, k=5)",
    "builtin": "import json\nrun = json.loads",
    "wrapped": "import functools\ndef log(f):\n    @functools.wraps(f)\n    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n    return inner\n\n@log\ndef run(data):\n    return data",
    "cached": "import functools\n@functools.lru_cache\ndef run(data):\n    return data",
    "two-undecorated": "def run(a, b):\n    return [a, b]",
    "generator": "def run(data):\n    yield 1",
    "async-run": "async def run(data):\n    return data",
    "async-init": "async def init():\n    raise ValueError\n\ndef run(data):\n    return data",
    "request-headers": "def run(data, request_headers):\n    return [data, request_headers.get('X-One'), sorted(k for k in request_headers if k.startswith('X-')), type(request_headers).__name__]",
    "headers-first": "def run(request_headers, data):\n    return [data, request_headers.get('x-one')]",
    "headers-default": "def run(data, request_headers=None):\n    return request_headers is None",
    "headers-keyword": "def run(data, *, request_headers):\n    return len(request_headers) > 0",
    "annotated-str": "def run(data: str) -> str:\n    return data",
    "annotated-with-default": "def run(data: str, top: int = 5) -> list:\n    return [data, top]",
    "annotated-dict": "def run(data: dict) -> dict:\n    return data",
    "annotated-and-parsed": "import json\nfrom typing import List\ndef run(data: List[float]) -> float:\n    return sum(json.loads(data))",
    "annotated-any": "from typing import Any\ndef run(data: Any):\n    return data",
    "annotated-optional": "from typing import Optional\ndef run(data: Optional[str] = None):\n    return data",
    "annotated-unknown": "def run(data: 'Missing'):\n    return data",
    "global-state": "count = 0\ndef run(data):\n    global count\n    count += 1\n    return count",
    "prints": "import sys\ndef run(data):\n    print('hello', data)\n    print('err', file=sys.stderr)\n    return 1",
    "logs": "import logging\ndef run(data):\n    logging.warning('x')\n    return 1",
    "threads": "import threading\ndef run(data):\n    found = []\n    t = threading.Thread(target=lambda: found.append(data))\n    t.start()\n    t.join()\n    return found",
    "main-guard": "def run(data):\n    return __name__\n\nif __name__ == '__main__':\n    raise SystemExit",
    "string-subclass": "def run(data):\n    return [len(data), data[:3], data == str(data)]",
}


def accepted_cases() -> list[Case]:
    calls = (
        post([1, 2]),
        post({"a": 1}, (*JSON, ("X-One", "1"), ("x-two", "b"))),
        get("/score?a=1"),
        post(b""),
    )
    plain = [Case(f"accepts-{name}", INIT + body + "\n", calls) for name, body in ACCEPTED.items()]
    sources = [
        Case("accepts-crlf", (INIT + "def run(data):\n    return data\n").replace("\n", "\r\n"), calls[:1]),
        Case("accepts-bom", "\ufeff" + ECHO, calls[:1]),
        Case("accepts-latin-1-comment", "# -*- coding: utf-8 -*-\n# é\n" + ECHO, calls[:1]),
        Case("accepts-no-newline", ECHO.rstrip(), calls[:1]),
        Case("accepts-nested-entry", ECHO, calls[:1], entry="src/deep/score.py"),
        Case("accepts-dashed-name", ECHO, calls[:1], entry="my-score.py"),
    ]
    return plain + sources


FACTS = {
    "module-name": "__name__",
    "module-not-registered": "'entry_module' in __import__('sys').modules",
    "module-spec": "[__spec__.name, __package__]",
    "file": "[__import__('os').path.isabs(__file__), __import__('os').path.basename(__file__)]",
    "working-directory": "__import__('os').path.realpath(__import__('os').getcwd()) == __import__('os').path.realpath(__import__('os').path.dirname(__file__))",
    "relative-file": "open('score.py').read(3)",
    "app-root": "__import__('os').path.realpath(__import__('os').environ['AML_APP_ROOT']) == __import__('os').path.realpath(__import__('os').getcwd())",
    "entry-script-variable": "__import__('os').path.basename(__import__('os').environ['AZUREML_ENTRY_SCRIPT'])",
    "model-dir-variable": "__import__('os').environ.get('AZUREML_MODEL_DIR')",
    "sibling": "__import__('sibling').VALUE",
    "package": "__import__('package.inner').inner.VALUE",
    "user-utils": "__import__('utils').VALUE",
    "main-thread": "__import__('threading').current_thread() is __import__('threading').main_thread()",
    "stdin": "__import__('sys').stdin.read() if __import__('sys').stdin else ''",
}


def fact_cases() -> list[Case]:
    files = {"sibling.py": "VALUE = 'sibling'\n", "package/__init__.py": "", "package/inner.py": "VALUE = 'inner'\n", "utils.py": "VALUE = 'mine'\n"}  # fmt: skip
    facts = [
        Case(f"fact-{name}", f"{INIT}def run(data):\n    return {expression}\n", (post(1),), files=files)
        for name, expression in FACTS.items()
    ]
    driver = "import types\nimport real_score\ndriver_module = real_score\ndef init():\n    real_score.init()\ndef run(data):\n    return 22\n"
    inner = "state = []\ndef init():\n    state.append(15)\ndef run(data):\n    return state[0]\n"
    others = [
        Case("driver-module", driver, (post(1), get("/score")), files={"real_score.py": inner}),
        Case("driver-without-run", driver, (post(1),), files={"real_score.py": "def init():\n    pass\n"}),
        Case("driver-not-a-module", "driver_module = 5\n" + ECHO, (post(1),)),
        Case("from-utils-import", "from utils import VALUE\n" + INIT + "def run(data):\n    return VALUE\n", (post(1),), env={"AZUREML_SOURCE_DIRECTORY": "src"}, files={"src/utils.py": "VALUE = 'mine'\n"}, entry="src/score.py"),
        Case("script-folder-import", "import beside\n" + INIT + "def run(data):\n    return beside.VALUE\n", (post(1),), files={"src/beside.py": "VALUE = 1\n"}, entry="src/score.py"),
        Case("source-directory", "import inside\n" + INIT + "def run(data):\n    return inside.VALUE\n", (post(1),), env={"AZUREML_SOURCE_DIRECTORY": "src"}, files={"src/inside.py": "VALUE = 2\n"}),
        Case("model-dir", "import os\n" + INIT + "def run(data):\n    return os.environ['AZUREML_MODEL_DIR']\n", (post(1),), env={"AZUREML_MODEL_DIR": "azureml-models/m/1"}),
    ]  # fmt: skip
    return facts + others


def identity_cases() -> list[Case]:
    names = ("x-request-id", "x-ms-request-id", "x-ms-client-request-id")
    combinations = [
        tuple((name, f"id-{i}") for i, name in enumerate(names) if mask >> i & 1) for mask in range(8)
    ] + [
        (("TraceId", "t"),), (("TraceId", "t" * 200),), (("x-request-id", ""),), (("x-ms-request-id", ""),),
        (("x-request-id", "a" * 100),), (("x-request-id", "a" * 101),), (("x-ms-request-id", "a" * 101),),
        (("x-ms-client-request-id", "a" * 101),), (("x-ms-client-request-id", "a" * 100),), (("X-REQUEST-ID", "Mixed"),),
        (("x-request-id", "a" * 101), ("x-ms-client-request-id", "b"), ("TraceId", "t")),
        (("x-request-id", "r"), ("x-ms-client-request-id", "a" * 101)), (("x-request-id", "é".encode().decode("latin-1")),),
    ]  # fmt: skip
    calls = tuple(
        Call(method, target, (*JSON, *headers), b"1" if method == "POST" else b"")
        for headers in combinations
        for method, target in (
            ("POST", "/score"),
            ("GET", "/"),
            ("GET", "/swagger.json"),
            ("GET", "/nowhere"),
        )
    )
    failing = tuple(Call("POST", "/score", (*JSON, *headers), b"1") for headers in combinations)
    return [
        Case("ids", ECHO, calls),
        Case("ids-failing", INIT + "def run(data):\n    raise ValueError\n", failing),
        Case("no-version-header", ECHO, (post(1), get("/"), get("/nowhere")), env={"SERVER_VERSION_LOG_RESPONSE_ENABLED": "false"}),
    ]  # fmt: skip


def cors_cases() -> list[Case]:
    origins = (
        None,
        "https://a.example",
        "https://b.example",
        "https://evil.example",
        "HTTPS://A.EXAMPLE",
        "null",
    )
    pre = (
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type, x-one"),
    )
    calls = tuple(
        Call(method, target, (*JSON, *((("Origin", origin),) if origin else ()), *extra), b"1" if method == "POST" else b"")
        for origin in origins
        for method, target, extra in (
            ("POST", "/score", ()), ("GET", "/", ()), ("OPTIONS", "/score", ()), ("OPTIONS", "/score", pre),
            ("OPTIONS", "/score", (("Access-Control-Request-Method", "PUT"),)), ("GET", "/nowhere", ()), ("PUT", "/score", ()),
        )
    )  # fmt: skip
    settings = {
        "none": {},
        "one": {"AML_CORS_ORIGINS": "https://a.example"},
        "two": {"AML_CORS_ORIGINS": "https://a.example, https://b.example"},
        "all": {"AML_CORS_ORIGINS": "*"},
    }
    plain = [Case(f"cors-{name}", ECHO, calls, env=env) for name, env in settings.items()]
    raw = (
        RAW_HEADER
        + "@rawhttp\ndef run(request):\n    return AMLResponse('x', 200, {'Access-Control-Allow-Origin': '*'})\n"
    )
    return [*plain, Case("cors-raw", raw, calls, env=settings["one"]), Case("cors-raw-none", raw, calls[:7])]


def timeout_cases() -> list[Case]:
    slow = "import time\n" + INIT + "def run(data):\n    time.sleep(float(data))\n    return 'done'\n"
    return [
        Case("timeout", slow, (post(0), post(5), post(0)), env={"SCORING_TIMEOUT_MS": "300"}),
        Case("timeout-caught", slow.replace("    time.sleep(float(data))", "    try:\n        time.sleep(float(data))\n    except TimeoutError:\n        return 'caught'"), (post(5),), env={"SCORING_TIMEOUT_MS": "300"}),
        Case("timeout-own", INIT + "def run(data):\n    raise TimeoutError('mine')\n", (post(0),), env={"SCORING_TIMEOUT_MS": "800"}),
    ]  # fmt: skip


def beyond_cases() -> list[Case]:
    """What only ours can do; listed among the differences."""
    prefixed = tuple(
        Call(m, "/api/v1/service/x" + path, JSON, b"1" if m == "POST" else b"")
        for m, path in (("POST", "/score"), ("GET", "/"), ("GET", "/swagger.json"), ("GET", "/score/"))
    )
    return [
        Case("typed-list", INIT + "from typing import List\ndef run(rows: List[float]):\n    return sum(rows)\n", (post({"rows": [1, 2]}), post({"rows": ["x"]}), post([1, 2]))),
        Case("typed-two-parameters", INIT + "def run(a: int, b: str):\n    return [a, b]\n", (post({"a": 1, "b": "x"}), post({"a": "1", "b": "x"}), post({}))),
        Case("prefixed-routes", ECHO, prefixed, env={"SERVICE_PATH_PREFIX": "/api/v1/service/x/"}),
    ]  # fmt: skip


def start_cases() -> list[Case]:
    return (
        beyond_cases()
        + boot_cases()
        + accepted_cases()
        + fact_cases()
        + identity_cases()
        + cors_cases()
        + timeout_cases()
    )
