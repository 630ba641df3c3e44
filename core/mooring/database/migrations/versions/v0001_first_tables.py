"""The first tables: models, environments, services."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAME = sa.String(255)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything; order matters for foreign keys."""
    _create_models()
    _create_model_versions()
    _create_labels("model_tags")
    _create_labels("model_properties")
    _create_model_uses()
    _create_environments()
    _create_services()


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "events",
        "revisions",
        "services",
        "environments",
        "model_uses",
        "model_properties",
        "model_tags",
        "model_versions",
        "models",
    ):
        op.drop_table(table)


def _column(name: str, kind: Any, *, nullable: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable, **more)


def _create_models() -> None:
    op.create_table(
        "models",
        _column("name", _NAME),
        _column("last_version", sa.Integer()),
        _column("latest_version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_models"),
    )


def _create_model_versions() -> None:
    op.create_table(
        "model_versions",
        _column("id", _SERIAL, autoincrement=True),
        _column("name", _NAME),
        _column("version", sa.Integer()),
        _column("is_latest", sa.Boolean()),
        _column("digest", sa.String(80)),
        _column("size_bytes", sa.BigInteger()),
        _column("entry", sa.Text()),
        _column("is_folder", sa.Boolean()),
        _column("framework", _NAME, nullable=True),
        _column("framework_version", _NAME, nullable=True),
        _column("description", sa.Text(), nullable=True),
        _column("created_time", _TIME),
        _column("created_by", _NAME),
        _column("run_id", _NAME, nullable=True),
        _column("experiment_name", _NAME, nullable=True),
        _column("python_version", sa.String(32)),
        _column("tags", sa.JSON()),
        _column("properties", sa.JSON()),
        _column("packages", sa.JSON()),
        _column("manifest", sa.JSON()),
        _column("sample_input", sa.JSON(), nullable=True),
        _column("sample_output", sa.JSON(), nullable=True),
        _column("resource_configuration", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_model_versions"),
        sa.UniqueConstraint("name", "version", name="uq_model_versions_name_version"),
        sa.ForeignKeyConstraint(["name"], ["models.name"], name="fk_model_versions_name"),
        sqlite_autoincrement=True,
    )
    _create_latest_index("ix_model_versions_latest", "model_versions", ["id"])
    _create_two_indexes("ix_model_versions_framework", "model_versions", ["framework", "id"])
    _create_two_indexes("ix_model_versions_run_id", "model_versions", ["run_id", "id"])


def _create_labels(table: str) -> None:
    op.create_table(
        table,
        _column("version_id", _SERIAL),
        _column("key", sa.Text()),
        _column("value", sa.Text()),
        _column("is_latest", sa.Boolean()),
        sa.PrimaryKeyConstraint("version_id", "key", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_versions.id"], name=f"fk_{table}_version_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    _create_two_indexes(f"ix_{table}_pair", table, ["key", "value", "version_id"])
    _create_two_indexes(f"ix_{table}_key", table, ["key", "version_id"])


def _create_two_indexes(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns)
    _create_latest_index(f"{name}_latest", table, columns)


def _create_latest_index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(
        name,
        table,
        columns,
        sqlite_where=sa.text("is_latest IS 1"),
        postgresql_where=sa.text("is_latest IS true"),
    )


def _create_model_uses() -> None:
    op.create_table(
        "model_uses",
        _column("service", _NAME),
        _column("name", _NAME),
        _column("version", sa.Integer()),
        sa.PrimaryKeyConstraint("service", "name", "version", name="pk_model_uses"),
    )
    op.create_index("ix_model_uses_model", "model_uses", ["name", "version"])


def _create_environments() -> None:
    op.create_table(
        "environments",
        _column("name", _NAME),
        _column("version", _NAME),
        _column("number", sa.Integer()),
        _column("digest", sa.String(80)),
        _column("definition", sa.JSON()),
        _column("created_time", _TIME),
        _column("created_by", _NAME),
        sa.PrimaryKeyConstraint("name", "version", name="pk_environments"),
        sa.UniqueConstraint("name", "number", name="uq_environments_name_number"),
    )
    op.create_index("ix_environments_digest", "environments", ["digest"])


def _create_services() -> None:
    op.create_table(
        "services",
        _column("name", _NAME),
        _column("compute_type", _NAME),
        _column("target", _NAME),
        _column("description", sa.Text(), server_default=sa.text("''")),
        _column("created_time", _TIME),
        _column("updated_time", _TIME),
        _column("created_by", _NAME),
        _column("current_revision", sa.Integer(), nullable=True),
        _column("tags", sa.JSON()),
        _column("properties", sa.JSON()),
        _column("definition", sa.JSON()),
        _column("operation", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_services"),
    )
    op.create_table(
        "revisions",
        _column("service", _NAME),
        _column("number", sa.Integer()),
        _column("created_time", _TIME),
        _column("status", _NAME),
        _column("definition", sa.JSON()),
        sa.PrimaryKeyConstraint("service", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(
            ["service"], ["services.name"], name="fk_revisions_service", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "events",
        _column("service", _NAME),
        _column("seq", sa.Integer()),
        _column("time", _TIME),
        _column("kind", _NAME),
        _column("phase", _NAME),
        _column("text", sa.Text()),
        _column("data", sa.JSON()),
        sa.PrimaryKeyConstraint("service", "seq", name="pk_events"),
    )
