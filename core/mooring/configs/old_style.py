"""The environment that the old keys of an inference configuration describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.configs.inference import InferenceConfig, registry_parts

if TYPE_CHECKING:
    from mooring.environments import Environment


def environment_of(config: InferenceConfig, name: str) -> Environment | None:
    """The configuration's environment, made from the old keys where need be; None when it asks for nothing.

    Args:
        config: Its conda file is read now.
        name: Name for an environment made here; v1 takes the service's name and `-env`.

    Raises:
        InvalidEnvironment: The conda file can't be read.
    """
    if config.environment is not None:
        return config.environment
    conda_path = config.resolve().conda_path
    if not (conda_path or config.base_image or config.enable_gpu or config.cuda_version):
        return None
    from mooring.environments import Environment

    environment = Environment.from_conda_specification(name, conda_path) if conda_path else Environment(name)
    _set_image(environment, config)
    return environment


def _set_image(environment: Environment, config: InferenceConfig) -> None:
    from mooring.environments import ContainerRegistry
    from mooring.environments.sections import DEFAULT_GPU_IMAGE

    if config.base_image:
        environment.docker.base_image = config.base_image
        environment.inferencing_stack_version = "latest"
    elif config.enable_gpu or config.cuda_version:
        environment.docker.base_image = DEFAULT_GPU_IMAGE
    parts = registry_parts(config.base_image_registry)
    if all(parts.values()):
        environment.docker.base_image_registry = ContainerRegistry(**parts)
