"""What stands on the Scores page."""

INTRO = "Let questions decide that training never saw. Every way is asked all of them, and the answers are checked."
SOURCE = "Test questions"
SOURCE_HELP = "The questions that were held back when you kept your examples."
FILE = "Or a table of your own test questions (CSV or TSV)"
SCORE = "Score"
STOP = "Stop and keep what was scored"
NONE = "No scores yet. Press Score, and how often each way was right is shown here."
NO_SOURCE = "There are no test questions yet."
ADD_SOME = "Keep examples with some held back, or choose a table of test questions."
CHANCE = "Where two ranges overlap, the difference could still be chance."
FEW = "questions are too few for a verdict."
LEAST = 20
RIGHT_MEANS = (
    "Right means: the numbers, dates, names and needed phrases of the wanted answer are there, and nothing that was "
    "marked as wrong. Closeness compares the words with the wanted answer (ROUGE-L): 0 nothing, 1 the same."
)
KINDS = {
    "style": "Tone and wording",
    "facts": "Facts in your documents",
    "live": "Needs a tool",
    "mixed": "Several at once",
    "unknown": "Cannot be answered: right is to say so",
    "": "Other",
}
EARLIER = "Earlier scores"


def address(card_id: str) -> str:
    """Return the address of a scorecard."""
    return f"/scores?s={card_id}"


def asked(step: int, of: int) -> str:
    """Return how far the asking is."""
    return f"Question {min(step + 1, of)} of {of}"
