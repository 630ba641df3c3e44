"""The frameworks that v1 names, and which installed packages matter to each.

Source: azure-v1.md §6.8.
"""

from __future__ import annotations

FRAMEWORKS = ("Custom", "TensorFlow", "ScikitLearn", "Onnx", "TfKeras", "PyTorch", "Multi")
"""v1's constants. Other words are kept as they are: v1's services treat them like Custom."""

_PACKAGES = {
    "TensorFlow": ("tensorflow", "keras", "numpy"),
    "TfKeras": ("tensorflow", "keras", "numpy"),
    "ScikitLearn": ("scikit-learn", "numpy", "scipy", "joblib", "pandas"),
    "Onnx": ("onnx", "onnxruntime", "numpy"),
    "XGBoost": ("xgboost", "xgboost-cpu", "numpy", "scipy", "scikit-learn", "pandas"),
    "LightGBM": ("lightgbm", "numpy", "scipy", "scikit-learn", "pandas"),
    "PyTorch": ("torch", "torchvision", "numpy"),
}


def canonical_framework(framework: str | None) -> str | None:
    """v1's spelling of a framework given in any case; None for an empty one."""
    if not framework:
        return None
    known = {name.lower(): name for name in FRAMEWORKS}
    return known.get(framework.lower(), framework)


def installed_packages(framework: str | None) -> dict[str, str]:
    """Versions of the framework's packages in this interpreter, without importing them."""
    versions = {package: _installed_version(package) for package in _PACKAGES.get(framework or "", ())}
    return {package: version for package, version in versions.items() if version is not None}


def _installed_version(package: str) -> str | None:
    from importlib import metadata  # costs more than all the rest of the registry

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
