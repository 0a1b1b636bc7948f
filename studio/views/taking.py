"""A comparison as one document, as Markdown and as rows of a table; under letters alone while its names are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from storage.records import Answer, AnswerState, Column, Comparison, Json
from storage.votes import NONE, TIE
from studio.views import blind, markdown
from studio.views.places import Named
from studio.wording import taking as words
from studio.wording.tools import title as tool_title

ROW = (
    "comparison", "asked_at", "question", "column", "way", "state", "answer", "chosen", "voted_blind", "seconds",
    "tokens", "model", "adapter", "documents", "sources", "tools_called", "instruction", "temperature", "seed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A comparison with its answers in the order of its columns, their names by id, and the vote, if there is one."""

    comparison: Comparison
    answers: Sequence[Answer]
    names: Mapping[str, Named]
    voted: str | None
    voted_blind: bool = False

    @property
    def sealed(self) -> bool:
        """Whether the names must not be told yet."""
        return self.comparison.blind and self.voted is None


def document(told: Told) -> Json:
    """Return everything as one document; while the names are hidden, without what would give them away."""
    comparison = told.comparison
    pairs = zip(comparison.columns, told.answers, strict=True)
    return {
        "id": comparison.id,
        "question": comparison.question,
        "asked_at": _day(comparison.created_at),
        "goes_on_from": comparison.previous_id,
        "blind": comparison.blind,
        "vote": None if told.voted is None else {"for": told.voted, "blind": told.voted_blind},
        "columns": [_column(told, column, answer) for column, answer in pairs],
    }


def _column(told: Told, column: Column, answer: Answer) -> Json:
    name = told.names[column.id].title
    if told.sealed:
        return {"name": name, "state": str(answer.state), "answer": blind.said(answer.text, answer.calls)}
    own = asdict(column) | asdict(answer)
    own.pop("text")
    return {"name": name, "answer": answer.text, **own, "state": str(answer.state)}


def rows(told: Told) -> list[list[object]]:
    """Return a row for each column, as `ROW` names its cells."""
    comparison = told.comparison
    return [
        [comparison.id, _day(comparison.created_at), comparison.question, *_cells(told, column, answer)]
        for column, answer in zip(comparison.columns, told.answers, strict=True)
    ]


def _cells(told: Told, column: Column, answer: Answer) -> list[object]:
    name, state = told.names[column.id].title, str(answer.state)
    if told.sealed:
        hidden = [name, "", state, blind.said(answer.text, answer.calls)]
        return [*hidden, *[""] * (len(ROW) - 3 - len(hidden))]
    return [
        name,
        column.way,
        state,
        answer.text or answer.error,
        words.CHOSEN if told.voted == column.id else "",
        int(told.voted_blind),
        round(answer.seconds, 3),
        answer.tokens,
        column.model,
        column.adapter_id or "",
        column.collection or "",
        "; ".join(dict.fromkeys(passage.document for passage in answer.passages)),
        "; ".join(call.tool for call in answer.calls),
        column.instruction,
        column.temperature,
        column.seed,
    ]


def as_markdown(told: Told) -> str:
    """Return the question with every answer below its heading, and what it rests on."""
    comparison = told.comparison
    pairs = zip(comparison.columns, told.answers, strict=True)
    head = [f"# {markdown.plain(comparison.question)}", words.asked_at(_day(comparison.created_at)), _vote(told)]
    parts = [_part(told, column, answer) for column, answer in pairs]
    return "\n\n".join(filter(None, [*head, *parts])) + "\n"


def _vote(told: Told) -> str:
    if told.voted is None:
        return words.SEALED if told.sealed else ""
    others = {TIE: words.TIE, NONE: words.NONE_GOOD}
    known = told.names.get(told.voted)
    title = others.get(told.voted) or markdown.plain(known.title if known else told.voted)
    return words.preferred(title, blind=told.voted_blind)


def _part(told: Told, column: Column, answer: Answer) -> str:
    heading = f"## {markdown.plain(told.names[column.id].heading)}"
    if told.sealed:
        return f"{heading}\n\n{markdown.answer(blind.said(answer.text, answer.calls)) or words.NO_ANSWER}"
    said = markdown.answer(answer.text) or markdown.plain(answer.error or words.NO_ANSWER)
    found = ", ".join(f"[{nr}] {passage.document}" for nr, passage in enumerate(answer.passages, 1))
    called = ", ".join(tool_title(call.tool) for call in answer.calls)
    rests = [words.sources(markdown.plain(found))] if found else []
    rests += [words.tools(markdown.plain(called))] if called else []
    rests += [words.not_whole(markdown.plain(answer.error))] if answer.text and _broke_off(answer) else []
    return "\n\n".join([heading, said, *rests])


def _broke_off(answer: Answer) -> bool:
    return answer.state in {AnswerState.FAILED, AnswerState.STOPPED}


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
