"""The words of a verdict: only what the corrected tests carry is said."""

from collections.abc import Sequence

from studio.wording.numbers import count

CANNOT_TELL = "It cannot be told yet which way is best"
HARDLY = "they differ so little that more questions like these would hardly settle it"
CORRECTED = (
    "“Clearly” means: chance alone would hardly make such a difference (McNemar's exact test, corrected for all pairs "
    "by Holm, p below 0.05)."
)
ONE_WAY = "Only one way was asked. Ask a second one for a verdict."
NOTHING_APART = "No way did clearly better than another."


def use(names: Sequence[str], others: int) -> str:
    """Return the advice: one way, or several that are each clearly better than `others` more."""
    if len(names) == 1:
        return f"For these questions use {names[0]}: clearly better than {_the_rest(others)}"
    return f"For these questions use {either(names)}: each is clearly better than {_the_rest(others)}"


def _the_rest(others: int) -> str:
    return "the other way" if others == 1 else f"the {others} others"


def ask_it(ways: Sequence[tuple[str, str]]) -> str:
    """Return where the best ways are put to use; each comes with its address."""
    return f"Put it to use: {either([f'[{name}]({address})' for name, address in ways])}."


def either(names: Sequence[str]) -> str:
    """Return a choice between names."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def both(names: Sequence[str]) -> str:
    """Return an enumeration of names."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def was_right(name: str, rate: str, low: float, high: float) -> str:
    """Return how often a way was right; `rate` is a link such as "46 of 75"."""
    return f"{name} was right on {rate} (likely {round(100 * low)} to {round(100 * high)} of 100)"


def is_worse(names: Sequence[str], than: str) -> str:
    """Return which ways are clearly worse than another."""
    return f"{both(names)} {'is' if len(names) == 1 else 'are'} clearly worse than {than}."


def settle(first: str, second: str, more: int | None) -> str:
    """Return what would decide between two ways that can't be told apart."""
    if more is None:
        return f"{first} and {second}: {HARDLY}."
    return f"About {count(more, 'more question')} like these would settle {first} against {second}."


def of_a_kind(kind: str, names: Sequence[str], rate: str) -> str:
    """Return which way is clearly best on a kind of question."""
    verb = "is" if len(names) == 1 else "are each"
    return f"**{kind}**: {both(names)} {verb} clearly better than the rest ({rate})."


def quicker(name: str, seconds: str, other: str, other_seconds: str) -> str:
    """Return which of the ways that can't be told apart answers sooner."""
    return f"Of these, {name} answers soonest: {seconds} as a rule, {other} {other_seconds}."


def yardsticks(told: Sequence[tuple[str, int]]) -> str:
    """Return by which yardsticks the answers were judged, with how many."""
    return "Judged by: " + ", ".join(f"{name} ({number:,})" for name, number in told) + "."
