from dataclasses import replace

import pytest

from storage.adapters import RESTORABLE_S
from storage.records import Adapter, Json, Scorecard
from studio.views import adapters as view
from studio.wording import adapters as words

ADAPTER = Adapter("a", "j", "Returns_tone", "starter", "b" * 64, "c" * 64, "d", "adapters/a-f1", "e" * 64, 0.0)
DAY = 24 * 3600.0


def card(card_id: str, *ways: Json) -> Scorecard:
    return Scorecard(card_id, "j", "d", ways, "scores/x.jsonl", 0.0)


def row(way: str, right: float, of: int, adapter_id: str | None = "a") -> Json:
    return {"way": way, "right": right, "n": of, "adapter_id": adapter_id}


def test_an_adapter_says_where_it_comes_from_what_it_fits_and_how_large_it_is() -> None:
    said = view.entry(ADAPTER, None, 9_240_000, 60.0)
    assert said.startswith("**Returns\\_tone**")
    assert "[From this run](/train?run=j) · not scored yet · made 1 minute ago" in said
    assert said.endswith("For starter `bbbb…bbbb` · its hash `cccc…cccc` · 9.2 MB")
    assert view.entry(replace(ADAPTER, name=""), None, 1, 0.0).startswith("**Without a name**")
    assert view.entry(ADAPTER, None, 0, 0.0).endswith("run `triptych doctor`")


def test_its_score_is_the_best_of_the_newest_scorecard_that_holds_it() -> None:
    newest = card("other", row("tuned", 1.0, 9, "z"), row("base", 1.0, 9, None))
    holds = card("c2", row("base", 0.95, 40, None), row("tuned", 0.5, 40), row("hybrid", 0.85, 40))
    older = card("c1", row("tuned", 1.0, 40))
    found = view.best_score("a", [newest, holds, older])
    assert found == view.Score("c2", "hybrid", 34, 40)
    assert "[34 of 40 right as Hybrid](/scores?s=c2)" in view.entry(ADAPTER, found, 1, 0.0)
    assert view.scored_with("a", [newest, holds, older]) == 2


def test_without_a_score_of_its_own_it_has_none() -> None:
    scored_before = {"way": "tuned", "right": 1.0, "n": 40}
    assert view.best_score("a", [card("c", scored_before), card("d", row("tuned", 0.0, 0))]) is None
    assert view.best_score("a", []) is None


@pytest.mark.parametrize(
    ("comparisons", "scorecards", "said"),
    [
        (0, 0, "Delete it? Nothing was asked of it so far. You can bring it back for 30 days."),
        (1, 0, "Delete it? 1 comparison made with it stays readable. You can bring it back for 30 days."),
        (3, 1, "Delete it? 3 comparisons and 1 score made with it stay readable. You can bring it back for 30 days."),
        (0, 2, "Delete it? 2 scores made with it stay readable. You can bring it back for 30 days."),
    ],
)
def test_the_question_before_deleting_names_what_depends_on_it(comparisons: int, scorecards: int, said: str) -> None:
    assert words.sure(comparisons, scorecards) == said


def test_a_deleted_one_says_until_when_it_can_come_back() -> None:
    deleted = replace(ADAPTER, deleted_at=1000.0)
    assert view.deleted_entry(deleted, 1000.0).endswith("deleted just now · removed for good in 30 days")
    assert "in about 5 hours" in view.deleted_entry(deleted, 1000.0 + RESTORABLE_S - 5 * 3600)
    assert "within the next hour" in view.deleted_entry(deleted, 1000.0 + RESTORABLE_S + DAY)
