"""Words and sentences of a text: for lexical search, for cutting, and for checking what supports what."""

import re

_WORD = re.compile(r"\w+")
# What an apostrophe ties to a word and that tells nothing: "the shop's", "we'll", "l'adresse", "qu'il".
_APOSTROPHE = re.compile("['’]")
_TIED = re.compile(r"(?<=\w)['’](?:s|t|d|m|re|ve|ll)\b|\b(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’](?=\w)", re.IGNORECASE)
_STEM = 5
_TOKEN_LIKE = re.compile(r"[^\W\d_]+|\d|[^\w\s]|_|\n")
# A sentence ends at its punctuation, at an empty line, at a hard line break, and before a line that begins an item.
_SENTENCE_END = re.compile(
    r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)\s*|[。！？]+\s*|\n\s*\n\s*|[ ]{2,}\n\s*|\n(?=\s*(?:[-*+#|>•]|\d{1,3}[.)]\s))"
)
# What ends with a full stop and yet ends no sentence: the number of a list's item, and abbreviations.
_NO_END = re.compile(
    r"^\s*\(?\d{1,3}[.)]\s*$"
    r"|(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|etc|vs|no|nr|dr|mr|mrs|ms|st|ca|bzw|z\.b|d\.h|u\.a)\.[ ]*$",
    re.IGNORECASE,
)
# Words that tell nothing about a subject, in the languages of most uploads.
_STOP_WORDS = """
a about after all also am an and any are as at be been before being but by can could did do does for from had has have
he her here his how i if in into is it its just me more most my no not of on one only or other our out over she should
so some such than that the their them then there these they this those to too up us very was we were what when where
which while who whom whose why will with would you your
aber als am an auch auf aus bei bin bis das dass dem den der des die dies diese dieser dieses du ein eine einem einen
einer eines er es für hat haben ich ihr ihre im in ist kann man mein mit nach nicht noch nur oder sein sich sie sind
so über um und uns unser von vor war was welche welcher welches wenn wer werden wie wir wird wo zu zum zur
al con como cómo cual cuál cuando cuándo de del donde dónde el en es está esta este fue hay la las lo los más mi para
pero por que qué se ser si sin su sus un una uno y
au aux avec ce ces cette dans des du elle est et il ils je le les leur mais nous ou où par pas pour qui quel quelle sa
ses son sont sur une vous
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words(text: str) -> list[str]:
    """Return the text's words in order, without case."""
    return [word.casefold() for word in _WORD.findall(text)]


def content_words(text: str) -> list[str]:
    """Return the words that carry the subject; all words where every one is a stop word."""
    untied = _TIED.sub(" ", text) if _APOSTROPHE.search(text) else text
    kept = [word for word in words(untied) if word not in STOP_WORDS]
    return kept or words(text)


def stems(text: str) -> set[str]:
    """Return the beginnings of the words that carry the subject, so that most forms of one word are the same."""
    return {word[:_STEM] for word in content_words(text)}


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every sentence, in order, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        piece = text[start:end]
        if end < len(text) and _NO_END.search(piece):
            continue
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = end
    return spans


def estimate_tokens(text: str) -> int:
    """Return how many tokens the text is likely to be at most, without a tokenizer; a fifth too many for English.

    Models split the words of other languages into more tokens; letters beyond ASCII tell that it is one of them.
    """
    foreign = sum(letter.isalpha() and letter > "\x7f" for letter in text) * 200 > len(text)
    whole, each = (4, 3.0) if foreign else (5, 4.0)
    count = 1
    for word in _TOKEN_LIKE.findall(text):
        size = len(word.encode())
        if size == len(word):
            count += 1 if size <= whole else round(size / each)
        else:
            count += max(1, round(size * 0.66))
    return count
