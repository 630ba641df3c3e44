"""What `run()` gives back, and what becomes of it on its way to the client."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding, Severity
from mooring.inspection.guards import is_broad
from mooring.inspection.held_values import parts_of
from mooring.inspection.kinds import CERTAIN, NOT_JSON, Kind
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.rules.parameters import is_batch
from mooring.inspection.rules.sentences import shown
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script
from mooring.inspection.values import kind_of

_INIT = "def init():\n    pass\n\n\n"
_MODEL = """import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    rows = json.loads(raw_data)["data"]
"""

RETURN_NOT_JSON = Rule(
    code="return-not-json",
    severity="warning",
    title="`run()` returns what JSON can't hold",
    why="The server writes the result with `json.dumps`. An array, a DataFrame, a tensor, a NumPy integer, a set or "
    "bytes make that fail: the client gets a 500 that says nothing of the cause, for every request. It is an error "
    "where the value is certain, a warning where it is what a model's `predict` usually returns.",
    bad=_MODEL + "    return model.predict(rows)\n",
    good=_MODEL + "    return model.predict(rows).tolist()\n",
)
RETURN_TWICE_ENCODED = Rule(
    code="return-twice-encoded",
    severity="hint",
    title="`run()` returns JSON text, which is encoded once more",
    why="A returned string is a JSON string: the client gets quotes and backslashes and has to decode twice. Return "
    "the object itself. Clients that decode twice today have to change with it, so this is no more than a hint.",
    bad=_MODEL + "    return json.dumps(model.predict(rows).tolist())\n",
    good=_MODEL + "    return model.predict(rows).tolist()\n",
)
EXCEPTION_RETURNED = Rule(
    code="exception-returned",
    severity="hint",
    title="An exception is caught and returned as a good answer",
    why="The client gets status 200 with an error's text in it; counters and alerts see no failure. Let the exception "
    "out (the answer is 500 and the log has the traceback), or return `AMLResponse(str(error), 500)`. Azure's own "
    "samples are written this way, so it is only looked for when asked.",
    bad=_MODEL.replace("    rows = json", "    try:\n        rows = json")
    + "        return model.predict(rows).tolist()\n    except Exception as error:\n        return str(error)\n",
    good=_MODEL + "    return model.predict(rows).tolist()\n",
    is_on=False,
)
RUN_RETURNS_NOTHING = Rule(
    code="run-returns-nothing",
    severity="warning",
    title="`run()` never returns a value",
    why="A `run()` without `return` answers every request with `{}`.",
    bad=_MODEL + "    print(model.predict(rows).tolist())\n",
    good=_MODEL + "    return model.predict(rows).tolist()\n",
)
ERROR_PATH_FAILS = Rule(
    code="error-path-fails",
    severity="warning",
    title="The way out after an error fails itself",
    why="The `except` block puts the error's text into the name that the line after it calls `.tolist()` on. Text has "
    "no `tolist`, so the client sees an `AttributeError` instead of the real cause, and the log shows the wrong one.",
    bad=_MODEL.replace("    rows = json", "    try:\n        rows = json")
    + "        result = model.predict(rows)\n    except Exception as error:\n        result = str(error)\n"
    "    return result.tolist()\n",
    good=_MODEL + "    return model.predict(rows).tolist()\n",
)
RETURN_NUMPY_ITEM = Rule(
    code="return-numpy-item",
    severity="hint",
    title="`run()` returns one item of an array as it is",
    why="Of a float64 array it works, because those items are Python floats as well. Items of integer, float32 and "
    "boolean arrays are not: a classifier's labels make every request fail. `.item()` and `float()` work with all.",
    bad=_MODEL + "    return model.predict(rows)[0]\n",
    good=_MODEL + "    return model.predict(rows)[0].item()\n",
)

_ARRAY_ONLY = {
    "tolist",
    "reshape",
    "astype",
    "flatten",
    "shape",
    "to_json",
    "to_dict",
    "ravel",
    "item",
}


@check(RETURN_NOT_JSON, RETURN_TWICE_ENCODED, RETURN_NUMPY_ITEM)
def find_wrong_returns(script: Script) -> Iterator[Finding]:
    """Every value that `run` returns."""
    run = script.run
    if (
        run is None
        or is_batch(script)
        or schema_calls.has_other_decorators(script, run)
        or _is_generator(script, run)
    ):
        return
    for node in script.walk(run):
        if isinstance(node, ast.Return) and node.value is not None:
            yield from _judge(script, run, node.value, is_whole=True)
        elif isinstance(node, ast.Call) and _dumps_plainly(script, node):
            yield from _judge(script, run, node.args[0], is_whole=False)


def _judge(script: Script, run: Function, value: ast.expr, *, is_whole: bool) -> Iterator[Finding]:
    if is_whole and kind_of(script, run, value) is Kind.JSON_TEXT:
        problem = f"{shown(value)} is JSON text already; the server encodes it once more."
        yield script.finding(RETURN_TWICE_ENCODED, value, problem, "Return the object itself.")
        return
    for part in parts_of(script, run, value):
        kind = kind_of(script, run, part)
        is_streamed = is_whole and part is value and isinstance(part, ast.GeneratorExp)
        if is_streamed or _is_converted_somewhere(script, run, part):
            continue
        if kind in NOT_JSON:
            severity: Severity = (
                "error" if kind in CERTAIN and not _is_tried(script, run, part) else "warning"
            )
            problem = f"{shown(part)} is {kind.value}, which JSON can't hold."
            yield script.finding(RETURN_NOT_JSON, part, problem, _remedy(kind), severity=severity)
        elif kind in {Kind.NUMPY_ITEM, Kind.ITEMS}:
            them, remedy = ("it is a float64", "Call .item() on it, or float().")
            if kind is Kind.ITEMS:
                them, remedy = ("they are float64", "Call .tolist() on the array.")
            problem = f"{shown(part)} is {kind.value}; JSON can hold it only when {them}."
            yield script.finding(RETURN_NUMPY_ITEM, part, problem, remedy)


def _remedy(kind: Kind) -> str:
    return {
        Kind.FRAME: 'Return .to_dict(orient="records") of it.',
        Kind.OUTPUTS: "Return [output.tolist() for output in outputs].",
        Kind.NUMPY_INTEGER: "Return int() of it.",
        Kind.TENSOR: "Return .tolist() of it.",
        Kind.SET: "Return list() of it.",
        Kind.BYTES: "Decode it, or return an AMLResponse.",
        Kind.MOMENT: "Return .isoformat() or str() of it.",
        Kind.OBJECT: "Return str() of it.",
        Kind.ITERATOR: "Return list() of it.",
        Kind.COROUTINE: "Await it, or write the function without async.",
    }.get(kind, "Return .tolist() of it.")


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_converted_somewhere(script: Script, run: Function, part: ast.expr) -> bool:
    """Whether the function asks about the value's type: then it knows better than we do."""
    if not isinstance(part, ast.Name):
        return False
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"isinstance", "hasattr", "type"}
        and node.args
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == part.id
        for node in script.walk(run)
    )


def _dumps_plainly(script: Script, call: ast.Call) -> bool:
    """`json.dumps(x)` without a `default=` or `cls=` that could help it."""
    if script.called(call) != "json.dumps" or not call.args:
        return False
    return not any(keyword.arg in {"default", "cls", None} for keyword in call.keywords)


def _is_tried(script: Script, run: Function, node: ast.AST) -> bool:
    return any(
        isinstance(around, ast.If | ast.ExceptHandler)
        for around in script.index.around(node)
        if around is not run
    )


def _is_generator(script: Script, run: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in script.walk(run))


@check(RUN_RETURNS_NOTHING)
def find_no_return(script: Script) -> Iterator[Finding]:
    """A `run` without a value."""
    run = script.run
    if run is None or not script.is_whole or schema_calls.has_other_decorators(script, run):
        return
    returns = [node for node in script.walk(run) if isinstance(node, ast.Return) and node.value is not None]
    is_raising = any(
        isinstance(node, ast.Raise) and not _in_handler(script, run, node) for node in script.walk(run)
    )
    if not all(_in_handler(script, run, node) for node in returns) or (returns and is_raising):
        return
    last = run.body[-1]
    if _is_generator(script, run) or isinstance(last, ast.Raise) or _is_ellipsis(last):
        return
    problem = "run() never returns a value, so every answer is {}."
    if returns:
        problem = "run() returns a value after an error only; when all goes well, the answer is {}."
    yield script.finding(RUN_RETURNS_NOTHING, script.name_span(run), problem, "Return the result.")


def _in_handler(script: Script, run: Function, node: ast.AST) -> bool:
    """Whether a node of `run` is in an `except` block."""
    for around in script.index.around(node):
        if around is run:
            return False
        if isinstance(around, ast.ExceptHandler):
            return True
    return False


def _is_ellipsis(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


@check(EXCEPTION_RETURNED, words=("except",))
def find_returned_exceptions(script: Script) -> Iterator[Finding]:
    """`except Exception as e: return str(e)` in what a request runs."""
    for function in script.at_request:
        for node in script.walk(function):
            if isinstance(node, ast.ExceptHandler) and is_broad(node):
                returned = _returns_error(script, function, node)
                if returned is not None:
                    problem = f"{shown(returned)} answers an exception with status 200."
                    yield script.finding(
                        EXCEPTION_RETURNED,
                        returned,
                        problem,
                        "Let it raise, or return AMLResponse(str(error), 500).",
                    )


def _returns_error(script: Script, function: Function, handler: ast.ExceptHandler) -> ast.AST | None:
    """The return or assignment that makes the exception an answer."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) or any(isinstance(node, ast.Raise) for node in handler.body):
        return None
    if isinstance(last, ast.Return):
        return None if last.value is None or _names_status(last.value) else last
    for statement in handler.body:
        if isinstance(statement, ast.Assign) and _keeps_error(statement, handler):
            target = statement.targets[0]
            name = target.id if isinstance(target, ast.Name) else ""
            if _is_returned_after(script, function, statement, name) and not _names_status(statement.value):
                return statement
    return None


def _keeps_error(statement: ast.Assign, handler: ast.ExceptHandler) -> bool:
    names = {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
    return handler.name in names or isinstance(statement.value, ast.Constant | ast.Dict)


def _is_returned_after(script: Script, function: Function, statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Return)
        and node.lineno > statement.lineno
        and node.value is not None
        and name in {inner.id for inner in ast.walk(node.value) if isinstance(inner, ast.Name)}
        for node in script.walk(function)
    )


def _names_status(value: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and "Response" in ast.unparse(node.func) for node in ast.walk(value)
    )


@check(ERROR_PATH_FAILS, words=("tolist", "to_json", "to_dict", ".reshape", ".values", ".item"))
def find_failing_error_paths(script: Script) -> Iterator[Finding]:
    """`result = str(e)` in the handler, `result.tolist()` after it or in it."""
    for function in script.at_request:
        for node in script.walk(function):
            if isinstance(node, ast.Try):
                yield from _after_handlers(script, function, node)


def _after_handlers(script: Script, function: Function, attempt: ast.Try) -> Iterator[Finding]:
    for handler in attempt.handlers:
        if _leaves(handler.body):
            region: list[ast.stmt] = handler.body
        else:
            region = [*handler.body, *attempt.finalbody, *_following(script, attempt)]
        texts = _texts_set(script, function, handler)
        for name, assignment in texts.items():
            use = _first_array_use(region, name, assignment)
            if use is not None:
                problem = f"{shown(use)} fails after an error: {name} holds the error then (line {assignment.lineno})."
                remedy = f"Return in the except block, or convert {name} in the try block."
                yield script.finding(ERROR_PATH_FAILS, use, problem, remedy)


def _leaves(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def _texts_set(script: Script, function: Function, handler: ast.ExceptHandler) -> dict[str, ast.Assign]:
    """Names that a handler sets to text."""
    found: dict[str, ast.Assign] = {}
    for statement in handler.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            is_literal = isinstance(statement.value, ast.Dict | ast.List)
            if is_literal or kind_of(script, function, statement.value) in {Kind.TEXT, Kind.JSON_TEXT}:
                found[name] = statement
            else:
                found.pop(name, None)
    return found


def _following(script: Script, statement: ast.stmt) -> list[ast.stmt]:
    """The statements after one, in its own block and in those around it up to the function."""
    found: list[ast.stmt] = []
    below: ast.AST = statement
    for around in script.index.around(statement):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(around, part, None)
            if isinstance(block, list) and below in block:
                found += block[block.index(below) + 1 :]
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
            break
        below = around
    return found


def _first_array_use(region: list[ast.stmt], name: str, assignment: ast.Assign) -> ast.AST | None:
    for statement in region:
        if statement.lineno <= assignment.lineno:
            continue
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in statement.targets
        ):
            return _array_use(statement.value, name)
        if isinstance(statement, ast.If | ast.For | ast.While | ast.Try | ast.With):
            if name in {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}:
                return None  # it may well be asked what it is
            continue
        use = _array_use(statement, name)
        if use is not None:
            return use
        if isinstance(statement, ast.Return | ast.Raise):
            return None
    return None


def _array_use(node: ast.AST, name: str) -> ast.AST | None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.IfExp):
            return None
        if isinstance(inner, ast.Attribute) and inner.attr in _ARRAY_ONLY and _is_name(inner.value, name):
            return inner
    return None
