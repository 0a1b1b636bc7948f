"""Marks of a person over the automatic judgement: what is still to be marked, names hidden, and how far both agree."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jobs.evaluation.counting import rights
from jobs.metrics.pairing import kappa
from storage.answers import read_answers
from storage.marks import Mark, Place
from storage.records import Json, Scorecard
from storage.workspace import Workspace

MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer to be marked, with the places (column id and row) of all that say the same to this question.

    `number` of `of` different answers; nothing tells which column gave it.
    """

    line: Json
    places: tuple[Place, ...]
    number: int
    of: int


def marked(workspace: Workspace, card: Scorecard) -> tuple[Scorecard, list[Json]]:
    """Return a score and its answers with people's marks counted; raise Damaged where the answers are gone."""
    marks, lines = workspace.marks.of(card.id), read_answers(workspace, card)
    return (counted_anew(card, told), told) if marks and (told := with_marks(lines, marks)) else (card, lines)


def counted_anew(card: Scorecard, lines: Sequence[Json]) -> Scorecard:
    """Return the scorecard with its shares of right answers counted from these lines."""
    return replace(card, ways=tuple({**way, **_rights(way["column_id"], lines)} for way in card.ways))


def _rights(column_id: str, lines: Sequence[Json]) -> Json:
    return rights([line for line in lines if line["column_id"] == column_id])


def with_marks(lines: Sequence[Json], marks: Mapping[Place, Mark]) -> list[Json]:
    """Return the lines with a person's marks in place of the automatic judgement, which stays as `judged`."""
    return [_marked(line, marks.get((line["column_id"], line["row"]))) for line in lines]


def _marked(line: Json, mark: Mark | None) -> Json:
    if mark is None or mark.mark == "skip":
        return line
    judged = {"right": line["right"], "yardstick": line["yardstick"], "reason": line["reason"]}
    return {**line, "right": mark.mark == "right", "yardstick": MARKED, "reason": mark.reason, "judged": judged}


def sheets(lines: Sequence[Json], card_id: str) -> list[Sheet]:
    """Return every different answer, question by question; the order within a question tells nothing of its column."""
    rows: dict[int, dict[str, list[Json]]] = {}
    for line in lines:
        rows.setdefault(line["row"], {}).setdefault(" ".join(line["answer"].split()), []).append(line)
    found = [
        same for answers in rows.values() for same in sorted(answers.values(), key=lambda one: _order(card_id, one[0]))
    ]
    return [
        Sheet(same[0], tuple((line["column_id"], line["row"]) for line in same), number, len(found))
        for number, same in enumerate(found, 1)
    ]


def next_sheet(asked: Sequence[Sheet], marks: Mapping[Place, Mark], after: int = 0) -> Sheet | None:
    """Return the next answer nothing was said of, from number `after` on and then from the start; None when done."""
    left = [sheet for sheet in asked if not all(place in marks for place in sheet.places)]
    return next((sheet for sheet in left if sheet.number > after), left[0] if left else None)


def agreement(lines: Sequence[Json], marks: Mapping[Place, Mark]) -> dict[str, tuple[int, int, float | None]]:
    """Return for each yardstick how many of the marked answers it judged alike, of how many, and Cohen's kappa."""
    told: dict[str, list[tuple[bool, bool]]] = {}
    for line in lines:
        mark = marks.get((line["column_id"], line["row"]))
        if mark is not None and mark.mark != "skip":
            told.setdefault(line["yardstick"], []).append((bool(line["right"]), mark.mark == "right"))
    return {
        yardstick: (
            sum(automatic == said for automatic, said in both),
            len(both),
            kappa([automatic for automatic, _ in both], [said for _, said in both]),
        )
        for yardstick, both in told.items()
    }


def _order(card_id: str, line: Json) -> bytes:
    return hashlib.sha256(f"{card_id} {line['row']} {line['answer']}".encode()).digest()
