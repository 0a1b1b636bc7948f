"""Votes on comparisons as win rates: how often each column was preferred, and each against each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from jobs.metrics.statistics import wilson
from storage.votes import NONE, TIE, Vote


@dataclass(frozen=True, slots=True)
class Won:
    """How often a column, or the first of two, was preferred, was not, and tied; with the likely range of `decided`.

    `rate` is the share of wins, a tie counted as half of one, as in W.-L. Chiang et al., "Chatbot Arena", ICML 2024;
    `decided` is the share of wins among the votes that were no tie, and `low` and `high` are its 95 % interval by
    Wilson: a tie tells nothing of who is better (sign test: W. J. Dixon and A. M. Mood, JASA 41 (1946), 557-566).
    """

    wins: int
    losses: int
    ties: int

    @property
    def n(self) -> int:
        """Of how many votes this is told."""
        return self.wins + self.losses + self.ties

    @property
    def rate(self) -> float:
        """The share of wins, from 0 to 1, with half of the ties; 0 without votes."""
        return (self.wins + self.ties / 2) / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The range in which the share of wins among votes that were no tie is likely to lie."""
        return wilson(self.wins, self.wins + self.losses)


@dataclass(frozen=True, slots=True)
class Voted:
    """What votes add up to, by column id; `none` is how often no answer was good, which says nothing of who won.

    `blind` is how many of all `n` were cast with the names hidden.
    """

    n: int
    none: int
    columns: dict[str, Won]
    pairs: dict[tuple[str, str], Won]
    blind: int = 0


def counted(votes: Sequence[Vote]) -> Voted:
    """Count the votes of comparisons in which at least two columns had answered.

    Of a pair that was shown together, a vote for a third column tells nothing.
    """
    told = [vote for vote in votes if len(vote.columns) > 1]
    decided = [vote for vote in told if vote.voted != NONE]
    outcomes: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[tuple[str, str], str]] = Counter()
    for vote in decided:
        shown = [column.id for column in vote.columns]
        outcomes.update((column, _outcome(vote.voted, column)) for column in shown)
        for first, second in combinations(sorted(shown), 2):
            if vote.voted in (first, second, TIE):
                pairs[(first, second), _outcome(vote.voted, first)] += 1
    columns = dict.fromkeys(column.id for vote in decided for column in vote.columns)
    return Voted(
        len(told),
        len(told) - len(decided),
        {column: _won(outcomes[column, how] for how in _OUTCOMES) for column in columns},
        {both: _won(pairs[both, how] for how in _OUTCOMES) for both in dict.fromkeys(both for both, _ in pairs)},
        sum(vote.blind for vote in told),
    )


_OUTCOMES = ("win", "loss", "tie")


def _outcome(voted: str, column: str) -> str:
    return "tie" if voted == TIE else "win" if voted == column else "loss"


def _won(counts: Iterable[int]) -> Won:
    return Won(*counts)
