"""Registered images in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, insert, select, update

from mooring.database.tables import image_names, images
from mooring.packaging.records import RegisteredImage

if TYPE_CHECKING:
    from mooring.database.engine import Database

_COLUMNS = ("name", "version", "created_time")


class ImageTable:
    """The `ImageStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, name: str) -> int:
        """The next version of a name; it is given once."""
        named = image_names.c.name == name
        with self._database.writing() as connection:
            wanted = select(image_names.c.last_version).where(named).with_for_update()
            last = connection.execute(wanted).scalar()
            version = (last or 0) + 1
            if last is None:
                connection.execute(insert(image_names).values(name=name, last_version=version))
            else:
                connection.execute(update(image_names).where(named).values(last_version=version))
            return version

    def put(self, image: RegisteredImage) -> None:
        """Add a version, or replace what is known about it."""
        this = (images.c.name == image.name) & (images.c.version == image.version)
        with self._database.writing() as connection:
            changed = connection.execute(update(images).where(this).values(**_row(image)))
            if changed.rowcount == 0:
                connection.execute(insert(images).values(**_row(image)))

    def find(self, name: str, version: int | None = None) -> RegisteredImage | None:
        """A version, the newest by default."""
        wanted = select(images).where(images.c.name == name)
        if version is not None:
            wanted = wanted.where(images.c.version == version)
        with self._database.reading() as connection:
            row = connection.execute(wanted.order_by(images.c.version.desc()).limit(1)).first()
        return _image(row) if row else None

    def list(self) -> Sequence[RegisteredImage]:
        """All, newest first."""
        wanted = select(images).order_by(images.c.created_time.desc(), images.c.name, images.c.version.desc())
        with self._database.reading() as connection:
            return [_image(row) for row in connection.execute(wanted)]

    def remove(self, name: str, version: int) -> None:
        """Forget a version."""
        with self._database.writing() as connection:
            connection.execute(delete(images).where((images.c.name == name) & (images.c.version == version)))


def _row(image: RegisteredImage) -> dict[str, Any]:
    values = asdict(image)
    columns = {name: values.pop(name) for name in _COLUMNS}
    return {**columns, "definition": {**values, "models": list(image.models)}}


def _image(row: Row[Any]) -> RegisteredImage:
    known: dict[str, Any] = {**row.definition, "models": tuple(row.definition.get("models") or ())}
    return RegisteredImage(name=row.name, version=row.version, created_time=row.created_time, **known)
