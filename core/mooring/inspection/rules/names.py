"""Names that nothing binds, and names that `init` binds only for itself."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from mooring.errors import did_you_mean
from mooring.findings import Finding, Span
from mooring.inspection.fixes import Fix, replace_all
from mooring.inspection.guards import caught_names, is_broad
from mooring.inspection.rule import Rule, check
from mooring.inspection.scopes import Function, Scope
from mooring.inspection.script import Script

UNDEFINED_NAME = Rule(
    code="undefined-name",
    severity="error",
    title="A name is used that nothing defines",
    why="Python raises a `NameError` when it comes to that line. At the top level or in `init()` the service does not "
    "start; in `run()` every request that comes there fails. The usual causes are a forgotten import, a typing error, "
    "a cell of the notebook that was not copied, or `e` used after its `except` block, where Python has removed it.",
    bad="def init():\n    pass\n\n\ndef run(raw_data):\n    return json.loads(raw_data)\n",
    good="import json\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return json.loads(raw_data)\n",
)
GLOBAL_MISSING = Rule(
    code="global-missing",
    severity="error",
    title="`init()` keeps to itself what `run()` reads",
    why="An assignment in a function makes a name of that function's own. Without `global model` in `init()`, the "
    "model is gone when `init()` returns, and `run()` finds no such name, or still the `None` of the module.",
    bad='import json\nimport os\n\nimport joblib\n\n\ndef init():\n    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))\n\n\ndef run(raw_data):\n'
    "    return model.predict(json.loads(raw_data)).tolist()\n",
    good="import json\nimport os\n\nimport joblib\n\n\ndef init():\n    global model\n"
    '    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))\n\n\n'
    "def run(raw_data):\n    return model.predict(json.loads(raw_data)).tolist()\n",
)

_ALWAYS_THERE = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__builtins__", "__annotations__",
    "__path__", "__cached__", "__debug__", "__dict__", "WindowsError", "aiter", "anext", "EncodingWarning", "ExceptionGroup",
    "BaseExceptionGroup", "PythonFinalizationError", "__annotate__", "__conditional_annotations__",
}  # fmt: skip
_IN_CLASSES = {"__module__", "__qualname__", "__class__", "__annotations__", "__static_attributes__"}
_OLD_BUILTINS = {
    "unicode": "str", "xrange": "range", "basestring": "str", "raw_input": "input", "long": "int", "unichr": "chr",
    "reduce": "functools.reduce", "reload": "importlib.reload", "execfile": "exec", "file": "open", "cmp": "",
}  # fmt: skip


@check(UNDEFINED_NAME)
def find_undefined_names(script: Script) -> Iterator[Finding]:
    """Names that no scope, no import and no builtin gives."""
    if script.is_dynamic or script.hidden_names & {"import", "from"}:
        return  # a line that brings names is being typed
    kept = set(_kept_in_init(script))
    for scope in script.index.scopes:
        for name, places in scope.loads.items():
            if name in _ALWAYS_THERE or name in kept or is_bound(script, scope, name):
                continue
            if name in script.hidden_names:
                continue
            seen = [place for place in places if not _expects_absence(script, place)]
            for place in seen:
                yield _undefined(script, scope, place)
        yield from _after_except(script, scope)
    if script.is_whole:
        yield from _before_definition(script)


@check(GLOBAL_MISSING)
def find_missing_globals(script: Script) -> Iterator[Finding]:
    """Names that `init` assigns and only other functions read."""
    init = script.init
    if init is None or script.is_dynamic or not script.is_whole:
        return
    for name, reader in _kept_in_init(script).items():
        binder = _binder_in_init(script, name)
        if binder is None:
            continue
        problem = (
            f"init() assigns {name} without `global {name}`, so {reader.name}() "
            f"{'reads None' if name in script.index.module.binds else 'finds no such name'}."
        )
        fix = _declare_global(script, init, name)
        yield script.finding(GLOBAL_MISSING, binder, problem, f"Write `global {name}` in init().", fix=fix)


def is_bound(script: Script, scope: Scope, name: str) -> bool:
    """Whether a name read in a scope is bound in it or around it."""
    inner: Scope | None = scope
    if scope.kind == "class" and name in _IN_CLASSES:
        return True
    is_first = True
    while inner is not None:
        if name in inner.binds and name not in inner.global_names and (is_first or inner.kind != "class"):
            return True
        is_first = (
            inner.kind == "comprehension" and is_first
        )  # a comprehension in a class body reads it, at first
        if inner.kind == "class" and name == "__class__":
            return True
        inner = inner.parent
    return name in script.module_names


def _undefined(script: Script, scope: Scope, place: ast.Name) -> Finding:
    name = place.id
    modern = _OLD_BUILTINS.get(name)
    if name == "get_ipython":
        problem, remedy = (
            "get_ipython() exists in notebooks only, not in a service.",
            "Remove the line; it was a magic command of the notebook.",
        )
    elif modern:
        problem, remedy = f"{name} is of Python 2.", f"Write {modern}."
    else:
        near = did_you_mean(name, _visible(script, scope))
        problem = f"Nothing defines {name}{near}" if near else f"Nothing defines {name}."
        remedy = f"Import or define {name}, or correct the spelling."
    fix = None
    if modern and modern.isidentifier():
        fix = replace_all(f"Replace {name} with {modern}", [(script.source.span(place), modern)])
    return script.finding(UNDEFINED_NAME, place, problem, remedy, fix=fix)


def _visible(script: Script, scope: Scope) -> list[str]:
    names = set(script.module_names)
    inner: Scope | None = scope
    while inner is not None:
        names |= inner.binds.keys()
        inner = inner.parent
    return sorted(names)


def _expects_absence(script: Script, place: ast.Name) -> bool:
    """Whether the code around is ready for the name not to be there."""
    below: ast.AST = place
    for around in script.index.around(place):
        if isinstance(around, ast.Try) and below in around.body:
            names = set[str]().union(*(caught_names(handler) for handler in around.handlers))
            if "NameError" in names:
                return True
            if script.function_around(place) is None and any(
                is_broad(handler) for handler in around.handlers
            ):
                return True
        below = around
    is_being_typed = any(first <= place.lineno <= last for first, last in script.parsed.mended)
    return is_being_typed or script.is_guarded(place) or _is_for_type_checkers(script, place)


def _is_for_type_checkers(script: Script, place: ast.AST) -> bool:
    return any(
        isinstance(around, ast.If) and "TYPE_CHECKING" in ast.unparse(around.test)
        for around in script.index.around(place)
    )


def _after_except(script: Script, scope: Scope) -> Iterator[Finding]:
    """`e` read after its `except … as e` block."""
    for name, binders in scope.binds.items():
        if name in scope.global_names or not all(isinstance(binder, ast.ExceptHandler) for binder in binders):
            continue
        if scope.kind == "module" and len(script.module_names[name]) > len(binders):
            continue
        for place in scope.loads.get(name, []):
            around = set(script.index.around(place))
            if not around.intersection(binders) and place.lineno > min(binder.lineno for binder in binders):  # type: ignore[attr-defined]
                problem = f"{name} is gone after its `except` block, or was never set."
                remedy = f"Use {name} inside the block, or assign it to another name there."
                yield script.finding(UNDEFINED_NAME, place, problem, remedy)


def _before_definition(script: Script) -> Iterator[Finding]:
    """Names of the module that its top level reads above the line that first binds them."""
    module = script.index.module
    for name, places in module.loads.items():
        binders = module.binds.get(name, [])
        if not binders or name in _ALWAYS_THERE or len(script.module_names[name]) > len(binders):
            continue
        first = min(getattr(binder, "lineno", 0) for binder in binders)
        for place in places:
            if place.lineno < first and not _may_come_later(script, place, binders):
                problem = f"{name} is used here, but only defined in line {first}."
                yield script.finding(UNDEFINED_NAME, place, problem, f"Move the definition of {name} above.")


def _may_come_later(script: Script, place: ast.Name, binders: list[ast.AST]) -> bool:
    """Whether a name may be bound by the time its place is reached, or the place never is."""
    below: ast.AST = place
    for around in script.index.around(place):
        is_hint = below in (getattr(around, "annotation", None), getattr(around, "returns", None))
        if is_hint or (isinstance(around, ast.For | ast.While) and _holds_any(script, around, binders)):
            return True
        below = around
    return script.is_for_main(place) or _expects_absence(script, place)


def _holds_any(script: Script, block: ast.AST, nodes: list[ast.AST]) -> bool:
    return any(block in script.index.around(node) for node in nodes)


# ---- init without global -----------------------------------------------------------------------------------------------


def _kept_in_init(script: Script) -> dict[str, Function]:
    """Names that `init` assigns for itself only, and the first function that reads them in vain."""
    init = script.init
    if init is None:
        return {}
    inside = script.index.scope_of_function[init]
    local = {
        name
        for name, binders in inside.binds.items()
        if name not in inside.global_names and any(isinstance(binder, ast.Name) for binder in binders)
    }
    found: dict[str, Function] = {}
    for name in sorted(local):
        if not _is_unset_elsewhere(script, name):
            continue
        reader = _reader_in_vain(script, init, name)
        if reader is not None:
            found[name] = reader
    return found


def _is_unset_elsewhere(script: Script, name: str) -> bool:
    """Whether the module leaves a name unbound, or sets it to None only."""
    if name in _ALWAYS_THERE or name in script.hidden_names:
        return False
    for binder in script.module_names.get(name, []):
        statement = script.index.parents.get(binder)
        value = getattr(statement, "value", None)
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            return False
        if not isinstance(value, ast.Constant) or value.value is not None:
            return False
    return True


def _reader_in_vain(script: Script, init: Function, name: str) -> Function | None:
    """A function that the server or `run` calls, and that reads the module's name."""
    for function in script.at_request:
        if function is init:
            continue
        scope = script.index.scope_of_function[function]
        if _reads_outer(script, scope, name):
            return function
    return None


def _reads_outer(script: Script, scope: Scope, name: str) -> bool:
    inner = [other for other in script.index.scopes if other is scope or _is_inside(other, scope)]
    return any(name in one.loads and not _binds_until(one, scope, name) for one in inner)


def _is_inside(scope: Scope, outer: Scope) -> bool:
    above = scope.parent
    while above is not None and above is not outer:
        above = above.parent
    return above is outer


def _binds_until(scope: Scope, outer: Scope, name: str) -> bool:
    here: Scope | None = scope
    while here is not None:
        if name in here.binds and name not in here.global_names:
            return True
        if here is outer:
            return False
        here = here.parent
    return False


def _binder_in_init(script: Script, name: str) -> ast.AST | None:
    init = script.init
    if init is None:
        return None
    binders = script.index.scope_of_function[init].binds[name]
    return min(binders, key=lambda binder: getattr(binder, "lineno", 0))


def _declare_global(script: Script, init: Function, name: str) -> Fix | None:
    """`global name` as the first statement, or added to the `global` that is there."""
    declared = next((node for node in init.body if isinstance(node, ast.Global)), None)
    title = f"Declare {name} global in init()"
    if declared is not None:
        span = script.source.span(declared)
        return replace_all(title, [(span, f"global {', '.join([*declared.names, name])}")])
    first = init.body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(init.body) > 1
    )
    first = init.body[1] if is_docstring else first
    place = script.source.span(first)
    white = script.source.lines[place.line - 1][: place.column - 1]
    if white.strip() or place.line == init.lineno:
        return None
    before = Span(place.line, place.column, place.line, place.column)
    return replace_all(title, [(before, f"global {name}\n{white}")])
