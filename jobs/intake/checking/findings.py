"""What the checks can find: the words for it, what may be done about it, and what is done unless a person says else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from storage.errors import UserFault
from storage.records import Dropped, Example

Action = Literal["use", "leave out", "mask", "keep together"]
ACTIONS: tuple[Action, ...] = get_args(Action)

LONGEST_CELL = 65_536
MOST_ROWS_NAMED = 10_000
_MOST_ROWS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding. `actions` are what may be done, the usual one first."""

    title: str
    actions: tuple[Action, ...]


_FORCED: tuple[Action, ...] = ("leave out",)
_WORTH_A_LOOK: tuple[Action, ...] = ("use", "leave out")

CHECKS: dict[str, Check] = {
    "empty": Check("empty row", _FORCED),
    "no-question": Check("no question", _FORCED),
    "no-answer": Check("no answer", _FORCED),
    "cell-too-long": Check(f"too long: a text has more than {LONGEST_CELL:,} characters", _FORCED),
    "secret": Check("secret: a password or a key for a service", ("mask", "leave out", "use")),
    "personal": Check("personal: an e-mail address, phone, card or account number", ("use", "mask", "leave out")),
    "odd": Check("odd characters: a letter could not be read (�)", _WORTH_A_LOOK),
    "control": Check("control: a sign that steers a model, learned as plain text", _WORTH_A_LOOK),
    "repeated": Check("repeated: the same question and answer stand above", ("leave out", "use")),
    "near": Check("almost repeated: nearly the same question and answer stand above", _WORTH_A_LOOK),
    "contradicting": Check("contradicting: the same question has another answer above", _WORTH_A_LOOK),
    "language": Check("language: the base model does not know it", _WORTH_A_LOOK),
    "untrained": Check("too long to learn: the question leaves no room for the answer", _FORCED),
    "too-long": Check("answer cut: it is too long to be learned to its end", _WORTH_A_LOOK),
    "interrupted": Check("interrupted: an earlier turn of the conversation is left out", _FORCED),
    "imbalance": Check("unequal: some answers are far rarer than others", ("use",)),
    "leak": Check("in both parts: nearly the same question is learned and asked in the exam", ("keep together", "use")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows that a check found: how many, which (at most 10,000), what may be done and what is done about them.

    `like` names for each row the one that it repeats or contradicts, where there is one. `detail` is a sentence.
    """

    id: str
    title: str
    count: int
    rows: tuple[int, ...]
    actions: tuple[Action, ...]
    chosen: Action
    like: tuple[int, ...] = ()
    detail: str = ""

    def dropped(self) -> Dropped:
        """Return the finding as it is kept with a version."""
        return Dropped(self.title, self.count, self.rows[:_MOST_ROWS_KEPT])


def chosen_action(check_id: str, remedies: Mapping[str, str]) -> Action:
    """Return what is done about a finding: the choice where there is one to make, else the usual remedy."""
    usual, *others = CHECKS[check_id].actions
    for action in others:
        if action == remedies.get(check_id):
            return action
    return usual


def refuse_unknown(remedies: Mapping[str, str]) -> None:
    """Raise UserFault where a remedy names no check, or does what this check does not offer.

    "use" is never refused: it is what undoes a remedy, and does nothing where there is none to undo.
    """
    for check_id, action in remedies.items():
        if check_id not in CHECKS:
            raise UserFault(f"No check is called {check_id!r}.", f"Choose among: {', '.join(CHECKS)}.")
        actions = CHECKS[check_id].actions
        if action != "use" and action not in actions:
            raise UserFault(f"{action!r} is no remedy for {check_id!r}.", f"Choose among: {', '.join(actions)}.")


@dataclass(slots=True)
class _Noted:
    count: int = 0
    rows: list[int] = field(default_factory=list[int])
    like: list[int] = field(default_factory=list[int])
    detail: str = ""


class Tally:
    """Counts what is found, and knows what is to be done about it."""

    def __init__(self, remedies: Mapping[str, str]) -> None:
        refuse_unknown(remedies)
        self._remedies = remedies
        self._noted: dict[str, _Noted] = {}
        self._broken_at: dict[str, int] = {}

    def action(self, check_id: str) -> Action:
        """Return what is done about this kind of finding."""
        return chosen_action(check_id, self._remedies)

    def add(self, check_id: str, example: Example, like: int | None = None) -> bool:
        """Count a row, which is like the row `like`; tell whether it is used all the same."""
        noted = self._noted.setdefault(check_id, _Noted())
        noted.count += 1
        if noted.count <= MOST_ROWS_NAMED:
            noted.rows.append(example.row)
            noted.like += [] if like is None else [like]
        used = self.action(check_id) != "leave out"
        if not used and example.conversation:
            broken_at = self._broken_at.get(example.conversation, example.turn)
            self._broken_at[example.conversation] = min(example.turn, broken_at)
        return used

    def explain(self, check_id: str, detail: str) -> None:
        """Say more about a kind of finding."""
        self._noted.setdefault(check_id, _Noted()).detail = detail

    def unbroken(self, examples: list[Example]) -> list[Example]:
        """Return the examples without the turns after one that is left out: they were said in its light."""
        return [example for example in examples if not self._is_broken(example) or self.add("interrupted", example)]

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the checks."""
        return tuple(
            Finding(
                check_id,
                check.title,
                noted.count,
                tuple(noted.rows),
                check.actions,
                self.action(check_id),
                tuple(noted.like),
                noted.detail,
            )
            for check_id, check in CHECKS.items()
            if (noted := self._noted.get(check_id)) is not None and noted.count
        )

    def _is_broken(self, example: Example) -> bool:
        broken_at = self._broken_at.get(example.conversation) if example.conversation else None
        return broken_at is not None and example.turn > broken_at
