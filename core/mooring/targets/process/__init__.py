"""Runs a service as a supervised tree of processes on this machine."""

from mooring.targets.process.target import ProcessTarget

__all__ = ["ProcessTarget"]
