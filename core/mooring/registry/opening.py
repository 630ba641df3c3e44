"""From the artifact URL of the settings to a store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from mooring.registry.artifacts import ArtifactStore
from mooring.registry.file_errors import StorageFailed
from mooring.registry.local_artifacts import LocalArtifacts


def open_artifacts(url: str, *, default: Path, cache: Path) -> ArtifactStore:
    """The store at `url`.

    Args:
        url: A path, a `file:` URL, or any URL that fsspec and its plugins know; empty for `default`.
        default: Folder for an empty `url`.
        cache: Folder of this machine that a remote store works through.

    Raises:
        StorageFailed: No such kind of store is installed, or it refuses the URL.
    """
    if not url:
        return LocalArtifacts(default)
    parts = urlsplit(url)
    if not parts.scheme:
        return LocalArtifacts(Path(url).expanduser().absolute())
    if parts.scheme in {"file", "local"}:
        return LocalArtifacts(Path(unquote(parts.netloc + parts.path)))
    return _open_remote(url, cache)


def _open_remote(url: str, cache: Path) -> ArtifactStore:
    import fsspec

    from mooring.registry.remote_artifacts import RemoteArtifacts

    place = _without_secrets(url)
    try:
        filesystem, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise StorageFailed(place, f"its driver is not installed: {error}") from error
    except ValueError as error:  # its text may repeat the address
        raise StorageFailed(place, "its driver is not installed, or the address is malformed") from error
    except Exception as error:  # each driver has exceptions of its own
        raise StorageFailed(place, f"the address was refused ({type(error).__name__})") from error
    return RemoteArtifacts(filesystem, root, place=place, cache=LocalArtifacts(cache))


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
