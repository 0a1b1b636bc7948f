"""Whether a run learns: its forecast beside the truth, its course in words, and the answers that show it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.metrics.scores import token_f1
from jobs.training.forecast import FORECAST, Forecast, told
from jobs.training.trend import Look, Reading, read
from storage.records import Job, JobState, Json
from storage.run_records import RunRecord
from storage.runs import START
from studio.views import markdown
from studio.views.charts import course
from studio.wording import learning as words
from studio.wording import train

_EACH = 2
_LENT = "lent"


def reading(records: Sequence[RunRecord]) -> Reading:
    """Return what the records of a run say of its course."""
    seen = [record for record in records if record.kind == "loss" and "eval_loss" in record.body]
    looks = [Look(record.step, float(record.body.get("epoch", 0)), float(record.body["eval_loss"])) for record in seen]
    return read(looks, course(records).learn)


def trend(job: Job, records: Sequence[RunRecord]) -> str:
    """Return the course in a sentence; empty before the first look, and where nothing is watched."""
    if not course(records).unseen:
        return ""
    return words.trend(reading(records), over=job.state.final)


def forecast(job: Job, records: Sequence[RunRecord]) -> str:
    """Return what was said before the first step, beside the truth once that is known; empty without a forecast."""
    found = _forecast(records)
    if found is None:
        return ""
    seconds = _took(job, records)
    if seconds is None:
        return words.foretold(found)
    early = bool(job.result.get("stopped_early"))
    peak = job.result.get("peak_bytes")
    held = f" {words.held(found.peak_bytes, int(peak))}" if peak else ""
    return f"{words.compared(found, seconds, early=early)}{held}"


def lent(job: Job, records: Sequence[RunRecord]) -> str:
    """Return that the model server made room; empty where it did not."""
    if not any(record.kind == _LENT for record in records):
        return ""
    return words.LENT_PAST if job.state.final else words.LENT


def _forecast(records: Sequence[RunRecord]) -> Forecast | None:
    bodies = [record.body for record in records if record.kind == FORECAST]
    return told(bodies[-1]) if bodies else None


def _took(job: Job, records: Sequence[RunRecord]) -> float | None:
    """Return the seconds of a run that went through in one piece to an end of its own; None for any other."""
    resumed = any(record.kind == START and record.step for record in records)
    if job.state is not JobState.SUCCEEDED or job.stop_reason or resumed:
        return None
    return None if job.started_at is None or job.finished_at is None else job.finished_at - job.started_at


def kept(report: Json) -> str:
    """Return which state is kept; empty where nothing was chosen."""
    if "kept_step" not in report or report.get("keep") != "best" or not report.get("looks"):
        return ""
    early = bool(report.get("stopped_early"))
    return words.kept(int(report["kept_step"]), float(report["kept_passes"]), int(report["looks"]), early=early)


@dataclass(frozen=True, slots=True)
class Sample:
    """A question that was asked while it learned, with its scores before and now; `which` says why it is shown."""

    body: Json
    step: int
    before: float
    now: float | None
    which: str = ""


def samples(records: Sequence[RunRecord]) -> str:
    """Return the table of questions it never saw: the best, the worst, and some at random; empty without any."""
    latest = {str(record.body.get("question", "")): record for record in records if record.kind == "sample"}
    if not latest:
        return ""
    found = chosen([_sample(record) for record in latest.values()])
    step = max(sample.step for sample in found)
    question, before, wanted = words.SAMPLES
    headers = (question, before, f"Now (step {step})", wanted)
    table = markdown.table(headers, [_row(sample) for sample in found])
    return f"## {train.LEARNING}\n\n{table}\n\n{words.SHARED_HELP}"


def chosen(found: Sequence[Sample]) -> list[Sample]:
    """Return the best, the worst and some others, each said so; all without a word where there is only one, or before.

    The others are drawn by chance, always the same of the same questions.
    """
    if len(found) < 2 or any(sample.now is None for sample in found):
        return list(found)[: 3 * _EACH]
    ordered = sorted(found, key=lambda sample: sample.now or 0.0, reverse=True)
    each = min(_EACH, max(1, len(ordered) // 3))
    rest = ordered[each : len(ordered) - each]
    some = random.Random(len(ordered)).sample(rest, min(each, len(rest)))
    groups = (("best", ordered[:each]), ("worst", ordered[-each:]), ("random", some))
    return [_said(sample, which) for which, group in groups for sample in group]


def _said(sample: Sample, which: str) -> Sample:
    return Sample(sample.body, sample.step, sample.before, sample.now, which)


def _sample(record: RunRecord) -> Sample:
    body = record.body
    wanted = [str(body.get("expected", ""))]
    # Runs of earlier versions kept no scores.
    before = body.get("score_before", token_f1(str(body.get("before", "")), wanted))
    now = body.get("score", token_f1(str(body["now"]), wanted) if body.get("now") else None)
    return Sample(body, record.step, before, now)


def _row(sample: Sample) -> list[str]:
    which = f"**{words.WHICH[sample.which]}:** " if sample.which else ""
    before, now = (_short(sample, key) for key in ("before", "now"))
    return [
        which + _short(sample, "question"),
        before + words.shared(sample.before),
        now + words.shared(sample.now),
        _short(sample, "expected"),
    ]


def _short(sample: Sample, key: str) -> str:
    return markdown.plain(markdown.shortened(str(sample.body.get(key) or "–"), 260))
