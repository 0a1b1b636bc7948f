"""What makes an answer, as one key: as long as nothing of it changes, an answer given once can be taken over."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jobs.evaluation.questions import Question
from jobs.tools.registry import TABLE, Registry
from storage.records import Column, Json
from storage.workspace import Workspace

# The rooms whose code takes part in an answer, and the libraries that write it.
_ROOMS = ("answering", "models", "retrieval", "tools", "serving")
_LIBRARIES = ("torch", "transformers", "peft", "llguidance")


@dataclass(frozen=True, slots=True)
class Making:
    """What the answers of each column are made with, by its id; None where that can't be known."""

    facts: Mapping[str, Json | None]

    def key(self, question: Question, column: Column, times: int) -> str:
        """Return the key of the cell whose question is asked so many times; empty where it can't be known.

        It covers the question as the model reads it and everything that could change its answer but the weights, which
        the model server reports with the answer itself; what is expected of the answer is no part of it.
        """
        facts = self.facts[column.id]
        if facts is None:
            return ""
        told = {
            "asked": question.asked,
            "instruction": question.instruction or column.instruction,
            "times": times,
            **facts,
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def holds(self, column: Column, provenance: Json) -> bool:
        """Whether the answer was made from the documents as they were when the facts were looked up."""
        facts = self.facts[column.id]
        read = provenance.get("index_version")
        return facts is not None and (read is None or read == facts["documents"]["index_version"])


def making_of(columns: Sequence[Column], workspace: Workspace) -> Making:
    """Return what makes the answers of these columns just now; raise NotFound where a part of one is gone."""
    return Making({column.id: _facts(column, workspace) for column in columns})


def _facts(column: Column, workspace: Workspace) -> Json | None:
    tools = _tools(column, workspace)
    if tools is None:
        return None
    own = {name: value for name, value in asdict(column).items() if name not in {"id", "instruction", "collection"}}
    collection = workspace.collections.get(column.collection) if column.collection else None
    documents = {"id": "", "index_version": None, "embedder": ""} if collection is None else asdict(collection)
    kept = ("id", "index_version", "embedder")
    return {**own, "tools": tools, "documents": {name: documents[name] for name in kept}, "code": _code()}


def _tools(column: Column, workspace: Workspace) -> list[list[str]] | None:
    """Return what decides which tools are offered for a question; None where the rows of a table are not known."""
    tables = {record.name: record.config for record in workspace.tools.list() if record.kind == TABLE}
    rows = {name: str(config.get("rows_sha256", "")) for name, config in tables.items()}
    offered = Registry(workspace).tools(column.tools) if column.tools else []
    if any(rows.get(tool.name) == "" for tool in offered):
        return None
    return [[tool.name, tool.schema_sha256, str(tool.permission), rows.get(tool.name, "")] for tool in offered]


@cache
def _code() -> str:
    """Return the identity of the code that answers: a new version may read, search or write otherwise."""
    digest = hashlib.sha256(" ".join(version(library) for library in _LIBRARIES).encode())
    jobs = Path(__file__).parent.parent
    for file in sorted(file for room in _ROOMS for file in (jobs / room).rglob("*.py")):
        digest.update(file.relative_to(jobs).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
