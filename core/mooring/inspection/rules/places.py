"""Files that are looked for at a place that a service may not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mooring.findings import Finding
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.loading import MODEL_CALLS
from mooring.inspection.script import Script

_RUN = '\n\n\ndef run(raw_data):\n    rows = json.loads(raw_data)["data"]\n    return model.predict(rows).tolist()\n'
_GOOD = (
    "import json\nimport os\n\nimport joblib\n\n\ndef init():\n    global model\n"
    '    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))' + _RUN
)

FIXED_PATH = Rule(
    code="fixed-path",
    severity="warning",
    title="A file is looked for at a place that a service may not have",
    why="In a service the working directory is the app root, the source directory is a folder of its own name in it, "
    "and models lie below `AZUREML_MODEL_DIR`. A path that was right beside the notebook leads nowhere there. Files "
    "beside the script are found with `os.path.join(os.path.dirname(__file__), …)`.",
    bad='import json\n\nimport joblib\n\n\ndef init():\n    global model\n    model = joblib.load("model.pkl")'
    + _RUN,
    good=_GOOD,
)

_LOAD_CALLS = MODEL_CALLS | {
    "xgboost.Booster", "lightgbm.Booster", "h5py.File", "pandas.read_csv", "pandas.read_pickle", "pandas.read_parquet",
    "pandas.read_excel", "numpy.load", "tensorflow.train.import_meta_graph", "gensim.models.doc2vec.Doc2Vec.load",
    "tensorflow.compat.v1.train.import_meta_graph", "cv2.dnn.readNet", "cv2.CascadeClassifier",
}  # fmt: skip
_IS_PLACE = re.compile(r"[\w./\\:~ @+-]+")
_URL = re.compile(r"\w+://")
# Folders of the system: what an image puts there is there.
_SYSTEM = ("/tmp/", "/dev/", "/proc/", "/etc/", "/usr/", "/mnt/", "/opt/", "/run/", "/data/")  # noqa: S108


@check(
    FIXED_PATH,
    words=(
        "load",
        "open",
        "read_",
        "Session",
        "Booster",
        "File",
        "Classifier",
        "import_meta_graph",
        "readNet",
    ),
)
def find_fixed_paths(script: Script) -> Iterator[Finding]:
    """Files read at the start from a path that is written out."""
    for call in script.index.of(ast.Call):
        if not _reads_file(script, call) or not script.runs_at_start(call) or _is_fallback(script, call):
            continue
        argument = _first_argument(call)
        written = _written_path(script, argument)
        if written is None or argument is None or not _may_be_missing(script, written):
            continue
        place = "is a place of this machine" if _is_absolute(written) else "is relative to the app root"
        if "azureml-models" in written:
            place = "is where one version of one model lies"
        problem = f"{written!r} {place}, where a service may not have it."
        remedy = (
            'Write os.path.join(os.environ["AZUREML_MODEL_DIR"], …) for a model, '
            "os.path.join(os.path.dirname(__file__), …) for a file beside the script."
        )
        yield script.finding(FIXED_PATH, argument, problem, remedy)


def _first_argument(call: ast.Call) -> ast.expr | None:
    named = {"model_file", "filename", "filepath", "path", "file", "filepath_or_buffer", "f", "path_or_bytes"}
    return call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in named), None)


def _reads_file(script: Script, call: ast.Call) -> bool:
    name = script.called(call)
    if name in _LOAD_CALLS:
        return True
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"load_weights", "load_model"} and not name:
        return True
    if name.rpartition(".")[2] in {"load_model", "load_learner"}:
        return True
    if name in {"io.open", "codecs.open"} or (
        isinstance(call.func, ast.Name) and call.func.id == "open" and not name
    ):
        return not _writes(script, call)
    return False


def _writes(script: Script, call: ast.Call) -> bool:
    mode = (
        call.args[1]
        if len(call.args) > 1
        else next((k.value for k in call.keywords if k.arg == "mode"), None)
    )
    written = script.constant(mode)
    return mode is not None and (not isinstance(written, str) or bool(set(written) & set("wax+")))


def _written_path(script: Script, node: ast.expr | None, depth: int = 0) -> str | None:  # noqa: PLR0911  one line a case
    """The path that an expression spells out; None when any of it is computed."""
    if node is None or depth > 4:  # noqa: PLR2004
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        value = script.only_value(node)
        return _written_path(script, value, depth + 1) if value is not None else None
    if isinstance(node, ast.JoinedStr):
        return _formatted_path(script, node, depth)
    if isinstance(node, ast.Call) and not node.keywords:
        return _joined_path(script, node, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        left, right = (
            _written_path(script, node.left, depth + 1),
            _written_path(script, node.right, depth + 1),
        )
        joint = "" if isinstance(node.op, ast.Add) else "/"
        return f"{left}{joint}{right}" if left is not None and right is not None else None
    return None


def _formatted_path(script: Script, text: ast.JoinedStr, depth: int) -> str | None:
    """An f-string whose parts are all written out."""
    inner = (part.value if isinstance(part, ast.FormattedValue) else part for part in text.values)
    parts = [_written_path(script, part, depth + 1) for part in inner]
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None


def _joined_path(script: Script, call: ast.Call, depth: int) -> str | None:
    """`os.path.join("outputs", "model.pkl")` and its kin."""
    name = script.called(call) or getattr(call.func, "id", "")
    if name == "os.getcwd":
        return "."
    parts = [_written_path(script, argument, depth + 1) for argument in call.args]
    known = [part for part in parts if part is not None]
    is_joining = name in {"os.path.join", "pathlib.Path", "os.path.abspath", "str"}
    return "/".join(known) if is_joining and known and len(known) == len(parts) else None


def _may_be_missing(script: Script, written: str) -> bool:
    """Whether a path may lead nowhere in a service, as far as the folder around the script shows."""
    if not written or not _IS_PLACE.fullmatch(written) or _URL.match(written):
        return False
    if _is_absolute(written):
        return not written.startswith(_SYSTEM)
    if not re.search(r"[./\\]", written):
        return False  # `en_core_web_sm` is a package, and names without an ending are registered ones
    parts = [part for part in re.split(r"[/\\]", written) if part not in {"", "."}]
    folder = Path(script.path).absolute().parent
    is_shipped = len(parts) > 1 and parts[0] == folder.name  # the folder keeps its name below the app root
    return not (is_shipped and folder.parent.joinpath(*parts).exists())


def _is_absolute(written: str) -> bool:
    return written.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:[\\/]", written) is not None


def _is_fallback(script: Script, node: ast.AST) -> bool:
    """Whether a path is only tried where the right one was not there."""
    below = node
    for around in script.index.around(node):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
            break
        if isinstance(around, ast.ExceptHandler):
            return True
        if isinstance(around, ast.If | ast.IfExp) and below is not around.test:
            return True
        if isinstance(around, ast.BoolOp):
            return True
        below = around
    return False
