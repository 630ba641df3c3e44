"""An image as an engine takes it: a configuration, its layers, and a manifest that names them.

Layers the engine has already are named, not sent. Source: Docker image specification v1.2.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mooring.images.layers import Layer, read_chunks

_CREATED = "1980-01-01T00:00:00Z"


@dataclass(frozen=True)
class ParentImage:
    """What an image is put on, as the engine describes it.

    Attributes:
        id: `sha256:…`.
        layers: Digests of its layers, lowest first.
        config: Its configuration: Env, Cmd, User, Labels ….
        architecture: `amd64`, `arm64`, ….
        system: `linux`.
        variant: Of the architecture; mostly empty.
        abouts: What each layer holds, as far as that is known.
    """

    id: str
    layers: tuple[str, ...]
    config: dict[str, Any] = field(repr=False)
    architecture: str = "amd64"
    system: str = "linux"
    variant: str = ""
    abouts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageChange:
    """What an image adds to its parent.

    Attributes:
        layers: On top of the parent's.
        variables: Environment variables that are set.
        labels: Labels that are set.
        settings: Other keys of the configuration that are replaced: Entrypoint, Cmd, User, WorkingDir, ….
    """

    layers: Sequence[Layer] = ()
    variables: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    labels: dict[str, str] = field(default_factory=dict[str, str])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class NewImage:
    """An image that is described, and known by its id, before it is made."""

    document: bytes = field(repr=False)
    parent: ParentImage
    layers: tuple[Layer, ...]

    @property
    def id(self) -> str:
        """`sha256:…`: the engine's own name for it."""
        return f"sha256:{hashlib.sha256(self.document).hexdigest()}"

    def archive(self, tag: str) -> Iterator[bytes]:
        """What `docker load` takes; the parent's layers are named only."""
        digest = self.id.removeprefix("sha256:")
        names = [
            _layer_name(each) for each in (*self.parent.layers, *(layer.digest for layer in self.layers))
        ]
        manifest = [{"Config": f"{digest}.json", "RepoTags": [tag], "Layers": names}]
        yield _entry(f"{digest}.json", self.document)
        for layer in self.layers:
            yield _header(_layer_name(layer.digest), layer.size_bytes)
            yield from read_chunks(layer.path)
            yield _padding(layer.size_bytes)
        yield _entry("manifest.json", json.dumps(manifest).encode())
        yield b"\0" * tarfile.BLOCKSIZE * 2


def describe_image(parent: ParentImage, change: ImageChange) -> NewImage:
    """The image that a change makes of its parent; the same for the same inputs."""
    layers = tuple(change.layers)
    abouts = [*_abouts(parent), *(layer.about for layer in layers)]
    document = {
        "architecture": parent.architecture,
        **({"variant": parent.variant} if parent.variant else {}),
        "os": parent.system,
        "created": _CREATED,
        "config": _changed_config(parent.config, change),
        "rootfs": {"type": "layers", "diff_ids": [*parent.layers, *(layer.digest for layer in layers)]},
        "history": [{"created": _CREATED, "created_by": about} for about in abouts],
    }
    return NewImage(json.dumps(document, sort_keys=True).encode(), parent, layers)


def _abouts(parent: ParentImage) -> list[str]:
    known = list(parent.abouts)
    return known if len(known) == len(parent.layers) else ["base image"] * len(parent.layers)


def _changed_config(config: dict[str, Any], change: ImageChange) -> dict[str, Any]:
    variables = dict(entry.partition("=")[::2] for entry in config.get("Env") or [])
    variables.update(change.variables)
    kept = {name: config[name] for name in ("WorkingDir", "User", "StopSignal", "Shell") if config.get(name)}
    labels = {**(config.get("Labels") or {}), **change.labels}
    return {
        **kept,
        "Env": [f"{name}={value}" for name, value in variables.items()],
        "Labels": labels,
        **{name: config[name] for name in ("Entrypoint", "Cmd", "ExposedPorts") if config.get(name)},
        **change.settings,
    }


def _layer_name(digest: str) -> str:
    return f"{digest.removeprefix('sha256:')}/layer.tar"


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return b"\0" * (-size % tarfile.BLOCKSIZE)


def _entry(name: str, content: bytes) -> bytes:
    return b"".join((_header(name, len(content)), content, _padding(len(content))))


def archive_of(files: dict[str, bytes], *, owner: int = 0, mode: int = 0o400) -> bytes:
    """A small archive of files with one owner and mode, as engines take for files of a container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), mode
            info.uid = info.gid = owner
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
