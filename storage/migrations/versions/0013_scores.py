"""Passages are scored in another way: a threshold that was found out on the scores before says nothing any more."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.execute("UPDATE collections SET threshold = NULL")
