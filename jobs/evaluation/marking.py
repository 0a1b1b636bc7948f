"""Marks of a person, and a judge that agrees with them, over the automatic judgement; how far all of them agree."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jobs.answering.grounding import without_marks
from jobs.evaluation.counting import rights
from jobs.evaluation.trusting import counting
from jobs.metrics.pairing import kappa
from storage.answers import read_answers
from storage.marks import Mark, Place
from storage.records import Json, Scorecard
from storage.workspace import Workspace

MARKED = "marked"
JUDGE = "judge"


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
    """Return a score and its answers with people's marks counted, and the judge's verdicts where they may count.

    Raises Damaged where the answers are gone.
    """
    marks, lines = workspace.marks.of(card.id), read_answers(workspace, card)
    if not marks:
        return card, lines
    told = with_judge(with_marks(lines, marks), counting(workspace, card.id, marks))
    return counted_anew(card, told), told


def counted_anew(card: Scorecard, lines: Sequence[Json]) -> Scorecard:
    """Return the scorecard with its shares of right answers counted from these lines."""
    return replace(card, ways=tuple({**way, **_rights(way["column_id"], lines)} for way in card.ways))


def _rights(column_id: str, lines: Sequence[Json]) -> Json:
    return rights([line for line in lines if line["column_id"] == column_id])


def with_marks(lines: Sequence[Json], marks: Mapping[Place, Mark]) -> list[Json]:
    """Return the lines with a person's marks in place of the automatic judgement, which stays as `judged`.

    `blind` is whether the column was hidden from the person.
    """
    return [_marked(line, marks.get((line["column_id"], line["row"]))) for line in lines]


def _marked(line: Json, mark: Mark | None) -> Json:
    if mark is None or mark.mark == "skip":
        return line
    judged = {"right": line["right"], "yardstick": line["yardstick"], "reason": line["reason"]}
    said = {"right": mark.mark == "right", "yardstick": MARKED, "reason": mark.reason, "blind": mark.blind}
    return {**line, **said, "judged": judged}


def with_judge(lines: Sequence[Json], verdicts: Mapping[Place, Json]) -> list[Json]:
    """Return the lines with a judge's verdicts in place of the automatic judgement, which stays as `automatic`.

    A person's marks stay, and the automatic judgement does where the verdict failed. Of a question that was asked
    several times the judge has read the answer that is shown; what it said counts for all of them.
    """
    return [_by_judge(line, verdicts.get((line["column_id"], line["row"]))) for line in lines]


def _by_judge(line: Json, verdict: Json | None) -> Json:
    if verdict is None or line["yardstick"] == MARKED or verdict["verdict"] == "failed":
        return line
    right = verdict["verdict"] == "right"
    automatic = {"right": line["right"], "yardstick": line["yardstick"], "reason": line["reason"]}
    said = {"right": right, "share": float(right), "yardstick": JUDGE, "reason": verdict["reason"]}
    return {**line, **said, "automatic": automatic}


def sheets(lines: Sequence[Json], card_id: str) -> list[Sheet]:
    """Return every different answer, question by question; the order within a question tells nothing of its column."""
    rows: dict[int, dict[str, list[Json]]] = {}
    for line in lines:
        rows.setdefault(line["row"], {}).setdefault(_said(line), []).append(line)
    found = [
        same for answers in rows.values() for same in sorted(answers.values(), key=lambda one: _order(card_id, one[0]))
    ]
    return [
        Sheet(same[0], tuple((line["column_id"], line["row"]) for line in same), number, len(found))
        for number, same in enumerate(found, 1)
    ]


def alike(lines: Sequence[Json], place: Place) -> tuple[Place, ...]:
    """Return the places of all answers that say the same to the same question as the one there, which is first."""
    column_id, row = place
    said = next((_said(line) for line in lines if (line["column_id"], line["row"]) == place), None)
    same = [line["column_id"] for line in lines if line["row"] == row and _said(line) == said]
    return tuple((other, row) for other in sorted(same, key=lambda other: other != column_id))


def next_sheet(asked: Sequence[Sheet], marks: Mapping[Place, Mark], after: int = 0) -> Sheet | None:
    """Return the next answer nothing was said of, from number `after` on and then from the start; None when done."""
    left = [sheet for sheet in asked if not all(place in marks for place in sheet.places)]
    return next((sheet for sheet in left if sheet.number > after), left[0] if left else None)


def agreement(lines: Sequence[Json], marks: Mapping[Place, Mark]) -> dict[str, tuple[int, int, float | None]]:
    """Return for each yardstick how many of the marked answers it judged alike, of how many, and Cohen's kappa.

    Only marks that were given with the column hidden count: others correct what somebody saw to be wrong.
    """
    told: dict[str, list[tuple[bool, bool]]] = {}
    for line in lines:
        mark = marks.get((line["column_id"], line["row"]))
        if mark is not None and mark.blind and mark.mark != "skip":
            told.setdefault(line["yardstick"], []).append((bool(line["right"]), mark.mark == "right"))
    return {
        yardstick: (
            sum(automatic == said for automatic, said in both),
            len(both),
            kappa([automatic for automatic, _ in both], [said for _, said in both]),
        )
        for yardstick, both in told.items()
    }


def _said(line: Json) -> str:
    # Marks such as [1] would tell which column gave it.
    return " ".join(without_marks(line["answer"]).split())


def _order(card_id: str, line: Json) -> bytes:
    return hashlib.sha256(f"{card_id} {line['row']} {line['answer']}".encode()).digest()
