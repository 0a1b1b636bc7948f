"""Jobs in words: their states, the phases they pass through, and what a person can do about them."""

from collections.abc import Mapping

from storage.records import Job, JobState
from studio.wording import measured
from studio.wording.failures import join
from studio.wording.numbers import about, count, duration, percent

MARKS = {
    JobState.QUEUED: "◌",
    JobState.RUNNING: "●",
    JobState.CANCELLING: "●",
    JobState.SUCCEEDED: "✓",
    JobState.FAILED: "✕",
    JobState.CANCELLED: "✕",
}
STATES = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Running",
    JobState.CANCELLING: "Stopping",
    JobState.SUCCEEDED: "Done",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Stopped",
}
PHASES = {
    "train": {
        "check": "Check the examples",
        "load": "Load the model",
        "measure": "Measure memory and speed",
        "train": "Train",
        "test": "Test on questions it never saw",
        "save": "Save what it learned",
    },
    "measure": {"check": "Check the examples", "load": "Load the model", "measure": "Measure memory and speed"},
    "fetch": {"fetch": "Fetch the page"},
    "index": {
        "read": "Read the files",
        "embed": "Take in their meaning",
        "switch": "Exchange the passages",
        "keep": "Keep the passages",
    },
    "draft": {"ask": "Write questions and answers"},
    "evaluate": {"ask": "Ask the test questions", "score": "Score the answers"},
    "judge": {"ask": "Judge the answers"},
    "measure_ways": {row: f"Measure {what}" for row, what in measured.BUTTONS.items()},
    "export": {"write": "Write the files"},
    "prepare": {
        "fetch": "Fetch the model",
        "copy": "Copy the model",
        "convert": "Put it into its form",
        "try": "Try it out",
    },
}
KINDS = {
    "train": "Training",
    "measure": "Trying a training out",
    "fetch": "Fetching a web page",
    "index": "Reading documents",
    "draft": "Drafting examples",
    "evaluate": "Scoring",
    "judge": "Judging answers",
    "measure_ways": "Measuring",
    "export": "Export",
    "prepare": "Fetching a model",
}
PRESETS = {
    "quick": ("Quick look", "as many passes as fit in about 3 minutes"),
    "normal": ("Normal", "until questions it never saw no longer improve"),
    "thorough": ("Thorough", "twice as many passes in smaller steps; takes several times as long"),
}
SETTINGS = {
    "passes": "Times it went through your examples (epochs)",
    "learning_rate": "How big each correction is (learning rate)",
    "rank": "Room for what it learns (rank)",
    "rows_a_step": "Examples between two corrections",
    "rows_at_once": "Of these at once",
    "max_length": "Longest example, in tokens",
    "method": "Weights while it learns",
    "patience": "Tests without a better one before it stops",
    "keep": "State that is kept",
    "judged_by": "Best judged by",
    "steps": "Corrections",
    "tokens_a_second": "Tokens a second",
    "peak_bytes": "Memory at the height",
    "device": "Device",
    "cards": "Graphics cards",
    "dtype": "Number format",
    "attention": "Attention",
    "seed": "Seed",
}
NO_WORKER = (
    "The part of Triptych that does the work is not running just now. It is started again by itself; "
    "if this stays so, restart Triptych."
)
_AT_ONCE_S = 5.0
PAUSED = "**‖ Paused.** What waits in line starts when you press Go on. What runs now is not touched."
DISK_FULL = (
    "**‖ Waiting for space.** The disk is full. Nothing is lost: what waits in line goes on by itself once there is "
    "clearly more space. Delete files that you no longer need."
)
CLOSE_PAGE = "You can close this page. Training goes on, and this page finds it again."


def state(job: Job) -> str:
    """Return mark and word of the job's state."""
    if job.state is JobState.RUNNING and job.finish_requested_at is not None:
        return "● Saving what it learned"
    return f"{MARKS[job.state]} {STATES[job.state]}"


def phase(job: Job) -> str:
    """Return the phase that the job is in, in words; empty before the first."""
    return PHASES.get(job.kind, {}).get(job.phase, "")


def name(job: Job, datasets: Mapping[str, str] | None = None) -> str:
    """Return what the person called it, or the examples it learns (`datasets` names them), or what it does."""
    known = datasets or {}
    return str(job.spec.get("name") or "") or known.get(str(job.spec.get("dataset_id")), KINDS.get(job.kind, job.kind))


def standing(job: Job, position: int | None = None) -> str:
    """Return one line: state, share done and time left, place in the line, or how it ended."""
    if job.state is JobState.QUEUED:
        return f"◌ Waiting, number {position} in line" if position else "◌ Waiting"
    if job.state is JobState.RUNNING:
        return ", ".join(part for part in (state(job), _done(job), _left(job)) if part)
    if job.state is JobState.SUCCEEDED:
        return _ended_well(job)
    return state(job)


def _done(job: Job) -> str:
    return f"{percent(job.step, job.total_steps)}\u00a0%" if job.total_steps else ""


def _left(job: Job) -> str:
    return "" if job.seconds_left is None else f"{about(job.seconds_left)} left"


def _ended_well(job: Job) -> str:
    return "✓ Done, stopped by you and kept" if job.stop_reason == "kept" else "✓ Done"


def took(job: Job) -> str:
    """Return how long an ended job worked; empty where it never began."""
    if job.started_at is None or job.finished_at is None:
        return ""
    return duration(job.finished_at - job.started_at)


def went_on(step: int) -> str:
    """Return from where an interrupted run went on."""
    if step:
        return f"It went on from step {step:,} after an interruption."
    return "It began again after an interruption; there was nothing yet to go on from."


def failure(job: Job) -> str:
    """Return why a job failed, what is safe and what to press."""
    safe = "Your examples are safe." if job.kind == "train" else "Nothing that was kept before is harmed."
    return join(join(job.failure_text or "It stopped without saying why.", safe), job.failure_next_step)


def place(position: int, working: bool = True, starts_in: float | None = None, held: bool = False) -> str:
    """Return what a waiting job waits for.

    `working` is whether a worker runs, `starts_in` the seconds foreseen, `held` whether no job starts at all.
    """
    if not working:
        return NO_WORKER
    if held:
        return "Nothing in line starts just now."
    first = "It is next." if position <= 1 else f"{count(position - 1, 'other')} will run first."
    if starts_in is None:
        return f"{first} It starts as soon as the work before it is done."
    if starts_in < _AT_ONCE_S:
        return f"{first} It starts in a moment."
    return f"{first} It should start in {about(starts_in)}."


def paused(reason: str | None) -> str:
    """Return why no run starts, with what to do; empty where they do."""
    if reason is None:
        return ""
    return DISK_FULL if reason.startswith("disk:") else PAUSED
