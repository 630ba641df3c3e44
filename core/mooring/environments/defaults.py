"""What to assume when no environment is given: the packages that the models were registered with."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from typing import Any

from packaging.utils import canonicalize_name

from mooring.environments.specification import Specification, Wanted
from mooring.findings import Finding

_FRAMEWORK_PACKAGES: dict[str, str] = {
    "catboost": "catboost",
    "keras": "keras",
    "lightgbm": "lightgbm",
    "onnx": "onnxruntime",
    "pytorch": "torch",
    "scikitlearn": "scikit-learn",
    "scikit-learn": "scikit-learn",
    "sklearn": "scikit-learn",
    "spacy": "spacy",
    "tensorflow": "tensorflow",
    "transformers": "transformers",
    "xgboost": "xgboost",
}
_IMPORT_NAMES = {
    "sklearn": "scikit-learn",
    "cv2": "opencv-python-headless",
    "pil": "pillow",
    "yaml": "pyyaml",
}


def recorded_packages(models: Sequence[Any]) -> dict[str, str]:
    """Package versions that the models were registered with, by name on PyPI; an empty version is unknown."""
    found: dict[str, str] = {}
    for model in models:
        framework = _FRAMEWORK_PACKAGES.get(str(getattr(model, "framework", None) or "").lower())
        if framework:
            found.setdefault(framework, str(getattr(model, "framework_version", None) or ""))
        for name, version in (getattr(model, "packages", None) or {}).items():
            found[_on_pypi(name)] = str(version)
    return found


def runs_here(packages: dict[str, str]) -> bool:
    """Whether the running interpreter has exactly these versions."""
    return all(_installed_version(name) == version for name, version in packages.items())


def assumed_specification(models: Sequence[Any], python: str) -> Specification:
    """The packages recorded with the models, or those of them that this interpreter has; numpy always."""
    packages = recorded_packages(models)
    names = ", ".join(str(getattr(model, "id", "the model")) for model in models) or "no model"
    origin = f"recorded with {names}" if packages else "found in this Python"
    if not packages:
        packages = {
            name: _installed_version(name) or "" for name in ("numpy", "scikit-learn", "pandas", "joblib")
        }
        packages = {name: version for name, version in packages.items() if version}
    packages.setdefault("numpy", "")
    requirements = [f"{name}=={version}" if version else name for name, version in sorted(packages.items())]
    finding = Finding(
        "environment-assumed",
        "information",
        f"No environment is given: Python {python} with {', '.join(requirements)}, as {origin}.",
        "Give the inference configuration an environment to choose for yourself.",
    )
    wanted = tuple(Wanted(text, "model", text) for text in requirements)
    return Specification(wanted=wanted, findings=(finding,), source=f"assumed, {origin}")


def _on_pypi(name: str) -> str:
    return _IMPORT_NAMES.get(name.lower(), str(canonicalize_name(name)))


def _installed_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
