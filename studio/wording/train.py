"""What stands on the Train page."""

from studio.wording.numbers import count

INTRO = "The model learns the tone and habits of your answers. What it learns is kept as an adapter beside the model."
EXAMPLES = "Examples"
NO_EXAMPLES = "There are no examples yet. [Add some](/examples) first: a file with questions and good answers."
NAME_HELP = "How you will find the result again. Empty: the name of the examples."
MODEL_HELP = "The model that is taught. It stays as it is; what it learns lies beside it."
EXPERT = "Expert settings"
EXPERT_HELP = (
    "Leave a field empty and Triptych chooses: by how thorough you train, how many examples there are and how much "
    "memory this computer has."
)
SEVERAL_TIMES = (
    "So many are best gone through several times, so Normal is chosen. A quick look may end before it has seen all."
)
TRAIN = "Train"
ALL_RUNS = "All runs"
CHOOSE_RUN = "Choose one to see it."
NO_RUNS = "No runs yet. A training that you start is shown here."
STOP_KEEP = "Stop and keep what it learned"
STOP_THROW = "Stop and throw away"
SURE = "Throw away what this run has learned so far?"
YES_THROW = "Yes, throw away"
NO_THROW = "No, go on"
MOVE_UP = "Move up"
TAKE_OUT = "Take out"
PAUSE = "Start no more for now"
GO_ON = "Go on"
RETRY = "Try again"
AGAIN = "Train once more"
CHANGE = "Again with changes"
LESS = "Try again with less memory"
EVERY_ROW = "Train on every row"
SETTINGS = "Settings of this run"
LEARNING = "Is it learning? The same questions, before and now"
NOTHING_WATCHED = (
    "It learned every row but those of the exam, so nothing was left to watch it by; Scores can tell more."
)
ADAPTER_DELETED = "What it learned was deleted since. [See what was deleted](/train?deleted=yes)"
STOPPED = "Stopped by you. Nothing of this run was kept. Your examples are safe."
CHOSEN_FIRST = "Choose the examples first."


def too_few(used: int, least: int) -> str:
    """Return why a training on so few examples is refused."""
    return f"These examples have {used} usable rows; training needs at least {least}."


def taken_over(run: str) -> str:
    """Return that the form now holds the settings of a run."""
    return f"[The form above](#dataset) now holds the settings of {run}. Change what you like, then press Train."


def every_row_name(name: str) -> str:
    """Return the name of a run that learns every row with the settings of another."""
    return f"{name[:100]}, every row"


def parts(used: int, held_out: int) -> str:
    """Return what becomes of the rows of a dataset."""
    learned = count(used - held_out, "example")
    return f"{learned} to learn from; {held_out:,} held back for the exam, never used for training."


def done(adapter_id: str) -> str:
    """Return what can be done with what a run has learned."""
    return f"It is ready. [Compare its answers](/compare?adapter={adapter_id}) with the others."


def link(job_id: str) -> str:
    """Return the line that says where a run is found again."""
    return f"[Link to this run]({address(job_id)})"


def address(job_id: str) -> str:
    """Return the address of a run."""
    return f"/train?run={job_id}"
