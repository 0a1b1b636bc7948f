"""Commands that bring something in: examples, documents, tables."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from jobs.intake.upload import add_dataset
from jobs.requests import CuttingName, Index
from jobs.retrieval.rows import look_up
from jobs.retrieval.web import Page, fetch_page, is_web_address, waiting_pages
from jobs.tools.tables import add_table
from storage.records import Dataset, Job, Json
from storage.uploads import existing, keep_upload, shown_name
from studio.cli import USER_FAULT
from studio.commands.options import Roles, grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import dataset_shape, job_shape, settle, wait_for
from studio.commands.working import Desk, desk
from studio.needing import needing
from studio.wording.numbers import count

_FILE = (
    "A file of questions and good answers: CSV, TSV, Excel, OpenDocument, JSON, JSONL or Parquet, also in a ZIP; "
    "or a folder of the datasets library."
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a dataset is kept."""

    name: Annotated[str | None, typer.Option(help="What to call it; the file's name without it.")] = None
    sheet: Annotated[
        str | None, typer.Option(help="The sheet, list or split to read; the first with texts without it.")
    ] = None
    hold_out: Annotated[float, typer.Option(min=0, max=0.9, help="The share that is held back as the exam.")] = 0.2
    remedy: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK=ACTION", help="What to do about a finding, such as near='leave out'."),
    ] = None
    look_up: Annotated[
        bool, typer.Option("--look-up", help="Read the rows to learn from as documents, too, never those held back.")
    ] = False


@grouped
def dataset(
    file: Annotated[Path, typer.Argument(help=_FILE)],
    roles: Roles,
    keeping: Keeping,
    output: Output,
) -> None:
    """Keep a file's questions and answers as the next version of a dataset."""
    path = _file_or_folder(file)
    with desk() as at:
        made = add_dataset(
            at.workspace,
            path,
            path.name,
            name=keeping.name,
            columns=roles.said(),
            hold_out=keeping.hold_out,
            sheet=keeping.sheet,
            remedies=_remedies(keeping.remedy or []),
        )
        read = _looked_up(at, made, output) if keeping.look_up else {}
    show(output, {**dataset_shape(made), **read}, _in_words(made))


def _remedies(written: list[str]) -> dict[str, str]:
    """Return remedies by check; one written wrongly stays, to be refused with the list of what there is."""
    pairs = (one.partition("=") for one in written)
    return {check.strip(): action.strip() for check, _, action in pairs}


def _file_or_folder(path: Path) -> Path:
    folder = path.expanduser()
    return folder.resolve() if folder.is_dir() else existing(path)


def _looked_up(at: Desk, made: Dataset, output: Output) -> Json:
    asked = look_up(at.queue, made)
    say(f"{made.name}, version {made.version}, is kept. Its rows are read now.")
    with needing(at.settings, say, worker=True, model=True) as needed:
        job = wait_for(at.queue, asked, needed)
    settle(output, job)
    collection = at.workspace.collections.get(job.spec["collection"])
    passages = sum(one["passages"] for one in job.result["documents"])
    say(f"Looked up in {collection.name!r}: {count(passages, 'passage')}")
    return {
        "looked_up": {"collection": collection.name, "index_version": collection.index_version, "passages": passages}
    }


def _fetched(at: Desk, collection: str, addresses: Sequence[str]) -> list[Page]:
    waiting, pages = waiting_pages(at.queue, collection), list[Page]()
    for address in addresses:
        pages.append(fetch_page(at.workspace, collection, address, waiting=waiting))
        waiting[pages[-1].name] = pages[-1].origin.address
    return pages


_DOCUMENTS = (
    "PDF, Word, HTML, Markdown, text, CSV, TSV, Excel or OpenDocument files, or ZIP files of them. Of a table each row "
    "becomes a passage."
)


@grouped
def documents(
    collection: Annotated[str, typer.Argument(help="The collection's name; it is made where it lacks.")],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|ADDRESS...",
            help="PDF, Word, HTML, Markdown, text, CSV, TSV, Excel or OpenDocument files, or ZIP files of them; or the "
            "address of a web page (https://…), which is fetched once.",
        ),
    ],
    output: Output,
    passages: Annotated[
        CuttingName | None, typer.Option(help="How long passages are from now on, of all that is in the collection.")
    ] = None,
) -> None:
    """Read documents into a collection; one with the same name is replaced."""
    with desk() as at:
        pages = _fetched(at, collection, [one for one in files if is_web_address(one)])
        named = [existing(Path(one)) for one in files if not is_web_address(one)]
        kept = (
            *((keep_upload(at.workspace, file), shown_name(file)) for file in named),
            *((page.path, page.name) for page in pages),
        )
        fetched = {page.name: (page.origin.address, page.origin.fetched_at) for page in pages}
        with needing(at.settings, say, worker=True, model=True) as needed:
            request = Index(collection=collection, files=kept, fetched=fetched, cutting=passages)
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
        settle(output, job)
        made = at.workspace.collections.get(collection)
        listed = at.workspace.collections.documents(collection)
        origins = at.workspace.fetched.of(collection)
    document = {
        **job_shape(job),
        "collection": made.name,
        "index_version": made.index_version,
        "passages": made.cutting,
        "documents": [
            {"document": one.name, "pages": one.pages, "passages": one.passages, "characters": one.characters}
            | ({"address": origins[one.id].address} if one.id in origins else {})
            for one in listed
        ],
        "failed": job.result["failed"],
    }
    told = count(sum(one.passages for one in listed), "passage")
    show(output, document, f"{made.name}: {count(len(listed), 'document')}, {told}")
    _tell_of_each(job)


def _tell_of_each(job: Job) -> None:
    """Say what was left out of a document, and which could not be read; then the exit code tells it, too."""
    for one in job.result["documents"]:
        for note in one.get("notes", ()):
            say(f"{one['name']}: {note}")
    for one in job.result["failed"]:
        say(f"{one['name']}: {one['text']} {one['next_step']}")
    if job.result["failed"]:
        raise typer.Exit(USER_FAULT)


@grouped
def table(
    name: Annotated[str, typer.Argument(help="What to call it; `orders` becomes the tool look_up_orders.")],
    file: Annotated[Path, typer.Argument(help="A CSV, TSV, Excel, OpenDocument, JSON, JSONL or Parquet file.")],
    key: Annotated[str, typer.Option(help="The column by which a row is looked up.")],
    output: Output,
) -> None:
    """Make a table into a tool that looks up its rows."""
    with desk() as at:
        made = add_table(at.workspace, name, existing(file), file.name, key)
    document = {
        "name": made.name,
        "kind": made.kind,
        "permission": made.permission.value,
        "key": made.config["key"],
        "columns": made.config["columns"],
        "rows": made.config["rows"],
    }
    show(output, document, f"{made.name}: {count(made.config['rows'], 'row')}, looked up by {made.config['key']!r}")


def _in_words(made: Dataset) -> str:
    lines = [
        f"{made.name}, version {made.version}: {made.used:,} of {made.rows:,} rows can be used, "
        f"{made.held_out:,} of them held back as the exam",
        f"Question: {made.columns['question']}   Answer: {made.columns['answer']}",
    ]
    return "\n".join([*lines, *(f"Left out: {count(one.count, 'row')}, {one.reason}" for one in made.dropped)])
