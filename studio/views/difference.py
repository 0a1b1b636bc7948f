"""How a given answer and a wanted one differ, word by word, marked by more than colour and told in a sentence."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from studio.views import markdown
from studio.wording import cells as words

_MOST_NAMED = 12  # words in the sentence; beyond that the marked text tells more


def closest(given: str, wanted: Sequence[str]) -> str:
    """Return the wanted text that is most like the given one; empty where none is wanted."""
    return max(wanted, key=lambda text: SequenceMatcher(None, given.split(), text.split(), False).ratio(), default="")


def difference(given: str, wanted: str, told: Callable[[str, str], str] = words.differs) -> str:
    """Return both texts as one: words only in the given one underlined, those only in the wanted one struck out.

    `told` makes the sentence below of the words that only the one and only the other has.
    """
    mine, theirs = given.split(), wanted.split()
    pieces, added, lacking = list[str](), list[str](), list[str]()
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, mine, theirs, False).get_opcodes():
        if kind == "equal":
            pieces.append(markdown.plain(" ".join(mine[i1:i2])))
            continue
        if lost := theirs[j1:j2]:
            pieces.append(f"<del>{markdown.plain(' '.join(lost))}</del>")
            lacking += lost
        if extra := mine[i1:i2]:
            pieces.append(f"<ins>{markdown.plain(' '.join(extra))}</ins>")
            added += extra
    if not added and not lacking:
        return words.SAME
    return f"> {' '.join(pieces)}\n\n{told(_named(added), _named(lacking))}"


def _named(some: Sequence[str]) -> str:
    shown = markdown.plain(" ".join(some[:_MOST_NAMED]))
    return f"{shown} …" if len(some) > _MOST_NAMED else shown
