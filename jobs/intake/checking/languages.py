"""Which language a row is in, as far as its letters tell it beyond doubt."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from jobs.intake.checking.findings import Tally
from jobs.intake.limited import run_limited
from storage.records import Example

# The languages that are told apart, by their code.
NAMES = {
    **{"af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian"},
    **{"bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek"},
    **{"en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian"},
    **{"fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew"},
    **{"hi": "Hindi", "hr": "Croatian, Serbian or Bosnian", "hu": "Hungarian", "hy": "Armenian"},
    **{"id": "Indonesian or Malay", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian"},
    **{"kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "la": "Latin", "lt": "Lithuanian"},
    **{"lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "mt": "Maltese"},
    **{"my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish"},
    **{"ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak"},
    **{"sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil"},
    **{"te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu"},
    **{"uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "zh": "Chinese", "zu": "Zulu"},
}
# So near to one another that a model which knows one reads the other.
_KIN = {"nn": "no", "bs": "hr", "sr": "hr", "ms": "id"}

_NAME = "the rows"
_LONGEST_S = 600

# With these bounds no row of the English sets beside the project, some 8,000, was taken for another language.
_SURE = 0.9
_FEWEST_LETTERS = 30
_LETTERS_LOOKED_AT = 250
# Rows too short to tell follow the others, where nearly all of those are in one language.
_SHORTEST_HINT = 12
_MOST_AGREE = 0.8
_ENOUGH_HINTS = 0.1

# No other language that is told apart has these; where they are many, the row is English and nothing slower is asked.
_COMMON_ENGLISH = (
    "the and you your my what how with this that are can does which from should would where when they there"
)
_ENGLISH = frozenset(_COMMON_ENGLISH.split())
_ENGLISH_SHARE = 0.12
_ENGLISH_WORDS = 2


def check_languages(examples: list[Example], tally: Tally, known: Collection[str]) -> list[Example]:
    """Find rows in a language that the base model does not know; return those that are used."""
    known = {_KIN.get(language, language) for language in known}
    languages = _languages(examples, known)
    found = Counter(language for language in languages if language and language not in known)
    if not found:
        return examples
    listed = ", ".join(f"{NAMES[language]} ({count:,})" for language, count in found.most_common())
    tally.explain(
        "language", f"{listed}. Home offers models that know more languages, where this computer has room for one."
    )
    return [
        example
        for example, language in zip(examples, languages, strict=True)
        if language not in found or tally.add("language", example)
    ]


def languages_of(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return the code of each text's language and how sure that is, from 0 to 1.

    Run it in a child process where memory counts: what it loads takes some 100 MB and stays.
    """
    told = map(_identifier().classify, texts)
    return [(_KIN.get(language, language), float(sure)) for language, sure in told]


def _languages(examples: list[Example], known: Collection[str]) -> list[str]:
    """Return each row's language, "" where it can't be told."""
    texts = [_beginning(example) for example in examples]
    plain = ["en" in known and _is_plain_english(text) for text in texts]
    # In bytes: a letter of Chinese tells as much as three of English.
    letters = [
        0 if is_plain else len("".join(filter(str.isalpha, text)).encode())
        for text, is_plain in zip(texts, plain, strict=True)
    ]
    asked = [place for place, count in enumerate(letters) if count >= _SHORTEST_HINT]
    languages = ["en" if is_plain else "" for is_plain in plain]
    hints = Counter({"en": sum(plain)})
    for place, (language, sure) in zip(asked, _told(tuple(texts[place] for place in asked)), strict=True):
        if sure >= _SURE:
            hints[language] += 1
            languages[place] = language if letters[place] >= _FEWEST_LETTERS else ""
    usual = _usual(hints, len(examples))
    return [language or usual for language in languages]


# The same rows are checked anew with each choice on the page.
@lru_cache(maxsize=2)
def _told(texts: tuple[str, ...]) -> list[tuple[str, float]]:
    if not texts:
        return []
    function = f"{__name__}:languages_of"
    return [tuple(one) for one in run_limited(function, texts, name=_NAME, cpu_s=_LONGEST_S, wall_s=_LONGEST_S)]


def _usual(hints: Counter[str], rows: int) -> str:
    """Return the language that nearly all rows have of which it can be told, and that are enough."""
    language, count = max(hints.items(), key=lambda hint: hint[1], default=("", 0))
    agree = count >= _MOST_AGREE * hints.total() and count >= _ENOUGH_HINTS * rows
    return language if agree else ""


def _beginning(example: Example) -> str:
    # Of a translation the answer counts: it is what the model learns to write.
    question = "" if len(example.answer) > _LETTERS_LOOKED_AT else f"{example.question[:_LETTERS_LOOKED_AT]}\n"
    return f"{question}{example.answer[:_LETTERS_LOOKED_AT]}"


def _is_plain_english(text: str) -> bool:
    if not text.isascii():
        return False
    words = text.lower().split()
    common = sum(word in _ENGLISH for word in words)
    return common >= _ENGLISH_WORDS and common >= _ENGLISH_SHARE * len(words)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*NAMES, *_KIN])
    return identifier
