"""Base images: pulled when the engine lacks them, with a login where one is given, and pinned by digest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mooring.engine import Engine
from mooring.engine.errors import ImageStepFailed
from mooring.engine.words import trouble_of
from mooring.images.archive import ParentImage
from mooring.images.logins import RegistryLogins, bare_address
from mooring.images.naming import digest_of, image_tag
from mooring.images.parents import find_parent
from mooring.images.parts import ImageParts, ImageWishes
from mooring.images.steps import build_dockerfile
from mooring.settings import Settings


def base_lock_path(settings: Settings) -> Path:
    """The file that says which base images were used from this machine."""
    return settings.environments_dir / "locks" / "bases.json"


def base_name(parts: ImageParts, settings: Settings) -> str:
    """Name of the base image: the one asked for, else the usual one for the Python."""
    python = parts.environment.python_version or "3.11"
    return parts.wishes.base_image or settings.docker_base_image.format(python=python)


class BaseImages:
    """The images below the packages.

    Args:
        engine: That has them, or shall.
        settings: Name the usual one, and say where digests are kept.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._lock = BaseLock(base_lock_path(settings))

    def get(self, parts: ImageParts, tell: Callable[[str], None]) -> tuple[str, ParentImage]:
        """The base image that is asked for, and its name; pulled or built when it has to be.

        Raises:
            DockerTrouble: It can't be had.
        """
        wishes = parts.wishes
        if wishes.base_dockerfile:
            return self._build(wishes.base_dockerfile, tell)
        name = base_name(parts, self._settings)
        return name, self.get_named(name, wishes, tell)

    def get_named(self, name: str, wishes: ImageWishes, tell: Callable[[str], None]) -> ParentImage:
        """The image of that name; a name stands for the digest it stood for first, until the lock forgets it."""
        pinned = self._lock.digest_of(name)
        for candidate in filter(None, (pinned, name)):
            found = find_parent(self._engine, candidate)
            if found is not None:
                self._lock.remember(name, self._digest_of(name, candidate))
                return found
        self.pull(pinned or name, wishes, tell)
        found = find_parent(self._engine, pinned or name)
        if found is None:
            raise trouble_of("no such image", name)
        self._lock.remember(name, self._digest_of(name, pinned or name))
        return found

    def pull(self, name: str, wishes: ImageWishes | None, tell: Callable[[str], None]) -> None:
        """Fetch an image, layer by layer before everybody's eyes."""
        tell(f"pulling {name}")
        with self._engine.told(name):
            failures: list[str] = []
            for word in self._engine.api.pull(
                name, stream=True, decode=True, auth_config=_login(name, wishes, self._settings)
            ):
                if word.get("error"):
                    failures.append(
                        str(word["error"])
                    )  # the stream is read to its end, or it would stay open
                elif word.get("id") and word.get("status"):
                    tell(f"pulling {name}: {_describe(word)}")
            if failures:
                raise trouble_of(failures[0], name)

    def _digest_of(self, name: str, candidate: str) -> str:
        """`repository@sha256:…` as registries know it; empty for an image that is in none."""
        facts = self._engine.find_image(candidate) or {}
        digests: list[str] = facts.get("RepoDigests") or []
        repository = _repository(name)
        return next((each for each in digests if each.startswith(f"{repository}@")), "")

    def _build(self, dockerfile: str, tell: Callable[[str], None]) -> tuple[str, ParentImage]:
        tag = image_tag("base", digest_of("base", dockerfile))
        if self._engine.find_image(tag) is None:
            build_dockerfile(self._engine, dockerfile, tag, self._settings.docker_build_network, tell)
        found = find_parent(self._engine, tag)
        if found is None:
            raise ImageStepFailed(f"The base Dockerfile made no image {tag}.")
        return "baseDockerfile", found


class BaseLock:
    """Which digest a base image's name stood for when it was first used on this machine.

    Args:
        path: Of the file; JSON, for people to read and to delete lines from.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def digest_of(self, name: str) -> str:
        """`repository@sha256:…`; empty when the name is new, or names a digest itself."""
        return "" if "@sha256:" in name else str(self._load().get(name) or "")

    def remember(self, name: str, digest: str) -> None:
        """Keep it, unless the name is known; an image of no registry has no digest."""
        known = self._load()
        if "@sha256:" not in name and name not in known:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            temporary.write_text(json.dumps({**known, name: digest}, indent=1) + "\n", encoding="utf-8")
            temporary.replace(self._path)

    def _load(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _repository(name: str) -> str:
    head, _, tail = name.rpartition("/")
    return f"{head}/{tail.partition(':')[0]}" if head else tail.partition(":")[0]


def _login(name: str, wishes: ImageWishes | None, settings: Settings) -> dict[str, str] | None:
    """The login for the image's registry: the one given with it, else one registered; None leaves it to docker."""
    given = wishes is not None and wishes.registry_user and wishes.registry_password
    address = bare_address(wishes.registry_address) if wishes is not None else ""
    if wishes is not None and given and (not address or name.startswith(f"{address}/")):
        return {"username": wishes.registry_user, "password": wishes.registry_password}
    return RegistryLogins(settings).find(name)


def _describe(word: dict[str, Any]) -> str:
    return f"{word['id']} {str(word['status']).lower()} {word.get('progress') or ''}".strip()
