"""What stands where more measures of a score are told."""

TITLE = "More measures"
HELP = "None of these decides the verdict: each looks at one side of an answer only."
OLDER = "This score was made before these were measured. Score the questions again to see them."
NOT_MEASURED = "not measured"
NO_EMBEDDER = "*Near in meaning* was not measured: the model server has no model that turns texts into vectors."
LETTERS = "Letter for letter"
LETTERS_HELP = "the wanted answer and not a comma else (exact match; *Same text* above overlooks capitals and commas)."
NUMBER = "Number within 1 %"
NUMBER_HELP = "where the one fact of the wanted answer is a number: it stands in the answer, or one at most 1 % away."
MEANING = "Near in meaning"
MARKS = "Marks that hold"
MARKS_HELP = (
    "sentences with a mark [n] whose words and numbers stand in that passage. Triptych sets the marks itself, only "
    "where they do, so the next column tells more."
)
UNMARKED = "Sentences without a mark"
UNMARKED_HELP = "of the sentences of answers that read passages: they rest on nothing that was read."
LABEL = "Right label"
LABEL_HELP = (
    "the wanted answers are a few labels that come again and again. In brackets the mean over the labels, each "
    "counting the same however rare it is (macro F1, 1 is best)."
)
NO_LABEL = "none of them"
WANTED = "Wanted"


def meaning_help(embedder: str) -> str:
    """Return what nearness in meaning is; `embedder` names what measured it."""
    return (
        "1 says the same, 0 has nothing in common (mean cosine of embeddings). It hardly notices a wrong number. "
        f"Measured by {embedder}."
    )


def of(right: int, number: int) -> str:
    """Return a count out of a number."""
    return f"{right:,} of {number:,}"


def label(right: int, number: int, macro_f1: float) -> str:
    """Return how often a label was right, with the labels' mean F1."""
    return f"{of(right, number)} ({macro_f1:.2f})"


def confusion(name: str) -> str:
    """Return the heading over what a way gave for which label."""
    return f"What {name} gave for each wanted label"
