"""Rules about imports that fail: a package that is not installed, a file that was not shipped, versions that clash."""

from __future__ import annotations

import re
from pathlib import Path

from mooring.deployments.values import Failure
from mooring.deployments.verdict.raised import Raised, verdict_of
from mooring.deployments.verdict.scene import Scene

_MODULE = re.compile(r"No module named '?(?P<name>[\w.]+)'?")

# Import name to distribution, where they differ and scripts in the wild use them.
DISTRIBUTIONS = {
    "Crypto": "pycryptodome",
    "PIL": "Pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "google.protobuf": "protobuf",
    "jwt": "PyJWT",
    "magic": "python-magic",
    "ruamel": "ruamel.yaml",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


def judge_import(raised: Raised, scene: Scene) -> Failure | None:
    """ModuleNotFoundError and ImportError."""
    if raised.type not in ("ModuleNotFoundError", "ImportError", "OSError"):
        return None
    library = re.search(
        r"(?P<name>lib[\w.+-]+\.(so[\d.]*|dylib))\b.*(cannot open|not loaded|No such file)", raised.text
    )
    if library:
        return _judge_library(raised, scene, library["name"])
    named = _MODULE.search(raised.text)
    if named:
        return _judge_module(raised, scene, named["name"])
    if raised.type == "ImportError" and "cannot import name" in raised.text:
        return _judge_name(raised, scene)
    return None


def _judge_module(raised: Raised, scene: Scene, module: str) -> Failure:
    top = module.partition(".")[0]
    if module.startswith("sklearn.externals"):
        return verdict_of(
            raised,
            scene,
            code="sklearn-externals",
            cause="The script imports joblib from sklearn.externals, which scikit-learn no longer has.",
            remedy="Write `import joblib`.",
        )
    if module.startswith("azureml.train.automl") or (top == "azureml" and "automl" in module):
        return verdict_of(
            raised,
            scene,
            code="automl-missing",
            cause="The model or script needs azureml.train.automl, which can't be installed any more.",
            remedy="Export the AutoML model to ONNX or retrain it with its own library.",
        )
    file = _local_file(scene, module)
    if file is not None:
        return _judge_local(raised, scene, module, file)
    package = DISTRIBUTIONS.get(module, DISTRIBUTIONS.get(top, top.replace("_", "-")))
    return verdict_of(
        raised,
        scene,
        code="package-missing",
        cause=f"The script imports {top}, which the service's environment does not have.",
        remedy=f"Add {package} to {scene.packages_place}.",
    )


def _judge_local(raised: Raised, scene: Scene, module: str, file: Path) -> Failure:
    source = scene.source
    if source.source_directory is None:
        remedy = f'Set "sourceDirectory" to {file.parent} so that its files are shipped, too.'
        why = f"{file.name} lies beside {source.entry_script.name}, but only the script was deployed"
    else:
        package = ".".join(file.parent.relative_to(source.source_directory).parts)
        remedy = (
            f"Write `from {package} import {module}`."
            if package
            else f"Move {file.name} into the source directory."
        )
        why = f"{file} is in a sub-folder; only the source directory itself is searched"
    return verdict_of(
        raised,
        scene,
        code="module-missing",
        cause=f"The script imports your own {file.name}, which it can't find where it runs.",
        evidence=(why,),
        remedy=remedy,
    )


def _local_file(scene: Scene, module: str) -> Path | None:
    """The user's own file for a module, beside the script or below the source directory."""
    beside = scene.source.entry_script.parent
    top = module.partition(".")[0]
    for candidate in (beside / f"{top}.py", beside / top / "__init__.py"):
        if candidate.is_file():
            return candidate if candidate.name != "__init__.py" else candidate.parent
    return None


def _judge_name(raised: Raised, scene: Scene) -> Failure | None:
    found = re.search(r"cannot import name '(?P<what>\w+)' from '(?P<where>[\w.]+)'", raised.text)
    if found is None:
        return None
    where = found["where"].partition(".")[0]
    package = DISTRIBUTIONS.get(where, where)
    if where == "sklearn" and found["what"] == "joblib":
        return _judge_module(raised, scene, "sklearn.externals")
    in_script = raised.path is not None and raised.path.startswith(str(scene.app_root))
    deep = raised.traceback.rstrip().splitlines()
    through_packages = any("site-packages" in line for line in deep)
    return verdict_of(
        raised,
        scene,
        code="package-conflict" if through_packages or not in_script else "api-removed",
        cause=f"{found['what']!r} can't be imported from {found['where']}: the installed {package} does not have it.",
        remedy=f"Pin the version of {package} the code was written for in {scene.packages_place}.",
    )


def _judge_library(raised: Raised, scene: Scene, library: str) -> Failure:
    opencv = library.startswith(("libGL", "libgthread", "libSM", "libXext"))
    remedy = (
        f"Replace opencv-python by opencv-python-headless in {scene.packages_place}."
        if opencv
        else "Install the system package that holds it (on Debian and Ubuntu: `apt-file search` finds its name)."
    )
    return verdict_of(
        raised,
        scene,
        code="system-library-missing",
        cause=f"A package needs the system library {library}, which is not installed here.",
        remedy=remedy,
    )
