"""Which module names are offered, and what stands behind each.

Source: what 213 public v1 entry scripts and old scikit-learn and numpy pickles import.
"""

from __future__ import annotations

import importlib
from importlib.machinery import PathFinder

__all__ = ["OURS", "PACKAGES", "find_alias", "is_there"]

_SHIMS = "mooring.scoring.shims."
_RAW = "mooring.scoring.contract.rawhttp"
_SCHEMA = "mooring.scoring.schema."

OURS: dict[str, str] = {
    "azureml.core": _SHIMS + "core",
    "azureml.core.dataset": _SHIMS + "core",
    "azureml.core.datastore": _SHIMS + "core",
    "azureml.core.environment": _SHIMS + "core",
    "azureml.core.experiment": _SHIMS + "core",
    "azureml.core.model": _SHIMS + "model",
    "azureml.core.run": _SHIMS + "core",
    "azureml.core.webservice": _SHIMS + "core",
    "azureml.core.workspace": _SHIMS + "core",
    "azureml.exceptions": _SHIMS + "exceptions",
    "azureml.contrib.services.aml_request": _RAW,
    "azureml.contrib.services.aml_response": _RAW,
    "azureml_inference_server_http.api.aml_request": _RAW,
    "azureml_inference_server_http.api.aml_response": _RAW,
    "azureml.monitoring": _SHIMS + "monitoring",
    "azureml.ai.monitoring": _SHIMS + "collector",
    "azure.ai.mlmonitoring": _SHIMS + "collector",
    "azureml.api.schema.dataTypes": _SHIMS + "workbench",
    "azureml.api.schema.sampleDefinition": _SHIMS + "workbench",
    "azureml.api.schema.schemaUtil": _SHIMS + "workbench",
    "azureml.api.realtime.services": _SHIMS + "workbench",
    "azureml.datacollector": _SHIMS + "workbench",
    "inference_schema.schema_decorators": _SCHEMA + "decorators",
    "inference_schema.schema_util": _SCHEMA + "registry",
    "inference_schema.parameter_types.abstract_parameter_type": _SCHEMA + "abstract",
    "inference_schema.parameter_types.numpy_parameter_type": _SCHEMA + "numpy_type",
    "inference_schema.parameter_types.pandas_parameter_type": _SCHEMA + "pandas_type",
    "inference_schema.parameter_types.spark_parameter_type": _SCHEMA + "spark_type",
    "inference_schema.parameter_types.standard_py_parameter_type": _SCHEMA + "standard",
}

PACKAGES = frozenset(
    (
        "azure", "azure.ai", "azure.ai.mlmonitoring", "azureml", "azureml.ai", "azureml.ai.monitoring", "azureml.api",
        "azureml.api.realtime", "azureml.api.schema", "azureml.contrib", "azureml.contrib.services", "azureml.core",
        "azureml.datacollector", "azureml.exceptions", "azureml.monitoring", "azureml.train", "azureml.train.automl",
        "azureml_inference_server_http", "azureml_inference_server_http.api", "inference_schema",
        "inference_schema.parameter_types",
    )
)  # fmt: skip

# Modules that moved: what old pickles and scripts say, and where it is now. scikit-learn 0.22 put an underscore
# before its private modules, which `_with_underscore` covers; the ones here got another name as well.
_MOVED = {
    "sklearn.cluster.dbscan_": "sklearn.cluster._dbscan",
    "sklearn.cluster.hierarchical": "sklearn.cluster._agglomerative",
    "sklearn.cluster.k_means_": "sklearn.cluster._kmeans",
    "sklearn.cluster.mean_shift_": "sklearn.cluster._mean_shift",
    "sklearn.cross_decomposition.pls_": "sklearn.cross_decomposition._pls",
    "sklearn.ensemble.gradient_boosting": "sklearn.ensemble._gb",
    "sklearn.ensemble.voting_classifier": "sklearn.ensemble._voting",
    "sklearn.neighbors.dist_metrics": "sklearn.metrics._dist_metrics",
    "sklearn.neighbors._dist_metrics": "sklearn.metrics._dist_metrics",
    "sklearn.svm.classes": "sklearn.svm._classes",
    "sklearn.tree.tree": "sklearn.tree._classes",
}
_JOBLIB = "sklearn.externals.joblib"


def find_alias(name: str) -> str | None:
    """The existing module that an old name means, or None."""
    if name == _JOBLIB or name.startswith(_JOBLIB + "."):
        return _if_there("joblib" + name[len(_JOBLIB) :])
    if name.startswith("sklearn."):
        return _if_there(_MOVED.get(name, "")) or _if_there(_with_underscore(name))
    if name.startswith(("numpy._core", "numpy.core")):
        # numpy 2 renamed numpy.core; pickles made on one side of that are loaded on the other.
        old, new = "numpy.core", "numpy._core"
        return _if_there(old + name[len(new) :] if name.startswith(new) else new + name[len(old) :])
    return None


def _with_underscore(name: str) -> str:
    parent, _, last = name.rpartition(".")
    return f"{parent}.{last[1:]}" if last.startswith("_") else f"{parent}._{last}"


def is_there(name: str) -> bool:
    """Whether a module can be found on the path, without importing it (its parents are)."""
    parent = name.rpartition(".")[0]
    try:
        folders = importlib.import_module(parent).__path__ if parent else None
        # Not importlib.util.find_spec: that would ask our own finder again, without end.
        return bool(name) and PathFinder.find_spec(name, folders) is not None
    except (ImportError, AttributeError):
        return False


def _if_there(name: str) -> str | None:
    return name if is_there(name) else None
