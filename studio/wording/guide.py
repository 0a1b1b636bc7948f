"""The three ways and all together in plain words: what each changes, what it can't do, what it costs, when it fits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """One way to help the model; `way` is the column that answers so."""

    way: str
    title: str
    how: str
    changes: str
    cannot: str
    costs: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One kind of test question: how a person recognises it, which way fits, and what its questions are called."""

    kind: str
    asks: str
    way: str
    fits: str
    questions: str


HEADING = "Three ways to help the model, and all together"
CARDS = (
    Card(
        "tuned",
        "Teach it by examples",
        "It learns from your questions and good answers by many small corrections (fine-tuning).",
        "how it writes: your tone, length, format and usual phrases.",
        "learn facts well, or notice when one has changed.",
        "10 examples or more, better 100, and a training: minutes for a quick look.",
    ),
    Card(
        "documents",
        "Let it read your documents",
        "Before it answers, it is handed the passages of your documents that fit the question (retrieval, RAG).",
        "what it knows. Replace a file and the next answer changes; each answer shows its passages.",
        "answer what no document says, do sums, or learn your tone.",
        "seconds to read a document once, and a longer wait for each answer.",
    ),
    Card(
        "tools",
        "Give it tools",
        "It may call a calculator, a calendar, your tables, or a service (function calling).",
        "what it can do: exact sums, today's data, and actions that you allow one by one.",
        "guess what to look up: the question must say it, as with an order number.",
        "setting up a tool once, and a moment for each call.",
    ),
    Card(
        "hybrid",
        "All together",
        "It is trained, reads your documents and may call your tools in one answer.",
        "all of it at once: your tone, your facts, today's data.",
        "be better than its parts: where one errs, the answer errs.",
        "everything that stands beside this, and the longest wait.",
    ),
)
CHANGES, CANNOT, COSTS = "Changes", "Can't", "Costs"

GUIDE = "Which fits my question?"
HEADERS = ("Your question", "What fits", "Measured here")
HINTS = (
    Hint(
        "facts", "Does it ask for a fact that may change: a price, a rule, a date?", "documents", "", "fact questions"
    ),
    Hint("style", "Is it about a tone or a format?", "tuned", "", "questions of tone"),
    Hint("live", "Does it need today's data, a sum or an action?", "tools", "", "questions that need a tool"),
    Hint("mixed", "Does it need several of these at once?", "hybrid", "", "mixed questions"),
    Hint(
        "unknown",
        "Can nobody know the answer?",
        "documents",
        "**{way}**: right is to say so, and it does where no passage fits.",
        "questions that nobody can answer",
    ),
)
FEW = 20
NOT_MEASURED = "Not measured yet. [Score it](/scores)"
TOO_FEW = "too few to be sure"


def right(of: tuple[int, int], questions: str, address: str) -> str:
    """Return how often a way was right on the questions of its kind, with the link to the scores."""
    return f"[Right on {of[0]} of {of[1]}]({address}) of your {questions}"


def better(heading: str, number: int) -> str:
    """Return that another way was right more often here."""
    return f"{heading} on {number}"


def usual_wait(wait: str, address: str) -> str:
    """Return how long an answer took here."""
    return f"Usual wait here: [{wait}]({address})."
