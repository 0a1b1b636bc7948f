"""Numbers written as words, turned into digits: "twenty-five" becomes 25, "two hundred and six" becomes 206."""

import re

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 20 + 10 * n for n, word in enumerate(_TENS.split())
}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_WORD})(?:(?:[\s-]+|(?<=hundred)\s+and\s+)(?:{_WORD}))*\b", re.I)


def with_digits(text: str) -> str:
    """Return `text` with its written numbers in digits."""
    return _RUN.sub(_digits, text)


def _digits(run: re.Match[str]) -> str:
    """Read one run of number words; words that do not belong together stay apart: "two three" is 2 3."""
    numbers: list[int] = []
    total = current = last = 0
    for word in re.findall(_WORD, run[0].lower()):
        if word in _LARGE:
            current = max(current, 1) * _LARGE[word]
            if _LARGE[word] >= 1_000:
                total, current = total + current, 0
            last = _LARGE[word]
            continue
        value = _SMALL[word]
        if last and not _joins(last, value):
            numbers.append(total + current)
            total = current = 0
        current, last = current + value, max(value, 1)
    return " ".join(str(number) for number in [*numbers, total + current])


def _joins(last: int, value: int) -> bool:
    return last >= 100 or (last >= 20 and last % 10 == 0 and 0 < value < 10)
