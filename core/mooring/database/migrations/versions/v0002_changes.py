"""A number that rises with each change, for those who wait for news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with its rows: nothing adds one later."""
    table = op.create_table(
        "changes",
        sa.Column("kind", sa.String(255), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_changes"),
    )
    op.bulk_insert(table, [{"kind": kind, "number": 0} for kind in ("models", "environments", "services")])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("changes")
