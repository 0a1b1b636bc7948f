"""What "Teach reading" is worth: trained on questions to some articles, asked about others."""

from collections.abc import Sequence

from jobs.requests import Choices
from jobs.teaching.reading import teach_reading
from storage.drafts import DraftPair, add
from storage.records import Job, Passage
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
    before = _right(bed, chosen, Choices(ways=("documents",)))
    made = bed.running.triptych("train", rows.name, "--epochs", _EPOCHS, "--wait")
    trained = bed.workspace.adapters.list()[0]
    after = _right(bed, chosen, Choices(ways=("hybrid",), adapter_id=trained.id))
    say(f"{len(chosen)} questions to other articles: {before} right before, {after} after the training {made['id']}")
    bed.figures["contained_tuned"] = after / len(chosen)


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


def _right(bed: Bed, asked: Sequence[Asked], choices: Choices) -> int:
    return sum(contained(given(bed, one, choices).text, one.answer) for one in asked)
