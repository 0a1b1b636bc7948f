"""What "Teach reading" is worth: trained on questions to some articles, asked about others."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.answering.answer import DOCUMENTS_DONT_SAY
from jobs.requests import Choices
from jobs.teaching.reading import teach_reading
from storage.drafts import DraftPair, add
from storage.records import Answer, Job, Passage
from tests.bench.documents_bed import Asked, Bed, contained, given, say

LEARN = "learn"
_EPOCHS = "2"


def measure_taught(bed: Bed, texts: dict[str, str], asked: Sequence[Asked], taught: int, answers: int) -> None:
    """Teach with questions to every other article, and ask about those between before and after."""
    learned = {name: text for name, text in texts.items() if int(_article(name)) % 2}
    others = [one for one in asked if one.gold[0] not in learned]
    chosen = others[:: max(1, len(others) // answers)][:answers]
    mine = [one for one in asked if one.gold[0] in learned]
    job = bed.read(LEARN, learned)
    _keep(bed, job, mine[:: max(1, len(mine) // taught)][:taught])
    rows = teach_reading(bed.workspace, bed.door, LEARN)
    say(f"{rows.rows} rows of {len(learned)} paragraphs: {rows.origin}")
    before = _told(bed, chosen, Choices(ways=("documents",)))
    made = bed.running.triptych("train", rows.name, "--epochs", _EPOCHS, "--wait")
    trained = bed.workspace.adapters.list()[0]
    after = _told(bed, chosen, Choices(ways=("hybrid",), adapter_id=trained.id))
    say(f"{len(chosen)} questions to other articles, before and after the training {made['id']}: {before}; {after}")
    bed.figures["contained_tuned"] = after.right / len(chosen)


@dataclass
class _Told:
    """Answers that hold the expected words, those whose own run of words does, and those that say nothing."""

    right: int = 0
    pointed: int = 0
    withheld: int = 0

    def __str__(self) -> str:
        return f"{self.right} right, {self.pointed} by the words pointed at alone, {self.withheld} withheld"


def _article(name: str) -> str:
    return name.partition("-")[0]


def _keep(bed: Bed, job: Job, asked: Sequence[Asked]) -> None:
    """Keep the set's questions with their answers as if a person had reviewed them as drafts."""
    holding: dict[str, list[Passage]] = {}
    for passage in bed.workspace.collections.passages_of(LEARN):
        holding.setdefault(passage.document, []).append(passage)
    drafts = list[DraftPair]()
    for number, one in enumerate(asked):
        (gold,) = one.gold
        found = next((passage for passage in holding[gold] if contained(passage.text, one.answer)), None)
        if found:
            place = (LEARN, gold, found.start, found.end, found.text)
            drafts.append(DraftPair(f"bench{number}", job.id, *place, one.question, one.answer, float(number), "kept"))
    with bed.workspace.database.writing() as connection:
        add(connection, drafts)


def _told(bed: Bed, asked: Sequence[Asked], choices: Choices) -> _Told:
    told = _Told()
    for one in asked:
        answer = given(bed, one, choices)
        told.right += contained(answer.text, one.answer)
        told.pointed += contained(_pointed(answer), one.answer)
        told.withheld += DOCUMENTS_DONT_SAY in answer.text
    return told


def _pointed(answer: Answer) -> str:
    quote = answer.provenance.get("quote")
    if not quote:
        return ""
    passage = answer.passages[quote["passage"] - 1]
    start, end = quote["words"]
    return passage.text[start - passage.start : end - passage.start]
