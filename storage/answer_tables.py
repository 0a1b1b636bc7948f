"""The tables of comparisons and their answers, of test questions and scores; part of the same metadata as `tables`."""

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from storage.tables import id_column, metadata

__all__ = [
    "answer_events",
    "answers",
    "approvals",
    "cells",
    "comparisons",
    "judges",
    "marks",
    "metadata",
    "preferences",
    "question_sets",
    "scorecards",
    "tokens",
    "uses",
    "votes",
]

comparisons = Table(
    "comparisons",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("question", Text, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("previous_id", String(64)),
    # Whether the names of its columns are hidden until the vote; the columns are then kept in shuffled order.
    Column("blind", Integer, nullable=False, server_default="0"),
)

answers = Table(
    "answers",
    metadata,
    Column("comparison_id", ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("owner", String(64), nullable=False, server_default=""),
    Column("stop_requested_at", Float),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float),
    CheckConstraint("state IN ('waiting', 'writing', 'finished', 'failed', 'stopped', 'missing')", name="state"),
)

answer_events = Table(
    "answer_events",
    metadata,
    Column("comparison_id", ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("type", String(16), nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    Column("comparison_id", ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("blind", Integer, nullable=False, server_default="0"),
)

# The chosen answer beside each other one, word for word as they stood when the vote was cast.
preferences = Table(
    "preferences",
    metadata,
    Column("comparison_id", ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("rejected_id", String(64), primary_key=True),
    Column("chosen", Text, nullable=False),
    Column("rejected", Text, nullable=False),
)

# Calls that a person must allow; `number` counts the calls of an attempt, `decision` is empty while nobody decided.
approvals = Table(
    "approvals",
    metadata,
    Column("comparison_id", ForeignKey("comparisons.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("tool", String(128), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("decision", String(16)),
    Column("decided_at", Float),
    CheckConstraint("decision IN ('allowed', 'refused', 'expired')", name="decision"),
)

# One scored answer of an evaluation each, or one verdict of a judge, written as it is given, so that an interrupted job
# goes on where it was.
cells = Table(
    "cells",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

scorecards = Table(
    "scorecards",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("ways", JSON, nullable=False),
    Column("answers_file", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("questions", JSON, nullable=False, server_default="{}"),
)

# One version of a set of test questions each; `source` is its file below home.
question_sets = Table(
    "question_sets",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sealed", Integer, nullable=False, server_default="0"),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("user_id", "name", "version"),
)

# What a person said of an answer; `blind` is whether its column was hidden from them.
marks = Table(
    "marks",
    metadata,
    Column("card_id", ForeignKey("scorecards.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", String(64), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("mark", String(8), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("blind", Integer, nullable=False, server_default="0"),
    Column("at", Float, nullable=False),
    CheckConstraint("mark IN ('right', 'wrong', 'skip')", name="mark"),
)

# Columns that a person put to use, each under a name of its own.
uses = Table(
    "uses",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("title", String(120), nullable=False),
    Column("column", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
)

# Tokens for a person's own programs; only the hash of each is kept.
tokens = Table(
    "tokens",
    metadata,
    id_column(),
    Column("user_id", String(64), nullable=False, server_default="local"),
    Column("name", String(120), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("last_used_at", Float),
)

# The judge whose verdicts count in a score, because a person has let it.
judges = Table(
    "judges",
    metadata,
    Column("card_id", ForeignKey("scorecards.id", ondelete="CASCADE"), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("at", Float, nullable=False),
)
