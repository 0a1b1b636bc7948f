"""Scorecards as tables: how often each way was right, with the range that chance allows."""

from collections.abc import Sequence

from storage.records import Dataset, Job, JobState, Json, Scorecard
from studio.views import markdown
from studio.wording import runs
from studio.wording import scores as words
from studio.wording.failures import join
from studio.wording.numbers import about, ago, count, duration, percent
from studio.wording.ways import WAYS, way_words

Choice = tuple[str, str]


def source_choices(datasets: Sequence[Dataset]) -> list[Choice]:
    """Return the sets of examples that have something held back, the newest first."""
    return [
        (f"{dataset.name}, version {dataset.version} ({dataset.held_out:,} held back)", dataset.id)
        for dataset in datasets
        if dataset.held_out
    ]


def source_name(card: Scorecard, datasets: Sequence[Dataset]) -> str:
    """Return what was scored: the name of the examples, or of the table."""
    known = {dataset.id: f"{dataset.name}, version {dataset.version}" for dataset in datasets}
    return known.get(card.source, card.source)


def scorecard(card: Scorecard, name: str, now: float) -> str:
    """Return a scorecard: its questions, the table of the ways, kinds of questions, and the answers to take away."""
    asked = max((int(way["n"]) for way in card.ways), default=0)
    parts = [
        f"## {markdown.plain(name)}: {count(asked, 'question')}, scored {ago(card.created_at, now)}",
        f"{asked} {words.FEW}" if asked < words.LEAST else words.CHANCE,
        _table(card),
        _kinds(card),
        words.RIGHT_MEANS,
        f"[Every answer as a table](/downloads/answers/{card.id}.csv) · "
        f"[word for word (JSON lines)](/downloads/answers/{card.id}.jsonl)",
    ]
    return "\n\n".join(filter(None, parts))


def _ordered(card: Scorecard) -> list[Json]:
    order = list(WAYS)
    return sorted(card.ways, key=lambda way: order.index(way["way"]) if way["way"] in order else len(order))


def _table(card: Scorecard) -> str:
    rows = [
        (
            f"**{way_words(way['way']).heading}**",
            f"{round(way['right'] * way['n'])} of {way['n']}",
            f"{round(100 * way['right_low'])} and {round(100 * way['right_high'])} of 100",
            f"{way['rouge_l']:.2f}",
            duration(float(way["seconds"])),
        )
        for way in _ordered(card)
    ]
    return markdown.table(("Way", "Right", "Likely between", "Closeness", "Usual wait"), rows)


def _kinds(card: Scorecard) -> str:
    kinds = sorted({kind for way in card.ways for kind in way.get("kinds", {})})
    if len(kinds) < 2:
        return ""
    ways = _ordered(card)
    rows = [[_kind(kind, ways), *(_right(way.get("kinds", {}).get(kind)) for way in ways)] for kind in kinds]
    headers = ["Right answers by kind of question", *(way_words(way["way"]).heading for way in ways)]
    return markdown.table(headers, rows)


def _kind(kind: str, ways: Sequence[Json]) -> str:
    asked = max(int(way.get("kinds", {}).get(kind, {}).get("n", 0)) for way in ways)
    return f"{words.KINDS.get(kind) or markdown.plain(kind)} ({asked})"


def _right(cell: Json | None) -> str:
    return f"{round(cell['right'] * cell['n'])}" if cell else "–"


def standing(job: Job | None) -> str:
    """Return how the scoring in hand stands, or why the newest failed; nothing where it ended well."""
    if job is None or job.state in {JobState.SUCCEEDED, JobState.CANCELLED}:
        return ""
    if job.state is JobState.FAILED:
        return f"**✕** {markdown.plain(join(join(job.failure_text, 'Nothing is lost.'), job.failure_next_step))}"
    if not job.total_steps:
        return f"{runs.standing(job)}"
    left = f", {about(job.seconds_left)} left" if job.seconds_left is not None else ""
    return markdown.progress(percent(job.step, job.total_steps), f"{words.asked(job.step, job.total_steps)}{left}")


def earlier(cards: Sequence[Scorecard], datasets: Sequence[Dataset], now: float) -> str:
    """Return the list of what was scored before, each with its link."""
    return "\n".join(
        f"- [{markdown.plain(source_name(card, datasets))}]({words.address(card.id)}), {ago(card.created_at, now)}"
        for card in cards
    )
