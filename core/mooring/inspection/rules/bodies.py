"""A request's body taken for what it is not: without a decorator it is text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding, Severity
from mooring.inspection.loaded_models import is_own_model
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.rules.parameters import body_parameter, is_batch, uses_as_given
from mooring.inspection.rules.sentences import shown
from mooring.inspection.script import Script

BODY_NOT_PARSED = Rule(
    code="body-not-parsed",
    severity="error",
    title="`run()` takes its text for parsed JSON",
    why='Without `@input_schema` the body arrives as a string. `raw_data["data"]` on a string raises a `TypeError`, and what '
    "dicts, arrays and requests have, such as `.items()`, `.shape` or `.method`, an `AttributeError`, for every request. "
    "A model or an array that is made of the text itself is a warning: few models can use it.",
    bad='def init():\n    pass\n\n\ndef run(raw_data):\n    return len(raw_data["data"])\n',
    good="import json\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n"
    '    return len(json.loads(raw_data)["data"])\n',
)

_OF_TEXT = frozenset(dir(str))
_REFUSE_TEXT = {
    "pandas.DataFrame",
    "pandas.DataFrame.from_dict",
    "torch.tensor",
    "io.BytesIO",
}
_READERS = {"json.load", "pickle.load", "joblib.load", "numpy.load"}
_WRAP_TEXT = {"numpy.array", "numpy.asarray"}
_OF_REQUESTS = {"method", "get_data", "get_json", "files", "headers", "form", "args", "full_path", "json"}


@check(BODY_NOT_PARSED)
def find_unparsed_body(script: Script) -> Iterator[Finding]:
    """The body's text used as a dict, an array or a request."""
    run = script.run
    if run is None or run.decorator_list or schema_calls.is_raw(script) or is_batch(script):
        return
    parameter = body_parameter(run)
    if parameter is None:
        return
    for place, name, _ in uses_as_given(script, run, parameter):
        node, severity = _misuse(script, place)
        if node is None:
            continue
        problem = (
            f"{shown(node)} takes {name} for parsed JSON, but an undecorated run() gets the body as text."
        )
        remedy = f"Parse it first: {name} = json.loads({name})."
        if isinstance(node, ast.Call) and script.called(node) in _READERS:
            problem = f"{shown(node)} reads a file, but an undecorated run() gets the body as text."
            remedy = f"Write json.loads({name})."
        if getattr(node, "attr", "") in _OF_REQUESTS:
            if _may_be_raw(script):
                return
            problem = (
                f"{shown(node)} takes {name} for a request, but an undecorated run() gets the body as text."
            )
            remedy = "Decorate run with @rawhttp to get the request itself, or parse the text."
        yield script.finding(BODY_NOT_PARSED, node, problem, remedy, severity=severity)
        return


def _may_be_raw(script: Script) -> bool:
    """Whether something else than a decorator may switch to whole requests: the flag is the process's."""
    imported = any("rawhttp" in origin for origins in script.imports.values() for origin in origins)
    is_used = any("rawhttp" in name for scope in script.index.scopes for name in scope.loads)
    return is_used or ("rawhttp" in script.text and not imported)


def _misuse(script: Script, place: ast.Name) -> tuple[ast.AST | None, Severity]:
    """What is done with the text that text can't do, and how sure that is."""
    parent = script.index.parents.get(place)
    if isinstance(parent, ast.Subscript) and parent.value is place:
        index = parent.slice
        is_key = isinstance(index, ast.Constant) and isinstance(index.value, str)
        return (parent, "error") if is_key or isinstance(index, ast.Tuple | ast.List) else (None, "error")
    if isinstance(parent, ast.Attribute) and parent.attr not in _OF_TEXT:
        above = script.index.parents.get(parent)
        is_called = isinstance(above, ast.Call) and above.func is parent
        is_request = parent.attr in _OF_REQUESTS
        return above if is_called and not is_request else parent, "error"
    if isinstance(parent, ast.Call) and parent.args[:1] == [place]:
        called = script.called(parent)
        if called in _REFUSE_TEXT or called in _WRAP_TEXT or called in _READERS:
            return parent, "warning" if called in _WRAP_TEXT else "error"
    if isinstance(parent, ast.Call) and parent.args == [place]:
        method = parent.func
        is_prediction = isinstance(method, ast.Attribute) and method.attr in {"predict", "predict_proba"}
        if isinstance(method, ast.Attribute) and is_prediction and not is_own_model(script, method.value):
            return parent, "warning"
    return None, "error"
