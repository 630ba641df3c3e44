"""Runs a service in containers of a Docker engine, this machine's or another's."""

from mooring.targets.docker.target import DockerTarget

__all__ = ["DockerTarget"]
