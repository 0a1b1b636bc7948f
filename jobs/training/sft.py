"""One training from request to published adapter, with TRL's SFTTrainer and a LoRA adapter on every linear layer."""

import gc
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from jobs.context import Interrupted, JobContext, Made
from jobs.models.conversation import conversation
from jobs.requests import Train
from jobs.training.answers import answer
from jobs.training.checkpoints import Checkpoints
from jobs.training.keeping import RHYTHM, Keeping, Rhythm
from jobs.training.pace import Pace
from jobs.training.preparing import Task, prepare
from jobs.training.publish import PROOF_TOKENS, publish_proven, write
from jobs.training.setting_up import set_up
from jobs.training.state import Parts, Saved, put_back
from jobs.training.terms import in_its_format, terms
from jobs.training.watching import TAIL_S, Watching
from storage.files import remove_tree
from storage.records import Adapter, Json
from storage.runs import START

log = logging.getLogger(__name__)


def train(request: Train, context: JobContext, rhythm: Rhythm = RHYTHM) -> Made:
    """Teach `request.model` the examples of `request.dataset_id` and publish the adapter.

    It goes on from the newest checkpoint of an earlier attempt where there is one that fits. Raises UnusableRows,
    NotFound, Missing, Damaged, NoSpace or WentAstray, and what stops a job.
    """
    began = time.monotonic()
    context.report(phase="check")
    task = prepare(request, context)
    checkpoints = Checkpoints(context, terms(task))
    folder = checkpoints.newest()
    saved = Saved.read(folder) if folder is not None else None
    task = in_its_format(task, saved)
    log.info("%s", task.plan)
    try:
        learned = learn(task, context, saved, lambda parts: Keeping(context, parts, checkpoints, rhythm))
        gc.collect()  # the learned model's memory is needed to load it again
        hashes = publish_proven(task, context.job.id, learned.asked, learned.answered)
        context.check()
    except BaseException:
        remove_tree(task.folder)
        raise
    finally:
        remove_tree(task.temporary)
        remove_tree(task.scratch)
    report = {**learned.report, "seconds": round(learned.earlier_s + time.monotonic() - began, 1)}
    return Made(result=report, adapter=_adapter(task, context, report, hashes), stop_reason=learned.stop_reason)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training gave, with one question and the learned model's answer to it as tokens.

    `earlier_s` are the seconds that earlier attempts spent on what this one went on with.
    """

    report: Json
    earlier_s: float
    stop_reason: str
    asked: list[int]
    answered: list[int]


def learn(task: Task, context: JobContext, saved: Saved | None, keeping: Callable[[Parts], Keeping]) -> Learned:
    """Run the training, or what is left of it, and write its adapter to `task.temporary`.

    Where the worker stops meanwhile, the state is kept for the next attempt.
    """
    context.report(phase="load")
    parts = set_up(task, context)
    if saved is not None:
        put_back(parts, saved)
    if context.fence > 1:
        log.info("An earlier attempt was cut off; this one goes on from step %d.", parts.pace.steps)
        context.record(START, parts.pace.steps, {})
    keeper = keeping(parts)
    parts.trainer.add_callback(keeper)
    try:
        _train(parts, saved, context)
        return _learned(task, parts, context)
    except Interrupted:
        keeper.interrupted()
        raise


def _train(parts: Parts, saved: Saved | None, context: JobContext) -> None:
    """Train from the beginning or from what was saved, unless that was all already."""
    trainer, watching, pace = parts.trainer, parts.watching, parts.pace
    context.check()
    of = pace.last if pace.steps else None
    context.report("train" if pace.measured else "measure", pace.steps, of, pace.seconds_left())
    if saved is None:
        trainer.train()
    else:
        if watching.look_due:
            trainer.evaluate()
        if not watching.over and not context.finish_requested():
            trainer.go_on(saved)
    context.check()


def _learned(task: Task, parts: Parts, context: JobContext) -> Learned:
    trainer, watching, pace = parts.trainer, parts.watching, parts.pace
    context.report(phase="test", seconds_left=TAIL_S)
    stop_reason = "kept" if pace.steps < pace.last and context.finish_requested() else ""
    if watching.watched[-1][0] != pace.steps:
        trainer.evaluate()
    context.report(phase="save")
    model = trainer.model
    write(model, task.temporary, task.base.id)
    asked = task.encoder.prompt(conversation(task.rows.asked[0].question))
    return Learned(
        report=describe(task, watching, pace),
        earlier_s=watching.earlier_s,
        stop_reason=stop_reason,
        asked=asked,
        answered=answer(model, task.encoder, [asked], PROOF_TOKENS)[0],
    )


def describe(task: Task, watching: Watching, pace: Pace) -> Json:
    """Return what the run was and came to, for the adapter's row and the page."""
    plan, rows = task.plan, task.rows
    return {
        "preset": task.request.preset,
        "rows": len(rows.learn),
        "watched_rows": len(rows.watch),
        "cut_rows": rows.cut,
        "left_out_rows": rows.left_out,
        "passes": round(pace.steps / pace.steps_a_pass, 2),
        "steps": pace.steps,
        "loss_start": watching.losses[0],
        "loss_end": watching.losses[-1],
        "eval_loss_start": watching.watched[0][1],
        "eval_loss": watching.watched[-1][1],
        "tokens_a_second": round(pace.tokens_a_second, 1),
        "learning_rate": plan.learning_rate,
        "rank": plan.rank,
        "rows_a_step": plan.batch_size * plan.accumulation,
        "device": plan.device,
        "dtype": plan.dtype,
        "seed": plan.seed,
    }


def _adapter(task: Task, context: JobContext, report: Json, hashes: tuple[str, str]) -> Adapter:
    workspace = context.workspace
    return Adapter(
        id=task.adapter_id,
        job_id=context.job.id,
        name=task.request.name or f"{task.dataset.name}, version {task.dataset.version}",
        base_id=task.base.id,
        base_sha256=task.base.sha256,
        adapter_sha256=hashes[0],
        dataset_id=task.dataset.id,
        path=str(task.folder.relative_to(workspace.home)),
        manifest_sha256=hashes[1],
        created_at=workspace.clock(),
        report=report,
    )
