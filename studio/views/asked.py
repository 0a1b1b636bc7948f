"""How the answers of a score came about: what was taken over from earlier ones, and what was asked several times."""

from collections import Counter
from collections.abc import Mapping, Sequence

from storage.records import Json
from studio.views import markdown
from studio.wording import scores as words
from studio.wording.numbers import ago


def how_asked(lines: Sequence[Json], names: Mapping[str, str], now: float) -> str:
    """Return what a reader must know of how the answers came about; nothing where each was asked once, for this."""
    return "\n\n".join(filter(None, [_taken_over(lines, now), _several_times(lines, names)]))


def _taken_over(lines: Sequence[Json], now: float) -> str:
    origins = Counter((line["taken_from"]["card"], line["taken_from"]["at"]) for line in lines if "taken_from" in line)
    if not origins:
        return ""
    ((card, at), _), *others = origins.most_common()
    where = words.EARLIER_SCORES if others else f"[{words.score_of(ago(at, now))}]({words.address(card)})"
    return f"{words.taken_over(origins.total(), len(lines), where)} {words.TAKEN_OVER_HELP}"


def _several_times(lines: Sequence[Json], names: Mapping[str, str]) -> str:
    times = {line["column_id"]: len(line["runs"]) for line in lines if "runs" in line}
    if not times:
        return ""
    asked = [markdown.plain(names[column]) for column in names if column in times]
    return words.several_times(asked, max(times.values()))
