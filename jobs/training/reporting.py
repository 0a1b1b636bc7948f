"""What a finished training was and came to, for the adapter's row and the page."""

from jobs.training.peak import peak_bytes
from jobs.training.preparing import Task
from jobs.training.state import Parts
from storage.records import Json


def describe(task: Task, parts: Parts, kept: int) -> Json:
    """Return the report of a run whose state at the step `kept` is published."""
    plan, rows, pace, losses = task.plan, task.rows, parts.pace, parts.watching.losses
    return {
        "preset": task.request.preset,
        "rows": len(rows.learn),
        "watched_rows": len(rows.watch),
        "cut_rows": rows.cut,
        "left_out_rows": rows.left_out,
        "passes": round(pace.steps / pace.steps_a_pass, 2),
        "steps": pace.steps,
        "kept_step": kept,
        "kept_passes": round(kept / pace.steps_a_pass, 2),
        "loss_start": losses[0],
        "loss_end": losses[-1],
        **_watched(parts, kept),
        "tokens_a_second": round(pace.tokens_a_second, 1),
        "peak_bytes": peak_bytes(plan.device),
        "learning_rate": plan.learning_rate,
        "rank": plan.rank,
        "method": plan.method,
        "rows_a_step": plan.batch_size * plan.accumulation,
        "rows_at_once": plan.batch_size,
        "max_length": plan.max_length,
        "patience": plan.patience,
        "keep": plan.keep,
        "judged_by": plan.judged_by,
        "device": plan.device,
        "dtype": plan.dtype,
        "attention": plan.attention,
        "seed": plan.seed,
        **({"cards": plan.cards} if plan.cards > 1 else {}),
    }


def _watched(parts: Parts, kept: int) -> Json:
    """How far the watched rows were before, in the state that is kept, and whether the run ended for them."""
    looks = parts.watching.looks
    if looks is None:
        return {}
    return {
        "eval_loss_start": looks.watched[0][1],
        "eval_loss": looks.loss_at(kept),
        "eval_loss_end": looks.watched[-1][1],
        "stopped_early": looks.out_of_patience and parts.pace.steps < parts.pace.last,
        "looks": len(looks.watched) - 1,
    }
