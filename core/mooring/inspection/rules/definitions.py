"""What keeps a script from starting: `init()` and `run()` missing, or not callable as the server calls them.

Whether a signature can be served is asked of the scoring server's own `RunFunction`, so the two never disagree.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from mooring.findings import Finding
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules import schema_calls
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script
from mooring.scoring.contract.failures import BootError
from mooring.scoring.contract.signatures import HEADERS_PARAMETER, RunFunction

_GOOD = """import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return {"length": len(raw_data)}
"""

INIT_MISSING = Rule(
    code="init-missing",
    severity="error",
    title="The script defines no `init()`",
    why="The server calls `init()` once in each worker before the first request, without arguments. A script without "
    'it does not start. A definition below `if __name__ == "__main__"` is not seen: the server imports the script.',
    bad="def run(raw_data):\n    return raw_data\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)
RUN_MISSING = Rule(
    code="run-missing",
    severity="error",
    title="The script defines no `run()`",
    why="The server calls `run()` for each request, and what it returns is the answer. A script without it does not "
    "start.",
    bad="def init():\n    pass\n\n\ndef predict(raw_data):\n    return raw_data\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)
INIT_SIGNATURE = Rule(
    code="init-signature",
    severity="error",
    title="`init()` asks for arguments",
    why="`init()` is called without any, so a parameter without a default stops the service at its start.",
    bad="def init(model_path):\n    print(model_path)\n\n\ndef run(raw_data):\n    return raw_data\n",
    good='import os\n\n\ndef init():\n    print(os.environ["AZUREML_MODEL_DIR"])\n\n\ndef run(raw_data):\n'
    "    return raw_data\n",
)
RUN_SIGNATURE = Rule(
    code="run-signature",
    severity="error",
    title="`run()` can't be called with a request",
    why="The server fills the parameters of `run` by name. Without a parameter, with `*args`, `**kwargs` or "
    "positional-only ones, or with nothing but `request_headers`, it has nowhere to put the request; with both "
    "`@rawhttp` and `@input_schema` it can't know what to put there. The service does not start.",
    bad="def init():\n    pass\n\n\ndef run(*args):\n    return args[0]\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)
RUN_PARAMETERS = Rule(
    code="run-parameters",
    severity="error",
    title="`run()` has several parameters, but nothing says how to fill them",
    why="Without `@input_schema` and without type hints the server passes the request's body to the first parameter "
    "only. The service starts, and every request fails with a `TypeError`.",
    bad="def init():\n    pass\n\n\ndef run(age, income):\n    return int(age) + int(income)\n",
    good="import json\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    data = json.loads(raw_data)\n"
    '    return data["age"] + data["income"]\n',
)
ASYNC_RUN = Rule(
    code="async-run",
    severity="warning",
    title="`run()` is asynchronous",
    why="Mooring's server awaits it. Azure ML's own server does not: there every request fails, because a coroutine "
    "is no JSON. Keep it only if the script is never deployed to Azure.",
    bad="def init():\n    pass\n\n\nasync def run(raw_data):\n    return raw_data\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)
ASYNC_INIT = Rule(
    code="async-init",
    severity="warning",
    title="`init()` is asynchronous",
    why="No server awaits `init()`. The call makes a coroutine that never runs, so whatever it loads is missing when "
    "the first request comes.",
    bad="async def init():\n    global model\n    model = 1\n\n\ndef run(raw_data):\n    return model\n",
    good="def init():\n    global model\n    model = 1\n\n\ndef run(raw_data):\n    return model\n",
)
GENERATOR_RUN = Rule(
    code="generator-run",
    severity="warning",
    title="`run()` is a generator",
    why="Mooring's server streams what it yields. Azure ML's own server does not: there every request fails, because a "
    "generator is no JSON. Keep it only if the script is never deployed to Azure.",
    bad="import json\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    yield from json.loads(raw_data)\n",
    good="import json\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return list(json.loads(raw_data))\n",
)
SCRIPT_EXITS = Rule(
    code="script-exits",
    severity="error",
    title="The script ends the process while it starts",
    why="`sys.exit()` at the top level or in `init()` ends the worker, even with status 0, and so does an exception that is "
    "raised whatever happens. The service does not start.",
    bad="import sys\n\n\ndef init():\n    sys.exit(0)\n\n\ndef run(raw_data):\n    return raw_data\n",
    good="def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n",
)


@check(INIT_MISSING, RUN_MISSING)
def find_missing(script: Script) -> Iterator[Finding]:
    """`init` and `run`, bound by anything at all."""
    if script.is_dynamic or not script.is_whole:
        return
    for name, rule, example in (
        ("init", INIT_MISSING, "def init(): loads the model once."),
        ("run", RUN_MISSING, "def run(raw_data): answers one request."),
    ):
        binders = script.module_names.get(name, [])
        if not binders:
            problem = f"{_file_name(script)} defines no {name}(), so the service can't start."
            yield script.finding(rule, None, problem, f"Define it: {example}")
        elif all(script.is_for_main(binder) for binder in binders):
            problem = f"{name}() is only defined when the script is started by hand; the server imports it."
            yield script.finding(rule, binders[0], problem, 'Move it out of `if __name__ == "__main__"`.')


@check(INIT_SIGNATURE, ASYNC_INIT)
def find_wrong_init(script: Script) -> Iterator[Finding]:
    """An `init` that can't be called without arguments."""
    init = script.init
    if init is None:
        return
    required = required_names(init.args)
    if required and not init.decorator_list:
        problem = f"init() asks for {', '.join(required)}, but is called without arguments."
        yield script.finding(INIT_SIGNATURE, script.name_span(init), problem, "Write `def init():`.")
    if isinstance(init, ast.AsyncFunctionDef) and not init.decorator_list:
        problem = "init() is asynchronous, and nothing awaits it: its body never runs."
        yield script.finding(ASYNC_INIT, script.name_span(init), problem, "Write `def init():`.")


@check(RUN_SIGNATURE, RUN_PARAMETERS, ASYNC_RUN, GENERATOR_RUN)
def find_wrong_run(script: Script) -> Iterator[Finding]:
    """A `run` that can't be served."""
    run = script.run
    if run is None:
        yield from _find_wrong_lambda(script)
        return
    if script.is_for_main(run) or not _is_final(script, run):
        return
    why = _hidden_by_decorator(script, run)
    if not schema_calls.has_other_decorators(script, run):
        why = why or _refusal(run.args)
    if not why and schema_calls.is_raw(script) and schema_calls.declared(script, run):
        why = "run() cannot be decorated with both @rawhttp and @input_schema"
    if why:
        problem = f"The server refuses run(): {why.rstrip('.')}."
        yield script.finding(RUN_SIGNATURE, script.name_span(run), problem, "Write `def run(raw_data):`.")
        return
    required = [name for name in required_names(run.args) if name != HEADERS_PARAMETER]
    if len(required) > 1 and not run.decorator_list and not _has_hints(run):
        problem = f"run({', '.join(required)}) has several parameters, but without @input_schema only the first is filled."
        remedy = "Take one parameter and parse it, or decorate run with @input_schema."
        yield script.finding(RUN_PARAMETERS, script.name_span(run), problem, remedy)
    if isinstance(run, ast.AsyncFunctionDef):
        problem = "run() is asynchronous: Mooring awaits it, but Azure ML's own server answers 500 to every request."
        yield script.finding(ASYNC_RUN, script.name_span(run), problem, "Write `def run`, without async.")
    elif any(isinstance(node, ast.Yield | ast.YieldFrom) for node in script.walk(run)):
        problem = "run() is a generator: Mooring streams it, but Azure ML's own server answers 500 to every request."
        yield script.finding(
            GENERATOR_RUN, script.name_span(run), problem, "Return a list of what it yields."
        )


def _find_wrong_lambda(script: Script) -> Iterator[Finding]:
    """A `run = lambda: …` that has nowhere to put the request."""
    binders = script.index.module.binds.get("run", [])
    made = getattr(script.index.parents.get(binders[0]), "value", None) if len(binders) == 1 else None
    why = _refusal(made.args) if isinstance(made, ast.Lambda) else ""
    if why:
        problem = f"The server refuses run(): {why.rstrip('.')}."
        yield script.finding(RUN_SIGNATURE, binders[0], problem, "Write `def run(raw_data):`.")


@check(SCRIPT_EXITS, words=("exit", "raise"))
def find_exits(script: Script) -> Iterator[Finding]:
    """An exit, or an exception, that nothing stands before."""
    bodies = [script.tree.body, *([script.init.body] if script.init else [])]
    first_return = min(
        (
            node.lineno
            for node in (script.walk(script.init) if script.init else ())
            if isinstance(node, ast.Return)
        ),
        default=None,
    )
    for statement in (statement for body in bodies for statement in body):
        is_left_before = first_return is not None and first_return < statement.lineno
        if is_left_before and statement not in script.tree.body:
            continue
        if isinstance(statement, ast.Raise) and not _is_outline(script):
            problem = f"{ast.unparse(statement)} is reached at every start, so the service never answers."
            yield script.finding(SCRIPT_EXITS, statement, problem, "Raise only where something is wrong.")
            continue
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call):
            continue
        name = script.dotted(call.func) or (call.func.id if isinstance(call.func, ast.Name) else "")
        if name in {"sys.exit", "os._exit", "exit", "quit"} and name not in script.module_names:
            problem = f"{ast.unparse(call)} ends the worker while it starts, so the service never answers."
            yield script.finding(
                SCRIPT_EXITS, call, problem, "Remove it, or raise an exception that says why."
            )


def _is_outline(script: Script) -> bool:
    """Whether the script only shows what others have to write: its `run` does nothing but raise."""
    run = script.run
    return run is not None and isinstance(run.body[-1], ast.Raise)


def required_names(arguments: ast.arguments) -> list[str]:
    """Parameters that have no default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required = positional[: len(positional) - len(arguments.defaults)]
    keyword = [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return [argument.arg for argument in (*required, *keyword)]


def _refusal(arguments: ast.arguments) -> str:
    """The server's own words for a signature it can't serve; nothing for one that it can."""

    def stand_in() -> None:
        """Has the signature that the script's text gives `run`."""

    try:
        stand_in.__signature__ = _signature(arguments)  # type: ignore[attr-defined]
        RunFunction(stand_in)
    except BootError as error:
        return error.message
    except ValueError:  # a repeated name: the parser's own business
        return ""
    return ""


def _signature(arguments: ast.arguments) -> inspect.Signature:
    kinds = inspect.Parameter
    required = set(required_names(arguments))

    def parameter(argument: ast.arg, kind: Any) -> inspect.Parameter:
        default = kinds.empty if argument.arg in required else None
        return kinds(argument.arg, kind, default=default)

    parameters = [parameter(argument, kinds.POSITIONAL_ONLY) for argument in arguments.posonlyargs]
    parameters += [parameter(argument, kinds.POSITIONAL_OR_KEYWORD) for argument in arguments.args]
    if arguments.vararg:
        parameters.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    parameters += [parameter(argument, kinds.KEYWORD_ONLY) for argument in arguments.kwonlyargs]
    if arguments.kwarg:
        parameters.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    return inspect.Signature(parameters)


def _hidden_by_decorator(script: Script, run: Function) -> str:
    """A decorator of the script's own whose inner function takes anything, and does not say what it wraps."""
    for decorator in run.decorator_list:
        maker = script.function(decorator.id) if isinstance(decorator, ast.Name) else None
        inner = _returned_function(maker) if maker is not None else None
        if (
            inner is not None
            and inner.args.vararg
            and not inner.decorator_list
            and "update_wrapper" not in script.text
        ):
            return f"the decorator {decorator.id} hides its parameters behind *args"  # type: ignore[attr-defined]
    return ""


def _returned_function(maker: Function) -> Function | None:
    last = maker.body[-1]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
        return None
    name = last.value.id
    return next(
        (
            node
            for node in maker.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
        ),
        None,
    )


def _has_hints(run: Function) -> bool:
    """Whether every parameter has a type hint: then the server reads a JSON object by them."""
    every = [*run.args.args, *run.args.kwonlyargs]
    return all(argument.annotation is not None for argument in every if argument.arg != HEADERS_PARAMETER)


def _is_final(script: Script, run: Function) -> bool:
    """Whether this definition is the one that counts, whatever the conditions around it."""
    return isinstance(script.index.parents.get(run), ast.Module) or len(script.module_names["run"]) == 1


def _file_name(script: Script) -> str:
    return script.path.replace("\\", "/").rpartition("/")[2]
