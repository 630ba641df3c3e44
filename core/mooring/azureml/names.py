"""Which v1 module offers which of our objects: one table."""

from __future__ import annotations

_SDK = "mooring.sdk"
_SERVICES = "mooring.sdk.webservice"
_EXCEPTIONS = "mooring.sdk.exceptions"
_SHIMS = "mooring.scoring.shims.exceptions"
_ENVIRONMENTS = "mooring.environments"

NAMES: dict[str, dict[str, str]] = {
    "azureml": {},
    "azureml.core": {
        "Workspace": _SDK,
        "Model": _SDK,
        "Environment": _ENVIRONMENTS,
        "Run": _SDK,
        "Experiment": _SDK,
        "Webservice": _SDK,
        "ComputeTarget": _SDK,
        "ContainerRegistry": _ENVIRONMENTS,
        "VERSION": "mooring.azureml.switch",
        "__version__": "mooring.azureml.switch",
    },
    "azureml.core.workspace": {"Workspace": _SDK},
    "azureml.core.experiment": {"Experiment": _SDK},
    "azureml.core.run": {"Run": _SDK},
    "azureml.core.model": {"Model": _SDK, "InferenceConfig": _SDK, "ModelPackage": _SDK},
    "azureml.core.environment": {
        "Environment": _ENVIRONMENTS,
        "CondaDependencies": _ENVIRONMENTS,
    },
    "azureml.core.conda_dependencies": {"CondaDependencies": _ENVIRONMENTS},
    "azureml.core.container_registry": {"ContainerRegistry": _ENVIRONMENTS},
    "azureml.core.resource_configuration": {"ResourceConfiguration": "mooring.registry"},
    "azureml.core.webservice": {
        "Webservice": _SERVICES,
        "LocalWebservice": _SERVICES,
        "AciWebservice": _SERVICES,
        "AksWebservice": _SERVICES,
        "AksEndpoint": _SERVICES,
    },
    "azureml.core.webservice.webservice": {"Webservice": _SERVICES},
    "azureml.core.webservice.local": {"LocalWebservice": _SERVICES},
    "azureml.core.webservice.aci": {"AciWebservice": _SERVICES},
    "azureml.core.webservice.aks": {"AksWebservice": _SERVICES, "AksEndpoint": _SERVICES},
    "azureml.core.compute": {"ComputeTarget": _SDK, "AksCompute": _SDK},
    "azureml.core.compute_target": {"ComputeTargetException": _EXCEPTIONS},
    "azureml.core.compute.aks": {"AksCompute": _SDK},
    "azureml.core.image": {"ContainerImage": _SDK, "Image": _SDK},
    "azureml.core.image.container": {"ContainerImage": _SDK},
    "azureml.widgets": {"RunDetails": "mooring.sdk.run_details"},
    "azureml.exceptions": {
        "AzureMLException": _SHIMS,
        "UserErrorException": _SHIMS,
        "WebserviceException": _SHIMS,
        "ModelNotFoundException": _SHIMS,
        "ComputeTargetException": _SHIMS,
        "AuthenticationException": _SHIMS,
        "RunEnvironmentException": _SHIMS,
        "WorkspaceException": _EXCEPTIONS,
    },
}
"""v1 module → public name → the module of ours that has it under the same name."""
