"""The verdict over a scorecard in words, every clause with a link to its numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence

from jobs.evaluation.verdict import Rate, Verdict
from storage.records import Json, Scorecard
from studio.views import markdown
from studio.wording import scores, use
from studio.wording import verdict as words
from studio.wording.numbers import duration
from studio.wording.ways import WAYS

_WORTH_SAYING_S = 0.5  # quicker by less than this, or than a third, is not worth a sentence
_WORTH_SAYING = 1.5


def verdict(card: Scorecard, told: Verdict, names: Mapping[str, str], lines: Sequence[Json]) -> str:
    """Return headline and clauses; `names` are those of the columns, by id, `lines` the answers that were judged."""
    plain = {column: markdown.plain(name) for column, name in names.items()}
    if not told.enough:
        return f"### {told.n} {scores.FEW}"
    if len(told.rates) < 2:
        return words.ONE_WAY
    clauses = [_rates(card, told, plain), _worse(told, plain), *_unsettled(told, plain), _quicker(card, told, plain)]
    kinds = [_kind(card, kind, of_kind, plain) for kind, of_kind in told.kinds.items()]
    listed = "\n".join(f"- {clause}" for clause in kinds if clause)
    parts = [f"### {_headline(told, plain)}", " ".join(filter(None, clauses)), listed, _use(told, plain), _how(lines)]
    return "\n\n".join(filter(None, parts))


def _headline(told: Verdict, names: Mapping[str, str]) -> str:
    others = len(told.rates) - len(told.leaders)
    if not others or not told.clear:
        return words.CANNOT_TELL
    return words.use([names[column] for column in told.leaders], others)


def _use(told: Verdict, names: Mapping[str, str]) -> str:
    """Return where the best can be asked; a second adapter's column has no page of its own before it is put to use."""
    if not told.clear or len(told.leaders) == len(told.rates):
        return ""
    there = [(names[column], use.address(column)) for column in told.leaders if column in WAYS]
    return words.ask_it(there) if there else ""


def _rates(card: Scorecard, told: Verdict, names: Mapping[str, str]) -> str:
    said = [
        words.was_right(names[column], _rate(card, told.rates[column], column), *_range(told.rates[column]))
        for column in told.leaders
    ]
    return f"{'; '.join(said)}."


def _range(rate: Rate) -> tuple[float, float]:
    return rate.low, rate.high


def _rate(card: Scorecard, rate: Rate, column: str, kind: str | None = None) -> str:
    return f"[{rate.right} of {rate.n}]({scores.address(card.id, kind=kind, column=column)})"


def _worse(told: Verdict, names: Mapping[str, str]) -> str:
    """The headline names those that are worse than every leader; here are those that are worse than the first only."""
    best, others = told.leaders[0], [column for column in told.rates if column not in told.leaders]
    if told.clear and others:
        return ""
    return words.is_worse([names[column] for column in others], names[best]) if others else words.NOTHING_APART


def _unsettled(told: Verdict, names: Mapping[str, str]) -> list[str]:
    best, *others = told.leaders
    return [words.settle(names[best], names[other], told.compared(best, other).more) for other in others]


def _quicker(card: Scorecard, told: Verdict, names: Mapping[str, str]) -> str:
    seconds = {way["column_id"]: float(way["seconds"]) for way in card.ways}
    waits = sorted(told.leaders, key=seconds.__getitem__)
    first, last = waits[0], waits[-1]
    slower = seconds[last] - seconds[first]
    if slower < _WORTH_SAYING_S or seconds[last] < _WORTH_SAYING * seconds[first]:
        return ""
    return words.quicker(names[first], duration(seconds[first]), names[last], duration(seconds[last]))


def _kind(card: Scorecard, kind: str, told: Verdict, names: Mapping[str, str]) -> str:
    if not told.clear or len(told.leaders) == len(told.rates):
        return ""
    rate = _rate(card, told.rates[told.leaders[0]], told.leaders[0], kind)
    title = markdown.plain(scores.KINDS.get(kind, kind))
    return words.of_a_kind(title, [names[column] for column in told.leaders], rate)


def _how(lines: Sequence[Json]) -> str:
    counted = Counter(scores.YARDSTICKS.get(str(line["yardstick"]), str(line["yardstick"])) for line in lines)
    return f"{words.yardsticks(counted.most_common())} {words.CORRECTED}"
