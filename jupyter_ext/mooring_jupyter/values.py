"""Variables of the notebook in the place of text: `--data df`, `--sample-input X`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from mooring.errors import MooringError
from mooring_jupyter.shortcuts import value_of, without

_DATA = ("-d", "--data", "--input-data")
_JSON_WORDS = ("true", "false", "null")


@dataclass(eq=False)
class ExpressionFailed(MooringError):
    """An expression over the notebook's variables has no value."""

    code = "expression-failed"
    text: str
    reason: str

    @property
    def problem(self) -> str:
        """Which, and Python's words."""
        return f"{self.text} has no value: {self.reason}."

    @property
    def remedy(self) -> str:
        """Where to try it."""
        return "Try the expression in a cell of its own."


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
    try:
        return True, eval(text, shell.user_global_ns, shell.user_ns)  # noqa: S307 (the user's own cell)
    except Exception as error:
        raise ExpressionFailed(text, f"{type(error).__name__}: {error}") from error


def unknown_variable(shell: Any, text: str) -> str:
    """A hint when a text was likely meant as a variable, but the notebook has none of that name; empty otherwise."""
    import ast

    from mooring.errors import did_you_mean

    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    while isinstance(tree, ast.Subscript | ast.Attribute):
        tree = tree.value
    if not isinstance(tree, ast.Name) or tree.id in (*_JSON_WORDS, *shell.user_ns):
        return ""
    known = [name for name in shell.user_ns if name[0] != "_" and name not in shell.user_ns_hidden]
    hint = did_you_mean(tree.id, known)
    return f"note: {tree.id} is no variable of this notebook, so its name is sent as text{hint}"


def with_data(shell: Any, words: list[str]) -> list[str]:
    """`service run`'s words with the data as the JSON that the service takes."""
    if words[:2] == ["model", "deploy"] or words[:2] != ["service", "run"]:
        return words
    given = value_of(words, *_DATA)
    if given is None:
        return _with_sample(words)
    is_variable, value = lookup(shell, given)
    if not is_variable and (hint := unknown_variable(shell, given)):
        sys.stderr.write(f"{hint}\n")
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
