"""Alembic scripts; `mooring.database.migrate` runs them."""
