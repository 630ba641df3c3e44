"""Images under a name and a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "image_names",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_image_names"),
    )
    op.create_table(
        "images",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_images"),
        sa.ForeignKeyConstraint(["name"], ["image_names.name"], name="fk_images_name"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("images")
    op.drop_table("image_names")
