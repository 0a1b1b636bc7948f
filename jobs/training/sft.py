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
from jobs.training.helpers import helpers
from jobs.training.keeping import RHYTHM, Keeping, Rhythm
from jobs.training.lending import lending
from jobs.training.preparing import Task, prepare
from jobs.training.publish import PROOF_TOKENS, publish_proven, write
from jobs.training.rehearsal import rehearse
from jobs.training.reporting import describe
from jobs.training.samples import questions_for
from jobs.training.setting_up import looked_at, set_up
from jobs.training.sharing import own_lengths
from jobs.training.state import Parts, Saved, put_back
from jobs.training.terms import in_its_format, terms
from jobs.training.watching import TAIL_S, Known
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
    with lending(context) as make_room:
        task = prepare(request, context, make_room)
        checkpoints = Checkpoints(context, terms(task))
        folder = checkpoints.newest()
        saved = Saved.read(folder) if folder is not None else None
        task = in_its_format(task, saved)
        log.info("%s", task.plan)
        learned, hashes = _published(task, context, saved, lambda parts: Keeping(context, parts, checkpoints, rhythm))
    report = {**learned.report, "seconds": round(learned.earlier_s + time.monotonic() - began, 1)}
    return Made(result=report, adapter=_adapter(task, context, report, hashes), stop_reason=learned.stop_reason)


def _published(
    task: Task, context: JobContext, saved: Saved | None, keeping: Callable[[Parts], Keeping]
) -> tuple["Learned", tuple[str, str]]:
    """Train, publish and prove; return what was learned with the hashes of weights and manifest, or leave nothing."""
    try:
        learned = learn(task, context, saved, keeping)
        gc.collect()  # the learned model's memory is needed to load it again
        hashes = publish_proven(task, context.job.id, learned.asked, learned.answered)
        context.check()
    except BaseException:
        remove_tree(task.folder)
        raise
    finally:
        remove_tree(task.temporary)
        remove_tree(task.scratch)
    return learned, hashes


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
    with helpers(task, context.cards) as others:
        context.report(phase="load")
        parts = set_up(task, context, others)
        if saved is not None:
            put_back(parts, saved)
        else:
            context.report(phase="measure")
            try_out(task, parts, context)
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


def try_out(task: Task, parts: Parts, context: JobContext) -> None:
    """Rehearse on the longest rows, so that memory runs out here if it does, and time and memory can be foretold."""
    lengths, pace = own_lengths(task.rows.learn, shared=parts.trainer.shares), parts.pace
    found = rehearse(parts, lengths, task.room, context.check)
    pace.expected = pace.tokens_a_pass / found.seconds_a_pass(lengths)
    parts.watching.known = Known(found, task.room.free_bytes, parts.load_s)
    parts.samples.most = questions_for(pace.learning_s * pace.last / pace.steps_a_pass)
    if (looks := parts.watching.looks) is not None:
        watched = own_lengths(looked_at(task.rows.watch), shared=parts.trainer.shares)
        looks.loss_s = found.seconds_a_look(watched)
        looks.ask_s = parts.samples.foretold_s(parts.trainer.model, found.usual.there_s / found.usual.tokens)


def _train(parts: Parts, saved: Saved | None, context: JobContext) -> None:
    """Train from the beginning or from what was saved, unless that was all already."""
    trainer, watching, pace = parts.trainer, parts.watching, parts.pace
    context.check()
    if saved is None:
        trainer.train()
    else:
        context.report("train" if pace.steps else "measure", pace.steps, pace.last, pace.seconds_left())
        if watching.look_due or watching.base_due:
            trainer.evaluate()
        if not watching.over and not context.finish_requested():
            trainer.go_on(saved)
    context.check()


def _learned(task: Task, parts: Parts, context: JobContext) -> Learned:
    trainer, pace = parts.trainer, parts.pace
    context.report(phase="test", seconds_left=TAIL_S)
    stop_reason = "kept" if pace.steps < pace.last and context.finish_requested() else ""
    kept = _choose(parts)
    context.report(phase="save")
    model = trainer.model
    write(model, task.temporary, task.base.id)
    asked = task.encoder.prompt(conversation(task.rows.asked[0].question))
    return Learned(
        report=describe(task, parts, kept),
        earlier_s=parts.watching.earlier_s,
        stop_reason=stop_reason,
        asked=asked,
        answered=answer(model, task.encoder, [asked], PROOF_TOKENS)[0],
    )


def _choose(parts: Parts) -> int:
    """Give the model the state that is kept, show what that answers, and return its step."""
    trainer, looks, steps = parts.trainer, parts.watching.looks, parts.pace.steps
    if looks is None:
        return steps
    while not looks.watched or looks.watched[-1][0] != steps:
        trainer.evaluate()
    kept = looks.best.step if parts.plan.keep == "best" else steps
    if kept != steps:
        looks.best.restore(trainer.model)
    if looks.asked_at != kept:
        looks.ask(kept, trainer.model)
    return kept


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
