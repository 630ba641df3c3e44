"""When a model is loaded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mooring.findings import Finding
from mooring.inspection.loaded_models import is_booster
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.sentences import shown
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script, is_main_test

_RUN = '\n\n\ndef run(raw_data):\n    rows = json.loads(raw_data)["data"]\n    return model.predict(rows).tolist()\n'
_GOOD = (
    "import json\nimport os\n\nimport joblib\n\n\ndef init():\n    global model\n"
    '    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))' + _RUN
)

MODEL_LOADED_IN_RUN = Rule(
    code="model-loaded-in-run",
    severity="warning",
    title="The model is loaded again for each request",
    why="`init()` runs once in each worker, `run()` once for each request. Loading in `run()` makes every request as "
    "slow as a start, and requests at the same time hold several copies in memory. A load that only happens while "
    "nothing is loaded yet (`if model is None`) is understood.",
    bad="import json\nimport os\n\nimport joblib\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n"
    '    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))\n'
    '    return model.predict(json.loads(raw_data)["data"]).tolist()\n',
    good=_GOOD,
)


MODEL_CALLS = {
    "joblib.load", "pickle.load", "cPickle.load", "_pickle.load", "dill.load", "cloudpickle.load", "torch.load",
    "torch.jit.load", "sklearn.externals.joblib.load", "tensorflow.keras.models.load_model", "keras.models.load_model",
    "tensorflow.saved_model.load", "tensorflow.python.keras.models.load_model", "onnxruntime.InferenceSession",
    "spacy.load", "mlflow.pyfunc.load_model", "mlflow.sklearn.load_model", "fasttext.load_model",
    "fastai.vision.load_learner", "fastai.basic_train.load_learner", "fastai.text.load_learner",
    "gensim.models.KeyedVectors.load", "gensim.models.Word2Vec.load",
}  # fmt: skip
"""Calls that load a model from a file."""


@check(MODEL_LOADED_IN_RUN, words=("load", "InferenceSession", "init()", "from_pretrained"))
def find_loads_in_run(script: Script) -> Iterator[Finding]:
    """Loading without a condition, in `run` or in what it calls."""
    if script.run is None:
        return
    for function, via in script.at_request.items():
        if _is_cached(function) or (via is not None and _is_conditional(script, via)):
            continue
        for call in script.walk(function):
            if not isinstance(call, ast.Call) or _is_conditional(script, call):
                continue
            if _loads_model(script, call) and not _is_from_request(script, function, call):
                problem = f"{shown(call)} loads the model again for each request."
                yield script.finding(
                    MODEL_LOADED_IN_RUN, call, problem, "Load it in init(), into a global name."
                )
            elif function is script.run and _calls_init(call) and _loads_anything(script):
                problem = "run() calls init(), so the model is loaded again for each request."
                remedy = "Remove the call: the server makes it once."
                yield script.finding(MODEL_LOADED_IN_RUN, call, problem, remedy)


def _loads_model(script: Script, call: ast.Call) -> bool:
    """Whether a call reads a model: a loader, a booster's `load_model`, a network's weights, a pretrained class."""
    if script.called(call) in MODEL_CALLS:
        return True
    method = call.func
    if not isinstance(method, ast.Attribute) or not call.args:
        return False
    if method.attr == "load_model":
        return is_booster(script, method.value)
    return method.attr in {"load_weights", "from_pretrained"}


def _calls_init(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "init" and not call.args


def _loads_anything(script: Script) -> bool:
    return any(
        isinstance(node, ast.Call) and script.called(node) in MODEL_CALLS
        for function in script.reached_from(script.init)
        for node in script.walk(function)
    )


def _is_conditional(script: Script, node: ast.AST) -> bool:
    """Whether something may keep a node from running: a condition, or a failure that it answers."""
    below = node
    for around in script.index.around(node):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
            break
        if (
            isinstance(around, ast.If | ast.IfExp)
            and below is not around.test
            and not is_main_test(around.test)
        ):
            return True
        if isinstance(around, ast.ExceptHandler | ast.BoolOp | ast.Match):
            return True
        below = around
    return _returns_early(script, node)


def _returns_early(script: Script, node: ast.AST) -> bool:
    """`if model is not None: return model` above."""
    function = script.function_around(node)
    if function is None:
        return False
    line = getattr(node, "lineno", 0)
    return function is not script.run and any(
        isinstance(statement, ast.If)
        and statement.lineno < line
        and isinstance(statement.body[-1], ast.Return)
        for statement in function.body
    )


def _is_cached(function: Function) -> bool:
    return any("cache" in ast.unparse(decorator) for decorator in function.decorator_list)


def _is_from_request(script: Script, function: Function, call: ast.Call) -> bool:
    """Whether what is loaded comes with the request: uploads, bytes in memory."""
    text = ast.unparse(call)
    if "BytesIO" in text or "request" in text:
        return True
    names = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
    parameters = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    if function is script.run and names & parameters:
        return True
    scope = script.index.scope_of_function[function]
    for name in names & scope.binds.keys():
        for binder in scope.binds[name]:
            statement = script.index.parents.get(binder)
            source = ast.unparse(statement) if isinstance(statement, ast.Assign | ast.withitem) else ""
            if "BytesIO" in source or any(
                re.search(rf"\b{re.escape(each)}\b", source) for each in parameters
            ):
                return True
    return False
