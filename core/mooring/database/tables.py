"""All tables. A change here needs a migration; a test compares the two.

The indexes that lists walk are in `mooring.database.indexes`.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = "0003"
"""The newest migration; `alembic_version` holds the one a database is at."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC."""
        return value.astimezone(timezone.utc) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite only counts up a column of exactly the type INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")
_NAME = String(255)


def _document(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=nullable)


models = Table(
    "models",
    metadata,
    Column("name", _NAME, primary_key=True),
    # Outlives deleted versions, so that a version is never given twice.
    Column("last_version", Integer, nullable=False),
    Column("latest_version", Integer),
)

model_versions = Table(
    "model_versions",
    metadata,
    # Order of registration over all names; lists show the newest first.
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("name", _NAME, ForeignKey("models.name"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_latest", Boolean, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("entry", Text, nullable=False),
    Column("is_folder", Boolean, nullable=False),
    Column("framework", _NAME),
    Column("framework_version", _NAME),
    Column("description", Text),
    Column("created_time", UtcTime, nullable=False),
    Column("created_by", _NAME, nullable=False),
    Column("run_id", _NAME),
    Column("experiment_name", _NAME),
    Column("python_version", String(32), nullable=False),
    _document("tags"),
    _document("properties"),
    _document("packages"),
    _document("manifest"),
    _document("sample_input", nullable=True),
    _document("sample_output", nullable=True),
    _document("resource_configuration", nullable=True),
    UniqueConstraint("name", "version"),
    sqlite_autoincrement=True,
)


def _label_table(name: str) -> Table:
    """Tags or properties."""
    return Table(
        name,
        metadata,
        Column("version_id", _SERIAL, ForeignKey("model_versions.id", ondelete="CASCADE"), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("value", Text, nullable=False),
        Column("is_latest", Boolean, nullable=False),
        sqlite_with_rowid=False,
    )


model_tags = _label_table("model_tags")
model_properties = _label_table("model_properties")

model_uses = Table(
    "model_uses",
    metadata,
    Column("service", _NAME, primary_key=True),
    Column("name", _NAME, primary_key=True),
    Column("version", Integer, primary_key=True),
    Index("ix_model_uses_model", "name", "version"),
)

environments = Table(
    "environments",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("version", _NAME, primary_key=True),
    # Order of registration within the name, from 1.
    Column("number", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    _document("definition"),
    Column("created_time", UtcTime, nullable=False),
    Column("created_by", _NAME, nullable=False),
    UniqueConstraint("name", "number"),
    Index("ix_environments_digest", "digest"),
)

services = Table(
    "services",
    metadata,
    Column("name", _NAME, primary_key=True),
    Column("compute_type", _NAME, nullable=False),
    Column("target", _NAME, nullable=False),
    Column("description", Text, nullable=False, server_default=text("''")),
    Column("created_time", UtcTime, nullable=False),
    Column("updated_time", UtcTime, nullable=False),
    Column("created_by", _NAME, nullable=False),
    Column("current_revision", Integer),
    _document("tags"),
    _document("properties"),
    _document("definition"),
    _document("operation", nullable=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("service", _NAME, ForeignKey("services.name", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("created_time", UtcTime, nullable=False),
    Column("status", _NAME, nullable=False),
    _document("definition"),
)

events = Table(
    "events",
    metadata,
    # No foreign key: the history of a service may be written while the service itself comes or goes.
    Column("service", _NAME, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("time", UtcTime, nullable=False),
    Column("kind", _NAME, nullable=False),
    Column("phase", _NAME, nullable=False),
    Column("text", Text, nullable=False),
    _document("data"),
)

image_names = Table(
    "image_names",
    metadata,
    Column("name", _NAME, primary_key=True),
    # Outlives deleted versions, so that a version is never given twice.
    Column("last_version", Integer, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("name", _NAME, ForeignKey("image_names.name"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("created_time", UtcTime, nullable=False),
    _document("definition"),
)

changes = Table(
    "changes",
    metadata,
    # A `ChangeKind`; `number` rises with each transaction that writes to them.
    Column("kind", _NAME, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
