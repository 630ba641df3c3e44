"""What the decorators of `run` declare."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mooring.inspection.scopes import Function
from mooring.inspection.script import Script

_INPUT, _OUTPUT = "input_schema", "output_schema"


@dataclass(frozen=True)
class Declaration:
    """One `@input_schema`.

    Attributes:
        call: The decorator.
        name: The parameter that it names; None when it is computed.
        name_node: Where the name stands.
        type_name: `NumpyParameterType` and its like; empty when it is not known.
        sample: The sample's expression, followed through a name; None when it is not known.
    """

    call: ast.Call
    name: str | None
    name_node: ast.expr | None
    type_name: str
    sample: ast.expr | None


def declared(script: Script, run: Function) -> list[Declaration]:
    """The inputs that a function's decorators declare."""
    calls = [node for node in run.decorator_list if isinstance(node, ast.Call)]
    return [_read(script, call) for call in calls if _is(script, call.func, _INPUT)]


def is_converted(declaration: Declaration) -> bool:
    """Whether the parameter arrives as what the sample is; False when the decorator is told to leave it."""
    call = declaration.call
    is_told = any(keyword.arg in {"convert_to_provided_type", "optional", None} for keyword in call.keywords)
    return not is_told and len(call.args) < 3  # noqa: PLR2004  the third says whether to convert


def is_decorated(script: Script, run: Function) -> bool:
    """Whether anything of inference-schema decorates a function."""
    heads = [node.func if isinstance(node, ast.Call) else node for node in run.decorator_list]
    return any(_is(script, head, _INPUT) or _is(script, head, _OUTPUT) for head in heads)


def is_raw(script: Script) -> bool:
    """Whether anything is decorated with `rawhttp`: the flag it sets is the process's."""
    return any(
        _is(script, head, "rawhttp")
        for function in script.index.of(ast.FunctionDef, ast.AsyncFunctionDef)
        for decorator in function.decorator_list
        for head in [decorator.func if isinstance(decorator, ast.Call) else decorator]
    )


def has_other_decorators(script: Script, run: Function) -> bool:
    """Whether a decorator may change what `run` gets or gives."""
    heads = [node.func if isinstance(node, ast.Call) else node for node in run.decorator_list]
    return any(not any(_is(script, head, name) for name in (_INPUT, _OUTPUT, "rawhttp")) for head in heads)


def _is(script: Script, head: ast.expr, name: str) -> bool:
    written = head.attr if isinstance(head, ast.Attribute) else head.id if isinstance(head, ast.Name) else ""
    return written == name or script.dotted(head).endswith(f".{name}")


def _read(script: Script, call: ast.Call) -> Declaration:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    name_node = call.args[0] if call.args else keywords.get("param_name")
    type_node = call.args[1] if len(call.args) > 1 else keywords.get("param_type")
    name = script.constant(name_node)
    if isinstance(type_node, ast.Name):
        type_node = script.only_value(type_node) or type_node
    type_name, sample = "", None
    if isinstance(type_node, ast.Call):
        head = type_node.func
        written = (
            head.attr if isinstance(head, ast.Attribute) else head.id if isinstance(head, ast.Name) else ""
        )
        type_name = script.dotted(head).rpartition(".")[2] or written
        sample = (
            type_node.args[0]
            if type_node.args
            else next((k.value for k in type_node.keywords if k.arg == "sample_input"), None)
        )
        if isinstance(sample, ast.Name):
            sample = script.only_value(sample) or sample
    return Declaration(call, name if isinstance(name, str) else None, name_node, type_name, sample)
