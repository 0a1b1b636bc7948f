"""What is said about the sample company, and while its training goes on."""

from studio.wording.numbers import about

OPEN = "Open the sample company"
OPEN_REST = "Bring back what lacks of the sample company"
OPENING = "● Opening the sample company: its examples are being read…"
OWN = "Start with my own file"
IS_OPEN = "The sample company is open."
IS_GONE = "The sample company is deleted. Its adapters can be brought back for 30 days; comparisons and scores stay."
GO_ON = "Ask its first question"
MEANS = (
    "Larkspur Cycles is an invented bicycle shop: about 200 questions with answers in its own tone, 8 documents, an "
    "order service with 2 tools, and 150 test questions. Opening it starts a training."
)
READY = "✓ Training is done: Tuned and Hybrid can answer now. Press Ask all five, or Again in their columns."


def to_try(support: tuple[str, str], poem: tuple[str, str]) -> str:
    """Return two questions of the sample, each with its address, and what Hybrid brings together for them."""
    return (
        "Two questions for Hybrid:\n\n"
        f"* [{support[0]}]({support[1]}) The house's voice, its papers and the order as it stands now, in one answer.\n"
        f"* [{poem[0]}]({poem[1]}) It reads up on the bike, writes the poem and reads it aloud. For poems in a style, "
        "keep the pack “Four-line poems in one style” on Examples, train on it and choose that model."
    )


def begin(question: str) -> str:
    """Return what to do after the sample was opened without a browser."""
    return f'While `triptych up` runs, it is read and trained on. Then: triptych ask "{question}"'


def training(seconds_left: float | None) -> str:
    """Return that the training goes on, and when the columns that wait for it can answer."""
    when = "a few minutes" if seconds_left is None else about(seconds_left)
    return (
        f"● Training has started: Tuned and Hybrid can answer in {when}. The other columns answer now; you can close "
        "this page and come back."
    )


def ended(failure: str, address: str) -> str:
    """Return that the training ended without a result; `failure` is its sentence, empty where it was stopped."""
    why = failure or "The training was stopped, so Tuned and Hybrid can't answer yet."
    return f"✕ {why} [See the run]({address})"
