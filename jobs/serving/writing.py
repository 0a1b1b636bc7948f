"""From tokens to text while it is written: whole characters only, and nothing of a stop string."""

from collections.abc import Callable, Sequence

# What the beginning of a character decodes to. A character has at most four bytes, so three may wait for its rest.
_INCOMPLETE = "\ufffd"
_LONGEST_INCOMPLETE = 3


class Writer:
    """Gathers an answer's tokens and says which new text can be shown for sure."""

    def __init__(self, decode: Callable[[Sequence[int]], str], stop: Sequence[str] = ()) -> None:
        self._decode = decode
        self._stop = [text for text in stop if text]
        self.tokens: list[int] = []
        self.text = ""
        self._shown = 0
        self.stopped = False

    def write(self, token: int) -> str:
        """Add one token and return the text that became certain; sets `stopped` where a stop string appeared."""
        self.tokens.append(token)
        text = self._certain(self._decode(self.tokens))
        self.text = text
        found = [place for place in (text.find(stop) for stop in self._stop) if place >= 0]
        if found:
            self.stopped = True
            self.text = text[: min(found)]
            return self._show(len(self.text))
        return self._show(len(text) - self._held_back())

    def finish(self) -> str:
        """Return what was held back, now that nothing follows."""
        if not self.stopped:
            self.text = self._decode(self.tokens)
        return self._show(len(self.text))

    def _certain(self, text: str) -> str:
        """Return `text` without the beginning of a character whose rest comes with the next tokens."""
        unsure = min(len(text) - len(text.rstrip(_INCOMPLETE)), _LONGEST_INCOMPLETE)
        return text[: len(text) - unsure]

    def _show(self, upto: int) -> str:
        new = self.text[self._shown : upto]
        self._shown = max(self._shown, upto)
        return new

    def _held_back(self) -> int:
        """Return how many characters at the end may be the beginning of a stop string."""
        longest = max((len(stop) for stop in self._stop), default=1) - 1
        for size in range(min(longest, len(self.text)), 0, -1):
            if any(stop.startswith(self.text[-size:]) for stop in self._stop):
                return size
        return 0
