"""Questions that stand, almost the same, in what is learned and in the exam: kept together in one part."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from jobs.intake.checking.findings import Tally
from jobs.intake.checking.near import near_questions
from jobs.intake.splits import part_key
from storage.records import Example, Part


def check_leaks(examples: list[Example], tally: Tally) -> list[Example]:
    """Find rows of the exam that are almost learned; return all rows, those that belong together in one part."""
    pairs = near_questions(examples)
    leaking: dict[int, int] = {}
    for first, second in pairs:
        in_exam = [place for place in (first, second) if examples[place].part == "exam"]
        if len(in_exam) == 1:
            leaking.setdefault(in_exam[0], second if in_exam[0] == first else first)
    for place in sorted(leaking):
        tally.add("leak", examples[place], examples[leaking[place]].row)
    if not leaking or tally.action("leak") != "keep together":
        return examples
    parts = _kept_together(examples, pairs, leaking)
    return [
        example if place not in parts or parts[place] == example.part else replace(example, part=parts[place])
        for place, example in enumerate(examples)
    ]


def _kept_together(
    examples: list[Example], pairs: Iterable[tuple[int, int]], leaking: Iterable[int]
) -> dict[int, Part]:
    """Return the new parts of rows: those that belong together go to the part of the first.

    Where a part would lose more than half of its rows, they stay apart.
    """
    groups = _Groups(len(examples))
    first_with: dict[str, int] = {}
    for place, example in enumerate(examples):
        groups.join(first_with.setdefault(part_key(example), place), place)  # these never are apart
    for first, second in pairs:
        groups.join(first, second)
    sizes = Counter(example.part for example in examples)
    parts: dict[int, Part] = {}
    members = groups.members({groups.first(place) for place in leaking})
    for first, group in members.items():
        leaving = Counter(examples[place].part for place in group)
        part = examples[first].part
        del leaving[part]
        if all(sizes[other] >= 2 * count for other, count in leaving.items()):
            sizes -= leaving
            sizes[part] += leaving.total()
            parts.update(dict.fromkeys(group, part))
    return parts


class _Groups:
    """Places that belong together, each group named by its first (union-find)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def first(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.first(one), self.first(other)))
        self._above[other] = one

    def members(self, firsts: set[int]) -> dict[int, list[int]]:
        """Return the members of these groups by their first."""
        found: dict[int, list[int]] = {first: [] for first in sorted(firsts)}
        for place in range(len(self._above)):
            if (first := self.first(place)) in found:
                found[first].append(place)
        return found
