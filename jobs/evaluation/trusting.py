"""How far a judge can be trusted, and its verdicts where a person lets them count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.metrics.pairing import kappa
from jobs.metrics.statistics import wilson
from storage.errors import NotAllowed
from storage.marks import Mark, Place
from storage.records import Json, Scorecard
from storage.workspace import Workspace

LEAST_MARKS = 20
LEAST_KAPPA = 0.6  # "substantial", J. R. Landis and G. G. Koch, Biometrics 33 (1977), 159-174

Verdicts = Mapping[Place, Json]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share; (0, 1) where nothing was counted."""
        return wilson(self.count, self.of)


@dataclass(frozen=True, slots=True)
class Duel:
    """How often the answers of each of two columns (ids) were better, neither, or the verdict failed."""

    first: str
    second: str
    first_better: int
    second_better: int
    ties: int
    failed: int


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of a judge.

    `answers` counts its verdicts of different answers: right, wrong, failed. `alike` of `marked` answers were judged as
    the person marked them with the column hidden, `kappa` beyond chance; a failed verdict agrees with nobody. `longer`:
    in so many decided pairs of unequal length the longer answer won. `flipped`: so many pairs were decided otherwise in
    the other order (L. Zheng et al., "Judging LLM-as-a-judge", NeurIPS 2023).
    """

    answers: Mapping[str, int]
    alike: int
    marked: int
    kappa: float | None
    duels: Sequence[Duel]
    longer: Share
    flipped: Share

    @property
    def may_count(self) -> bool:
        """Whether it agrees with enough marks well enough."""
        return self.marked >= LEAST_MARKS and self.kappa is not None and self.kappa >= LEAST_KAPPA


def trust(verdicts: Verdicts, marks: Mapping[Place, Mark]) -> Trust:
    """Return what the verdicts of one judge tell of it, beside what a person said of the same answers."""
    answers = [body for body in verdicts.values() if body["kind"] == "answer"]
    pairs = [body for body in verdicts.values() if body["kind"] == "pair"]
    both = [(body["verdict"], mark) for body in answers if (mark := _marked(body, marks))]
    return Trust(
        answers=Counter(body["verdict"] for body in answers),
        alike=sum(said == mark for said, mark in both),
        marked=len(both),
        kappa=kappa([said for said, _ in both], [mark for _, mark in both]),
        duels=_duels(pairs),
        longer=_longer(pairs),
        flipped=_flipped(pairs),
    )


def of_answers(verdicts: Verdicts) -> dict[Place, Json]:
    """Return the verdict on every single answer; what was asked once for several stands for each."""
    return {
        (column, row): body for body in verdicts.values() if body["kind"] == "answer" for column, row in body["places"]
    }


def judges_itself(verdicts: Verdicts, card: Scorecard) -> bool | None:
    """Return whether the judge's base model gave the answers, too; None where that can't be told."""
    judge = {body["base_sha256"] for body in verdicts.values() if body.get("base_sha256")}
    answering = {digest for way in card.ways for digest in way.get("reported", {}).get("base_sha256", ())}
    if judge and answering:
        return bool(judge & answering)
    names = {body["model"] for body in verdicts.values()} & {way.get("model") for way in card.ways}
    return True if names else None


def let_judge_count(workspace: Workspace, card_id: str, job_id: str) -> None:
    """Let the verdicts of a judging count in its score where nobody marked.

    Raises NotAllowed where the judge does not agree with enough marks, NotFound where the score is gone.
    """
    if not trust(workspace.cells.of(job_id), workspace.marks.of(card_id)).may_count:
        raise NotAllowed(
            f"The judge may count once you have marked {LEAST_MARKS} answers, names hidden, and it agrees with you.",
            "Mark more answers, or let a better model judge.",
        )
    workspace.judges.let_count(card_id, job_id)


def counting(workspace: Workspace, card_id: str, marks: Mapping[Place, Mark]) -> dict[Place, Json]:
    """Return the verdicts on single answers that count: none unless a person let them and the judge still agrees."""
    job_id = workspace.judges.of(card_id)
    verdicts = workspace.cells.of(job_id) if job_id else {}
    return of_answers(verdicts) if trust(verdicts, marks).may_count else {}


def _marked(body: Json, marks: Mapping[Place, Mark]) -> str:
    # Marks that were given with the column in sight correct what somebody saw to be wrong: no fair sample.
    said = [marks[column, row] for column, row in body["places"] if (column, row) in marks]
    return next((one.mark for one in said if one.blind and one.mark != "skip"), "")


def _duels(pairs: Sequence[Json]) -> list[Duel]:
    told: dict[tuple[str, str], Counter[str]] = {}
    for body in pairs:
        told.setdefault((body["first"], body["second"]), Counter())[body["verdict"]] += 1
    return [
        Duel(first, second, won["first"], won["second"], won["tie"], won["failed"])
        for (first, second), won in sorted(told.items())
    ]


def _longer(pairs: Sequence[Json]) -> Share:
    decided = [body for body in pairs if body["verdict"] in {"first", "second"} and len(set(body["lengths"])) == 2]
    first_is_longer = [body["lengths"][0] > body["lengths"][1] for body in decided]
    won = sum((body["verdict"] == "first") == first for body, first in zip(decided, first_is_longer, strict=True))
    return Share(won, len(decided))


def _flipped(pairs: Sequence[Json]) -> Share:
    read = [body["orders"] for body in pairs if body["verdict"] != "failed"]
    return Share(sum(there != back for there, back in read), len(read))
