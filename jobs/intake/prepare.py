"""From a table and its columns to examples: sifted, split, and with everything that a person should know about them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

from jobs.intake.checks import MOST_COMPARED, Finding, Lengths, Measure, after_split, sift, tidied
from jobs.intake.role_names import ROLES
from jobs.intake.splits import with_parts
from jobs.intake.table import Table
from jobs.intake.templates import checked, column_called, filler
from storage.errors import UnusableRows, UserFault
from storage.records import Dropped, Example, Part

MINIMUM_ROWS = 10
_LONGEST_KIND = 64
_LONGEST_TURN = 9


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples of `rows` rows, what the checks found, how long the rows are where that was measured, and sentences."""

    examples: list[Example]
    findings: tuple[Finding, ...]
    rows: int
    notes: tuple[str, ...] = ()
    lengths: Lengths | None = None

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out, as it is kept with a version."""
        return tuple(found.dropped() for found in self.findings if found.chosen == "leave out")

    @property
    def held_out(self) -> int:
        """How many examples are the exam."""
        return sum(example.part == "exam" for example in self.examples)


class Checking(TypedDict, total=False):
    """How rows are checked: remedies by the check's id, what counts tokens, and languages that the base model knows."""

    remedies: Mapping[str, str]
    measure: Measure | None
    languages: Collection[str] | None


def prepare(
    table: Table,
    columns: Mapping[str, str],
    hold_out: float = 0.2,
    remembered: Mapping[str, Part] | None = None,
    **checking: Unpack[Checking],
) -> Prepared:
    """Make examples of the table's rows; `columns` maps roles to columns or templates, question and answer at least.

    Raises UserFault where a column lacks or there is no such remedy, and UnusableRows where no row can be used.
    """
    _check_columns(table, columns)
    remedies = checking.get("remedies", {})
    sifted = sift(_examples(table, columns), remedies, checking.get("measure"), checking.get("languages"))
    if not sifted.examples:
        why = "; ".join(f"{dropped.count:,} × {dropped.reason}" for dropped in sifted.dropped)
        raise UnusableRows(f"None of the {len(table.rows):,} rows can be used ({why}).")
    notes = list(table.notes)
    if len(sifted.examples) < MINIMUM_ROWS:
        notes.append(f"Training needs at least {MINIMUM_ROWS} usable rows; here are {len(sifted.examples)}.")
    if len(sifted.examples) > MOST_COMPARED:
        notes.append(
            f"Only equal rows are found in more than {MOST_COMPARED:,} rows, not those that are almost the same."
        )
    split = after_split(with_parts(sifted.examples, hold_out, remembered), remedies)
    findings = (*sifted.findings, *split.findings)
    return Prepared(split.examples, findings, len(table.rows), tuple(notes), sifted.lengths)


def _check_columns(table: Table, columns: Mapping[str, str]) -> None:
    if len(table.columns) < 2:
        raise UnusableRows(
            f"The file has only one column, “{table.columns[0]}”.",
            "It needs two: one with questions and one with answers. Are they separated by commas, semicolons or tabs?",
        )
    for role in ("question", "answer"):
        if not columns.get(role):
            raise UserFault(f"No column holds the {role}.", f"Choose the column that holds the {role}.")
    for role, wanted in columns.items():
        if role not in ROLES:
            raise UserFault(f"A column can't be {role!r}.", f"Choose among {', '.join(ROLES)}.")
        checked(wanted, table.columns)
    alone = [column for wanted in columns.values() if (column := column_called(wanted, table.columns)) is not None]
    if len(set(alone)) < len(alone):
        raise UserFault("One column was chosen twice.", "Choose another column for the question or for the answer.")


def _examples(table: Table, columns: Mapping[str, str]) -> Iterator[Example]:
    fillers = {role: filler(wanted, table.columns) for role, wanted in columns.items()}
    turns: Counter[str] = Counter()
    for number, row in enumerate(table.rows, 1):
        texts = {role: tidied(fill(row)) for role, fill in fillers.items()}
        conversation = texts.get("conversation", "")
        turns[conversation] += 1
        yield Example(
            number,
            texts["question"],
            texts["answer"],
            texts.get("instruction", ""),
            texts.get("context", ""),
            texts.get("kind", "")[:_LONGEST_KIND],
            conversation=conversation,
            turn=_turn(texts.get("turn", ""), turns[conversation]) if conversation else 0,
        )


def _turn(text: str, counted: int) -> int:
    """Return the number in the turn's cell, or else which row of its conversation this is."""
    digits = text.removesuffix(".0")
    return int(digits[:_LONGEST_TURN]) if digits.isdecimal() else counted
