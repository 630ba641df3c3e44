"""Registering: files into the store first, then one transaction that makes the version visible.

Whoever is killed on the way leaves at most files that no version has, which `ModelRegistry.garbage` names.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from mooring.registry.artifacts import ArtifactStore, Content
from mooring.registry.errors import FrameworkVersionAlone, InvalidSample
from mooring.registry.file_errors import StorageFailed
from mooring.registry.frameworks import canonical_framework, installed_packages
from mooring.registry.source import Source, SourceFile
from mooring.registry.store import ModelStore
from mooring.registry.values import ManifestEntry, ModelVersion, Progress

_ATTEMPTS = 3
_FILES_AT_ONCE = 8
"""Small files wait for the disk more than for the processor, and a disk takes several at once."""


class _Collected(Exception):
    """A collection of garbage took content that was here a moment ago."""


def register(
    source: Source,
    draft: ModelVersion,
    *,
    store: ModelStore,
    artifacts: ArtifactStore,
    progress: Progress | None,
) -> ModelVersion:
    """Keep the files of `source` and add `draft` with them as the next version of its name."""
    for _ in range(_ATTEMPTS):
        manifest = _keep_files(source, draft.name, store=store, artifacts=artifacts, progress=progress)
        filled = replace(
            draft,
            manifest=manifest,
            digest=content_digest(manifest, is_folder=source.is_folder),
            size_bytes=sum(entry.size_bytes for entry in manifest),
        )
        try:
            return store.add(filled, confirm=_still_there(manifest, artifacts))
        except _Collected:
            continue
    raise StorageFailed(artifacts.place, "files vanish from it while they are being registered")


def content_digest(manifest: tuple[ManifestEntry, ...], *, is_folder: bool) -> str:
    """Digest of a version: of its one file, or of the list of paths below the folder, digests and sizes."""
    if not is_folder:
        return manifest[0].digest
    lines = sorted([entry.path.partition("/")[2], entry.digest, entry.size_bytes] for entry in manifest)
    text = json.dumps(lines, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _still_there(manifest: tuple[ManifestEntry, ...], artifacts: ArtifactStore) -> Callable[[], None]:
    """A check made while no collection can run: content that was already there may have been collected since."""

    def confirm() -> None:
        if artifacts.missing(contents(manifest)):
            raise _Collected

    return confirm


def contents(manifest: tuple[ManifestEntry, ...]) -> list[Content]:
    """What the store has to hold for a manifest, each once."""
    return list({entry.digest: (entry.digest, entry.size_bytes) for entry in manifest}.values())


def _keep_files(
    source: Source, name: str, *, store: ModelStore, artifacts: ArtifactStore, progress: Progress | None
) -> tuple[ManifestEntry, ...]:
    expected = _expected_digests(store.find(name))
    count = _counter(source.size_bytes, progress)

    def keep(file: SourceFile) -> ManifestEntry:
        below = file.path.partition("/")[2]
        digest, size = artifacts.add(file.place, expected=expected.get((below, file.size_bytes)), count=count)
        return ManifestEntry(file.path, digest, size)

    manifest = tuple(_each(keep, source.files))
    artifacts.flush(contents(manifest))
    return manifest


def _each(keep: Callable[[SourceFile], ManifestEntry], files: Sequence[SourceFile]) -> list[ManifestEntry]:
    """One file stays in this thread, where Ctrl-C reaches it at once; of many, the rest is dropped on a failure."""
    if len(files) == 1:
        return [keep(files[0])]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
        try:
            return list(pool.map(keep, files))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _expected_digests(previous: ModelVersion | None) -> Mapping[tuple[str, int], str]:
    """Digests by path below the entry and size: a name is often registered again with most files unchanged."""
    if previous is None:
        return {}
    return {(entry.path.partition("/")[2], entry.size_bytes): entry.digest for entry in previous.manifest}


def _counter(total: int, progress: Progress | None) -> Callable[[int], None]:
    if progress is None:
        return lambda _size: None
    done = 0
    lock = threading.Lock()

    def count(size: int) -> None:
        nonlocal done
        with lock:
            done += size
            progress(done, total)

    return count


def draft_version(
    name: str,
    source: Source,
    *,
    framework: str | None,
    framework_version: str | None,
    sample_input: Any,
    sample_output: Any,
    python_version: str | None = None,
    packages: dict[str, str] | None = None,
    **more: Any,
) -> ModelVersion:
    """A version that has all but its number and its files.

    Args:
        name: Of the model.
        source: Its files.
        framework: In any case.
        framework_version: Needs `framework`.
        sample_input: Anything that JSON can hold.
        sample_output: The same.
        python_version: None for the Python that runs this.
        packages: None for those of the framework that this Python has.
        more: Other fields of the version, as they are.

    Raises:
        FrameworkVersionAlone: A framework's version without its name.
        InvalidSample: A sample is no JSON.
    """
    framework = canonical_framework(framework)
    if framework_version is not None and framework is None:
        raise FrameworkVersionAlone(framework_version)
    return ModelVersion(
        name=name,
        version=0,
        digest="",
        size_bytes=0,
        entry=source.entry,
        is_folder=source.is_folder,
        created_time=datetime.now(timezone.utc),
        created_by=_user(),
        framework=framework,
        framework_version=framework_version,
        sample_input=as_json("sample_input", sample_input),
        sample_output=as_json("sample_output", sample_output),
        python_version=python_version or f"{sys.version_info.major}.{sys.version_info.minor}",
        packages=installed_packages(framework) if packages is None else packages,
        **more,
    )


def as_json(field: str, value: Any) -> Any:
    """The value as it will be read back.

    Raises:
        InvalidSample: JSON can't hold it.
    """
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidSample(field, str(error)) from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user id without a name
        return ""
