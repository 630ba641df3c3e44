"""Making images of layers: sent as an archive that leaves out what the engine has; where an engine refuses that, by copying and committing."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mooring.engine import DockerTrouble, Engine
from mooring.engine.words import trouble_of
from mooring.images.archive import ImageChange, NewImage, ParentImage, describe_image


def assemble(engine: Engine, parent: ParentImage, change: ImageChange, tag: str) -> str:
    """The id of an image that adds a change to its parent; it also has the tag afterwards.

    The same inputs give the same id, also on another engine, where the engine takes partial archives; where it does
    not, the layers are the same and the id is the engine's choice.

    Raises:
        DockerTrouble: The engine refuses.
    """
    wanted = describe_image(parent, change)
    if engine.find_image(wanted.id) is not None:
        with engine.told(tag):
            engine.api.tag(wanted.id, *tag.rsplit(":", 1))
        return wanted.id
    if _load(engine, wanted, tag):
        return wanted.id
    return _commit(engine, parent, change, tag)


@contextmanager
def scratch() -> Generator[Path, None, None]:
    """A folder for layers that are being made."""
    with tempfile.TemporaryDirectory(prefix="mooring-image-") as folder:
        yield Path(folder)


def _load(engine: Engine, wanted: NewImage, tag: str) -> bool:
    """Whether the engine took it; an engine with another kind of store misses the layers that were left out."""
    try:
        with engine.told(tag):
            words = list(engine.api.load_image(wanted.archive(tag)))
        for error in (str(word["error"]) for word in words if word.get("error")):
            raise trouble_of(error, tag)
    except DockerTrouble as trouble:
        if trouble.code == "engine":
            return False
        raise
    return engine.find_image(wanted.id) is not None


def _commit(engine: Engine, parent: ParentImage, change: ImageChange, tag: str) -> str:
    api, repository = engine.api, tag.rsplit(":", 1)
    with engine.told(tag):
        container: str = api.create_container(parent.id, command=["true"])["Id"]
        try:
            for layer in change.layers:
                with layer.path.open("rb") as content:
                    api.put_archive(container, "/", content)
            made: dict[str, Any] = api.commit(container, *repository, changes=list(_instructions(change)))
        finally:
            with suppress(Exception):
                api.remove_container(container, force=True, v=True)
    return str(made["Id"])


def _instructions(change: ImageChange) -> Generator[str, None, None]:
    import json

    for name, value in change.variables.items():
        yield f"ENV {name}={json.dumps(value)}"
    for name, value in change.labels.items():
        yield f"LABEL {name}={json.dumps(value)}"
    words = {"Entrypoint": "ENTRYPOINT", "Cmd": "CMD", "User": "USER", "WorkingDir": "WORKDIR"}
    for name, word in words.items():
        setting = change.settings.get(name)
        if setting:
            yield f"{word} {json.dumps(setting) if isinstance(setting, list) else setting}"
    for port in change.settings.get("ExposedPorts") or {}:
        yield f"EXPOSE {port}"
