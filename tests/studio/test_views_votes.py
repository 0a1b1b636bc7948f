"""The votes of Compare as tables and as part of a document."""

from jobs.evaluation.voting import counted
from storage.records import Column
from storage.votes import NONE, Vote
from studio.views.votes import as_json, column_names
from studio.views.votes import votes as shown
from tests.jobs.test_evaluation_voting import THREE, TUNED, votes


def test_the_tables_name_every_way_with_its_numbers() -> None:
    second = Column("tuned-b", "tuned", adapter_id="b")
    given = [*votes(tuned=7, base=2, tie=1), Vote("tuned-b", (TUNED, second)), Vote(NONE, THREE)]
    names = column_names(given, {"a": "Long", "b": "Short"})
    assert names == {"base": "○ Base", "tuned": "◆ Tuned", "tuned-b": "◆ Tuned (Short)", "tools": "▲ Tools"}
    text = shown(counted(given), names)
    assert text.startswith("12 comparisons with a vote. On 1 of them no answer was good.")
    assert "Of these 12, 0 were cast with the names hidden." in text
    assert "| **○ Base** | 2 of 10 | 7 | 1 | 0.25 | 6 and 55 of 100 |" in text
    assert "| ○ Base and ◆ Tuned | 2 | 7 | 1 | 6 and 55 of 100 |" in text
    assert "| ○ Base and ▲ Tools | 2 | 0 | 1 | 34 and 100 of 100 |" in text
    assert "| ▲ Tools and ◆ Tuned | 0 | 7 | 1 | 0 and 35 of 100 |" in text
    document = as_json(counted(given))
    assert (document["n"], document["none"]) == (12, 1)
    assert document["columns"]["base"]["win_rate"] == 0.25
    assert {"first", "second", "wins", "losses", "ties", "low", "high"} <= set(document["pairs"][0])


def test_other_models_are_told_apart_by_their_titles() -> None:
    other = Column("base-smollm2-360m", "base", "smollm2-360m")
    given = [Vote(other.id, (Column("base", "base", "starter"), other))]
    assert column_names(given, {"smollm2-360m": "SmolLM2"})[other.id] == "○ Base (SmolLM2)"


def test_votes_cast_blind_are_told_apart() -> None:
    hidden = [Vote("base", THREE, blind=True), Vote("tools", THREE, blind=True)]
    given, names = [*votes(tuned=7), *hidden], {"base": "○ Base", "tuned": "◆ Tuned", "tools": "▲ Tools"}
    text = shown(counted(given), names, counted(hidden))
    assert "Of these 9, 2 were cast with the names hidden." in text
    _, alone = text.split("**Those with the names hidden alone**")
    assert "| **○ Base** | 1 of 2 |" in alone.split("|  |")[0]
    assert as_json(counted(given))["blind"] == 2
    assert "hidden alone" not in shown(counted(hidden), names, counted(hidden)), "they would stand there twice"
    assert "hidden alone" not in shown(counted(votes(tuned=7)), names, counted([]))
