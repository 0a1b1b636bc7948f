"""The words of the measured table: what each way costs and gives here, on this computer and these questions."""

from collections.abc import Mapping

from studio.wording.numbers import count, duration, size

TITLE = "What each way costs and gives, measured here"
ALL = "Measure all rows"
STOP = "Stop measuring"
NOT_YET = "not measured yet"
WITH_THE_SCORE = "with the score"
NOT_REPORTED = "not reported"
MEASURE = "Measure"
AGAIN = "Measure again"
HEAD, WHEN = "What people ask", "Measured"
ROWS = {
    "model": "Is the model changed?",
    "live": "Live data: does the next answer give a value that was just changed?",
    "fact": "Taking in a changed fact",
    "kinds": "Right, by kind of question",
    "cost": "Seconds, tokens and memory for an answer",
    "setup": "Setting it up",
    "unknown": "Questions that nobody can answer: how often it says so",
}
# What each button measures.
BUTTONS = {
    "model": "the model",
    "live": "live data",
    "fact": "a changed fact",
    "cost": "cost",
    "setup": "setting up",
    "unknown": "unknown questions",
}
HELP = (
    "Live data and the changed fact are measured with made-up facts, a table and documents of their own that are gone "
    "afterwards: nothing of yours is touched. Memory is that of the whole model server at its height, which all ways "
    "share. What is not noted anywhere, such as your own time, stands as not known."
)
NOTHING_TO_SET_UP = "nothing to set up"
NOT_POSSIBLE = "not possible"
TRAINING_UNKNOWN = "how long its training took is not known"
MEMORY_UNKNOWN = "memory: not measured yet"
MEMORY_NOT_REPORTED = "memory: not reported"


def measuring(row: str, number: int, of: int) -> str:
    """Return which row is being measured."""
    return f"Measuring {BUTTONS.get(row, row)}, {number} of {count(of, 'row')}"


def changed(fingerprint: str) -> str:
    """Return that the weights are those of a training."""
    return f"yes, trained {fingerprint}"


def unchanged(fingerprint: str) -> str:
    """Return that the weights are those of the published model."""
    return f"no, as published {fingerprint}"


def answers(right: int, of: int) -> str:
    """Return how many answers."""
    return f"{right} of {count(of, 'answer')}"


def live(new: int, of: int, seconds: float | None) -> str:
    """Return whether answers gave the new value, and how long after the change."""
    if not new:
        return f"no: {answers(0, of)} gave the new value"
    soon = f", {duration(seconds)} after the change" if seconds is not None else ""
    return f"{'yes' if new == of else 'not always'}: {answers(new, of)}{soon}"


def read_anew(new: int, of: int, seconds: float) -> str:
    """Return whether answers gave the new fact once its documents were read anew."""
    if not new:
        return f"no: read anew in {duration(seconds)}, but {answers(0, of)} gave it"
    return f"{duration(seconds)} of reading{'' if new == of else ', not always'}: {answers(new, of)} gave it"


def trained_anew(new: int, of: int, seconds: float | None) -> str:
    """Return that only a training teaches a fact, with what the last one took."""
    took = TRAINING_UNKNOWN if seconds is None else f"its last training took {duration(seconds)}"
    return f"only by training: {answers(new, of)} gave it without; {took}"


def not_read(new: int, of: int) -> str:
    """Return that a way with tools alone reads no documents."""
    return f"no, it reads no documents: {answers(new, of)} gave it. A row of a table is live data"


def impossible(new: int, of: int) -> str:
    """Return that a model as published takes in nothing."""
    return f"{NOT_POSSIBLE}: {answers(new, of)} gave it"


def alone(seconds: float) -> str:
    """Return how long an answer takes when nothing else is asked."""
    return f"{duration(seconds)} asked alone"


def in_the_scoring(seconds: float) -> str:
    """Return how long an answer took while others were asked, too."""
    return f"{duration(seconds)} in the scoring, where several are asked at once"


def memory(held: int) -> str:
    """Return how much memory the server held."""
    return f"{size(held)} memory"


def training(seconds: float | None) -> str:
    """Return what the training took."""
    return "training: not known" if seconds is None else f"training {duration(seconds)}"


def reading(seconds: float | None) -> str:
    """Return what reading the documents took."""
    return "reading: not known" if seconds is None else f"reading {duration(seconds)}"


def tools(number: int) -> str:
    """Return that nobody noted how long it took to set up tools."""
    return f"{count(number, 'tool')}: not known"


def says_so(said: int, of: int) -> str:
    """Return how many of the test's own questions that nobody can answer were declined."""
    return f"{said} of {of}"


def says_so_made_up(said: int, of: int) -> str:
    """Return how many made-up questions were declined."""
    return f"{said} of {of} made up"


def no_answer(reason: str) -> str:
    """Return that a column gave none."""
    return f"no answer: {reason}" if reason else "no answer"


def beside(kinds: Mapping[str, str]) -> str:
    """Return that other work ran at the same time; `kinds` names each."""
    return f"{', '.join(kinds.values())} ran beside it: alone it takes fewer seconds"
