"""Alembic's entry: runs migrations on the connection that `mooring.database.migrate` hands over."""

from __future__ import annotations

from alembic import context

from mooring.database.indexes import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
