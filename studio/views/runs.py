"""Training runs as rows, steps, a bar and a table: everything that the page shows of a run."""

from collections.abc import Mapping, Sequence

from storage.records import Dataset, Job, JobState, Json
from storage.run_records import RunRecord
from storage.runs import START
from studio.views import markdown
from studio.views.charts import course, in_words
from studio.views.learning import kept
from studio.wording import runs as words
from studio.wording import train
from studio.wording.numbers import about, ago, count, percent, size

Choice = tuple[str, str]


def dataset_choices(datasets: Sequence[Dataset]) -> list[Choice]:
    """Return the examples that can be trained on, the newest first."""
    return [
        (f"{dataset.name}, version {dataset.version} ({count(dataset.used, 'example')})", dataset.id)
        for dataset in datasets
    ]


def names(datasets: Sequence[Dataset]) -> dict[str, str]:
    """Return how each set of examples is called, by its id."""
    return {dataset.id: f"{dataset.name}, version {dataset.version}" for dataset in datasets}


def run_choices(
    jobs: Sequence[Job], positions: Mapping[str, int | None], called: Mapping[str, str], now: float
) -> list[Choice]:
    """Return the list of runs, each with its state in words."""
    return [(f"{words.name(job, called)}: {_label(job, positions.get(job.id), now)}", job.id) for job in jobs]


def _label(job: Job, position: int | None, now: float) -> str:
    when = f", {ago(job.finished_at, now)}" if job.finished_at is not None else ""
    return f"{words.standing(job, position)}{when}"


def heading(job: Job, called: Mapping[str, str]) -> str:
    """Return the run's name as a heading."""
    return f"## {markdown.plain(words.name(job, called))}"


def standing(job: Job, position: int | None, now: float, waits: str = "") -> str:
    """Return state, bar and what can be said about the time; `waits` is what a waiting one waits for."""
    line = f"**{words.state(job)}**"
    if job.state is JobState.QUEUED:
        return f"**{words.standing(job, position)}**. {waits or words.place(position or 1)}"
    if job.state is JobState.RUNNING:
        return _running(job, line)
    after = f" after {words.took(job)}" if words.took(job) else ""
    return f"{line}{after}, {ago(now if job.finished_at is None else job.finished_at, now)}"


def _running(job: Job, line: str) -> str:
    left = f"{about(job.seconds_left)} left" if job.seconds_left is not None else words.phase(job) or "Starting"
    if not job.total_steps:
        return f"{line} · {left}\n\n{words.CLOSE_PAGE}"
    bar = markdown.progress(percent(job.step, job.total_steps), left)
    return f"{line}\n\n{bar}\n\n{words.CLOSE_PAGE}"


def went_on(records: Sequence[RunRecord]) -> str:
    """Return from where a run went on after its last interruption; empty where there was none."""
    starts = [record.step for record in records if record.kind == START]
    return words.went_on(starts[-1]) if starts else ""


def steps(job: Job) -> str:
    """Return the phases as a numbered list: done, now, to come."""
    phases = words.PHASES.get(job.kind, {})
    names = list(phases)
    current = len(names) if job.state is JobState.SUCCEEDED else names.index(job.phase) if job.phase in phases else -1
    return "\n".join(f"{nr}. {_step(job, phases[name], nr - 1 - current)}" for nr, name in enumerate(names, 1))


def _step(job: Job, name: str, distance: int) -> str:
    if distance < 0:
        return f"{name} ✓"
    if distance > 0:
        return name
    return f"**{name}** ✕" if job.state in {JobState.FAILED, JobState.CANCELLED} else f"**{name}** ← now"


def outcome(job: Job, owned: bool = True) -> str:
    """Return how a run ended and what can be done now; empty while it goes on. `owned`: its adapter is still there."""
    if job.state is JobState.FAILED:
        return f"**✕ {markdown.plain(words.failure(job))}**"
    if job.state is JobState.CANCELLED:
        return train.STOPPED
    if job.state is JobState.SUCCEEDED:
        ready = train.done(job.adapter_id or "") if owned else train.ADAPTER_DELETED
        return "\n\n".join(filter(None, (came_to(job.result), ready)))
    return ""


def came_to(report: Json) -> str:
    """Return what a run came to, from its report: passes, distance before and after, what was cut."""
    if "passes" not in report:
        return ""
    told = [f"It went through {count(int(report['rows']), 'example')} {report['passes']:g} times."]
    if report.get("eval_loss") is not None:
        told.append(
            f"Distance from your answers on questions it never saw: {report['eval_loss_start']:.2f} before, "
            f"**{report['eval_loss']:.2f}** now (lower is better)."
        )
    else:
        told.append(train.NOTHING_WATCHED)
    told.append(kept(report))
    if report.get("cut_rows"):
        told.append(f"{count(int(report['cut_rows']), 'example')} had to be cut because of their length.")
    if report.get("left_out_rows"):
        told.append(f"{count(int(report['left_out_rows']), 'example')} left out: nothing of the answer fitted in.")
    return " ".join(filter(None, told))


def settings(report: Json) -> str:
    """Return the settings that a run used, what Auto chose among them."""
    rows = [(label, used(key, report[key])) for key, label in words.SETTINGS.items() if key in report]
    return markdown.table(("Setting", "Used"), rows) if rows else ""


def used(key: str, value: object) -> str:
    """Return the value of a setting as it is read."""
    if value is None:
        return "–"
    return size(int(str(value))) if key == "peak_bytes" else markdown.plain(f"{value}")


def picture(job: Job, records: Sequence[RunRecord]) -> str:
    """Return the chart as a picture whose alternative text says the result; empty before the first measurement."""
    drawn = course(records)
    return f"![{in_words(drawn)}](/charts/run/{job.id}.svg?rev={len(records)})" if drawn.points else ""


def revision(job: Job, records: Sequence[RunRecord], position: int | None) -> str:
    """Return what changes whenever something of the run that is shown has changed."""
    parts = (job.id, job.state, job.phase, job.step, job.total_steps, position, len(records), job.finish_requested_at)
    return "|".join(map(str, parts)) + f"|{about(job.seconds_left) if job.seconds_left is not None else ''}"
