"""Variables of the notebook in the place of text: `--data df`, `--sample-input X`."""

from __future__ import annotations

import json
from typing import Any

from mooring_jupyter.shortcuts import value_of, without

_DATA = ("-d", "--data", "--input-data")


def lookup(shell: Any, text: str) -> tuple[bool, Any]:
    """Whether a text is a variable, or an expression over one such as `X[:2]`, and its value."""
    import ast

    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False, None
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    if not names or any(name not in shell.user_ns for name in names):
        return False, None
    if any(isinstance(node, ast.Call) for node in ast.walk(tree)) and not isinstance(tree.body, ast.Call):
        return False, None
    return True, eval(text, shell.user_global_ns, shell.user_ns)  # noqa: S307 (the user's own cell)


def with_data(shell: Any, words: list[str]) -> list[str]:
    """`service run`'s words with the data as the JSON that the service takes."""
    if words[:2] == ["model", "deploy"] or words[:2] != ["service", "run"]:
        return words
    given = value_of(words, *_DATA)
    if given is None:
        return _with_sample(words)
    is_variable, value = lookup(shell, given)
    if not is_variable or isinstance(value, str | bytes):
        text = value if is_variable and isinstance(value, str) else given
        return [*without(words, *_DATA), "-d", text]
    return [*without(words, *_DATA), "-d", _body(words, value)]


def _with_sample(words: list[str]) -> list[str]:
    """Without data the service's own sample is sent."""
    name = value_of(words, "-n", "--name")
    if name is None or "--help" in words:
        return words
    with _workspace(words) as workspace:
        form = workspace.services.request_form(name)
    return words if form.sample is None else [*words, "-d", json.dumps(form.sample)]


def _body(words: list[str], value: Any) -> str:
    from mooring.deployments.calls import as_body
    from mooring.deployments.request_body import body_from

    name = value_of(words, "-n", "--name") or ""
    with _workspace(words) as workspace:
        form = workspace.services.request_form(name)
    return as_body(body_from(form, value)).decode()


def _workspace(words: list[str]) -> Any:
    from mooring.workspace import Workspace

    return Workspace.open(value_of(words, "-w", "--workspace-name"))
