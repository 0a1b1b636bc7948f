"""The guide's claims are the measured values, with their number and a link; without a scorecard they say so."""

from storage.records import Json, Scorecard
from studio.views import guide
from studio.wording.guide import CARDS, HINTS
from studio.wording.ways import WAYS


def row(way: str, right: dict[str, float], n: int = 30, seconds: float = 0.0, column: str = "") -> Json:
    kinds = {kind: {"n": n, "right": share} for kind, share in right.items()}
    return {"way": way, "column_id": column or way, "n": n, "seconds": seconds, "kinds": kinds}


def card(card_id: str, *rows: Json) -> Scorecard:
    return Scorecard(card_id, f"job-{card_id}", "q.csv", rows, "", 0.0)


def line(cards: list[Scorecard], kind: str) -> str:
    (found,) = [row for row, hint in zip(guide.guide(cards).splitlines()[2:], HINTS, strict=True) if hint.kind == kind]
    return found


def test_each_kind_of_test_question_has_its_hint_and_each_way_its_card() -> None:
    assert [hint.kind for hint in HINTS] == ["facts", "style", "live", "mixed", "unknown"]
    assert {shown.way for shown in CARDS} == set(WAYS) - {"base"}
    for shown in CARDS:
        said = guide.card(shown, [])
        assert all(f"**{lead}** " in said for lead in ("Changes", "Can't", "Costs"))
        assert "Usual wait" not in said


def test_without_a_scorecard_nothing_is_claimed() -> None:
    for hint in HINTS:
        assert "Not measured yet. [Score it](/scores)" in line([], hint.kind)
    assert "Right on" not in guide.guide([])


def test_a_claim_is_the_measured_value_with_its_number_and_link() -> None:
    scored = card("s1", row("base", {"facts": 0.1}), row("documents", {"facts": 0.9}))
    assert "■ Documents: [Right on 27 of 30](/scores?s=s1) of your fact questions" in line([scored], "facts")
    assert "Not measured yet" in line([scored], "style")


def test_where_another_way_did_better_the_guide_says_so() -> None:
    scored = card("s1", row("documents", {"facts": 0.5}), row("hybrid", {"facts": 0.6}), row("tuned", {"facts": 0.5}))
    assert "of your fact questions; ✚ Hybrid on 18 |" in line([scored], "facts")
    equal = card("s2", row("documents", {"facts": 0.5}), row("hybrid", {"facts": 0.5}))
    assert "Hybrid" not in line([equal], "facts")


def test_few_questions_are_said_to_be_few() -> None:
    scored = card("s1", row("tools", {"live": 1.0}, n=4))
    assert "[Right on 4 of 4](/scores?s=s1) of your questions that need a tool; too few to be sure" in line(
        [scored], "live"
    )


def test_the_newest_scorecard_that_holds_the_kind_counts() -> None:
    newest, older = card("new", row("tuned", {"style": 0.8})), card("old", row("tuned", {"style": 0.2, "unknown": 0.1}))
    assert "/scores?s=new" in line([newest, older], "style")
    assert "24 of 30" in line([newest, older], "style")
    without = card("plain", row("tuned", {"": 0.5}))
    assert "/scores?s=old" in line([without, older], "style")


def test_of_several_columns_of_one_way_the_ways_own_counts() -> None:
    scored = card("s", row("tuned", {"style": 0.1}, column="tuned-old"), row("tuned", {"style": 0.9}))
    assert "27 of 30" in line([scored], "style")
    other = card("s", row("tuned", {"style": 0.1}, column="tuned-old"))
    assert "3 of 30" in line([other], "style")


def test_a_card_tells_the_usual_wait_once_it_was_measured() -> None:
    scored = card("s1", row("tuned", {"style": 1.0}, seconds=2.84))
    (tuned,) = [shown for shown in CARDS if shown.way == "tuned"]
    assert "Usual wait here: [2.8 s](/scores?s=s1)." in guide.card(tuned, [scored])
