"""More measures of a scorecard: those that fit its questions, each explained, and labels given for labels."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.records import Json, Scorecard
from studio.views import markdown
from studio.views.scores import column_names, ordered, plain_names
from studio.wording import measures as words

_KEY = "same_text"


@dataclass(frozen=True, slots=True)
class _Measure:
    """One column of the table: its title, what it means, and its cell for a way; "–" where there is nothing to say."""

    title: str
    help: str
    tell: Callable[[Json], str]


def measures(card: Scorecard) -> str:
    """Return the table with an explanation of each of its columns, and what each way gave for which label."""
    ways = [way for way in ordered(card) if _KEY in way]
    if not ways:
        return words.OLDER
    names = column_names(card)
    shown = [one for one in _measures(ways) if any(one.tell(way) != "–" for way in ways)]
    rows = [[f"**{markdown.plain(names[way['column_id']])}**", *(one.tell(way) for one in shown)] for way in ways]
    parts = [
        words.HELP,
        markdown.table(("Way", *(one.title for one in shown)), rows),
        "\n".join(f"- **{one.title}**: {one.help}" for one in shown),
        words.NO_EMBEDDER if not _embedders(ways) else "",
        *_confusions(card, ways),
    ]
    return "\n\n".join(filter(None, parts))


def _measures(ways: list[Json]) -> list[_Measure]:
    embedders = ", ".join(markdown.code(name) for name in _embedders(ways))
    return [
        _Measure(words.LETTERS, words.LETTERS_HELP, _letters),
        _Measure(words.NUMBER, words.NUMBER_HELP, _number),
        _Measure(words.MEANING, words.meaning_help(embedders), _meaning),
        _Measure(words.LABEL, words.LABEL_HELP, _label),
        _Measure(words.MARKS, words.MARKS_HELP, lambda way: _sentences(way, "supported", "marked")),
        _Measure(
            words.UNMARKED,
            words.UNMARKED_HELP,
            lambda way: _sentences({"cited": _without_marks(way)}, "unmarked", "sentences"),
        ),
    ]


def _embedders(ways: list[Json]) -> list[str]:
    return list(dict.fromkeys(way["embedder"] for way in ways if way["embedder"]))


def _letters(way: Json) -> str:
    return "–" if way[_KEY] is None else words.of(round(way[_KEY] * way["texts"]), way["texts"])


def _number(way: Json) -> str:
    number = way["numbers_expected"]
    return words.of(round(way["number_within"] * number), number) if number else "–"


def _meaning(way: Json) -> str:
    if way["similarity"] is None:
        return words.NOT_MEASURED if way["texts"] and not way["embedder"] else "–"
    return f"{way['similarity']:.2f}"


def _label(way: Json) -> str:
    told: Json | None = way["labels"]
    return words.label(round(told["accuracy"] * told["n"]), told["n"], told["macro_f1"]) if told else "–"


def _without_marks(way: Json) -> Json:
    return {**way["cited"], "unmarked": way["cited"]["sentences"] - way["cited"]["marked"]}


def _sentences(way: Json, part: str, whole: str) -> str:
    counted = way["cited"]
    return words.of(counted[part], counted[whole]) if counted[whole] else "–"


def _confusions(card: Scorecard, ways: list[Json]) -> list[str]:
    names = plain_names(card)
    return [
        f"**{markdown.plain(words.confusion(names[way['column_id']]))}**\n\n{_confusion(way['labels'])}"
        for way in ways
        if way["labels"]
    ]


def _confusion(told: Json) -> str:
    labels = [markdown.plain(name) for name in told["names"]]
    rows = [
        [f"**{label}**", *(str(number) for number in row)] for label, row in zip(labels, told["matrix"], strict=True)
    ]
    return markdown.table((words.WANTED, *labels, words.NO_LABEL), rows)
