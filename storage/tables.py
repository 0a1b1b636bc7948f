"""The tables of the workspace database, the same for SQLite and PostgreSQL. JSON only, never pickle."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_FINAL = "'succeeded', 'failed', 'cancelled'"
_STATES = f"'queued', 'running', 'cancelling', {_FINAL}"


def id_column() -> Column[str]:
    """Return the primary key that most tables have."""
    return Column("id", String(64), primary_key=True)


def _sequence() -> Column[int]:
    # SQLite counts by itself only in a column that is exactly INTEGER PRIMARY KEY.
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


datasets = Table(
    "datasets",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("held_out", Integer, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("dropped", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("origin", JSON, nullable=False, server_default="{}"),
    UniqueConstraint("user_id", "name", "version"),
)

examples = Table(
    "examples",
    metadata,
    Column("dataset_id", ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("instruction", Text, nullable=False, server_default=""),
    Column("context", Text, nullable=False, server_default=""),
    Column("kind", String(64), nullable=False, server_default=""),
    Column("part", String(8), nullable=False),
    Column("conversation", String(200), nullable=False, server_default=""),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("origin", Text, nullable=False, server_default=""),
    Column("history", JSON, nullable=False, server_default="[]"),
    CheckConstraint("part IN ('learn', 'watch', 'exam')", name="part"),
)

drafts = Table(
    "drafts",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("collection", String(200), nullable=False),
    Column("document", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("passage", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("state", String(8), nullable=False, server_default="new"),
    Column("created_at", Float, nullable=False),
    CheckConstraint("state IN ('new', 'kept', 'dropped', 'added')", name="state"),
)

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    Column("kind", String(32), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("idem_key", String(128), nullable=False),
    Column("spec_json", JSON, nullable=False),
    Column("spec_hash", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("run_after", Float, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("interruptions", Integer, nullable=False, server_default="0"),
    Column("worker_id", String(64)),
    Column("lease_until", Float),
    Column("heartbeat_at", Float),
    Column("progress_at", Float),
    Column("phase", String(32), nullable=False, server_default=""),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("total_steps", Integer, nullable=False, server_default="0"),
    Column("seconds_left", Float),
    Column("cancel_requested_at", Float),
    Column("finish_requested_at", Float),
    Column("stop_reason", String(32), nullable=False, server_default=""),
    Column("failure_kind", String(32), nullable=False, server_default=""),
    Column("failure_text", Text, nullable=False, server_default=""),
    Column("failure_next_step", Text, nullable=False, server_default=""),
    Column("result_json", JSON, nullable=False),
    Column("parent_id", String(64)),
    Column("adapter_id", String(64)),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    UniqueConstraint("user_id", "idem_key"),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint(f"(state IN ({_FINAL})) = (finished_at IS NOT NULL)", name="final"),
    Index("ix_jobs_waiting", "state", "lane", "priority", "created_at"),
)

job_events = Table(
    "job_events",
    metadata,
    _sequence(),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("fence", Integer, nullable=False),
    Column("from_state", String(16), nullable=False),
    Column("to_state", String(16), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Float, nullable=False),
)

slots = Table(
    "slots",
    metadata,
    Column("host", String(128), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), unique=True),
    Column("fence", Integer),
)

queue_control = Table(
    "queue_control",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("paused", Integer, nullable=False),
    Column("reason", String(64), nullable=False, server_default=""),
)

run_records = Table(
    "run_records",
    metadata,
    _sequence(),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("fence", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("step", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("fence", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("manifest_sha256", String(64), nullable=False),
    Column("complete_at", Float, nullable=False),
)

adapters = Table(
    "adapters",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("base_id", String(128), nullable=False),
    Column("base_sha256", String(64), nullable=False),
    Column("adapter_sha256", String(64), nullable=False),
    Column("dataset_id", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("manifest_sha256", String(64), nullable=False),
    Column("report", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("deleted_at", Float),
)

collections = Table(
    "collections",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("name", String(200), nullable=False),
    Column("index_version", Integer, nullable=False, server_default="0"),
    Column("embedder", String(200), nullable=False, server_default=""),
    Column("created_at", Float, nullable=False),
    Column("threshold", Float),
    Column("cutting", String(16), nullable=False, server_default="usual"),
    UniqueConstraint("user_id", "name"),
)

documents = Table(
    "documents",
    metadata,
    id_column(),
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("pages", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("by_rows", Integer, nullable=False, server_default="0"),
    UniqueConstraint("collection_id", "name"),
)

fetched_pages = Table(
    "fetched_pages",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("fetched_at", Float, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    id_column(),
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("page", Integer, nullable=False, server_default="0"),
    Column("text", Text, nullable=False),
    Column("embedder", String(200), nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

tools = Table(
    "tools",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("kind", String(32), nullable=False),
    Column("permission", String(8), nullable=False),
    Column("schema_sha256", String(64), nullable=False),
    Column("config", JSON, nullable=False),
    Column("last_used_at", Float),
    CheckConstraint("permission IN ('auto', 'ask', 'off')", name="permission"),
)

table_rows = Table(
    "table_rows",
    metadata,
    Column("tool", ForeignKey("tools.name", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("key", String(400), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_table_rows_key", "tool", "key"),
)
