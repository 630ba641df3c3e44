"""What kind of value an expression gives, as far as the text of one function shows.

Flow is followed only where it is plain: a name has the kind of its last assignment before the place, and when several
may have been the last, the kind they share. Anything else is unknown, and about the unknown nothing is said.
"""

from __future__ import annotations

import ast
import itertools
from enum import Enum
from typing import Any

from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


class Kind(Enum):
    """What a value is."""

    UNKNOWN = "unknown"
    ARRAY = "a NumPy array"
    PREDICTED = "what predict() returns, usually a NumPy array"
    NUMPY_INTEGER = "a NumPy integer"
    NUMPY_ITEM = "one item of an array"
    FRAME = "a pandas object"
    OUTPUTS = "a list of NumPy arrays"
    TENSOR = "a tensor"
    TEXT = "text"
    JSON_TEXT = "JSON text"
    SET = "a set"
    BYTES = "bytes"
    PLAIN = "plain"


NOT_JSON = frozenset(
    (
        Kind.ARRAY,
        Kind.PREDICTED,
        Kind.NUMPY_INTEGER,
        Kind.FRAME,
        Kind.OUTPUTS,
        Kind.TENSOR,
        Kind.SET,
        Kind.BYTES,
    )
)
CERTAIN = frozenset((Kind.ARRAY, Kind.NUMPY_INTEGER, Kind.FRAME, Kind.SET, Kind.BYTES))
ARRAY_LIKE = frozenset((Kind.ARRAY, Kind.PREDICTED))

_ARRAY_MAKERS = frozenset(
    f"numpy.{name}"
    for name in (
        "array", "asarray", "zeros", "ones", "empty", "full", "arange", "linspace", "concatenate", "stack", "vstack", "hstack",
        "squeeze", "reshape", "expand_dims", "where", "argsort", "sort", "unique", "zeros_like", "ones_like", "eye",
        "atleast_1d", "atleast_2d", "ravel", "transpose", "tile", "repeat", "append", "column_stack", "flip", "frombuffer",
    )
)  # fmt: skip
_KEEPS_ARRAY = {
    "round",
    "exp",
    "log",
    "sqrt",
    "abs",
    "clip",
    "around",
    "rint",
    "expm1",
    "log1p",
    "power",
    "argmax",
    "argmin",
}
_FRAME_MAKERS = ("pandas.DataFrame", "pandas.Series", "pandas.read_csv", "pandas.read_json", "pandas.concat")
_PREDICTS = {
    "predict",
    "predict_proba",
    "decision_function",
    "predict_log_proba",
    "predict_on_batch",
    "inverse_transform",
}
_ARRAY_METHODS = {"reshape", "flatten", "ravel", "astype", "round", "squeeze", "transpose", "copy", "clip"}
_FRAME_METHODS = {
    "head",
    "tail",
    "reset_index",
    "fillna",
    "dropna",
    "copy",
    "rename",
    "sort_values",
    "astype",
    "round",
}
_PLAIN_CALLS = {
    "float",
    "int",
    "str",
    "bool",
    "list",
    "dict",
    "len",
    "sum",
    "round",
    "sorted",
    "tuple",
    "repr",
}


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
    if isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.ListComp | ast.DictComp | ast.Compare):
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
    if isinstance(node, ast.Await | ast.NamedExpr):
        return kind_of(script, function, node.value, depth + 1)
    return Kind.UNKNOWN


def _kind_of_constant(value: Any) -> Kind:
    if isinstance(value, str):
        return Kind.TEXT
    return Kind.BYTES if isinstance(value, bytes) else Kind.PLAIN


def _kind_of_item(inner: Kind, node: ast.Subscript) -> Kind:
    index = node.slice
    if isinstance(index, ast.Slice):
        return inner
    if inner in ARRAY_LIKE:
        if isinstance(index, ast.Tuple):
            return inner if any(isinstance(part, ast.Slice) for part in index.elts) else Kind.NUMPY_ITEM
        if isinstance(index, ast.Constant) or (
            isinstance(index, ast.UnaryOp) and isinstance(index.operand, ast.Constant)
        ):
            return Kind.NUMPY_ITEM
    if inner is Kind.OUTPUTS and isinstance(index, ast.Constant) and isinstance(index.value, int):
        return Kind.PREDICTED  # a list of dicts, for some classifiers' scores
    return Kind.UNKNOWN


def _kind_of_call(script: Script, function: Function, node: ast.Call, depth: int) -> Kind:
    called = script.called(node)
    if called:
        known = _kind_of_known(script, function, node, called, depth)
        if known is not Kind.UNKNOWN:
            return known
    if isinstance(node.func, ast.Attribute):
        return _kind_of_method(script, function, node, node.func, depth)
    if isinstance(node.func, ast.Name) and not called:
        if node.func.id == "set" and "set" not in script.module_names:
            return Kind.SET
        helper = script.function(node.func.id)
        if helper is not None and helper is not function:
            return _kind_of_result(script, helper, depth)
        if node.func.id in _PLAIN_CALLS and node.func.id not in script.module_names:
            return Kind.TEXT if node.func.id in {"str", "repr"} else Kind.PLAIN
    return Kind.UNKNOWN


def _kind_of_result(script: Script, helper: Function, depth: int) -> Kind:
    """The kind that all returns of a function of the script share."""
    if helper.decorator_list or isinstance(helper, ast.AsyncFunctionDef):
        return Kind.UNKNOWN
    returned = [node.value for node in script.walk(helper) if isinstance(node, ast.Return)]
    kinds = {kind_of(script, helper, value, depth + 1) for value in returned}
    return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN


def _kind_of_known(script: Script, function: Function, node: ast.Call, called: str, depth: int) -> Kind:  # noqa: PLR0911  one line a case
    if called in _ARRAY_MAKERS:
        return Kind.ARRAY
    if called.startswith("numpy."):
        return _kind_of_numpy(script, function, node, called.removeprefix("numpy."), depth)
    if called in _FRAME_MAKERS:
        return Kind.FRAME
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
        inner = kind_of(script, function, node.args[0], depth + 1) if node.args else Kind.UNKNOWN
        return (
            inner if inner in ARRAY_LIKE else Kind.UNKNOWN
        )  # of a row it is one number, of a table an array
    if name in _KEEPS_ARRAY and node.args:
        inner = kind_of(script, function, node.args[0], depth + 1)
        return inner if inner in ARRAY_LIKE else Kind.UNKNOWN
    if name in {"int64", "int32", "float32", "bool_", "int8", "int16", "uint8"}:
        return Kind.NUMPY_INTEGER
    return Kind.UNKNOWN


def _kind_of_method(  # noqa: PLR0911  one line a case
    script: Script, function: Function, node: ast.Call, method: ast.Attribute, depth: int
) -> Kind:
    name, owner = method.attr, method.value
    if name in {"tolist", "item", "to_dict", "to_list"}:
        return Kind.PLAIN
    if name in {"to_json", "to_csv", "to_html"}:
        return Kind.JSON_TEXT if name == "to_json" and not node.args else Kind.TEXT
    if name == "run" and _is_onnx_session(script, owner):
        return Kind.OUTPUTS
    if name in _PREDICTS:
        return Kind.PREDICTED if not _is_own_model(script, owner) else Kind.UNKNOWN
    if name in {"to_numpy", "numpy", "as_matrix"} and not (name == "numpy" and script.dotted(owner)):
        return Kind.ARRAY
    if name in {"format", "join", "strip", "decode", "lower", "upper"}:
        return (
            Kind.TEXT
            if kind_of(script, function, owner, depth + 1) in {Kind.TEXT, Kind.JSON_TEXT}
            else Kind.UNKNOWN
        )
    inner = kind_of(script, function, owner, depth + 1)
    if inner in ARRAY_LIKE and name in _ARRAY_METHODS:
        return inner
    if inner is Kind.FRAME and name in _FRAME_METHODS:
        return inner
    if inner in ARRAY_LIKE and name in {"argmax", "argmin"} and not node.args and not node.keywords:
        return Kind.NUMPY_INTEGER
    return inner if inner is Kind.TENSOR and name in {"detach", "cpu", "squeeze", "softmax"} else Kind.UNKNOWN


def _is_onnx_session(script: Script, owner: ast.expr) -> bool:
    """Whether a name is made by `onnxruntime.InferenceSession` anywhere in the script."""
    if not isinstance(owner, ast.Name):
        return False
    for scope in script.index.scopes:
        for binder in scope.binds.get(owner.id, []):
            value = getattr(script.index.parents.get(binder), "value", None)
            if value is not None and script.called(value).endswith("InferenceSession"):
                return True
    return False


def _is_own_model(script: Script, owner: ast.expr) -> bool:
    """Whether a model may be of any class: its predict may return anything.

    Not so when all that is ever assigned to its name comes from a loader of pickles and the like.
    """
    if not isinstance(owner, ast.Name) or owner.id in {"self", "cls"} or owner.id in script.imports:
        return True
    binders = [binder for scope in script.index.scopes for binder in scope.binds.get(owner.id, [])]
    values = [_value_bound(script, binder) for binder in binders]
    calls = [value for value in values if not (isinstance(value, ast.Constant) and value.value is None)]
    return not calls or not all(
        isinstance(value, ast.Call) and _loads_model(script, value) for value in calls
    )


def _value_bound(script: Script, binder: ast.AST) -> ast.expr | None:
    statement = script.index.parents.get(binder)
    return statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None


_LOADERS = {"load", "load_model", "loads"}


def _loads_model(script: Script, call: ast.Call) -> bool:
    """`joblib.load(…)`, `pickle.load(…)`, keras' `load_model(…)`, and estimators of scikit-learn and its kin."""
    called = script.called(call)
    helper = script.function(call.func.id) if isinstance(call.func, ast.Name) else None
    if helper is not None:
        returned = [node.value for node in script.walk(helper) if isinstance(node, ast.Return)]
        return bool(returned) and all(_returns_loaded(script, helper, value) for value in returned)
    if called.startswith("mlflow.pyfunc"):
        return False
    head = called.partition(".")[0]
    if called.rpartition(".")[2] in _LOADERS:
        return head in {
            "joblib",
            "pickle",
            "sklearn",
            "keras",
            "tensorflow",
            "cloudpickle",
            "dill",
            "_pickle",
            "mlflow",
        }
    return head in {"sklearn", "xgboost", "lightgbm", "catboost"}


def _returns_loaded(script: Script, helper: Function, value: ast.expr | None) -> bool:
    """Whether what a helper returns was loaded in it."""
    if isinstance(value, ast.Name):
        values = values_before(script, helper, value)
        value = values[0] if len(values) == 1 else None
    is_call = isinstance(value, ast.Call) and bool(script.called(value))
    return is_call and isinstance(value, ast.Call) and _loads_model(script, value)


# ---- names -------------------------------------------------------------------------------------------------------------


def _kind_of_name(script: Script, function: Function, name: ast.Name, depth: int) -> Kind:
    values = values_before(script, function, name)
    if not values:
        return Kind.UNKNOWN
    kinds = {
        kind_of(script, function, value, depth + 1) if value is not None else Kind.UNKNOWN for value in values
    }
    return kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN


def values_before(script: Script, function: Function, name: ast.Name) -> list[ast.expr | None]:
    """What a name may have been assigned last before a place; None among them for what can't be told.

    Assignments in `except` blocks that the place is not in are left out: they are another way through.
    """
    scope = script.index.scope_of_function.get(function)
    if scope is None or name.id in scope.global_names:
        return []
    binders = [binder for binder in scope.binds.get(name.id, []) if _position(binder) < _position(name)]
    around = set(script.index.around(name))
    found: list[ast.expr | None] = []
    for binder in sorted(binders, key=_position, reverse=True):
        statement, blocks = _statement_and_blocks(script, binder)
        if any(isinstance(block, ast.ExceptHandler) and block not in around for block in blocks):
            continue
        if statement is not None and name in set(ast.walk(statement)):
            continue  # `x = f(x)`: the right side still sees the old value
        if _other_branch(script, binder, name):
            continue
        found.append(_assigned_value(statement, binder))
        if all(block in around or isinstance(block, ast.Try | ast.With | ast.AsyncWith) for block in blocks):
            break
    return found


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _statement_and_blocks(script: Script, binder: ast.AST) -> tuple[ast.stmt | None, list[ast.AST]]:
    """The statement that binds a name, and the compound statements around it in the function."""
    statement = binder if isinstance(binder, ast.stmt) else None
    blocks: list[ast.AST] = []
    for around in script.index.around(binder):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            break
        if statement is None and isinstance(around, ast.stmt):
            statement = around
        if around is not statement and isinstance(
            around,
            ast.If | ast.For | ast.While | ast.Try | ast.With | ast.AsyncWith | ast.ExceptHandler | ast.Match,
        ):
            blocks.append(around)
    return statement, blocks


def _other_branch(script: Script, binder: ast.AST, place: ast.AST) -> bool:
    """Whether two nodes are in different branches of one `if`."""
    mine = {around: below for below, around in _steps(script, binder) if isinstance(around, ast.If)}
    for below, around in _steps(script, place):
        if isinstance(around, ast.If) and around in mine:
            one, other = mine[around], below
            return (one in around.body and other in around.orelse) or (
                one in around.orelse and other in around.body
            )
    return False


def _steps(script: Script, node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    chain = [node, *script.index.around(node)]
    return list(itertools.pairwise(chain))


def _assigned_value(statement: ast.stmt | None, binder: ast.AST) -> ast.expr | None:
    if isinstance(statement, ast.Assign) and binder in statement.targets:
        return statement.value
    if isinstance(statement, ast.AnnAssign) and statement.target is binder:
        return statement.value
    return None
