"""Find out in which encoding a text file is written: byte order marks, UTF-8, UTF-16, then the older code pages."""

import re
from pathlib import Path

from charset_normalizer import CharsetMatch, CharsetMatches, from_bytes

from storage.errors import UnreadableFile

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CODE_PAGES = {
    "cp1252": "Western European",
    "cp1250": "Central European",
    "cp1251": "Cyrillic",
    "cp1253": "Greek",
    "iso8859_7": "Greek",
    "cp1254": "Turkish",
    "cp1255": "Hebrew",
    "cp1256": "Arabic",
    "cp932": "Japanese",
    "gb18030": "Chinese",
    "big5": "Chinese",
    "cp949": "Korean",
    "mac_roman": "older Mac",
    "cp850": "DOS",
}
# What Western texts of any language contain besides letters.
_TYPOGRAPHY = frozenset("“”‘’„‚–—…•·€£¥§©®™°«»‹›½¼¾×±²³µ\xa0\xad¿¡ºª")
_ICELANDIC = frozenset("ðþýÐÞÝ")
_FINAL_SIGMA = re.compile(r"ς\b")
_MISPLACED_SIGMA = re.compile(r"ς\w|σ\b")
_CHUNK = 1024 * 1024
_TELLING_BYTES = 64 * 1024
_TEXT_SHARE = 0.3
_MOSTLY = 4
_AS_GOOD = 0.02
_AS_COHERENT = 0.1
_HALF_A_WORD = 30

_SAVE_AS_UTF8 = 'Save it as "CSV UTF-8" and upload it again.'


def encoding_of(path: Path, name: str) -> tuple[str, str]:
    """Return the codec to open `path` with and a note for the person ("" where nothing had to be guessed)."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    codec = _marked(head) or _utf16_without_mark(head)
    if codec is not None:
        if not _decodes(path, codec):
            raise UnreadableFile(f"{name} begins like {codec.upper()} text but is not.", _SAVE_AS_UTF8)
        return codec, ""
    if _decodes(path, "utf-8"):
        return "utf-8", ""
    return _code_page(path, name)


def _marked(head: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def _utf16_without_mark(head: bytes) -> str | None:
    """In UTF-16 every second byte of a Western text is zero; which one tells the byte order."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[: pairs * 2 : 2].count(0) / pairs, head[1 : pairs * 2 : 2].count(0) / pairs
    if odd > _TEXT_SHARE > even:
        return "utf-16-le"
    return "utf-16-be" if even > _TEXT_SHARE > odd else None


def _decodes(path: Path, codec: str) -> bool:
    try:
        with path.open(encoding=codec) as stream:
            while stream.read(_CHUNK):
                pass
    except UnicodeError:
        return False
    return True


def _code_page(path: Path, name: str) -> tuple[str, str]:
    lines = _telling_lines(path)
    _refuse_broken_utf8(lines, path, name)
    codec = _guess(lines)
    if codec is None or not _decodes(path, codec):
        raise UnreadableFile(f"The letters of {name} are in no encoding that is known here.", _SAVE_AS_UTF8)
    word = _telling_word(lines.decode(codec))
    shown = f", for example “{word}”" if word else ""
    return codec, (
        f"The file is not in UTF-8; its letters were read as {_CODE_PAGES[codec]} ({codec}){shown}. "
        'If they look wrong, save it as "CSV UTF-8" and upload it again.'
    )


def _telling_word(text: str) -> str:
    """Return the first word with a letter beyond ASCII. Only what is near it is searched: a line may be endless."""
    letter = re.search(r"[^\W\x00-\x7f]", text)
    if letter is None:
        return ""
    around = text[max(0, letter.start() - _HALF_A_WORD) : letter.start() + _HALF_A_WORD]
    found = re.search(r"\w*[^\W\x00-\x7f]+\w*", around)
    return found.group() if found else ""


def _refuse_broken_utf8(lines: bytes, path: Path, name: str) -> None:
    """Refuse a UTF-8 file with a few foreign bytes: any code page would turn its good letters into wrong ones."""
    text = lines.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    good = sum(letter > "\x7f" for letter in text) - broken
    if good < broken * _MOSTLY:
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        number = next((number for number, line in enumerate(stream, 1) if "\ufffd" in line), 0)
    raise UnreadableFile(f"Line {number} of {name} holds bytes that are not UTF-8, as the rest is.", _SAVE_AS_UTF8)


def _telling_lines(path: Path) -> bytes:
    """Collect lines that hold other bytes than ASCII; only these tell one code page from another."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                found.append(line[:_TELLING_BYTES])
                size += len(found[-1])
            if size >= _TELLING_BYTES:
                break
    return b"".join(found)


def _guess(lines: bytes) -> str | None:
    western = lines.decode("cp1252", errors="replace")
    if _TYPOGRAPHY.issuperset(letter for letter in western if letter > "\x7f"):
        return "cp1252"
    matches = from_bytes(lines, cp_isolation=list(_CODE_PAGES))
    best = matches.best()
    if best is None:
        return None
    # The same bytes are far more often Turkish than Icelandic, and only Greek ends words in a letter of its own.
    if _ICELANDIC.intersection(western) and _as_clean(matches, best, "cp1254"):
        return "cp1254"
    greek = lines.decode("cp1253", errors="replace")
    if _FINAL_SIGMA.search(greek) and not _MISPLACED_SIGMA.search(greek) and _as_clean(matches, best, "cp1253"):
        return "cp1253"
    return "cp1252" if str(best) == western or _as_good(matches, best, "cp1252") else best.encoding


def _as_clean(matches: CharsetMatches, best: CharsetMatch, codec: str) -> bool:
    return any(match.encoding == codec and match.chaos <= best.chaos + _AS_GOOD for match in matches)


def _as_good(matches: CharsetMatches, best: CharsetMatch, codec: str) -> bool:
    return _as_clean(matches, best, codec) and any(
        match.encoding == codec and match.coherence >= best.coherence - _AS_COHERENT for match in matches
    )
