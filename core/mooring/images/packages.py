"""The packages of an environment as a layer: installed by uv in a container of the base image, then taken out of it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from mooring.engine import DockerTrouble, Engine, errors
from mooring.environments import Resolution
from mooring.environments.pip_configuration import read_pip_indexes
from mooring.environments.redaction import redact
from mooring.environments.uv_process import find_uv, run_uv
from mooring.environments.verdicts import failure_of, judge
from mooring.images.archive import ParentImage, archive_of
from mooring.images.installing import (
    BUILD_DIR,
    CACHE_DIR,
    ENVIRONMENT_DIR,
    NO_PYTHON,
    NO_UV,
    render_install_script,
)
from mooring.images.labels import build_labels
from mooring.images.layers import EPOCH, Layer, rewrite_layer
from mooring.settings import Settings

CACHE_VOLUME = "mooring-uv-cache"

_NOT_FOUND, _NOT_RUNNABLE = 127, 126
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_WHEELS = {"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


def install_packages(
    engine: Engine,
    settings: Settings,
    base: ParentImage,
    resolution: Resolution,
    folder: Path,
    tell: Callable[[str], None],
) -> Layer:
    """A layer with a virtual environment that holds exactly what was locked.

    Args:
        engine: That has the base image.
        settings: For the network of the installation.
        base: To be put on.
        resolution: What is installed.
        folder: For the layer's archive.
        tell: Told what uv does.

    Raises:
        DockerTrouble: The base image can't be used.
        InstallationFailed: uv could not install it; says why.
    """
    files = {
        "install.sh": _script(resolution).encode(),
        "requirements.txt": _requirements(resolution).encode(),
    }
    with _installer(engine, settings, base) as container:
        with engine.told(base.id):
            engine.api.put_archive(container, "/", _folders(BUILD_DIR, CACHE_DIR))
            engine.api.put_archive(container, BUILD_DIR, archive_of(files))
            engine.api.put_archive(container, BUILD_DIR, archive_of({"uv": _uv_for(base)}, mode=0o555))
        code, words = _run(engine, container, tell)
        if code:
            raise _verdict(code, words, resolution, base)
        tell("taking the packages out of the installation")
        with engine.told(base.id):
            pieces, _ = engine.api.get_archive(container, ENVIRONMENT_DIR, chunk_size=1024 * 1024)
            count = len(resolution.requirements)
            about = (
                f"mooring: {count} packages for python {resolution.python_version}, {resolution.digest[:20]}"
            )
            top = ENVIRONMENT_DIR.strip("/").rpartition("/")[0]
            return rewrite_layer(cast("BinaryIO", Pieces(pieces)), top, folder / "packages.tar", about)


@contextmanager
def _installer(engine: Engine, settings: Settings, base: ParentImage) -> Generator[str, None, None]:
    """A container to install in, gone afterwards whatever happens."""
    api = engine.api
    with engine.told(base.id):
        host = api.create_host_config(
            binds={CACHE_VOLUME: {"bind": CACHE_DIR, "mode": "rw"}},
            network_mode=settings.docker_build_network or None,
        )
        container: str = api.create_container(
            base.id,
            entrypoint=["sh", f"{BUILD_DIR}/install.sh"],
            command=[],
            user="0",
            host_config=host,
            labels=build_labels(settings),
        )["Id"]
    try:
        yield container
    finally:
        with engine.told(base.id):
            api.remove_container(container, force=True, v=True)


def _run(engine: Engine, container: str, hear: Callable[[str], None]) -> tuple[int, str]:
    """Exit code and words of the installation; a container that can't even start has code 127 or 126."""
    words: list[str] = []
    try:
        with engine.told(container):
            engine.api.start(container)
    except DockerTrouble as trouble:
        said = trouble.evidence
        missing = "not found" in said or "no such file" in said
        if missing or "exec format" in said:
            return (_NOT_FOUND if missing else _NOT_RUNNABLE), said
        raise
    with engine.told(container):
        for line in _lines(engine.api.logs(container, stream=True, follow=True)):
            words.append(redact(line))
            hear(words[-1])
        code = int(engine.api.wait(container)["StatusCode"])
    return code, "\n".join(words)


def _lines(pieces: Iterable[bytes]) -> Iterable[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode("utf-8", "replace").strip() for line in whole if line.strip())
    if rest.strip():
        yield rest.decode("utf-8", "replace").strip()


def _verdict(code: int, words: str, resolution: Resolution, base: ParentImage) -> Exception:
    tail = "\n".join(words.splitlines()[-5:])
    python = resolution.python_version
    if "exec format error" in words.lower() or code == _NOT_RUNNABLE:
        return errors.WrongArchitecture(
            f"The base image is for {base.architecture}, which the engine's processor does not run.",
            "Choose an image for the engine's processor (`docker info` names it), or one for several.",
            tail,
        )
    if code == _NOT_FOUND and "sh" in words:
        return errors.BaseImageUnusable(
            "The base image has no shell (sh), so nothing can be installed in it.",
            "Choose a base image made on a distribution (Debian, Ubuntu, …), or bring one with all packages and "
            "set python.userManagedDependencies.",
            tail,
        )
    if code == NO_UV:
        return errors.BaseImageUnusable(
            "The base image has no GNU C library (glibc), which Python packages with compiled parts are made for.",
            "Choose a base image on Debian, Ubuntu or Red Hat instead of Alpine (musl) or a bare one.",
            tail,
        )
    if code == NO_PYTHON:
        return errors.BaseImageUnusable(
            f"The base image has no Python {python}, and fetching one failed.",
            f"Choose a base image with Python {python} (python:{python}-slim; in MOORING_DOCKER_BASE_IMAGE, {{python}} "
            "stands for the version), or ask for the Python it has.",
            tail,
        )
    return failure_of(judge(words), python, installing=True)


def _script(resolution: Resolution) -> str:
    indexes = {name: value for name, value in read_pip_indexes().items() if "://" in value}
    variables = {**indexes, **{name: os.environ[name] for name in _PROXIES if name in os.environ}}
    variables.update(
        {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX"))
        }
    )
    return render_install_script(
        python=resolution.python_version,
        has_packages=bool(resolution.requirements),
        arguments=resolution.options.arguments,
        variables=variables,
        epoch=EPOCH,
    )


def _requirements(resolution: Resolution) -> str:
    lines = [*resolution.options.lines, *(resolution.secret_lines or resolution.requirements)]
    return "\n".join(lines) + "\n"


def _folders(*paths: str) -> bytes:
    """An archive of empty folders."""
    import io
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in paths:
            info = tarfile.TarInfo(path.strip("/"))
            info.type, info.mode = tarfile.DIRTYPE, 0o700
            tar.addfile(info)
    return buffer.getvalue()


def _uv_for(base: ParentImage) -> bytes:
    """Uv as the image can run: our own where that fits, else the same version for the image's processor."""
    ours = _MACHINES.get(platform.machine(), platform.machine())
    if sys.platform == "linux" and ours == base.architecture:
        return Path(find_uv()).read_bytes()
    from importlib.metadata import version

    wheel = _WHEELS.get(base.architecture)
    if wheel is None:
        raise errors.WrongArchitecture(
            f"There is no uv for {base.architecture}, so nothing can be installed in the base image.",
            "Choose a base image for amd64 or arm64, or bring one with all packages.",
        )
    folder = tempfile.mkdtemp(prefix="mooring-uv-")
    try:
        wanted = ["pip", "install", "--target", folder, "--no-deps", "--python-platform", wheel]
        outcome = run_uv([*wanted, f"uv=={version('uv')}"])
        if not outcome.is_ok:
            raise failure_of(judge(outcome.words), "3", installing=True)
        return Path(folder, "bin", "uv").read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Pieces:
    """A stream of pieces, read like a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def read(self, size: int) -> Any:
        """So many bytes; less at the end."""
        while len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
