"""Documents in rows, the reading of new ones in words, and what a search found."""

from collections.abc import Sequence

from jobs.retrieval.search import Found
from storage.fetched import FetchedPage
from storage.records import Dataset, Document, Job, JobState, Json, Passage
from studio.views import markdown
from studio.wording import cutting, filters, runs, web_pages
from studio.wording import documents as words
from studio.wording.failures import join
from studio.wording.numbers import about as forecast
from studio.wording.numbers import ago, count, percent

_MOST_LINES = 10
_APART = "\n\n"


def line(document: Document, now: float, origin: FetchedPage | None = None) -> str:
    """Return one document: name, pages, passages, when it was read, and where it was fetched if it is a web page."""
    pages = f" · {count(document.pages, 'page')}" if document.pages else ""
    facts = f"{count(document.passages, 'passage')}{pages} · read {ago(document.created_at, now)}"
    if origin is not None:
        facts += f" · {web_pages.from_where(markdown.plain(origin.address), ago(origin.fetched_at, now))}"
    return f"**{markdown.plain(document.name)}**\n\n{facts}"


def heading(documents: Sequence[Document], others: bool = False) -> str:
    """Return the head of the list, or what it means that there is none; `others`: there are documents elsewhere."""
    if not documents:
        return f"## {words.LIST}\n\n{words.EMPTY_HERE if others else words.EMPTY}"
    passages = sum(document.passages for document in documents)
    return f"## {words.LIST}\n\n{count(len(documents), 'document')}, {count(passages, 'passage')}. {words.NEXT}"


def about(rows_of: Dataset | None) -> str:
    """Return what is special about documents that are the rows of examples; nothing about others."""
    return words.rows_of(markdown.plain(rows_of.name), rows_of.version) if rows_of else ""


def reading(job: Job | None, working: bool = True) -> str:
    """Return how the reading of the newest files stands; nothing where none was asked for lately."""
    if job is None:
        return ""
    files = [markdown.plain(str(name)) for _, name in job.spec.get("files", ())]
    names = words.few(files) or markdown.plain(str(job.spec.get("address") or job.spec.get("collection", "")))
    if job.state is JobState.FAILED:
        return f"**✕ {names}: {markdown.plain(runs.failure(job))}**"
    if job.state is JobState.SUCCEEDED:
        return _read(job, names)
    if job.state is JobState.CANCELLED:
        return f"✕ {names}: stopped. Nothing of it was kept."
    if job.state is JobState.QUEUED and not working:
        return f"◌ {names}: {runs.NO_WORKER}"
    return _progress(job, names)


def _read(job: Job, names: str) -> str:
    documents, failed, cut = (job.result.get(name, ()) for name in ("documents", "failed", "cut"))
    kept = words.few([markdown.plain(str(one["name"])) for one in documents])
    done = f"**✓** {kept or names}: read in {runs.took(job)}. Answers know it from now on."
    if cut:
        done = _cut(cut, markdown.plain(str(job.spec["collection"])), runs.took(job))
    return "\n\n".join([done, *_at_most(_notes(documents)), *_at_most([_unread(one) for one in failed])])


def _cut(made: Json, name: str, took: str) -> str:
    done = cutting.done(name, made["cutting"], made["documents"], made["passages"], took)
    return f"{done} {cutting.THRESHOLD}" if made["usual_threshold"] else done


def _notes(documents: Sequence[Json]) -> list[str]:
    """Return what a person should know of what was read: what was left out, what was guessed."""
    told = [(str(one["name"]), str(note)) for one in documents for note in one.get("notes", ())]
    return [f"**!** {markdown.plain(f'{name}: {note}')}" for name, note in told]


def _unread(failed: Json) -> str:
    what = join(str(failed.get("text", "")), str(failed.get("next_step", "")))
    return f"**✕** {markdown.plain(what)}"


def _at_most(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], words.more_lines(more)]


def _progress(job: Job, names: str) -> str:
    mark, _, state = runs.state(job).partition(" ")
    doing = runs.phase(job) or state
    left = f", {forecast(job.seconds_left)} left" if job.seconds_left is not None else ""
    if not job.total_steps:
        return f"{mark} {names}: {doing}{left}"
    return f"{names}\n\n{markdown.progress(percent(job.step, job.total_steps), f'{doing}{left}')}"


def found(result: Found, narrowed: bool = False) -> str:
    """Return the passages that a question finds, with scores and spans; or what came closest.

    `narrowed`: only some documents were searched, so that nothing is told about answers.
    """
    if result.passages:
        return "\n\n".join(_passage(nr, one, result) for nr, one in enumerate(result.passages, 1))
    closest = "\n".join(
        f"- {markdown.plain(near.document)} scores {near.score:.2f} (needs {result.threshold:.2f})"
        f"{_why(result, near, ' · ')}: {markdown.plain(markdown.shortened(near.text, 160))}"
        for near in result.nearest
    )
    return f"**{filters.NO_MATCH if narrowed else words.NO_MATCH}**" + (
        f"\n\nThis came closest:\n\n{closest}" if closest else ""
    )


def _passage(number: int, passage: Passage, result: Found) -> str:
    page = f", page {passage.page}" if passage.page else ""
    where = f"characters {passage.start:,} to {passage.end:,}"
    scores = f"scores {passage.score:.2f} (needs {result.threshold:.2f})"
    head = f"**{number} · {markdown.plain(passage.document)}{page}** · {scores} · {where}"
    return f"{head}{_why(result, passage, _APART)}\n\n{markdown.quoted(passage.text)}"


def _why(result: Found, passage: Passage, before: str) -> str:
    """Return why a passage was found: its meaning, the question's words that it holds and lacks, who says the same."""
    reason = result.reasons.get(passage.id)
    if reason is None:
        return ""
    held, lacking, also = (
        ", ".join(map(markdown.plain, names)) for names in (reason.held, reason.lacking, reason.also)
    )
    return before + words.why(reason.meaning, held, lacking, also)
