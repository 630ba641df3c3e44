"""Curated environments: names that Azure ML offers ready-made, and what stands for each of them here.

The equivalents hold what a scoring script needs, not what a training cluster does. Add a name by adding a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mooring.environments.conda import CondaDependencies
from mooring.environments.environment import Environment
from mooring.environments.failures import UnknownCuratedEnvironment


@dataclass(frozen=True)
class Curated:
    """What a family of curated names stands for. `python` is a minor version; `packages` are pip requirements."""

    pattern: str
    shown: str
    python: str
    packages: tuple[str, ...]


_SKLEARN = ("numpy", "scipy", "pandas", "joblib", "inference-schema[numpy-support]")

CURATED: tuple[Curated, ...] = (
    Curated(r"minimal", "AzureML-Minimal", "3.8", ()),
    Curated(
        r"minimal.*inference.*|.*minimal-inference.*",
        "AzureML-minimal-ubuntu18.04-py37-cpu-inference",
        "3.8",
        (),
    ),
    Curated(r"tutorial", "AzureML-Tutorial", "3.8", ("scikit-learn==0.22.1", "matplotlib", *_SKLEARN)),
    Curated(
        r"scikit-learn-0\.20\.3", "AzureML-Scikit-learn-0.20.3", "3.8", ("scikit-learn==0.20.3", *_SKLEARN)
    ),
    Curated(
        r"sklearn-0\.24.*|scikit-learn-0\.24.*",
        "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu",
        "3.8",
        ("scikit-learn==0.24.2", *_SKLEARN),
    ),
    Curated(
        r"sklearn-1\.0.*|scikit-learn-1\.0.*",
        "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu",
        "3.8",
        ("scikit-learn==1.0.2", *_SKLEARN),
    ),
    Curated(
        r"sklearn-1\.5.*|scikit-learn-1\.5.*",
        "AzureML-sklearn-1.5",
        "3.10",
        ("scikit-learn==1.5.2", *_SKLEARN),
    ),
    Curated(
        r"pytorch-1\.(?:[0-6])(?:\D.*)?",
        "AzureML-PyTorch-1.6-CPU",
        "3.8",
        ("torch==1.6.0", "numpy", "pillow"),
    ),
    Curated(
        r"pytorch-1\.7.*",
        "AzureML-pytorch-1.7-ubuntu18.04-py37-cpu-inference",
        "3.8",
        ("torch==1.7.1", "numpy", "pillow"),
    ),
    Curated(
        r"pytorch-1\.9.*",
        "AzureML-pytorch-1.9-ubuntu18.04-py37-cpu-inference",
        "3.8",
        ("torch==1.9.1", "numpy", "pillow"),
    ),
    Curated(
        r"pytorch-1\.10.*",
        "AzureML-pytorch-1.10-ubuntu18.04-py38-cuda11-gpu",
        "3.8",
        ("torch==1.10.2", "numpy", "pillow"),
    ),
    Curated(
        r"tensorflow-1\.15.*|tensorflow-2\.[0-4].*",
        "AzureML-TensorFlow-2.3-CPU",
        "3.8",
        ("tensorflow==2.3.4", "numpy", "pillow"),
    ),
    Curated(
        r"tensorflow-2\.7.*",
        "AzureML-tensorflow-2.7-ubuntu20.04-py38-cuda11-gpu",
        "3.8",
        ("tensorflow==2.7.4", "numpy", "pillow"),
    ),
    Curated(
        r"xgboost-0\.9.*",
        "AzureML-xgboost-0.9-ubuntu18.04-py37-cpu-inference",
        "3.8",
        ("xgboost==0.90", "scikit-learn==0.22.2.post1", *_SKLEARN),
    ),
    Curated(
        r"onnxruntime-1\.6.*",
        "AzureML-onnxruntime-1.6-ubuntu18.04-py37-cpu-inference",
        "3.8",
        ("onnxruntime==1.6.0", "numpy", "pillow"),
    ),
    Curated(
        r"responsibleai-.*",
        "AzureML-responsibleai-0.20-ubuntu20.04-py38-cpu",
        "3.8",
        ("scikit-learn==1.0.2", "lightgbm", *_SKLEARN),
    ),
    Curated(
        r"lightgbm-3\.2.*",
        "AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu",
        "3.8",
        ("lightgbm==3.2.1", "scikit-learn==0.24.2", *_SKLEARN),
    ),
)


def is_curated_name(name: str) -> bool:
    """Whether Azure ML would take this for a curated environment."""
    return name.lower().startswith("azureml-")


def curated_names() -> list[str]:
    """One documented name for each equivalent, sorted."""
    return sorted(entry.shown for entry in CURATED)


def find_curated(name: str) -> Environment:
    """The equivalent of a curated environment, under its curated name.

    Raises:
        UnknownCuratedEnvironment: There is none; the error lists those that have one.
    """
    family = name[len("azureml-") :].lower()
    for entry in CURATED:
        if name.lower() == entry.shown.lower() or re.fullmatch(entry.pattern, family):
            return _build(name, entry)
    raise UnknownCuratedEnvironment(name=name, known=curated_names())


def _build(name: str, entry: Curated) -> Environment:
    environment = Environment(name)
    environment.version = "1"
    environment.python.conda_dependencies = CondaDependencies.create(
        python_version=entry.python, pip_packages=list(entry.packages)
    )
    return environment
