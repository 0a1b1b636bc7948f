"""What stands where two answers are set against each other, word by word."""

TITLE = "Why do they differ?"
HELP = "Two answers as one text. What each rests on stands under its Evidence."
FIRST = "This answer"
SECOND = "Set against"
WANTED = "The answer you want"
NOT_YET = "The answers are still being written."
SAME_COLUMN = "Choose two different ones."
NO_WANTED = (
    "None of your examples or test questions asks exactly this, so what you want is not known. Keep one below the vote."
)


def no_answer(title: str) -> str:
    """Return that a column has nothing to compare; `title` is Markdown already."""
    return f"{title} has no answer."


def differs(first: str, second: str, only_first: str, only_second: str) -> str:
    """Return which words stand in one of two answers alone; all are Markdown already."""
    told = [f"Only in {first} (underlined): “{only_first}”." if only_first else ""]
    told += [f"Only in {second} (struck out): “{only_second}”." if only_second else ""]
    return " ".join(filter(None, told))
