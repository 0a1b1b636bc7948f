"""Where the person is: each step of the journey with its state, what is next, and the runs worth a look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.intake.growing import origin_of
from storage.records import Adapter, Comparison, Dataset, Document, Job, JobState, Scorecard
from studio.views import markdown
from studio.views.runs import names
from studio.wording import home as words
from studio.wording import runs, train
from studio.wording.numbers import ago, count

MOST_RUNS = 4
_MADE_BY = {"train": "Train", "index": "Documents"}
_PLACES = {
    "fetch": "/documents",
    "index": "/documents",
    "evaluate": "/scores",
    "judge": "/scores",
    "measure": "/train",
    "measure_ways": "/scores",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the workspace holds."""

    datasets: Sequence[Dataset]
    adapters: Sequence[Adapter]
    documents: Sequence[Document]
    tools: Sequence[str]
    comparisons: Sequence[Comparison]
    cards: Sequence[Scorecard]
    jobs: Sequence[Job]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey: its page, what is there already (empty: nothing yet), and what can be done there."""

    name: str
    address: str
    state: str
    action: str


def is_empty(facts: Facts) -> bool:
    """Whether nothing was brought or asked yet, so that the page says how to begin."""
    return not (facts.datasets or facts.adapters or facts.documents or facts.comparisons)


def steps(facts: Facts, now: float) -> list[Step]:
    """Return the journey with the state of each step."""
    return [
        Step("Examples", "/examples", _examples(facts), "Look at them" if facts.datasets else "Add examples"),
        Step("Train", "/train", _adapters(facts, now), "See the runs" if facts.adapters else "Train"),
        Step("Documents", "/documents", _documents(facts), "Try a search" if facts.documents else "Add documents"),
        Step("Tools", "/tools", ", ".join(facts.tools), "Try them" if facts.tools else "Choose tools"),
        Step("Compare", "/compare", _comparisons(facts, now), "Ask a question"),
        Step("Scores", "/scores", _scores(facts, now), "See them" if facts.cards else "Score"),
    ]


def table(journey: Sequence[Step]) -> str:
    """Return the journey as a table."""
    rows = [(str(nr), f"**{step.name}**", _state(step), _next(step)) for nr, step in enumerate(journey, 1)]
    return markdown.table(("Nr", "Step", "State", "Next"), rows)


def _state(step: Step) -> str:
    return f"✓ {markdown.plain(step.state)}" if step.state else words.NOT_YET


def _next(step: Step) -> str:
    return f"[{step.action}]({step.address})"


def next_step(facts: Facts, journey: Sequence[Step]) -> tuple[str, str]:
    """Return the words and the address of the one thing to do next: the first step that lacks something."""
    at_work = {_MADE_BY[job.kind] for job in facts.jobs if job.kind in _MADE_BY and not job.state.final}
    for step in journey:
        if not step.state and step.name not in at_work:
            return words.NEXT_WORDS[step.address], step.address
    return words.NEXT_WORDS["/compare"], "/compare"


def runs_worth_a_look(facts: Facts) -> str:
    """Return the runs that are at work and the newest that failed, each with its sentence and a link; or nothing."""
    going_on = [job for job in facts.jobs if not job.state.final]
    waiting = [job for job in going_on if job.state is JobState.QUEUED]
    shown = [job for job in going_on if job not in waiting] + _failed(facts.jobs) + waiting
    called = names(facts.datasets)
    return "\n".join(f"- {_run(job, called)}" for job in shown[:MOST_RUNS])


def _failed(jobs: Sequence[Job]) -> list[Job]:
    """Return a failure only where nothing of its kind has ended well since."""
    newest_end = {job.kind: job for job in reversed(jobs) if job.state in {JobState.SUCCEEDED, JobState.FAILED}}
    return [job for job in newest_end.values() if job.state is JobState.FAILED]


def _run(job: Job, called: Mapping[str, str]) -> str:
    where = train.address(job.id) if job.kind == "train" else _PLACES.get(job.kind, "/")
    name = f"[{markdown.plain(runs.name(job, called))}]({where})"
    if job.state is JobState.FAILED:
        return f"{name}: ✕ {markdown.plain(runs.failure(job))}"
    return f"{name}: {runs.standing(job)}"


def _examples(facts: Facts) -> str:
    if not facts.datasets:
        return ""
    newest = facts.datasets[0]
    more = len({dataset.name for dataset in facts.datasets}) - 1
    others = f" and {count(more, 'other set')}" if more else ""
    # A version that grew by a chosen answer came from no file.
    where = f"in {newest.name}" if origin_of(newest.source) else f"from {newest.source}"
    return f"{count(newest.used, 'example')} {where}{others}"


def _adapters(facts: Facts, now: float) -> str:
    if not facts.adapters:
        return ""
    newest = facts.adapters[0]
    return f"{newest.name or 'One adapter'}, {ago(newest.created_at, now)}"


def _documents(facts: Facts) -> str:
    if not facts.documents:
        return ""
    passages = sum(document.passages for document in facts.documents)
    return f"{count(len(facts.documents), 'document')} with {count(passages, 'passage')}"


def _comparisons(facts: Facts, now: float) -> str:
    if not facts.comparisons:
        return ""
    return f"Last asked {ago(facts.comparisons[0].created_at, now)}"


def _scores(facts: Facts, now: float) -> str:
    return f"Last scored {ago(facts.cards[0].created_at, now)}" if facts.cards else ""
