"""What newer versions of the usual packages have removed. Knows the environment, or says what it depends on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mooring.findings import Finding, Severity
from mooring.inspection.fixes import Fix, replace_all
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.removed_names import NUMPY, PILLOW, PYTHON, SCIPY, SKLEARN, TENSORFLOW
from mooring.inspection.rules.version_checks import find_removed
from mooring.inspection.script import Script

_TAIL = "\n\n\ndef init():\n    pass\n\n\n"

NUMPY_REMOVED = Rule(
    code="numpy-removed",
    severity="warning",
    title="A name that newer NumPy no longer has",
    why="`np.float`, `np.int`, `np.object` and their kin were other names of Python's own types and went with NumPy "
    "1.24, `np.asscalar` with 1.23; `np.float_`, `np.Inf` and more went with 2.0. Using them raises an "
    "`AttributeError`. Fixed names work with old versions, too.",
    bad=f"import numpy as np{_TAIL}def run(raw_data):\n    return np.zeros(3, dtype=np.float).tolist()\n",
    good=f"import numpy as np{_TAIL}def run(raw_data):\n    return np.zeros(3, dtype=float).tolist()\n",
    example_packages=("numpy==1.26.4",),
)
PILLOW_REMOVED = Rule(
    code="pillow-removed",
    severity="warning",
    title="A constant or method that newer Pillow no longer has",
    why="`Image.ANTIALIAS`, `Image.LINEAR`, `Image.CUBIC` and `textsize` went with Pillow 10. The same filters are "
    "called `LANCZOS`, `BILINEAR` and `BICUBIC`, in old versions too.",
    bad=f"from PIL import Image{_TAIL}def run(raw_data):\n"
    '    return Image.new("RGB", (9, 9)).resize((3, 3), Image.ANTIALIAS).size\n',
    good=f"from PIL import Image{_TAIL}def run(raw_data):\n"
    '    return Image.new("RGB", (9, 9)).resize((3, 3), Image.LANCZOS).size\n',
    example_packages=("Pillow==10.4.0",),
)
TENSORFLOW_1 = Rule(
    code="tensorflow-1",
    severity="warning",
    title="The TensorFlow 1 interface, with TensorFlow 2",
    why="Sessions, placeholders, `tf.train.Saver`, `tf.gfile` and more left the top of the package with TensorFlow 2 and "
    "raise an `AttributeError` there. They live on below `tf.compat.v1`, which TensorFlow 1.13 and newer have; "
    "`tf.contrib` is gone for good.",
    bad="import tensorflow as tf\n\n\ndef init():\n    global session\n    session = tf.Session()\n\n\n"
    "def run(raw_data):\n    return str(session)\n",
    good="import tensorflow as tf\n\n\ndef init():\n    global session\n    session = tf.compat.v1.Session()\n\n\n"
    "def run(raw_data):\n    return str(session)\n",
    example_packages=("tensorflow==2.15.0",),
)
SKLEARN_REMOVED = Rule(
    code="sklearn-removed",
    severity="warning",
    title="A module or class that newer scikit-learn no longer has",
    why="`sklearn.cross_validation` and `grid_search` went with 0.20, `preprocessing.Imputer` with 0.22, "
    "`load_boston` with 1.2. The import fails, so the service does not start.",
    bad="from sklearn.preprocessing import Imputer\n\n\ndef init():\n    global imputer\n    imputer = Imputer()\n\n\n"
    "def run(raw_data):\n    return str(imputer)\n",
    good="from sklearn.impute import SimpleImputer\n\n\ndef init():\n    global imputer\n"
    "    imputer = SimpleImputer()\n\n\ndef run(raw_data):\n    return str(imputer)\n",
    example_packages=("scikit-learn==1.3.2",),
)
SKLEARN_EXTERNALS = Rule(
    code="sklearn-externals",
    severity="warning",
    title="`sklearn.externals.joblib` is gone",
    why="scikit-learn 0.23 removed its copy of joblib, so the import stops the service with a `ModuleNotFoundError`. "
    "Mooring's server offers an alias where joblib is installed; other servers do not. `import joblib` works with all "
    "versions. Where both must work, this is understood: `try: import joblib`, `except ImportError: from "
    "sklearn.externals import joblib`.",
    bad=f"from sklearn.externals import joblib{_TAIL}def run(raw_data):\n    return str(joblib)\n",
    good=f"import joblib{_TAIL}def run(raw_data):\n    return str(joblib)\n",
    example_packages=("scikit-learn==1.3.2",),
)
SCIPY_REMOVED = Rule(
    code="scipy-removed",
    severity="warning",
    title="A function that newer SciPy no longer has",
    why="`scipy.misc.imread`, `imresize` and `imsave` went with SciPy 1.3, the rest of `scipy.misc` with 1.12.",
    bad=f"from scipy.misc import imresize{_TAIL}def run(raw_data):\n    return str(imresize)\n",
    good=f"from PIL import Image{_TAIL}def run(raw_data):\n    return str(Image)\n",
    example_packages=("scipy==1.11.4",),
)
PYTHON_REMOVED = Rule(
    code="python-removed",
    severity="warning",
    title="Something that newer Python no longer has",
    why="`time.clock` went with Python 3.8, `collections.Mapping` and its kin with 3.10, `imp` and `distutils` with 3.12.",
    bad=f"import time{_TAIL}def run(raw_data):\n    return time.clock()\n",
    good=f"import time{_TAIL}def run(raw_data):\n    return time.perf_counter()\n",
    example_packages=("python==3.11",),
)


@check(NUMPY_REMOVED, words=("numpy",))
def find_removed_numpy(script: Script) -> Iterator[Finding]:
    """Names that NumPy has dropped."""
    yield from find_removed(script, NUMPY_REMOVED, "numpy", "NumPy", NUMPY)


@check(PILLOW_REMOVED, words=("PIL",))
def find_removed_pillow(script: Script) -> Iterator[Finding]:
    """Names that Pillow has dropped."""
    yield from find_removed(script, PILLOW_REMOVED, "pillow", "Pillow", PILLOW)


@check(TENSORFLOW_1, words=("tensorflow", "keras"))
def find_tensorflow_1(script: Script) -> Iterator[Finding]:
    """Names that TensorFlow 2 keeps below compat.v1."""
    if "disable_v2_behavior" in script.text and "compat.v1" in script.text:
        return
    yield from find_removed(script, TENSORFLOW_1, "tensorflow", "TensorFlow", TENSORFLOW)


@check(SKLEARN_REMOVED, words=("sklearn",))
def find_removed_sklearn(script: Script) -> Iterator[Finding]:
    """Names that scikit-learn has dropped, joblib apart."""
    yield from find_removed(script, SKLEARN_REMOVED, "scikit-learn", "scikit-learn", SKLEARN)


@check(SCIPY_REMOVED, words=("scipy.misc", "scipy import misc"))
def find_removed_scipy(script: Script) -> Iterator[Finding]:
    """Names that SciPy has dropped."""
    yield from find_removed(script, SCIPY_REMOVED, "scipy", "SciPy", SCIPY)


@check(PYTHON_REMOVED, words=("time", "collections", "getargspec", "imp", "distutils", "asyncio"))
def find_removed_python(script: Script) -> Iterator[Finding]:
    """Names that Python has dropped; `time.clock` is in no Python that can serve."""
    for finding in find_removed(script, PYTHON_REMOVED, "python", "Python", PYTHON):
        if finding.severity != "information" or "time.clock" in finding.problem:
            yield finding


@check(SKLEARN_EXTERNALS, words=("externals",))
def find_old_joblib(script: Script) -> Iterator[Finding]:
    """The copy of joblib that scikit-learn had."""
    facts = script.environment
    is_gone = facts.has_at_least("scikit-learn", "0.23")
    if is_gone is None and facts.names("scikit-learn"):
        is_gone = True  # whatever is newest is what will be installed
    severity: Severity = "error" if is_gone else "hint" if is_gone is False else "warning"
    version = facts.pinned("scikit-learn")
    asked = f", and {version} is asked for" if version and is_gone else ""
    problem = f"sklearn.externals.joblib is gone since scikit-learn 0.23{asked}."
    if is_gone is False:
        problem = f"sklearn.externals.joblib works with scikit-learn {version or 'before 0.23'}, but is gone since 0.23."
    for node in _uses_of_old_joblib(script):
        if not script.is_guarded(node):
            fix = _import_joblib(script, node)
            yield script.finding(
                SKLEARN_EXTERNALS, node, problem, "Write `import joblib`.", severity=severity, fix=fix
            )


def _uses_of_old_joblib(script: Script) -> Iterator[ast.stmt | ast.expr]:
    """Imports of it, by a statement or a call, and `externals.joblib` where only `externals` was imported."""
    for node, dotted in script.used.get("sklearn", ()):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if dotted.startswith(_OLD_JOBLIB):
                yield node
        elif dotted.startswith(_OLD_JOBLIB) and script.imports.get(_root_name(node)) == (
            "sklearn.externals",
        ):
            yield node
    for call in script.calls_of("import_module", "__import__"):
        name = script.called(call) or getattr(call.func, "id", "")
        if name in {"importlib.import_module", "__import__"} and call.args:
            module = script.constant(call.args[0])
            if isinstance(module, str) and module.startswith(_OLD_JOBLIB):
                yield call


_OLD_JOBLIB = "sklearn.externals.joblib"


def _root_name(node: ast.expr | ast.stmt) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _import_joblib(script: Script, node: ast.AST) -> Fix | None:
    """Only where joblib is all that the statement imports, and the name in the script stays the same."""
    if not isinstance(node, ast.Import | ast.ImportFrom) or len(node.names) != 1:
        return None
    alias = node.names[0]
    if isinstance(node, ast.ImportFrom) and node.module == "sklearn.externals":
        new = f"import joblib as {alias.asname}" if alias.asname else "import joblib"
    elif isinstance(node, ast.ImportFrom):
        new = f"from {(node.module or '').removeprefix('sklearn.externals.')} import {ast.unparse(alias)}"
    elif alias.asname:
        name = alias.name.removeprefix("sklearn.externals.")
        new = f"import {name}" if alias.asname == name else f"import {name} as {alias.asname}"
    else:
        return None
    return replace_all("Replace sklearn.externals.joblib with joblib", [(script.source.span(node), new)])
