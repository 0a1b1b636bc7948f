"""The five ways of answering in words: title, mark and one line that says what each may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WayWords:
    """How one way is called; name and mark always stand beside its colour."""

    title: str
    mark: str
    meaning: str

    @property
    def heading(self) -> str:
        """Mark and title, as at the head of a column."""
        return f"{self.mark} {self.title}"


WAYS = {
    "base": WayWords("Base", "○", "The model as it came"),
    "tuned": WayWords("Tuned", "◆", "Trained on your examples"),
    "documents": WayWords("Documents", "■", "Reads your documents first"),
    "tools": WayWords("Tools", "▲", "May use your tools"),
    "hybrid": WayWords("Hybrid", "✚", "Trained, reads, and uses tools"),
}


def way_words(way: str) -> WayWords:
    """Return the words of `way`; one that is not of the five is called by its own name."""
    return WAYS.get(way, WayWords(way.replace("_", " ").capitalize(), "●", ""))
