"""Two finished runs side by side: the settings that differ, their courses, what they came to and how they scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.records import Job, JobState, Json, Scorecard
from storage.run_records import RunRecord
from studio.views import markdown
from studio.views.adapters import best_score
from studio.views.charts import TWO_RUNS, compared, in_words
from studio.views.runs import Choice, used
from studio.wording import adapters, runs
from studio.wording import run_comparison as words


@dataclass(frozen=True, slots=True)
class Compared:
    """A run with what was recorded of it."""

    job: Job
    records: Sequence[RunRecord]


def others(jobs: Sequence[Job], this: str | None, called: Mapping[str, str]) -> list[Choice]:
    """Return the finished runs that one can be compared with."""
    ended = [job for job in jobs if job.state is JobState.SUCCEEDED and job.id != this]
    return [(runs.name(job, called), job.id) for job in ended]


def comparison(this: Compared, other: Compared, called: Mapping[str, str], cards: Sequence[Scorecard]) -> str:
    """Return the settings that differ, the results with their scores, and the picture of both courses."""
    pair = (this.job, other.job)
    differing = [row for row in _settings(pair, called) if row[1] != row[2]]
    table = markdown.table(words.COLUMNS, differing) if differing else words.SAME
    results = markdown.table(words.COLUMNS, _results(pair, cards))
    drawn = compared(this.records, other.records)
    picture = f"![{in_words(drawn, TWO_RUNS)}](/charts/runs/{this.job.id}/{other.job.id}.svg)" if drawn.points else ""
    return "\n\n".join(filter(None, (table, results, picture)))


def _settings(pair: tuple[Job, Job], called: Mapping[str, str]) -> list[list[str]]:
    names = {**words.GIVEN, **{key: label for key, label in runs.SETTINGS.items() if key not in _RESULTS}}
    facts = [_facts(job, called) for job in pair]
    return [[label, *(used(key, one.get(key)) for one in facts)] for key, label in names.items()]


# What a run came to is shown whether it differs or not.
_RESULTS = {"steps", "passes", "tokens_a_second", "peak_bytes"}


def _facts(job: Job, called: Mapping[str, str]) -> Json:
    spec = job.spec
    given = {"examples": called.get(str(spec.get("dataset_id")), "deleted"), "model": spec.get("model")}
    return {**given, "preset": runs.PRESETS.get(str(spec.get("preset")), ("–",))[0], **_without(job.result, "preset")}


def _without(report: Json, name: str) -> Json:
    return {key: value for key, value in report.items() if key != name}


def _results(pair: tuple[Job, Job], cards: Sequence[Scorecard]) -> list[list[str]]:
    rows = [[label, *(_figure(job.result.get(key)) for job in pair)] for key, label in words.RESULTS.items()]
    shown = [[runs.SETTINGS[key], *(used(key, job.result.get(key)) for job in pair)] for key in sorted(_RESULTS)]
    took = [words.MINUTES, *(runs.took(job) or "–" for job in pair)]
    return [*rows, *shown, took, [words.SCORE, *(_score(job, cards) for job in pair)]]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _score(job: Job, cards: Sequence[Scorecard]) -> str:
    score = best_score(job.adapter_id or "", cards)
    return adapters.right(score.way, score.right, score.of) if score else words.NOT_SCORED
