"""What stands where a model judges answers."""

from studio.wording.numbers import count

TITLE = "Let a model judge"
REPORT = "What a model said as a judge"
HELP = (
    "A model reads each answer beside the wanted one and says right or wrong; of the leading ways it also says which "
    "answer is better, each pair in both orders. A judge is a hint: it counts only once it agrees with your own marks "
    "and you let it."
)
JUDGE = "Judge these answers"
AGAIN = "Judge them once more"
GO_ON = "Go on judging"
STOP = "Stop and keep the verdicts so far"
LET_COUNT = "Let the judge count"
DONT_COUNT = "Don't let it count any longer"
NO_SCORE = "There is no score to judge."
SCORE_FIRST = "Score some questions first."

HINT = "**Only a hint.** None of this enters the verdict above."
COUNTS = "**The judge counts** in the verdict above, except where you marked an answer yourself."
NO_LONGER = (
    "**The judge does not count any longer**: since you let it, you have marked more, and it does not agree with you "
    "well enough."
)
ANOTHER_COUNTS = "**Only a hint.** An earlier judging counts in the verdict above, not this one."
MAY_COUNT = "It agrees with you well enough to count, if you let it."
TABLE_HEAD = ("Way", "Right, says the judge", "Right as counted now", "No verdict")
DUELS = "Which of two answers is better"
DUELS_HEAD = ("Ways", "First better", "Second better", "Neither", "No verdict")
DUELS_HELP = "Neither: it said so, or took the other one once their order was turned round."
ITSELF = (
    "**It judges itself**: the same base model gave the answers. Models tend to prefer their own answers, so trust "
    "your marks first."
)
UNKNOWN_BASE = (
    "Whether the judge's base model also gave the answers can't be told: its server does not say which it is."
)
NO_PAIRS = "No pairs were judged, so nothing can be said of length and order."


def none_named(model: str) -> str:
    """Return that no judge is set up, and what it means to let the answering model judge."""
    return (
        f"**No judge is set up.** The model that answers, {model}, can judge, too; but models judge their own answers "
        "too kindly, and a small one such as the starter model (0.1 billion weights) judges badly. Set "
        "TRIPTYCH_JUDGE_URL and TRIPTYCH_JUDGE_MODEL to let a stronger one."
    )


def stronger(model: str, *, elsewhere: bool) -> str:
    """Return who judges."""
    goes = " of another server judges, so questions, wanted answers and answers go there." if elsewhere else " judges."
    return f"The model {model}{goes}"


def said(done: int, of: int) -> str:
    """Return how far the judging is."""
    return f"{done:,} of {count(of, 'verdict')}"


def agreement(alike: int, marked: int, beyond: float | None, least: int, needed: float) -> str:
    """Return how far the judge agrees with a person's marks, and what it needs to count."""
    if not marked:
        return f"You have marked none of these answers with the names hidden. It may count from {least} marks on."
    chance = "can't be said, as all were judged alike" if beyond is None else f"{beyond:.2f}"
    return (
        f"Of {count(marked, 'answer')} that you marked with the names hidden it judged {alike:,} as you did; beyond "
        f"chance (Cohen's kappa, 1 is always): {chance}. To count it needs {least} marks and {needed} beyond chance."
    )


def failures(failed: int, of: int) -> str:
    """Return how many verdicts failed."""
    if not failed:
        return f"All {of:,} verdicts could be read."
    return f"**{count(failed, 'verdict')} of {of:,} failed**: they count as no verdict, never as right or wrong."


def length(won: int, of: int, low: float, high: float) -> str:
    """Return how often the longer answer won, with the 95 % interval."""
    if not of:
        return "No pair was decided, so nothing can be said of length."
    told = f"In {won:,} of {count(of, 'decided pair')} the longer answer won ({_range(low, high)})"
    if low > 0.5:
        return f"{told}: it takes longer ones for better, or here they are."
    if high < 0.5:
        return f"{told}: it takes shorter ones for better, or here they are."
    return f"{told}, which could be chance."


def position(flipped: int, of: int, low: float, high: float) -> str:
    """Return in how many pairs the order decided, with the 95 % interval."""
    return (
        f"Asked in the other order it said something else in {flipped:,} of {count(of, 'pair')} ({_range(low, high)}); "
        "these count as neither."
    )


def against(first: str, second: str) -> str:
    """Return which two ways are set against each other."""
    return f"{first} against {second}"


def way_line(way: str, right: str, counted: str) -> str:
    """Return how many answers of a way are right, as the judge says and as counted now."""
    return f"{way}: right, says the judge, {right}; as counted now {counted}."


def done(model: str) -> str:
    """Return who judged."""
    return f"The judge was {model}."


def _range(low: float, high: float) -> str:
    return f"likely {round(100 * low)} to {round(100 * high)} of 100"
