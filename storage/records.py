"""Plain values that the rooms exchange: no behaviour, no database, safe to show."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Json = dict[str, Any]


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether the row can never change again."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class AnswerState(StrEnum):
    """Where one column's answer stands."""

    WAITING = "waiting"
    WRITING = "writing"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    MISSING = "missing"

    @property
    def final(self) -> bool:
        """Whether no more events will follow for this attempt."""
        return self not in {AnswerState.WAITING, AnswerState.WRITING}


class Permission(StrEnum):
    """When a tool may run: by itself, after a person's yes, or never."""

    AUTO = "auto"
    ASK = "ask"
    OFF = "off"


Part = Literal["learn", "watch", "exam"]


@dataclass(frozen=True, slots=True)
class Example:
    """One row to learn from: what is asked and the answer that was wanted.

    Rows of one `conversation` stand in the order of their `turn`; `history`, pairs of question and answer, is what was
    said in it before, or what is kept with a row outside of one. `origin` says where a row came from if from no file.
    """

    row: int
    question: str
    answer: str
    instruction: str = ""
    context: str = ""
    kind: str = ""
    part: Part = "learn"
    conversation: str = ""
    turn: int = 0
    origin: str = ""
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why rows were left out, and which (1-based row numbers of the file's data rows, at most 20)."""

    reason: str
    count: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """One immutable version of a set of examples. `columns` maps roles (question, answer, …) to column names.

    `origin` tells how it came about: the file's hash and sheet, the remedies chosen, the version it was made from.
    """

    id: str
    name: str
    version: int
    rows: int
    used: int
    held_out: int
    columns: dict[str, str]
    dropped: tuple[Dropped, ...]
    source: str
    created_at: float
    origin: Json = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Job:
    """A job's row. Times are seconds since the epoch, UTC; `step` counts optimizer steps or items done."""

    id: str
    kind: str
    state: JobState
    spec: Json
    fence: int = 0
    attempt: int = 0
    priority: int = 0
    phase: str = ""
    step: int = 0
    total_steps: int = 0
    seconds_left: float | None = None
    progress_at: float | None = None
    cancel_requested_at: float | None = None
    finish_requested_at: float | None = None
    stop_reason: str = ""
    failure_kind: str = ""
    failure_text: str = ""
    failure_next_step: str = ""
    parent_id: str | None = None
    adapter_id: str | None = None
    created_at: float = 0.0
    started_at: float | None = None
    finished_at: float | None = None
    result: Json = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One transition of a job, never changed once written."""

    seq: int
    job_id: str
    fence: int
    from_state: str
    to_state: str
    actor: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Adapter:
    """A published LoRA adapter. `path` is relative to the workspace's home; a deleted one can be brought back."""

    id: str
    job_id: str
    name: str
    base_id: str
    base_sha256: str
    adapter_sha256: str
    dataset_id: str
    path: str
    manifest_sha256: str
    created_at: float
    report: Json = field(default_factory=dict[str, Any])
    deleted_at: float | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents searched together; each change raises `index_version`. `threshold`: least score, `cutting`: how."""

    id: str
    name: str
    index_version: int
    embedder: str
    created_at: float
    threshold: float | None = None
    cutting: str = "usual"


@dataclass(frozen=True, slots=True)
class Document:
    """One uploaded document as text. `name` is the uploaded file's name; `pages` 0 where the format has none."""

    id: str
    collection_id: str
    name: str
    sha256: str
    characters: int
    pages: int
    passages: int
    created_at: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a document's text: `text == document_text[start:end]`; `score` is the search's that found it."""

    id: str
    document_id: str
    document: str
    start: int
    end: int
    text: str
    title: str = ""
    page: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class ToolRecord:
    """What the workspace knows of one tool: its permission and, for a look-up table, where its rows are."""

    name: str
    kind: str
    permission: Permission
    schema_sha256: str
    config: Json = field(default_factory=dict[str, Any])
    last_used_at: float | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool by a model, with what came back. Times are seconds."""

    tool: str
    arguments: Json
    result: str | None = None
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a comparison; answers, votes and scores are keyed by its id.

    Where there are `labels`, the answer is one of them and nothing else. `shots` are pairs of a question and an answer
    that stand in its prompt as if they had been said before. With `quote` it answers from documents in their own words.
    """

    id: str
    way: str
    model: str = "starter"
    adapter_id: str | None = None
    collection: str | None = None
    tools: tuple[str, ...] = ()
    instruction: str = ""
    temperature: float = 0.0
    seed: int = 0
    max_tokens: int = 160
    labels: tuple[str, ...] = ()
    shots: tuple[tuple[str, str], ...] = ()
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt of one column: its text with the evidence that made it."""

    column_id: str
    way: str
    attempt: int
    state: AnswerState
    text: str = ""
    error: str = ""
    next_step: str = ""
    where: str = ""
    seconds: float = 0.0
    tokens: int = 0
    provenance: Json = field(default_factory=dict[str, Any])
    passages: tuple[Passage, ...] = ()
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question put to a set of columns. `previous_id` names the comparison that it goes on from.

    Where it is `blind`, the columns stand in shuffled order and their names are hidden until the vote.
    """

    id: str
    question: str
    columns: tuple[Column, ...]
    created_at: float
    previous_id: str | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scores of one evaluation: `ways` as in the JSON of the command line, `answers_file` relative to home.

    `questions` tells what was asked: kind (set or rows), id, name, version, sha256, sealed, scored_before.
    """

    id: str
    job_id: str
    source: str
    ways: tuple[Json, ...]
    answers_file: str
    created_at: float
    questions: Json = field(default_factory=dict[str, Any])
