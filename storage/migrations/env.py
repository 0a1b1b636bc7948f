"""How Alembic reaches the workspace database: through the connection that `migrate` hands over."""

from alembic import context

from storage.answer_tables import metadata  # the last module of tables: importing it makes the metadata whole

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
