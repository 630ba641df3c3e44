"""Packages of Azure ML that Mooring stands in for: they are left out of the environment, and it is said so."""

from __future__ import annotations

import re

from mooring.findings import Finding

_STANDS_IN = "The scoring server and its azureml modules come with Mooring"

_WITHOUT_STAND_IN: tuple[tuple[str, str], ...] = (
    (
        r"azureml-(train-automl|automl|contrib-automl).*",
        "Models made by AutoML need its own packages to predict, and those are not installed",
    ),
    (
        r"azureml-(interpret|explain-model|contrib-interpret|contrib-explain-model)",
        "Explanations are not computed here",
    ),
    (
        r"azureml-(dataprep|dataset-runtime|opendatasets|datadrift).*",
        "Datasets are not reachable from a service here",
    ),
)
_FAMILY = re.compile(r"azureml([-.].*)?|azure-ml-api-sdk|azure-cli-ml")


def is_replaced(name: str) -> bool:
    """Whether a normalised package name belongs to the Azure ML v1 SDK or its scoring server."""
    return _FAMILY.fullmatch(name) is not None


def replacement_finding(name: str) -> Finding:
    """What becomes of a replaced package: information, or a warning when nothing stands in for it."""
    for pattern, loss in _WITHOUT_STAND_IN:
        if re.fullmatch(pattern, name):
            return Finding(
                code="azureml-package-missing",
                severity="warning",
                problem=f"{name!r} is left out. {loss}.",
                remedy="Remove it from the file if score.py does not need it; otherwise deploy with a user-managed Python.",
                data={"package": name},
            )
    return Finding(
        code="azureml-package-replaced",
        severity="information",
        problem=f"{name!r} is not installed. {_STANDS_IN}.",
        remedy="Keep it if the file should stay deployable to Azure.",
        data={"package": name},
    )
