"""The verdict in words: each clause carries its numbers and their link."""

from jobs.evaluation.verdict import verdict as judged
from storage.records import Json, Scorecard
from studio.views.verdict import verdict

NAMES = {"base": "Base", "documents": "Documents", "hybrid": "Hybrid"}


def lines(rights: dict[str, str], kinds: str = "") -> list[Json]:
    return [
        {
            "row": row,
            "column_id": column,
            "right": mark == "x",
            "kind": kinds[row] if kinds else "",
            "yardstick": "facts",
        }
        for column, marks in rights.items()
        for row, mark in enumerate(marks)
    ]


def told(rights: dict[str, str], kinds: str = "", seconds: tuple[float, ...] = (1.0, 2.0, 2.5)) -> str:
    ways = tuple({"column_id": column, "seconds": wait} for column, wait in zip(NAMES, seconds, strict=True))
    kept = lines(rights, kinds)
    card = Scorecard("c", "j", "d", ways, "scores/j.jsonl", 0.0)
    return verdict(card, judged(kept, list(rights)), {column: NAMES[column] for column in rights}, kept)


def test_a_clear_winner_is_named_with_its_numbers() -> None:
    said = told({"base": "." * 30, "documents": "x" * 8 + "." * 22, "hybrid": "x" * 25 + "." * 5})
    assert said.startswith("### For these questions use Hybrid: clearly better than the 2 others")
    assert "Hybrid was right on [25 of 30](/scores?s=c&w=hybrid#every-question) (likely 66 to 93 of 100)." in said
    assert "its facts are there (90)" in said
    assert "Put it to use: [Hybrid](/use?w=hybrid)." in said
    assert "McNemar" in said


def test_two_leaders_and_what_would_settle_them() -> None:
    rights = {"base": "." * 40, "documents": "x" * 28 + "." * 12, "hybrid": "x" * 26 + "...." + "x" * 6 + "...."}
    said = told(rights, seconds=(1.0, 2.0, 5.0))
    assert said.startswith("### For these questions use Hybrid or Documents: each is clearly better than the other way")
    assert "more questions like these would settle Hybrid against Documents." in said
    assert "Of these, Documents answers soonest: 2.0 s as a rule, Hybrid 5.0 s." in said
    assert "Put it to use: [Hybrid](/use?w=hybrid) or [Documents](/use?w=documents)." in said


def test_what_can_not_be_told_is_said() -> None:
    said = told({"base": "x" * 10 + "." * 10, "hybrid": "." * 10 + "x" * 10})
    assert said.startswith("### It cannot be told yet which way is best")
    assert "No way did clearly better than another." in said
    assert "Put it to use" not in said
    assert "differ so little" in said
    some = told({"base": "x" * 18 + "." * 12, "documents": "x" * 24 + "." * 6, "hybrid": "x" * 30})
    assert some.startswith("### It cannot be told yet")
    assert "Base is clearly worse than Hybrid." in some


def test_kinds_and_too_few() -> None:
    kinds = "style " * 20 + "facts " * 20
    kept = {"documents": "." * 20 + "x" * 20, "hybrid": "x" * 40}
    said = told(kept, "".join(kind[0] for kind in kinds.split()))
    assert (
        "- **s**: Hybrid is clearly better than the rest ([20 of 20](/scores?s=c&k=s&w=hybrid#every-question))." in said
    )
    assert "**f**" not in said
    assert told({"base": "x" * 8, "hybrid": "." * 8}) == "### 8 questions are too few for a verdict."
    assert "Only one way" in told({"hybrid": "x" * 30})
