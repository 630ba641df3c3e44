"""What an engine, a registry or an image can refuse: one cause, one remedy each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

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
    """How to start an engine, on the system that asks, or on the machine where it should be."""
    return EngineNotRunning(f"No Docker engine answers at {place}.", how_to_start(place, _system()))


def forbidden(place: str) -> EngineForbidden:
    """How to be let in."""
    who, there = ("yourself", "") if _is_here(place) else ("the user", " there")
    advice = f"Add {who} to the group docker{there} (`sudo usermod -aG docker $USER`) and log in again."
    return EngineForbidden(f"You may not use the Docker engine at {place}: permission denied.", advice)


def distrusted(place: str, said: str) -> EngineForbidden:
    """How to show an engine that speaks TLS who we are, and know that it is the one."""
    advice = "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem for this engine."
    return EngineForbidden(
        f"The Docker engine at {place} and we don't take each other's TLS certificates.", advice, said
    )


def no_way_to(place: str, said: str) -> DockerTrouble:
    """Why ssh does not lead to an engine's machine.

    Args:
        place: `ssh://…`.
        said: By the ssh command.
    """
    host, said = urlsplit(place).netloc, said.rpartition("\n")[2].rstrip(".")
    if "Permission denied" in said or "verification failed" in said:
        advice = f"See that `ssh {host.replace(':', ' -p ')}` asks no question: a key in the agent or in ~/.ssh/config, and the host in known_hosts."
        return EngineForbidden(f"ssh does not get into the machine of the engine {place}: {said}.", advice)
    reason = said or "it did not answer in time"
    advice = "Check the address and that the machine runs, or set DOCKER_HOST or the docker context."
    return EngineNotRunning(f"The machine of the engine {place} can't be reached: {reason}.", advice)


def how_to_start(place: str, system: str) -> str:
    """What to do when no engine answers, the way without one included.

    Args:
        place: Where it should be.
        system: That asks: `linux`, `darwin`, `win32` or `wsl`.
    """
    if not _is_here(place):
        start = (
            f"Start it on its machine, {urlsplit(place).hostname}, or set DOCKER_HOST or the docker context."
        )
    else:
        start = _STARTS.get(system, _STARTS["linux"])
    return f"{start} {_WITHOUT}"


_WITHOUT = "Without Docker, deploy with computeType process."
_STARTS = {
    "darwin": "Start Docker Desktop (`open -a Docker`) or Colima (`colima start`), or set DOCKER_HOST.",
    "win32": "Start Docker Desktop, or set DOCKER_HOST.",
    "wsl": "Start Docker Desktop on Windows with WSL integration for this distribution, or `sudo service docker start`.",
    "linux": "Start it (`sudo systemctl start docker`), or set DOCKER_HOST or the docker context.",
}


def sdk_missing(package: str) -> SdkMissing:
    """How to have docker's SDK, or to do without."""
    problem = f"The Python package {package!r} is not installed."
    wanted = package if package == "paramiko" else '"mooring[docker]"'
    return SdkMissing(problem, f"Install it: pip install {wanted}. {_WITHOUT}")


def _is_here(place: str) -> bool:
    parts = urlsplit(place)
    return parts.scheme != "ssh" and parts.hostname in (None, "", "localhost", "127.0.0.1")


def _system() -> str:
    version = Path("/proc/version")
    is_wsl = version.exists() and "microsoft" in version.read_text(encoding="utf-8", errors="replace").lower()
    return "wsl" if is_wsl else sys.platform
