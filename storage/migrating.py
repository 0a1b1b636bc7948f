"""Bring a workspace database to the newest form, at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database


def alembic_config() -> Config:
    """Return the configuration that points at the migrations inside this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(database: Database) -> None:
    """Apply every migration that the database lacks; two processes that start at once take turns."""
    config = alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with database.reading() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7860)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
