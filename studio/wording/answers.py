"""A column's state in words, while it answers and after."""

from storage.records import AnswerState
from studio.wording.numbers import about, count, duration

PHASES = {
    "read": "Your documents are being read…",
    "search": "Looking in your documents…",
    "choose": "Choosing a tool…",
    "fill": "Filling in what to ask…",
    "write": "Writing…",
}
WAITING = "◌ Waiting for its turn…"
STOPPED = "Stopped before its end"
BROKE_OFF = "Broke off in the middle"
NOT_AFFECTED = "The others are not affected."
VOTES = {"tie": "A tie", "none": "None is good"}
VOTE_QUESTION = "Which answer would you send?"
EVIDENCE_HEADING = "What made this answer"
EVIDENCE = "Evidence"
CLOSE_EVIDENCE = "Close"
PASSAGE_LABEL = "The passage, within its document"
READ_BACK = "Read back from the model server during this very call."
NOT_REPORTED = "not reported"
QUOTE = "quote"
QUOTED = "quoted from the document, word for word; the model only pointed at the words that answer"
OWN_WORDS = "the model's own"
NO_MODEL = "no model needed"
NO_MODEL_WHY = "not asked: without passages or results there was nothing to write about"


def writing(phase: str, seconds: float) -> str:
    """Return what a column is doing; writing counts the seconds."""
    words = PHASES.get(phase, PHASES["write"])
    return f"● {words} {int(seconds)} s" if phase == "write" else f"● {words}"


def asking(tool_title: str) -> str:
    """Return that a tool is being asked."""
    return f"● Asking {tool_title}…"


def waits_for_yes(tool_title: str) -> str:
    """Return that a tool runs only after a person's yes."""
    return f"◌ Waits for your yes: {tool_title}"


def finished(seconds: float, tokens: int) -> str:
    """Return the cost of an answer: its time and, where a model wrote it, its length."""
    return f"✓ {duration(seconds)}" + (f" · {count(tokens, 'token')}" if tokens else "")


def no_answer(state: AnswerState, *, broke_off: bool = False) -> str:
    """Return the heading of a column that ended without an answer; `broke_off`: it had begun, and nobody stopped it."""
    if broke_off:
        return f"✕ {BROKE_OFF}"
    return {"failed": "✕ No answer", "missing": "◌ Not ready yet", "stopped": f"✕ {STOPPED}"}.get(state, "")


_LINKS = {
    "/train": "Train one",
    "/train?deleted=yes": "See what was deleted",
    "/documents": "Add documents",
    "/tools": "Choose tools",
    "/examples": "Add examples",
}


SEE_HOW = "See how it goes"


def coming(seconds_left: float | None) -> str:
    """Return that a missing part is being made, and for how long still."""
    when = "a few minutes" if seconds_left is None else about(seconds_left)
    return f"Being made now, ready in {when}."


def link_words(where: str) -> str:
    """Return the words of a link that leads to the page where a missing part is made."""
    return _LINKS.get(where) or _LINKS.get(where.split("?")[0], "Make it")
