"""The single checks of `mooring doctor`; each gives its findings and never raises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mooring.cli.sizes import size
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.settings import Settings

Status = Literal["ok", "note", "warning", "error"]

_OLDEST_PYTHON = (3, 10)
_ROOM_NEEDED = 500_000_000  # one small environment with scikit-learn is 300 MB
_ROOM_WANTED = 5_000_000_000
_PATIENCE_S = 5.0


@dataclass(frozen=True)
class Checkup:
    """One line of the report.

    Attributes:
        status: `ok`; `note` = good to know; `warning` = some things will not work; `error` = deploying will not work.
        check: What was looked at.
        found: What was found.
        remedy: What to do; empty when all is well.
    """

    status: Status
    check: str
    found: str
    remedy: str = ""


def check_python(settings: Settings) -> Iterator[Checkup]:
    """The Python that runs Mooring."""
    del settings
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _OLDEST_PYTHON:
        yield Checkup("error", "python", version, "Install Mooring with Python 3.10 or newer.")
    else:
        yield Checkup("ok", "python", f"{version}  {sys.executable}")


def check_uv(settings: Settings) -> Iterator[Checkup]:
    """uv, which resolves and installs environments."""
    del settings
    try:
        from uv import find_uv_bin

        path = find_uv_bin()
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=_PATIENCE_S, check=True
        )
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        yield Checkup(
            "error", "uv", f"does not run: {error}", "Install it again: pip install --force-reinstall uv"
        )
    else:
        yield Checkup("ok", "uv", f"{told.stdout.strip().removeprefix('uv ')}  {path}")


def check_conda(settings: Settings) -> Iterator[Checkup]:
    """py-rattler, when packages shall come from conda's channels."""
    if not settings.use_conda:
        return
    try:
        found = metadata.version("py-rattler")
    except metadata.PackageNotFoundError:
        remedy = 'Run `pip install "mooring[conda]"`, or turn use_conda off.'
        yield Checkup("warning", "conda", "use_conda is on, but py-rattler is not installed", remedy)
    else:
        yield Checkup("ok", "conda", f"use_conda is on, py-rattler {found}")


def check_home(settings: Settings) -> Iterator[Checkup]:
    """The folder Mooring keeps everything in."""
    reason = _why_not_writable(settings.home)
    if reason:
        remedy = f"Make {settings.home} writable for you, or set MOORING_HOME to another folder."
        yield Checkup("error", "home", f"{settings.home} can't be written: {reason}", remedy)
    else:
        yield Checkup("ok", "home", str(settings.home))


def check_room(settings: Settings) -> Iterator[Checkup]:
    """Room on the disk of the home folder."""
    free = shutil.disk_usage(_nearest_folder(settings.home)).free
    remedy = (
        "Free some room, for instance with `mooring gc`, or set MOORING_HOME to a folder on another disk."
    )
    status: Status = "error" if free < _ROOM_NEEDED else "warning" if free < _ROOM_WANTED else "ok"
    yield Checkup(status, "disk", f"{size(free)} free", "" if status == "ok" else remedy)


def check_workspace(settings: Settings) -> Iterator[Checkup]:
    """Database and artifact store, opened as every other command does, and the services in it."""
    from mooring.workspace import Workspace

    try:
        workspace = Workspace.open(settings.workspace)
    except MooringError as error:
        yield Checkup("error", "database", error.problem, error.remedy)
        return
    try:
        count = len(workspace.models.list(latest=True))
        yield Checkup(
            "ok", "database", f"workspace {workspace.name}, {count} model{'s' if count != 1 else ''}"
        )
        yield from _check_services(workspace)
    except MooringError as error:
        yield Checkup("error", "database", error.problem, error.remedy)
    finally:
        workspace.close()


def check_artifacts(settings: Settings) -> Iterator[Checkup]:
    """Where the files of models go."""
    if "://" in settings.artifact_url and not settings.artifact_url.startswith("file://"):
        yield Checkup("note", "artifacts", f"{_without_password(settings.artifact_url)}  (not tried)")
        return
    folder = Path(settings.artifact_url.removeprefix("file://") or settings.workspace_dir)
    reason = _why_not_writable(folder)
    if reason:
        remedy = f"Make {folder} writable for you, or set MOORING_ARTIFACT_URL to another place."
        yield Checkup("error", "artifacts", f"{folder} can't be written: {reason}", remedy)
    else:
        yield Checkup("ok", "artifacts", str(folder))


def check_index(settings: Settings) -> Iterator[Checkup]:
    """The package index new environments are installed from."""
    del settings
    import urllib.error
    import urllib.request

    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    url = next((os.environ[name] for name in names if os.environ.get(name)), "https://pypi.org/simple/")
    shown = _without_password(url)
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/pip/", timeout=_PATIENCE_S):  # noqa: S310 (the user's own index)
            yield Checkup("ok", "package index", shown)
    except urllib.error.HTTPError as error:
        yield Checkup("ok", "package index", f"{shown}  (answers {error.code})")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        remedy = "Connect, or set UV_DEFAULT_INDEX to an index you reach; environments already built go on working."
        yield Checkup("warning", "package index", f"{shown} does not answer: {reason}", remedy)


def check_engines(settings: Settings) -> Iterator[Checkup]:
    """A Docker engine and kubectl: good to know, not needed for the process target."""
    del settings
    yield _check_docker()
    yield Checkup(
        "note", "kubectl", shutil.which("kubectl") or "not installed; not needed to deploy to a process"
    )


def _check_docker() -> Checkup:
    from mooring.engine import DockerTrouble, Engine

    engine = Engine()
    try:
        with engine.told():
            known = engine.questions.version()
    except DockerTrouble as trouble:
        return Checkup("note", "docker", trouble.problem, trouble.remedy)
    return Checkup(
        "ok", "docker", f"{known.get('Version')} ({known.get('Os')}/{known.get('Arch')})  {engine.place}"
    )


def _check_services(workspace: object) -> Iterator[Checkup]:
    services = workspace.services.list()  # type: ignore[attr-defined]
    lost = [service for service in services if service.state in ("Unhealthy", "Failed", "Unschedulable")]
    yield Checkup("ok", "services", f"{len(services)} deployed, {len(services) - len(lost)} of them well")
    for service in lost:
        remedy = f"See mooring service show -n {service.name}; start it again with mooring service update -n {service.name}."
        yield Checkup("warning", "service", f"{service.name} is {service.state}", remedy)


def _why_not_writable(folder: Path) -> str:
    """Empty when a file can be written there; leaves no trace."""
    place = _nearest_folder(folder)
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".mooring-"):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _nearest_folder(folder: Path) -> Path:
    """The folder itself, or the first of its parents that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


CHECKUPS: tuple[Callable[[Settings], Iterator[Checkup]], ...] = (
    check_python,
    check_uv,
    check_conda,
    check_home,
    check_room,
    check_workspace,
    check_artifacts,
    check_index,
    check_engines,
)
