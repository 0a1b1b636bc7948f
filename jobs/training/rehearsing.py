"""Trying a training out before it is asked for: everything up to its first step, and nothing kept but the forecast."""

from dataclasses import asdict

from jobs.context import JobContext, Made
from jobs.requests import Measure
from jobs.training.forecast import FORECAST
from jobs.training.helpers import helpers
from jobs.training.lending import lending
from jobs.training.preparing import prepare
from jobs.training.setting_up import set_up
from jobs.training.sft import try_out
from storage.files import remove_tree


def measure(request: Measure, context: JobContext) -> Made:
    """Return the forecast of the training that `request` describes, with the settings it would have.

    Raises what a training raises before its first step.
    """
    context.report(phase="check")
    with lending(context) as make_room:
        task = prepare(request, context, make_room)
        try:
            with helpers(task, context.cards) as others:
                context.report(phase="load")
                parts = set_up(task, context, others)
                context.report(phase="measure")
                try_out(task, parts, context)
                parts.watching.foretell()
        finally:
            remove_tree(task.scratch)
    foretold = parts.watching.forecast
    assert foretold is not None
    return Made(result={FORECAST: foretold.body(), "plan": asdict(task.plan), "rows": len(task.rows.learn)})
