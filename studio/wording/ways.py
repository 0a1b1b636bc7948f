"""The five ways of answering and the baseline in words: title, mark and one line that says what each may use."""

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


BASELINES = {
    "examples": WayWords("Base with 3 of your examples", "◇", "The model as it came, shown how you answer"),
}

# Columns of their own that read the same documents, each with the words it answers in.
WORDINGS = {"documents-quoted": "quoted", "documents-own-words": "in its own words"}


def way_words(way: str) -> WayWords:
    """Return the words of a way or a baseline; any other is called by its own name."""
    return (WAYS | BASELINES).get(way, WayWords(way.replace("_", " ").capitalize(), "●", ""))
