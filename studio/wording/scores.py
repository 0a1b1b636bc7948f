"""What stands on the Scores page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from studio.wording.numbers import count

INTRO = "Let questions decide that training never saw. Every way is asked all of them, and the answers are checked."
SOURCE = "Test questions"
SOURCE_HELP = "Questions that were held back when you kept your examples, or a table of your own. Newest first."
FILE = "Or a new table of test questions (CSV or TSV)"
SEALED = "sealed"
WAYS = "Which ways?"
WAYS_HELP = "What a way lacks is said beside the scores."
USES = "What the ways use"
ADAPTER = "Trained model"
ADAPTER_HELP = "For Tuned and Hybrid."
ANOTHER = "And beside it"
ANOTHER_HELP = "A second trained model, scored as one more column."
NO_OTHER = "No other"
COLLECTION = "Documents"
COLLECTION_HELP = "For Documents and Hybrid."
TOOLS_HELP = (
    "Tools and Hybrid use every tool that is switched on. A call that a person must allow is not run: nobody is there "
    "to say yes, and the answer says so."
)
FRESH = "Ask everything anew"
FRESH_HELP = (
    "Otherwise answers of earlier scores are taken over and judged anew, where nothing that makes them changed."
)
EARLIER_SCORES = "earlier scores"
TAKEN_OVER_HELP = "They were judged anew. Tick “Ask everything anew” to have them asked once more."
SCORE = "Score"
STOP = "Stop and keep what was scored"
GO_ON = "Go on where it stopped"
NEWER = "There is a newer score"
SHOW_NEWEST = "Show it"
NONE = "No scores yet. Press Score, and how often each way was right is shown here."
NO_SOURCE = "There are no test questions yet."
ADD_SOME = "Keep examples with some held back, or choose a table of test questions."
SOURCE_GONE = "These test questions are not here any more."
CHOOSE_OTHERS = "Choose others."
TWICE = "The same trained model was chosen twice."
CHOOSE_ANOTHER = "Choose another one, or none, as the second."
NO_WAY = "No way was chosen."
CHOOSE_WAYS = "Tick at least one."
FEW = "questions are too few for a verdict."
LEAST = 20
RIGHT_MEANS = (
    "Right means: the numbers, dates, names and needed phrases of the wanted answer are there, and nothing that was "
    "marked as wrong. Same text: the wanted answer and nothing else (exact match). Same words and same order compare "
    "with the wanted answer: 0 nothing, 1 all (token F1 and ROUGE-L). Usual wait: half of the answers came sooner. "
    "Length: pieces of words on average (tokens)."
)
KINDS = {
    "style": "Tone and wording",
    "facts": "Facts in your documents",
    "live": "Needs a tool",
    "mixed": "Several at once",
    "unknown": "Cannot be answered: right is to say so",
    "": "Other",
}
BY_KIND = "Right answers by kind of question"
FEW_OF_A_KIND = "With fewer than 20 questions of a kind, its numbers are a hint and no verdict."
NOT_ASKED = "Not asked"
EARLIER = "Earlier scores"
TABLE_HEAD = ("Way", "Right", "Likely between", "Same text", "Same words", "Same order", "Usual wait", "Length")
EVIDENCE_HEAD = ("What it rested on", "Document found", "Of what it read", "Right tool", "Right arguments")
EVIDENCE_HELP = (
    "For the questions that say what their answer should rest on (how many stand in brackets): the share of documents "
    "that were found, the share of read passages that are of one of them, and how often the right tool was called, "
    "with the right arguments."
)
FAILED = "No answer"
PICTURE = "Right answers of 100, with the range that chance allows (more is better)"
FACTS = "What was scored"
FACTS_HELP = "As the model server reported it with each answer."
AS_TABLE = "Every answer as a table (CSV)"
AS_LINES = "word for word (JSON lines)"
AS_JSON = "the scores (JSON)"
AS_REPORT = "a report to send (HTML)"
LINK = "Link to this score"

EVERY = "Every question"
SHOW = "Which questions?"
SHOWN = {"all": "All", "wrong": "With a wrong answer", "differ": "Where the ways differ"}
KIND = "Kind"
EVERY_KIND = "Every kind"
WAY = "Answers of"
EVERY_WAY = "Every way"
EARLIER_TEN = "Earlier ones"
LATER_TEN = "Later ones"
NOTHING_LIKE_IT = "There is no such question among these."
ANSWERS_GONE = "The answers behind this score are not there any more."
WANTED = "Wanted"
SAY_SO = "to say that this cannot be known"
QUESTION_HEAD = ("Way", "Answer", "Right?", "What it rests on")
YARDSTICKS = {
    "declines": "says that it does not know",
    "facts": "its facts are there",
    "exact": "the same text",
    "words": "most of the words are there",
    "style": "it keeps to the style",
    "marked": "you marked it",
    "judge": "a model judged it",
}
NOTHING_READ = "nothing looked up"

SAME_ROWS = "Documents read the same rows that Tuned was trained on."
DIFFERENT = "The ways had different information"
DELETED_SINCE = "examples that were deleted since"


def address(card_id: str, *, kind: str | None = None, column: str = "", row: int | None = None) -> str:
    """Return the address of a scorecard, of the questions behind one of its numbers, or of one of its answers."""
    chosen = {"s": card_id} | ({} if kind is None else {"k": kind}) | ({} if row is None else {"q": str(row)})
    chosen |= {"w": column} if column else {}
    part = "" if len(chosen) == 1 else "#every-question" if row is None else "#cell-box"
    return f"/scores?{urlencode(chosen)}{part}"


def asked(step: int, of: int) -> str:
    """Return how far the asking is."""
    return f"Question {min(step + 1, of)} of {of}"


def taken_over(number: int, of: int, where: str) -> str:
    """Return how many answers were not asked anew, and why; `where` says of which score they are."""
    were = "was" if number == 1 else "were"
    return (
        f"{number:,} of {count(of, 'answer')} {were} taken over from {where}, as nothing that makes them has changed."
    )


def score_of(when: str) -> str:
    """Return how an earlier score is called."""
    return f"the score from {when}"


def several_times(names: Sequence[str], times: int) -> str:
    """Return which ways were asked each question more than once, and how that is counted."""
    were = "was" if len(names) == 1 else "were"
    return (
        f"{_all(names)} {were} asked each question {times} times, since chance takes part in freely worded answers. "
        "The shares and their ranges count every answer; the verdict takes a question as right where more than half "
        "of the answers to it are."
    )


def taken_from(when: str) -> str:
    """Return that an answer was taken over from an earlier score."""
    return f"This answer was taken over from {score_of(when)}, as nothing that makes it has changed."


def page_of(first: int, last: int, of: int) -> str:
    """Return which of the questions are shown."""
    return f"Question {first} of {of}" if first == last else f"Questions {first} to {last} of {of}"


def trained_on(names: Sequence[str], examples: str) -> str:
    """Return which ways were trained on what."""
    return f"{_all(names)} {'was' if len(names) == 1 else 'were'} trained on {examples}"


def has_read(names: Sequence[str], documents: str) -> str:
    """Return which ways read what."""
    return f"{_all(names)} read {documents}"


def could_use(names: Sequence[str], used: str) -> str:
    """Return which ways could use what."""
    return f"{_all(names)} could use {used}"


def collection(name: str, documents: int) -> str:
    """Return what stands for a collection of documents."""
    return f"{name} ({count(documents, 'document')})"


def tools(number: int) -> str:
    """Return what stands for a set of tools."""
    return count(number, "tool")


def _all(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
