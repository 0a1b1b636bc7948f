"""Comparisons whose names are hidden until the vote, and which answer was preferred to which."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("comparisons", sa.Column("blind", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("votes", sa.Column("blind", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "preferences",
        sa.Column("comparison_id", sa.String(length=64), nullable=False),
        sa.Column("rejected_id", sa.String(length=64), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparisons.id"],
            name=op.f("fk_preferences_comparison_id_comparisons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comparison_id", "rejected_id", name=op.f("pk_preferences")),
    )
