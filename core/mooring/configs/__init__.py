"""Inference and deployment configurations: values, readers that keep positions, JSON Schemas."""

from mooring.configs.aks import AksDeploymentConfig, AksEndpointDeploymentConfig
from mooring.configs.deployment import DeploymentConfig, InvalidDeploymentConfig
from mooring.configs.deployment_files import (
    DEPLOYMENT_CONFIGS,
    inspect_deployment_config,
    load_deployment_config,
    parse_deployment_config,
)
from mooring.configs.document import ConfigUnreadable, Document, load_document, read_document
from mooring.configs.fields import Setting, settings_of
from mooring.configs.inference import InferenceConfig, InvalidInferenceConfig
from mooring.configs.inference_files import (
    inspect_inference_config,
    load_inference_config,
    parse_inference_config,
)
from mooring.configs.inference_paths import ResolvedInference
from mooring.configs.origin import InvalidConfig
from mooring.configs.recognition import is_deployment_config, is_inference_config, may_be_config
from mooring.configs.targets import AciDeploymentConfig, LocalDeploymentConfig, ProcessDeploymentConfig

__all__ = [
    "DEPLOYMENT_CONFIGS",
    "AciDeploymentConfig",
    "AksDeploymentConfig",
    "AksEndpointDeploymentConfig",
    "ConfigUnreadable",
    "DeploymentConfig",
    "Document",
    "InferenceConfig",
    "InvalidConfig",
    "InvalidDeploymentConfig",
    "InvalidInferenceConfig",
    "LocalDeploymentConfig",
    "ProcessDeploymentConfig",
    "ResolvedInference",
    "Setting",
    "inspect_deployment_config",
    "inspect_inference_config",
    "is_deployment_config",
    "is_inference_config",
    "load_deployment_config",
    "load_document",
    "load_inference_config",
    "may_be_config",
    "parse_deployment_config",
    "parse_inference_config",
    "read_document",
    "settings_of",
]
