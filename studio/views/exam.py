"""Whether the questions of a score were unseen: by the trainings it scored, and by earlier scorings."""

from collections.abc import Iterator, Mapping, Sequence

from jobs.evaluation.counting import rights
from storage.records import Json, Scorecard
from studio.views import markdown
from studio.wording import exam as words
from studio.wording import rows as rows_words
from studio.wording import scores

ANCHOR = "training-saw"


def unseen(card: Scorecard, lines: Sequence[Json], names: Mapping[str, str]) -> str:
    """Return what is to be said beside a verdict; `lines` are the answers that count, `names` those of the columns."""
    return "\n\n".join(filter(None, [_sealed(card), *_trainings(card, lines, names)]))


def _sealed(card: Scorecard) -> str:
    asked = card.questions
    if not asked.get("sealed"):
        return ""
    if asked["scored_before"]:
        return words.scored_before(asked["scored_before"])
    return words.others_before(asked["others_scored_before"]) if asked["others_scored_before"] else words.SEALED_FIRST


def _trainings(card: Scorecard, lines: Sequence[Json], names: Mapping[str, str]) -> Iterator[str]:
    asked = {line["row"] for line in lines}
    for ways in _by_examples(card):
        called = [markdown.plain(names[way["column_id"]]) for way in ways]
        seen, rows = ways[0]["seen"], _rows(ways[0]) & asked
        if not seen["known"]:
            yield words.cannot_tell(called)
        elif not rows:
            yield words.none_seen(len(asked), called)
        else:
            link = f"[which]({scores.address(card.id)}#{ANCHOR})"
            told = [_without(way["column_id"], name, lines, rows) for way, name in zip(ways, called, strict=True)]
            yield " ".join([words.seen(len(rows), len(asked), called, link), *told])


def _by_examples(card: Scorecard) -> list[list[Json]]:
    """The trained columns, those of one training set together; scores of an older form tell nothing."""
    trained: dict[str, list[Json]] = {}
    for way in card.ways:
        if way.get("seen"):
            trained.setdefault(way["seen"]["examples"], []).append(way)
    return list(trained.values())


def _rows(way: Json) -> set[int]:
    return {leak["row"] for leak in way["seen"]["leaks"]}


def _without(column_id: str, name: str, lines: Sequence[Json], rows: set[int]) -> str:
    others = [line for line in lines if line["column_id"] == column_id and line["row"] not in rows]
    if not others:
        return words.nothing_left(name)
    told = rights(others)
    right = round(told["right"] * len(others))
    return words.without(name, right, len(others), told["right_low"], told["right_high"])


def seen_questions(card: Scorecard, lines: Sequence[Json], names: Mapping[str, str]) -> str:
    """Return the questions that a training has seen as a table, each with the row in which it stands; "" for none."""
    texts = {line["row"]: line["question"] for line in lines}
    rows = [
        [
            f"{leak['row']}. {markdown.plain(texts[leak['row']])}",
            ", ".join(markdown.plain(names[way["column_id"]]) for way in ways),
            words.HOW[leak["how"]],
            f"[{leak['example']}]({rows_words.address(ways[0]['seen']['examples'])})",
        ]
        for ways in _by_examples(card)
        for leak in ways[0]["seen"]["leaks"]
        if leak["row"] in texts
    ]
    return f"{words.LISTED_HELP}\n\n{markdown.table(words.HEAD, rows)}" if rows else ""
