"""Examples before and after they are kept: guesses, problems, first rows, what the model reads, versions."""

from collections import Counter
from collections.abc import Mapping, Sequence

from jobs.intake.columns import ROLES, Guess
from jobs.intake.prepare import Prepared
from jobs.intake.table import Table
from jobs.intake.templates import columns_in
from storage.records import Dataset, Job, JobState
from studio.views import labels, markdown
from studio.views.documents import reading
from studio.views.voting import source
from studio.wording import documents, rows
from studio.wording import examples as words
from studio.wording.numbers import ago, count

MOST_ROWS = 6
_MOST_COLUMNS = 6
_MARKS = {"read": words.READ, "learned": words.LEARNED, "cut": words.CUT}
Choice = tuple[str, str]


def column_choices(table: Table, role: str) -> list[Choice]:
    """Return the columns that can hold a role; roles beyond question and answer may have none."""
    columns = [(column, column) for column in table.columns]
    return columns if role in {"question", "answer"} else [(words.NONE, ""), *columns]


def reasons(guesses: Sequence[Guess]) -> dict[str, str]:
    """Return for every role why its column was chosen."""
    known = {guess.role: words.guessed(guess.reason) for guess in guesses}
    return {role: known.get(role, words.NOT_GUESSED) for role in ROLES}


def chosen(guesses: Sequence[Guess]) -> dict[str, str]:
    """Return for every role the column guessed; empty where there is none."""
    known = {guess.role: guess.column for guess in guesses}
    return {role: known.get(role, "") for role in ROLES}


def headline(prepared: Prepared) -> str:
    """Return how many rows can be used and what becomes of them."""
    used = len(prepared.examples)
    parts = words.split(used - prepared.held_out, prepared.held_out)
    notes = "".join(f"\n- {markdown.plain(note)}" for note in prepared.notes)
    learned = Counter(example.answer for example in prepared.examples if example.part != "exam")
    about = labels.told(learned)
    head = f"## {words.usable(used, prepared.rows)}\n\n{parts}" + (f"\n{notes}" if notes else "")
    return f"{head}\n\n{about}" if about else head


def first_rows(table: Table, columns: Mapping[str, str]) -> str:
    """Return the first rows as a table: the chosen columns first, long texts shortened."""
    used = list(dict.fromkeys(name for wanted in columns.values() for name in columns_in(wanted, table.columns)))
    shown = [*used, *(column for column in table.columns if column not in used)][:_MOST_COLUMNS]
    places = [table.columns.index(column) for column in shown]
    rows = [[_cell(row[place]) for place in places] for row in table.rows[:MOST_ROWS]]
    headers = ["Row", *(markdown.plain(column) for column in shown)]
    more = len(table.columns) - len(shown)
    note = f"\n\n{count(more, 'more column')} not shown." if more > 0 else ""
    return markdown.table(headers, [[str(nr), *row] for nr, row in enumerate(rows, 1)]) + note


def _cell(text: str) -> str:
    return markdown.plain(markdown.shortened(text, 140)) or "–"


def read_by_model(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Return the runs of text that the model reads, each with what happens to it."""
    return [(text, _MARKS.get(kind)) for text, kind in pieces]


def not_read(row: int) -> list[tuple[str, str | None]]:
    """Return, in place of what the model reads, that this row is left out."""
    return [(words.no_row(row), None)]


def versions(datasets: Sequence[Dataset], now: float, looked_up: Mapping[str, str]) -> str:
    """Return the table of everything kept, the newest first; `looked_up` are documents made of a version, by its id."""
    if not datasets:
        return words.NO_VERSIONS
    rows = [
        (
            markdown.plain(dataset.name),
            str(dataset.version),
            f"{dataset.used:,} of {dataset.rows:,}",
            f"{dataset.held_out:,}",
            source(dataset),
            ago(dataset.created_at, now),
            _next(dataset, looked_up.get(dataset.id)),
        )
        for dataset in datasets
    ]
    return markdown.table(("Name", "Version", "Rows used", "Held back", "From", "Kept", "Next"), rows)


def _next(dataset: Dataset, collection: str | None) -> str:
    train = f"[{words.LOOK}]({rows.address(dataset.id)}) · [Train](/train?dataset={dataset.id})"
    return f"{train} · [Looked up]({documents.address(collection)})" if collection else train


def looking_up(job: Job, working: bool) -> str:
    """Return how far the rows are on their way into the documents; `working` is whether a worker runs."""
    collection = str(job.spec["collection"])
    link = f"[{markdown.plain(collection)}]({documents.address(collection)})"
    if job.state is JobState.SUCCEEDED:
        passages = sum(int(one["passages"]) for one in job.result.get("documents", ()))
        return f"**✓** {documents.rows_read(passages, link)}"
    return f"{words.becoming(link)}\n\n{reading(job, working)}"


def kept(dataset: Dataset) -> str:
    """Return that the examples are kept, with the next step."""
    what = f"{count(dataset.used, 'example')} kept as version {dataset.version} of {markdown.plain(dataset.name)}."
    return f"{what} [Train on them](/train?dataset={dataset.id})"
