"""What kind of value an expression gives, as far as the text of one function shows.

Flow is followed only where it is plain: a name has the kind of its last assignment before the place, and when several
may have been the last, the kind they share. Anything else is unknown, and about the unknown nothing is said.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from mooring.inspection.assignments import values_before
from mooring.inspection.kinds import (
    ARRAY_LIKE,
    ARRAY_MAKERS,
    ARRAY_METHODS,
    BYTES_MAKERS,
    FRAME_MAKERS,
    FRAME_METHODS,
    ITERATORS,
    KEEPS_ARRAY,
    MOMENTS,
    OBJECTS,
    PLAIN_CALLS,
    PREDICTS,
    Kind,
)
from mooring.inspection.loaded_models import is_booster, is_none, is_onnx_session, is_own_model, values_of
from mooring.inspection.own_classes import is_plain_class
from mooring.inspection.rules import schema_calls
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


def kind_of(script: Script, function: Function, node: ast.expr | None, depth: int = 0) -> Kind:  # noqa: PLR0911  one line a case
    """The kind of an expression in a function."""
    if node is None or depth > 8:  # noqa: PLR2004  longer chains tell nothing
        return Kind.UNKNOWN
    if isinstance(node, ast.Name):
        return _kind_of_name(script, function, node, depth)
    if isinstance(node, ast.Call):
        return _kind_of_call(script, function, node, depth)
    if isinstance(node, ast.Attribute):
        inner = kind_of(script, function, node.value, depth + 1)
        if node.attr in {"values", "T", "iloc", "loc"} and inner is Kind.FRAME:
            return Kind.ARRAY if node.attr == "values" else Kind.FRAME
        return inner if node.attr == "T" and inner in ARRAY_LIKE else Kind.UNKNOWN
    if isinstance(node, ast.Subscript):
        return _kind_of_item(kind_of(script, function, node.value, depth + 1), node)
    if isinstance(node, ast.Constant):
        return _kind_of_constant(node.value)
    return _kind_of_shape(script, function, node, depth)


def _kind_of_shape(script: Script, function: Function, node: ast.expr, depth: int) -> Kind:  # noqa: PLR0911  one line a case
    if isinstance(node, ast.JoinedStr):
        return Kind.TEXT
    if isinstance(node, ast.Set | ast.SetComp):
        return Kind.SET
    if isinstance(node, ast.GeneratorExp):
        return Kind.ITERATOR
    if isinstance(node, ast.ListComp):
        return _kind_of_items(script, function, _copied(node), depth)
    if isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.DictComp | ast.Compare):
        return Kind.PLAIN
    if isinstance(node, ast.BinOp):
        left = kind_of(script, function, node.left, depth + 1)
        right = kind_of(script, function, node.right, depth + 1)
        if Kind.TEXT in (left, right):
            return Kind.TEXT if isinstance(node.op, ast.Add | ast.Mod) else Kind.UNKNOWN
        return next((kind for kind in (left, right) if kind in ARRAY_LIKE), Kind.UNKNOWN)
    if isinstance(node, ast.IfExp):
        first = kind_of(script, function, node.body, depth + 1)
        return first if first is kind_of(script, function, node.orelse, depth + 1) else Kind.UNKNOWN
    if isinstance(node, ast.NamedExpr):
        return kind_of(script, function, node.value, depth + 1)
    return Kind.UNKNOWN


def _copied(comprehension: ast.ListComp) -> ast.expr | None:
    """What `[x for x in rows]` goes through, when it takes the items as they are."""
    (first, *more), element = comprehension.generators, comprehension.elt
    is_same = (
        isinstance(element, ast.Name) and isinstance(first.target, ast.Name) and element.id == first.target.id
    )
    return first.iter if is_same and not more else None


def _kind_of_items(script: Script, function: Function, rows: ast.expr | None, depth: int) -> Kind:
    """The kind of a list that holds the items of something."""
    inner = kind_of(script, function, rows, depth + 1)
    if inner is Kind.INTEGER_ARRAY:
        return Kind.INTEGER_ITEMS
    return Kind.ITEMS if inner in ARRAY_LIKE else Kind.PLAIN


def _kind_of_constant(value: Any) -> Kind:
    if isinstance(value, str):
        return Kind.TEXT
    return Kind.BYTES if isinstance(value, bytes) else Kind.PLAIN


def _kind_of_item(inner: Kind, node: ast.Subscript) -> Kind:
    index = node.slice
    if isinstance(index, ast.Slice):
        return inner
    if inner is Kind.FRAME:
        is_column = isinstance(index, ast.List) or (
            isinstance(index, ast.Constant) and isinstance(index.value, str)
        )
        return Kind.FRAME if is_column else Kind.UNKNOWN
    item = Kind.NUMPY_INTEGER if inner is Kind.INTEGER_ARRAY else Kind.NUMPY_ITEM
    if inner in ARRAY_LIKE:
        if isinstance(index, ast.Tuple):
            whole = inner if inner is Kind.INTEGER_ARRAY else Kind.ARRAY  # only an array can be cut like this
            return whole if any(isinstance(part, ast.Slice) for part in index.elts) else item
        if isinstance(index, ast.Constant) or (
            isinstance(index, ast.UnaryOp) and isinstance(index.operand, ast.Constant)
        ):
            return item
    if inner is Kind.OUTPUTS and isinstance(index, ast.Constant) and isinstance(index.value, int):
        return Kind.PREDICTED  # a list of dicts, for some classifiers' scores
    return Kind.UNKNOWN


def _kind_of_call(script: Script, function: Function, node: ast.Call, depth: int) -> Kind:  # noqa: PLR0911  one line a case
    called = script.called(node)
    if called:
        known = _kind_of_known(script, function, node, called, depth)
        if known is not Kind.UNKNOWN:
            return known
    own = _own_method(script, function, node)
    if own is not None and own is not function:
        return _kind_of_result(script, own, depth)
    if isinstance(node.func, ast.Attribute):
        return _kind_of_converted(script, function, node.func, depth) or _kind_of_method(
            script, function, node, node.func, depth
        )
    if isinstance(node.func, ast.Name) and not called:
        known = _kind_of_builtin(script, function, node, node.func.id, depth)
        if known is not Kind.UNKNOWN:
            return known
        helper = script.function(node.func.id)
        if isinstance(helper, ast.AsyncFunctionDef) and not helper.decorator_list:
            return Kind.COROUTINE if not _is_generator(script, helper) else Kind.UNKNOWN
        if helper is not None and helper is not function:
            return _kind_of_result(script, helper, depth)
        return _kind_of_made(script, node.func.id)
    return Kind.UNKNOWN


def _kind_of_made(script: Script, name: str) -> Kind:
    """The kind that calling a class of the script or a builtin's gives."""
    if is_plain_class(script, name):
        return Kind.OBJECT
    if name in PLAIN_CALLS and name not in script.module_names:
        return Kind.TEXT if name in {"str", "repr"} else Kind.PLAIN
    return Kind.UNKNOWN


def _own_method(script: Script, function: Function, call: ast.Call) -> Function | None:
    """The method of one of the script's classes that a call means: of `Class.method(…)`, or of a name made by the class."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name) or not isinstance(call.func, ast.Attribute):
        return None
    values = [value for value in values_of(script, owner) if not is_none(value)]
    made = values[0] if len(values) == 1 else None
    name = made.func.id if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) else owner.id
    binders = script.index.module.binds.get(name, [])
    owner_class = binders[0] if len(binders) == 1 else None
    if not isinstance(owner_class, ast.ClassDef):
        return None
    methods = [
        node
        for node in owner_class.body
        if isinstance(node, ast.FunctionDef) and node.name == call.func.attr and node is not function
    ]
    return methods[0] if len(methods) == 1 else None


def _is_generator(script: Script, function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in script.walk(function))


def _kind_of_builtin(script: Script, function: Function, node: ast.Call, name: str, depth: int) -> Kind:
    """The kind that a builtin gives; unknown for those that give plain values, and for names of the script's own."""
    if name in script.module_names:
        return Kind.UNKNOWN
    if name in {"set", "frozenset"}:
        return Kind.SET
    if name in {"list", "tuple"} and len(node.args) == 1:
        return _kind_of_items(script, function, node.args[0], depth)
    return Kind.ITERATOR if name in ITERATORS else Kind.UNKNOWN


def _kind_of_result(script: Script, helper: Function, depth: int) -> Kind:
    """The kind that all returns of a function of the script share."""
    decorators = {getattr(node, "id", "") for node in helper.decorator_list}
    if decorators - {"staticmethod", "classmethod"} or isinstance(helper, ast.AsyncFunctionDef):
        return Kind.UNKNOWN
    if _is_generator(script, helper):
        return Kind.UNKNOWN
    returned = [node.value for node in script.walk(helper) if isinstance(node, ast.Return)]
    kinds = {kind_of(script, helper, value, depth + 1) for value in returned}
    return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN


def _kind_of_known(script: Script, function: Function, node: ast.Call, called: str, depth: int) -> Kind:  # noqa: PLR0911  one line a case
    if called in ARRAY_MAKERS:
        return Kind.ARRAY
    if called.startswith("numpy."):
        return _kind_of_numpy(script, function, node, called.removeprefix("numpy."), depth)
    if called in FRAME_MAKERS:
        return Kind.FRAME
    if called in MOMENTS:
        return Kind.MOMENT
    if called in OBJECTS:
        return Kind.OBJECT
    if called in BYTES_MAKERS:
        return Kind.BYTES
    if called in {"json.dumps", "ujson.dumps", "simplejson.dumps"}:
        return Kind.JSON_TEXT
    if called.startswith(
        ("torch.softmax", "torch.argmax", "torch.max", "torch.sigmoid", "torch.nn.functional.")
    ):
        return Kind.TENSOR
    if called in {
        "torch.tensor",
        "torch.from_numpy",
        "tensorflow.nn.softmax",
        "tensorflow.argmax",
        "tensorflow.constant",
    }:
        return Kind.TENSOR
    return Kind.PLAIN if called.startswith(("json.", "flask.")) else Kind.UNKNOWN


def _kind_of_numpy(script: Script, function: Function, node: ast.Call, name: str, depth: int) -> Kind:
    has_axis = len(node.args) > 1 or any(keyword.arg == "axis" for keyword in node.keywords)
    if name in {"argmax", "argmin"} and not has_axis:
        return Kind.NUMPY_INTEGER
    if name in {"argmax", "argmin"}:
        return Kind.INTEGER_ARRAY  # of a row it is one number, of a table an array; JSON can hold neither
    if name in KEEPS_ARRAY and node.args:
        inner = kind_of(script, function, node.args[0], depth + 1)
        return inner if inner in ARRAY_LIKE else Kind.UNKNOWN
    if name in {"int64", "int32", "float32", "bool_", "int8", "int16", "uint8"}:
        return Kind.NUMPY_INTEGER
    return Kind.UNKNOWN


def _kind_of_converted(  # one line a case
    script: Script, function: Function, method: ast.Attribute, depth: int
) -> Kind | None:
    """The kind that a method gives which turns a value into text or plain data; None for any other method."""
    name, owner = method.attr, method.value
    if name in {"tolist", "item", "to_dict", "to_list"}:
        return Kind.PLAIN
    if name in {"to_json", "to_csv", "to_html"}:
        has_path = bool(script.index.parents[method].args)  # type: ignore[attr-defined]
        return Kind.JSON_TEXT if name == "to_json" and not has_path else Kind.TEXT
    if name not in {"format", "join", "strip", "decode", "lower", "upper", "encode"}:
        return None
    if kind_of(script, function, owner, depth + 1) not in {Kind.TEXT, Kind.JSON_TEXT}:
        return Kind.UNKNOWN
    return Kind.BYTES if name == "encode" else Kind.TEXT


def _kind_of_method(  # noqa: PLR0911  one line a case
    script: Script, function: Function, node: ast.Call, method: ast.Attribute, depth: int
) -> Kind:
    name, owner = method.attr, method.value
    if name == "run" and is_onnx_session(script, owner):
        return Kind.OUTPUTS
    if name in PREDICTS:
        return _kind_of_prediction(script, owner, name)
    if name in {"to_numpy", "numpy", "as_matrix"} and not (name == "numpy" and script.dotted(owner)):
        return Kind.ARRAY
    inner = kind_of(script, function, owner, depth + 1)
    if inner in ARRAY_LIKE and name == "astype":
        return _kind_of_cast(node, inner)
    if inner in ARRAY_LIKE and name in ARRAY_METHODS:
        return inner
    if inner is Kind.FRAME and name in FRAME_METHODS:
        return inner
    if inner in ARRAY_LIKE and name in {"argmax", "argmin"} and not node.args and not node.keywords:
        return Kind.NUMPY_INTEGER
    if inner in ARRAY_LIKE and name in {"argmax", "argmin", "argsort"}:
        return Kind.INTEGER_ARRAY
    return inner if inner is Kind.TENSOR and name in {"detach", "cpu", "squeeze", "softmax"} else Kind.UNKNOWN


def _kind_of_prediction(script: Script, owner: ast.expr, method: str) -> Kind:
    if is_own_model(script, owner):
        return Kind.UNKNOWN
    is_certain = method in {"predict_proba", "decision_function"} or is_booster(script, owner)
    return Kind.ARRAY if is_certain else Kind.PREDICTED


def _kind_of_cast(call: ast.Call, inner: Kind) -> Kind:
    """`.astype(int)` makes integers; of any other type no more is known."""
    wanted = call.args[0] if call.args else None
    name = getattr(wanted, "id", "") or getattr(wanted, "attr", "") or getattr(wanted, "value", "")
    if isinstance(name, str) and re.fullmatch(r"u?int\d*", name):
        return Kind.INTEGER_ARRAY
    return Kind.ARRAY if inner is Kind.INTEGER_ARRAY else inner


# ---- names -------------------------------------------------------------------------------------------------------------


def _kind_of_name(script: Script, function: Function, name: ast.Name, depth: int) -> Kind:
    binders = script.index.scope_of_function[function].binds.get(name.id, [])
    if binders and all(isinstance(binder, ast.arg) for binder in binders):
        return _kind_of_parameter(script, function, name)
    scope = script.scope_of(name)
    if scope is not None and scope.kind == "comprehension":
        binders = scope.binds.get(name.id, [])
    rows = _gone_through(script, binders, name)
    if rows is not None:
        inner = kind_of(script, function, rows, depth + 1)
        item = Kind.NUMPY_INTEGER if inner is Kind.INTEGER_ARRAY else Kind.NUMPY_ITEM
        return item if inner in ARRAY_LIKE else Kind.UNKNOWN
    values = values_before(script, function, name)
    if not values:
        return Kind.UNKNOWN
    kinds = {
        kind_of(script, function, value, depth + 1) if value is not None else Kind.UNKNOWN for value in values
    }
    return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN


def _gone_through(script: Script, binders: list[ast.AST], name: ast.Name) -> ast.expr | None:
    """The rows whose items a name stands for, in the loop that goes through them; None for any other name."""
    loop = script.index.parents.get(binders[0]) if len(binders) == 1 else None
    if not isinstance(loop, ast.For | ast.comprehension) or loop.target is not binders[0]:
        return None
    return loop.iter if isinstance(loop, ast.comprehension) or loop in script.index.around(name) else None


_DECLARED = {"PandasParameterType": Kind.FRAME, "NumpyParameterType": Kind.ARRAY}


def _kind_of_parameter(script: Script, function: Function, name: ast.Name) -> Kind:
    """What a decorator of `run` has made of its parameter."""
    if function is not script.run:
        return Kind.UNKNOWN
    declarations = [each for each in schema_calls.declared(script, function) if each.name == name.id]
    is_plain = len(declarations) == 1 and schema_calls.is_converted(declarations[0])
    return _DECLARED.get(declarations[0].type_name, Kind.UNKNOWN) if is_plain else Kind.UNKNOWN
