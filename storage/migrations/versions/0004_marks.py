"""What people say of scored answers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "marks",
        sa.Column("card_id", sa.String(length=64), nullable=False),
        sa.Column("column_id", sa.String(length=64), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("blind", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", sa.Float(), nullable=False),
        sa.CheckConstraint("mark IN ('right', 'wrong', 'skip')", name=op.f("ck_marks_mark")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["scorecards.id"], name=op.f("fk_marks_card_id_scorecards"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", "column_id", "row", name=op.f("pk_marks")),
    )
