"""A release made by hand, for tests of targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mooring.deployments.target import Release, service_folder
from mooring.settings import Settings
from mooring.testing.environments import CurrentInterpreter

ECHO_SCRIPT = """\
import json
import os


def init():
    print("init of revision", os.environ.get("REVISION", "?"), flush=True)


def run(raw_data):
    return {"revision": os.environ.get("REVISION", "?"), "got": json.loads(raw_data)}
"""


def make_release(
    settings: Settings, service: str = "echo", revision: int = 1, *, script: str = ECHO_SCRIPT, **changes: Any
) -> Release:
    """A laid-out release of one script, in the interpreter that runs; without a model.

    Args:
        settings: Where the workspace is.
        service: Its name.
        revision: Its number; the script sees it as the environment variable REVISION.
        script: Text of score.py.
        **changes: Other attributes of the release.
    """
    builder = CurrentInterpreter()
    resolution = builder.resolve(None)
    folder = service_folder(settings, service)
    app_root = folder / "revisions" / str(revision) / "app"
    app_root.mkdir(parents=True)
    for name in ("score.py", "main.py"):
        (app_root / name).write_text(script, encoding="utf-8")
    release = Release(
        service=service,
        revision=revision,
        compute_type="process",
        folder=folder,
        app_root=app_root,
        entry_script="score.py",
        source_directory="",
        model_dir="",
        models=(),
        environment=resolution,
        ready_environment=lambda: builder.realize(resolution),
        environment_variables={"REVISION": str(revision)},
        ready_within_s=30.0,
    )
    return replace(release, **changes)
