"""What commands tell of jobs, datasets and answers: how a job goes, how it ended, and the shapes of `--json`."""

import typer

from jobs.queue import Queue
from storage.records import Answer, Dataset, Job, JobState, Json
from studio.cli import OUR_FAULT, USER_FAULT
from studio.commands.output import Output, say, show
from studio.needing import Needed
from studio.wording import failures, runs

_LOOK_EVERY_S = 0.5


def wait_for(queue: Queue, job: Job, needed: Needed) -> Job:
    """Return the job once it has ended, telling its phases meanwhile; needed parts that went are started again."""
    try:
        return _watched(queue, job, needed)
    except KeyboardInterrupt:
        say(f"You stopped waiting. `triptych up` goes on with the job; `triptych cancel {job.id}` takes it out.")
        raise


def _watched(queue: Queue, job: Job, needed: Needed) -> Job:
    told = ""
    while True:
        needed.ensure()
        job = queue.wait(job.id, _LOOK_EVERY_S)
        line = progress(queue, job)
        if line != told:
            say(line)
            told = line
        if job.state.final:
            return job


def progress(queue: Queue, job: Job) -> str:
    """Return where the job is, in one line."""
    line = runs.standing(job, queue.position(job.id))
    doing = runs.phase(job)
    return f"{doing}: {line}" if doing and not job.state.final else line


def settle(output: Output, job: Job) -> None:
    """Show a job that did not succeed and end the command; nothing where it succeeded."""
    if job.state is JobState.SUCCEEDED:
        return
    if output.json:
        show(output, job_shape(job), "")
    failed = job.state is JobState.FAILED
    say(runs.failure(job) if failed else "It was stopped before its end.")
    raise typer.Exit(OUR_FAULT if failed and job.failure_kind != "user_error" else USER_FAULT)


def job_shape(job: Job) -> Json:
    """Return a job as `--json` shows it."""
    failure = {"kind": job.failure_kind, "text": job.failure_text, "next_step": job.failure_next_step}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "phase": job.phase,
        "adapter_id": job.adapter_id,
        "failure": failure if job.state is JobState.FAILED else None,
    }


def dataset_shape(dataset: Dataset) -> Json:
    """Return a dataset version as `--json` shows it."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "version": dataset.version,
        "rows": dataset.rows,
        "used": dataset.used,
        "dropped": [{"reason": dropped.reason, "count": dropped.count} for dropped in dataset.dropped],
        "held_out": dataset.held_out,
        "question": dataset.columns.get("question"),
        "answer": dataset.columns.get("answer"),
    }


def answer_shape(answer: Answer) -> Json:
    """Return an answer with its evidence as `--json` shows it."""
    return {
        "column_id": answer.column_id,
        "way": answer.way,
        "state": answer.state.value,
        "text": answer.text,
        "error": failures.join(answer.error, answer.next_step) or None,
        "seconds": answer.seconds,
        "tokens": answer.tokens,
        "provenance": answer.provenance,
        "passages": [
            {
                "document": found.document,
                "start": found.start,
                "end": found.end,
                "score": found.score,
                "text": found.text,
            }
            for found in answer.passages
        ],
        "calls": [
            {"tool": call.tool, "arguments": call.arguments, "result": call.result, "error": call.error}
            for call in answer.calls
        ],
    }
