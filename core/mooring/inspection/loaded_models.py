"""Which names stand for models that come from a loader: of those it is known what their `predict` gives."""

from __future__ import annotations

import ast

from mooring.inspection.assignments import values_before
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script


def is_onnx_session(script: Script, owner: ast.expr) -> bool:
    """Whether a name is made by `onnxruntime.InferenceSession` anywhere in the script."""
    return any(
        script.called(value).endswith("InferenceSession") for value in values_of(script, owner) if value
    )


def is_booster(script: Script, owner: ast.expr) -> bool:
    """Whether a name is made by the class of a boosting library, whose predictions are arrays whatever happens."""
    return is_made_by(script, owner, ("xgboost.", "lightgbm.", "catboost."))


def is_made_by(script: Script, owner: ast.expr, makers: tuple[str, ...]) -> bool:
    """Whether all that is ever assigned to a name, None apart, are calls whose dotted names begin so."""
    values = values_of(script, owner)
    made = [value for value in values if not is_none(value)]
    return bool(made) and all(script.called(value).startswith(makers) for value in made if value is not None)


def is_none(value: ast.expr | None) -> bool:
    """Whether an expression is `None`, written out."""
    return isinstance(value, ast.Constant) and value.value is None


def values_of(script: Script, owner: ast.expr) -> list[ast.expr | None]:
    """All that is assigned to a name, in whatever function; None among them for what can't be told."""
    if not isinstance(owner, ast.Name):
        return []
    binders = (binder for scope in script.index.scopes for binder in scope.binds.get(owner.id, []))
    return [_value_bound(script, binder) for binder in binders]


def is_own_model(script: Script, owner: ast.expr) -> bool:
    """Whether a model may be of any class: its predict may return anything.

    Not so when all that is ever assigned to its name, attribute or item comes from a loader of pickles and the like.
    """
    if isinstance(owner, ast.Name):
        if owner.id in {"self", "cls"} or owner.id in script.imports:
            return True
        binders = [binder for scope in script.index.scopes for binder in scope.binds.get(owner.id, [])]
    elif isinstance(owner, ast.Attribute):
        every = script.index.of(ast.Attribute)
        binders = [node for node in every if node.attr == owner.attr and isinstance(node.ctx, ast.Store)]
    elif isinstance(owner, ast.Subscript) and isinstance(owner.value, ast.Name):
        binders = _items_set(script, owner.value.id)
    else:
        return True
    values = [_value_bound(script, binder) for binder in binders]
    calls = [value for value in values if not is_none(value)]
    return not calls or not all(
        isinstance(value, ast.Call) and _loads_model(script, value) for value in calls
    )


def _items_set(script: Script, name: str) -> list[ast.AST]:
    """Places that set an item of a dict, which is made empty."""
    made = [binder for scope in script.index.scopes for binder in scope.binds.get(name, [])]
    if not all(_is_empty_dict(_value_bound(script, binder)) for binder in made):
        return []
    return [
        node
        for node in script.index.of(ast.Subscript)
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == name
    ]


def _is_empty_dict(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "dict" and not value.args
    return isinstance(value, ast.Dict) and not value.keys


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
