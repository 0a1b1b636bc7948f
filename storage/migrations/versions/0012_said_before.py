"""What is said before a row that stands in no conversation, such as questions answered as a model is to answer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("examples", sa.Column("history", sa.JSON(), server_default="[]", nullable=False))
