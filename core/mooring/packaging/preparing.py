"""From models and an inference config to what an image is made of: resolved, and laid out in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.deployments import layout
from mooring.deployments.asked import environment_of, source_of
from mooring.deployments.parts import Parts
from mooring.deployments.releasing import image_wishes
from mooring.deployments.target import Reporter
from mooring.images.parts import ImageParts

if TYPE_CHECKING:
    from mooring.findings import Finding
    from mooring.registry import ModelVersion

_SECRET = re.compile(
    r"secret|passw|token|credential|api_?key|access_?key|private|connection_?string", re.IGNORECASE
)
_MAKING = ".making"


def images_folder(parts: Parts) -> Path:
    """Where the code of registered images is kept."""
    return parts.settings.workspace_dir / "images"


@contextmanager
def laid_out(
    parts: Parts, document: dict[str, Any], models: Sequence[ModelVersion], reporter: Reporter
) -> Generator[ImageParts, None, None]:
    """What goes into an image, laid out in a folder that is gone afterwards.

    Args:
        parts: Around the desk.
        document: Of `mooring.deployments.asked.inference_document`.
        models: To be put in.
        reporter: Told what was replaced in the environment, and which variables stay out.
    """
    folder = _scratch(parts)
    try:
        yield _prepare(parts, document, models, folder, reporter)
    finally:
        layout.remove_folder(folder)


def _prepare(
    parts: Parts, document: dict[str, Any], models: Sequence[ModelVersion], folder: Path, reporter: Reporter
) -> ImageParts:
    from mooring.configs import LocalDeploymentConfig

    environment = environment_of(document)
    reporter.progress("environment", "resolving")
    resolution = parts.builder.resolve(
        environment,
        models=models,
        portable=True,
        progress=lambda text: reporter.progress("environment", text),
    )
    for finding in resolution.findings:
        tell_finding(reporter, "environment", finding)
    source = source_of(document)
    app_root = folder / "app"
    layout.lay_out(source, app_root, models, parts.models)
    variables, secret = _variables(dict(environment.environment_variables) if environment else {})
    if secret:
        text = f"left out, as they look secret: {', '.join(secret)}; give them with docker run -e NAME"
        reporter.event("variables", text, data={"left_out": secret})
    return ImageParts(
        app_root=app_root,
        entry_script=source.entry_in_app_root,
        source_directory=source.directory_name,
        model_dir=layout.model_dir(models),
        models=models,
        environment=resolution,
        wishes=image_wishes(environment, document, LocalDeploymentConfig()),
        variables=variables,
    )


def tell_finding(reporter: Reporter, phase: str, finding: Finding) -> None:
    """One line about something that is not as written."""
    reporter.event(phase, str(finding), data={"finding": finding.to_dict()})


def _variables(given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Those that may be seen by whoever has the image, and the names of the others."""
    secret = sorted(name for name in given if _SECRET.search(name))
    return {name: str(value) for name, value in given.items() if name not in secret}, secret


def _scratch(parts: Parts) -> Path:
    """A folder of our own; those of processes that were killed are removed."""
    top = images_folder(parts) / _MAKING
    top.mkdir(parents=True, exist_ok=True)
    for old in top.iterdir():
        if not _is_alive(old.name.partition("-")[0]):
            layout.remove_folder(old)
    import secrets

    folder = top / f"{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


def _is_alive(pid: str) -> bool:
    import psutil

    return pid.isdecimal() and psutil.pid_exists(int(pid))
