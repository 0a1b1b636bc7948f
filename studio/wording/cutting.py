"""The words about how documents are cut into passages."""

from collections.abc import Mapping

from studio.wording.numbers import count

TITLE = "How long passages are"
HELP = (
    "Documents are cut at headings, paragraphs and sentences; a question finds passages, and the model reads the best. "
    "Rows of tables stay passages of their own in any case."
)
CHOOSE = "Passages"
CHOICES: Mapping[str, str] = {
    "short": "Short: two or three sentences each, beginning with what was said just before",
    "usual": "Usual: a paragraph each, so that a small model can read two of them",
    "long": "Long: some paragraphs each, for models that read much, beginning with what was said just before",
}
DOCUMENT = "Look at one of yours"
APPLY = "Cut all of them this way"
SAME = "They are cut this way already."
CHOOSE_OTHER = "Choose another length first."
ASKED = "**✓** Asked for. Until the new passages are there, answers rest on the passages as they are."


def would_be(name: str, passages: int, whole: bool) -> str:
    """Return into how many passages a document would be cut; `name` is Markdown already."""
    what = name if whole else f"The beginning of {name}"
    return f"{what}: {count(passages, 'passage')}"


def stays(name: str, passages: int) -> str:
    """Return that a table stays as it is; `name` is Markdown already."""
    return f"{name} is a table: {count(passages, 'passage')}, one for each row, however documents are cut."


def piece(number: int, title: str, tokens: int) -> str:
    """Return the head of a passage to be; `title` is Markdown already."""
    return f"**{number}**" + (f" · {title}" if title else "") + f" · at most {tokens} tokens"


def repeats(text: str) -> str:
    """Return that a passage repeats the end of the one before; `text` is Markdown already."""
    return f"Begins with the end of the one before: *{text}*"


def more(passages: int) -> str:
    """Return that there are more passages than are shown."""
    return f"And {count(passages, 'passage')} more."


def tests(resting: tuple[int, int] | None) -> str:
    """Return what becomes of the questions that rest on passages: (how many still do, how many there are)."""
    told = "Test questions name whole documents, so they stay as they are."
    if resting is None:
        return f"{told} The documents are too long to count here how many drafted questions still rest on one passage."
    still, drafted = resting
    if not drafted:
        return told
    return f"{told} Of {count(drafted, 'drafted question')} {still:,} would find their answer within one passage."


def done(name: str, cutting: str, documents: int, passages: int, took: str) -> str:
    """Return that documents are cut anew; `name` is Markdown already."""
    what = f"{count(documents, 'document')} cut into {count(passages, f'{cutting} passage')}"
    return f"**✓** {name}: {what} in {took}. Answers rest on them from now on."


THRESHOLD = "The score that a passage needs is the usual one again; it had been found out on other passages."
