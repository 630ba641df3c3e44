"""v1's public classes over the workspace: what notebooks and scripts import."""

from mooring.sdk.compute import AksCompute, ComputeTarget
from mooring.sdk.experiment import Experiment
from mooring.sdk.image import ContainerImage, Image
from mooring.sdk.inference import InferenceConfig
from mooring.sdk.model import Model
from mooring.sdk.package import ModelPackage
from mooring.sdk.run import Run
from mooring.sdk.webservice import (
    AciWebservice,
    AksEndpoint,
    AksWebservice,
    LocalWebservice,
    ProcessWebservice,
    Webservice,
)
from mooring.sdk.workspace import Workspace

__all__ = [
    "AciWebservice",
    "AksCompute",
    "AksEndpoint",
    "AksWebservice",
    "ComputeTarget",
    "ContainerImage",
    "Experiment",
    "Image",
    "InferenceConfig",
    "LocalWebservice",
    "Model",
    "ModelPackage",
    "ProcessWebservice",
    "Run",
    "Webservice",
    "Workspace",
]
