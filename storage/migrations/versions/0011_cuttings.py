"""How the documents of a collection are cut into passages, and which documents are tables, cut by their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# As far as a name tells: those that are read from now on know it.
_TABLES = ("%.csv", "%.tsv", "%.tab", "%.xlsx", "%.xlsm", "%.ods", "%(training rows)")


def upgrade() -> None:
    """Apply this step."""
    op.add_column("collections", sa.Column("cutting", sa.String(length=16), server_default="usual", nullable=False))
    op.add_column("documents", sa.Column("by_rows", sa.Integer(), server_default="0", nullable=False))
    documents = sa.table("documents", sa.column("name", sa.String), sa.column("by_rows", sa.Integer))
    is_table = sa.or_(*(sa.func.lower(documents.c.name).like(ending) for ending in _TABLES))
    op.execute(documents.update().where(is_table).values(by_rows=1))
