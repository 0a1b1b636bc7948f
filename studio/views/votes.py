"""The votes of Compare as tables: how often each way was chosen, and each against each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.evaluation.voting import Voted, Won
from storage.records import Column, Json
from storage.votes import Vote
from studio.views import markdown
from studio.views.places import own_name
from studio.wording import votes as words
from studio.wording.ways import WAYS, way_words


def column_names(votes: Sequence[Vote], names: Mapping[str, str]) -> dict[str, str]:
    """Return how each column is called, in the order of the ways; `names` are those of models and adapters by id."""
    columns = {column.id: column for vote in votes for column in vote.columns}
    times, order = Counter(column.way for column in columns.values()), list(WAYS)
    ordered = sorted(columns.values(), key=lambda one: order.index(one.way) if one.way in order else len(order))
    return {one.id: _name(one, names, alone=times[one.way] == 1 or one.id == one.way) for one in ordered}


def _name(column: Column, names: Mapping[str, str], *, alone: bool) -> str:
    heading = way_words(column.way).heading
    return heading if alone else f"{heading} ({own_name(column, names)})"


def votes(told: Voted, names: Mapping[str, str], blind: Voted | None = None) -> str:
    """Return what the votes add up to; `names` are those of the columns, by id, `blind` the votes cast blind alone."""
    order = list(names)
    pairs = sorted(told.pairs.items(), key=lambda one: (order.index(one[0][0]), order.index(one[0][1])))
    against = [
        [
            words.against(_plain(names, first), _plain(names, second)),
            str(won.wins),
            str(won.losses),
            str(won.ties),
            _range(won),
        ]
        for (first, second), won in pairs
    ]
    return "\n\n".join([
        f"{words.counted(told.n, told.none, told.blind)} {words.HELP}",
        _chosen(told, names),
        *([f"**{words.BLIND_ONLY}**", _chosen(blind, names)] if blind and 0 < blind.n < told.n else []),
        markdown.table(words.PAIRS_HEAD, against),
        words.PAIRS_HELP,
    ])  # fmt: skip


def _chosen(told: Voted, names: Mapping[str, str]) -> str:
    rows = [[f"**{_plain(names, column)}**", *_row(told.columns[column])] for column in names if column in told.columns]
    return markdown.table(words.CHOSEN_HEAD, rows)


def _plain(names: Mapping[str, str], column: str) -> str:
    return markdown.plain(names[column])


def _row(won: Won) -> list[str]:
    return [f"{won.wins} of {won.n}", str(won.losses), str(won.ties), f"{won.rate:.2f}", _range(won)]


def _range(won: Won) -> str:
    return words.between(*won.interval) if won.wins + won.losses else "–"


def as_json(told: Voted) -> Json:
    """Return the votes as part of a document; shares and bounds are from 0 to 1."""
    return {
        "n": told.n,
        "none": told.none,
        "blind": told.blind,
        "columns": {column: _numbers(won) for column, won in told.columns.items()},
        "pairs": [{"first": first, "second": second, **_numbers(won)} for (first, second), won in told.pairs.items()],
    }


def _numbers(won: Won) -> dict[str, Any]:
    low, high = won.interval
    return {"wins": won.wins, "losses": won.losses, "ties": won.ties, "win_rate": won.rate, "low": low, "high": high}
