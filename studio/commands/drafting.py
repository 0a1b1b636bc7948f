"""The command that drafts examples from documents."""

import uuid
from typing import Annotated

import typer

from jobs.requests import Draft
from storage.drafts import DraftPair
from storage.records import Json
from studio.asked import checked
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import job_shape, progress, settle, wait_for
from studio.commands.working import Desk, desk
from studio.needing import needing
from studio.wording.numbers import count


@grouped
def draft(
    collection: Annotated[str, typer.Argument(help="The collection's name.")],
    output: Output,
    document: Annotated[
        list[str] | None, typer.Option(help="A document that is drafted from; repeat it for several. All without it.")
    ] = None,
    most: Annotated[int, typer.Option(help="How many usable drafts are wanted.")] = 20,
    wait: Annotated[bool, typer.Option("--wait", help="Return when the drafts are there.")] = False,
) -> None:
    """Draft questions and answers from documents, for a person to keep or drop."""
    with desk() as at:
        at.workspace.collections.get(collection)
        values = {"collection": collection, "documents": tuple(document or ()), "most": most}
        request = checked(Draft, values, "Change that option and try again.")
        if not wait:
            job = at.queue.enqueue(request, str(uuid.uuid4()))
            show(output, job_shape(job), f"{progress(at.queue, job)}\nJob {job.id}. Watch it with: triptych jobs")
            return
        made, result = _waited(at, request, output)
    lines = [f"{pair.document}, {pair.start}–{pair.end}\n  {pair.question}\n  {pair.answer}" for pair in made]
    lines += [f"Of no use: {count(number, 'draft')}, {why}" for why, number in result["unusable"].items()]
    asked = f"{count(result['asked'], 'passage')} asked, {count(result['drafted'], 'usable draft')}"
    show(output, {**result, "drafts": [_shape(pair) for pair in made]}, "\n".join([*lines, asked]))


def _waited(at: Desk, request: Draft, output: Output) -> tuple[list[DraftPair], Json]:
    own = at.settings.draft_url is None
    with needing(at.settings, say, worker=True, model=own, fetch=own) as needed:
        job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
    settle(output, job)
    return list(at.workspace.drafts.list(job_id=job.id)), {**job_shape(job), **job.result}


def _shape(pair: DraftPair) -> Json:
    return {
        "id": pair.id,
        "document": pair.document,
        "start": pair.start,
        "end": pair.end,
        "question": pair.question,
        "answer": pair.answer,
        "state": pair.state,
    }
