"""Why answers are wrong, as far as what is kept of them tells: the likely cause of each, so that it can be mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.metrics.facts import Expected, facts_of
from jobs.metrics.wordings import holds
from storage.records import AnswerState, Json

Cause = Literal[
    "failed", "made_up", "tone", "no_tool", "tool", "no_document", "not_found", "misread", "not_learned"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The wrong answers of one column with the same likely cause, as lines of the answers file."""

    cause: Cause
    lines: tuple[Json, ...]


def groups(lines: Sequence[Json], way: Json) -> list[Group]:
    """Return the wrong answers of a column by cause, the most frequent first; `way` is its row of the scorecard."""
    found: dict[Cause, list[Json]] = {}
    for line in lines:
        if line["column_id"] == way["column_id"] and not line["right"]:
            found.setdefault(cause_of(line, way), []).append(line)
    return [Group(cause, tuple(same)) for cause, same in sorted(found.items(), key=lambda one: -len(one[1]))]


def cause_of(line: Json, way: Json) -> Cause:
    """Return the likely cause of a wrong answer.

    `failed`: there is none. `made_up`: saying that nobody knows was right. `tone`: the style is not kept to.
    `no_tool` and `no_document`: the way lacks what the question needs. `tool`: it was not called, called wrongly, or
    failed. `not_found`: what was read does not hold the answer. `misread`: it does, and the answer is wrong all the
    same. `not_learned`: nothing but examples could have told.
    """
    if line["state"] == AnswerState.FAILED:
        return "failed"
    if line["kind"] == "unknown":
        return "made_up"
    if line["kind"] == "style" or (line.get("judged") or line)["yardstick"] == "style":
        return "tone"
    return _of_tools(line, way) or _of_documents(line, way) or "not_learned"


def _of_tools(line: Json, way: Json) -> Cause | None:
    needed, calls = bool(line.get("expected_call")) or line["kind"] == "live", line["calls"]
    if needed and not way.get("tools"):
        return "no_tool"
    called = line.get("called")
    as_expected = bool(calls) if called is None else called["tool"] and called["arguments"] is not False
    if (needed and not as_expected) or any(call["error"] for call in calls):
        return "tool"
    return "misread" if needed and line["kind"] != "mixed" else None


def _of_documents(line: Json, way: Json) -> Cause | None:
    if way.get("collection"):
        return "misread" if _holds_the_answer(line) else "not_found"
    needed = line.get("expected_passage") or line["kind"] in {"facts", "mixed"}
    return "no_document" if needed else None


def _holds_the_answer(line: Json) -> bool:
    """Whether what was read holds the answer: the document expected, or else every fact of the wanted answer."""
    if line.get("found") is not None:
        return line["found"]["recall"] > 0
    wanted = next(iter([line["expected"], *line["accepted"]]), "")
    facts = facts_of(Expected(line["question"], wanted))
    read = "\n".join(passage["text"] for passage in line["passages"])
    return bool(read) and all(holds(read, fact) for fact in facts)
