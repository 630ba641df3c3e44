"""Reading a conda environment of this machine, by conda itself."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import yaml

from mooring.environments.failures import CondaMissing, InvalidEnvironment


def export_conda_environment(name: str) -> dict[str, Any]:
    """The conda file of an environment, without build strings.

    Raises:
        CondaMissing: Neither conda nor micromamba is on PATH.
        InvalidEnvironment: There is no such environment.
    """
    tool = shutil.which("conda") or shutil.which("mamba") or shutil.which("micromamba")
    if tool is None:
        raise CondaMissing(environment=name)
    done = subprocess.run(
        [tool, "env", "export", "--no-builds", "--name", name],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    exported = yaml.safe_load(done.stdout) if done.returncode == 0 else None
    if not isinstance(exported, dict) or not exported.get("dependencies"):
        raise InvalidEnvironment(
            subject=f"Conda environment {name!r}",
            reason="conda could not export it",
            advice="Run `conda env list` to see the names there are.",
        )
    exported.pop("prefix", None)
    return exported
