"""Which judge's verdicts count in a score."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "judges",
        sa.Column("card_id", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["scorecards.id"], name=op.f("fk_judges_card_id_scorecards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_judges_job_id_jobs")),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_judges")),
    )
