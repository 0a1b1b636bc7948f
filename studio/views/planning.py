"""A training before it starts, as Markdown: its forecast, what Auto chose and why, and its command line."""

from jobs.requests import Learning, Train
from jobs.training.foreseeing import Foreseen
from storage.records import Dataset, Job, JobState
from studio.views import markdown
from studio.views.command import train_command
from studio.wording import planning as words
from studio.wording import runs


def forecast(seen: Foreseen | None, dataset: Dataset, trial: Job | None) -> str:
    """Return the forecast, or how its measuring goes."""
    if trial is not None and not trial.state.final:
        return f"**Forecast:** {runs.standing(trial)}. {runs.phase(trial)}".rstrip(". ") + "."
    if trial is not None and trial.state is JobState.FAILED:
        return f"**Forecast:** ✕ {markdown.plain(runs.failure(trial))}"
    return words.NOT_HERE if seen is None else words.forecast(seen, dataset.held_out)


def chosen(request: Learning, seen: Foreseen | None) -> str:
    """Return the table of what Auto chose and why; empty where it can't be told yet."""
    if seen is None:
        return ""
    fields = Train.model_fields
    rows = [
        ((fields[name].title or name) if name in fields else name, markdown.plain(value), why)
        for name, value, why in words.chosen(request, seen)
    ]
    return f"**{words.CHOSEN}**\n\n{markdown.table(words.COLUMNS, rows)}"


def command(request: Learning) -> str:
    """Return the command line that does the same."""
    return f"{words.COMMAND_HELP}\n\n{markdown.fence(train_command(request))}"
