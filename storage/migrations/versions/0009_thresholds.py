"""The score that a passage of a collection needs to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("collections", sa.Column("threshold", sa.Float(), nullable=True))
