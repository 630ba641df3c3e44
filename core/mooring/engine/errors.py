"""What an engine, a registry or an image can refuse: one cause, one remedy each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from mooring.errors import MooringError


@dataclass(eq=False)
class DockerTrouble(MooringError):
    """Root of what can go wrong with containers; `evidence` is what was said, in lines."""

    code = "engine"
    cause: str
    advice: str = "Read what the engine says; `docker info` and its log tell more."
    evidence: str = ""

    @property
    def problem(self) -> str:
        """The cause, with the engine's, registry's or image's name in it."""
        return self.cause

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.advice


class EngineNotRunning(DockerTrouble):
    """Nothing answers where the engine should be."""

    code = "engine-not-running"


class SdkMissing(DockerTrouble):
    """Docker's SDK is not installed."""

    code = "docker-sdk-missing"


class EngineForbidden(DockerTrouble):
    """The engine's socket is not ours to use."""

    code = "engine-permission"


class EngineSilent(DockerTrouble):
    """The engine takes questions and gives no answer."""

    code = "engine-silent"


class EngineDiskFull(DockerTrouble):
    """The engine has no room left."""

    code = "disk-full"


class PublishedPortTaken(DockerTrouble):
    """Another process has the port."""

    code = "port-taken"


class ImageNotFound(DockerTrouble):
    """No registry has the image."""

    code = "image-not-found"


class RegistryUnauthorised(DockerTrouble):
    """The registry wants another login."""

    code = "registry-unauthorised"


class RegistryUnreachable(DockerTrouble):
    """The registry does not answer."""

    code = "registry-unreachable"


class WrongArchitecture(DockerTrouble):
    """The image is for another processor."""

    code = "wrong-architecture"


class BaseImageUnusable(DockerTrouble):
    """The base image lacks a shell, a C library or a Python."""

    code = "base-image-unusable"


class ImageStepFailed(DockerTrouble):
    """A step of a Dockerfile failed."""

    code = "image-step-failed"


class GpuMissing(DockerTrouble):
    """The engine can't give a container a GPU."""

    code = "gpu-missing"


def not_running(place: str) -> EngineNotRunning:
    """How to start an engine, on the system that asks."""
    return EngineNotRunning(f"No Docker engine answers at {place}.", _how_to_start())


def forbidden(place: str) -> EngineForbidden:
    """How to be let in."""
    advice = "Add yourself to the group docker (`sudo usermod -aG docker $USER`) and log in again."
    return EngineForbidden(f"You may not use the Docker engine at {place}: permission denied.", advice)


def _how_to_start() -> str:
    if sys.platform == "darwin":
        return "Start Docker Desktop (`open -a Docker`) or Colima (`colima start`), or set DOCKER_HOST."
    if sys.platform == "win32":
        return "Start Docker Desktop, or set DOCKER_HOST."
    if _is_wsl():
        return "Start Docker Desktop on Windows with WSL integration for this distribution, or `sudo service docker start`."
    return "Start it (`sudo systemctl start docker`), or set DOCKER_HOST or the docker context."


def _is_wsl() -> bool:
    version = Path("/proc/version")
    return version.exists() and "microsoft" in version.read_text(encoding="utf-8", errors="replace").lower()
