"""What stands beside one answer of a score: why it was judged so, what it rests on, and what a person says of it."""

from studio.wording.numbers import count

GIVEN = "Answer"
DIFFERENCE = "Word by word"
RESTS_ON = "What it rests on"
MADE = "What made this answer"
EACH_TIME = "Each time that it was asked"
LINK = "Link to this answer"
THAT_SCORE = "Look at that score"
SAME = "The same words in the same order."
CHOOSE_WAY = "Answer of"
REASON = "Why?"
REASON_HELP = "It stands beside the answer and in everything you take away."
SAY_RIGHT = "This answer is right"
SAY_WRONG = "This answer is wrong"
TAKE_BACK = "Take back what was said"
NO_REASON = "There is no reason yet."
WRITE_REASON = "Write in a few words why the judgement should be changed."
OVERVIEW = "Choose a question, or any field of its row, to see the answer with all that it rests on."
QUESTION = "Question"
SAID_SO = "you said so"
NOT_ASKED = "–"


def verdict(*, right: bool) -> str:
    """Return a judgement with its mark."""
    return "✓ right" if right else "✕ wrong"


def matrix_head(shown: int, of: int) -> str:
    """Return how many of the questions are listed."""
    return count(of, "question") if shown == of else f"{shown:,} of {count(of, 'question')}"


def differs(added: str, lacking: str) -> str:
    """Return which words only the answer has, and which only the wanted one."""
    told = [f"Only in the answer (underlined): “{added}”." if added else ""]
    told += [f"Only in the wanted one (struck out): “{lacking}”." if lacking else ""]
    return " ".join(filter(None, told))


def overridden(*, before: bool, now: bool, reason: str, blind: bool) -> str:
    """Return what a person said of an answer, and what they changed by that."""
    why = f": {reason}" if reason else ""
    if before == now:
        said = f"You said, too, that it is {'right' if now else 'wrong'}"
    else:
        said = f"You changed this from {'right' if before else 'wrong'} to {'right' if now else 'wrong'}"
    return f"{said}{', with the names hidden' if blind else ''}{why}"


def run(number: int, of: int) -> str:
    """Return which of several answers to the same question this is."""
    return f"{number} of {of}"
