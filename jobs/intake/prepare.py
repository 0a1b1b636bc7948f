"""From a table and its columns to examples: sifted, split, and with everything that a person should know about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobs.intake.checks import sift, tidied
from jobs.intake.columns import ROLES
from jobs.intake.splits import with_parts
from jobs.intake.table import Table
from storage.errors import UnusableRows, UserFault
from storage.records import Dropped, Example, Part

MINIMUM_ROWS = 10
_LONGEST_KIND = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples of `rows` rows. `dropped` were left out; `remarked` are used but worth a look; `notes` are sentences."""

    examples: list[Example]
    dropped: tuple[Dropped, ...]
    rows: int
    remarked: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def held_out(self) -> int:
        """How many examples are the exam."""
        return sum(example.part == "exam" for example in self.examples)


def prepare(
    table: Table, columns: Mapping[str, str], hold_out: float = 0.2, remembered: Mapping[str, Part] | None = None
) -> Prepared:
    """Make examples of the table's rows; `columns` maps roles to column names, question and answer at least.

    Raises UserFault where a column lacks and UnusableRows where no row can be used.
    """
    _check_columns(table, columns)
    sifted = sift(_examples(table, columns))
    if not sifted.examples:
        why = "; ".join(f"{dropped.count:,} × {dropped.reason}" for dropped in sifted.dropped)
        raise UnusableRows(f"None of the {len(table.rows):,} rows can be used ({why}).")
    notes = list(table.notes)
    if len(sifted.examples) < MINIMUM_ROWS:
        notes.append(f"Training needs at least {MINIMUM_ROWS} usable rows; here are {len(sifted.examples)}.")
    examples = with_parts(sifted.examples, hold_out, remembered)
    return Prepared(examples, sifted.dropped, len(table.rows), sifted.remarked, tuple(notes))


def _check_columns(table: Table, columns: Mapping[str, str]) -> None:
    if len(table.columns) < 2:
        raise UnusableRows(
            f"The file has only one column, “{table.columns[0]}”.",
            "It needs two: one with questions and one with answers. Are they separated by commas, semicolons or tabs?",
        )
    for role in ("question", "answer"):
        if not columns.get(role):
            raise UserFault(f"No column holds the {role}.", f"Choose the column that holds the {role}.")
    for role, column in columns.items():
        if role not in ROLES:
            raise UserFault(f"A column can't be {role!r}.", f"Choose among {', '.join(ROLES)}.")
        if column not in table.columns:
            raise UserFault(f"There is no column “{column}”.", f"Choose one of {', '.join(table.columns[:20])}.")
    if len(set(columns.values())) < len(columns):
        raise UserFault("One column was chosen twice.", "Choose another column for the question or for the answer.")


def _examples(table: Table, columns: Mapping[str, str]) -> Iterator[Example]:
    places = {role: table.columns.index(column) for role, column in columns.items()}
    for number, row in enumerate(table.rows, 1):
        texts = {role: tidied(row[place]) for role, place in places.items()}
        yield Example(
            number,
            texts["question"],
            texts["answer"],
            texts.get("instruction", ""),
            texts.get("context", ""),
            texts.get("kind", "")[:_LONGEST_KIND],
        )
