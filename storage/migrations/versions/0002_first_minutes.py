"""Approvals of calls, cells of evaluations, and adapters that can be brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "approvals",
        sa.Column("comparison_id", sa.String(length=64), nullable=False),
        sa.Column("column_id", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=128), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.CheckConstraint("decision IN ('allowed', 'refused', 'expired')", name=op.f("ck_approvals_decision")),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparisons.id"],
            name=op.f("fk_approvals_comparison_id_comparisons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comparison_id", "column_id", "attempt", "number", name=op.f("pk_approvals")),
    )
    op.create_table(
        "cells",
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("column_id", sa.String(length=64), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_cells_job_id_jobs")),
        sa.PrimaryKeyConstraint("job_id", "column_id", "row", name=op.f("pk_cells")),
    )
    op.add_column("adapters", sa.Column("deleted_at", sa.Float(), nullable=True))
