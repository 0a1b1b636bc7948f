"""Conversations and origins of examples, and drafts of examples made from documents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("datasets", sa.Column("origin", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("examples", sa.Column("conversation", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("examples", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("examples", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False, server_default="local"),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, server_default="new"),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'kept', 'dropped', 'added')", name=op.f("ck_drafts_state")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_drafts_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_job_id"), "drafts", ["job_id"])
