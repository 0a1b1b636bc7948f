"""Where columns stand on Compare and how they are called there, by name or by letter."""

from storage.records import AnswerState, Column, Comparison, Passage, ToolCall
from studio.views import blind
from studio.views.answers import Standing
from studio.views.places import PLACES, called, named, placed

WAYS = [Column(place, place) for place in ("base", "tuned", "documents", "tools", "hybrid")]
SECOND = Column("tuned-b", "tuned", adapter_id="b")
DONE = Standing(
    state=AnswerState.FINISHED,
    text="Look up orders: 10442 is on its way. It comes soon [1].",
    seconds=2.8,
    tokens=39,
    passages=(Passage("p", "d", "policy.md", 0, 3, "..."),),
    calls=(ToolCall("look_up_orders", {"order": "10442"}, "10442 is on its way."),),
)


def test_usual_columns_stand_at_their_own_place_and_others_in_their_order() -> None:
    assert placed(WAYS)[:5] == WAYS
    base, _, documents, *_ = WAYS
    assert placed([base, documents])[:3] == [base, None, documents]
    assert placed([documents, base])[:3] == [documents, base, None]
    assert placed([SECOND])[:2] == [SECOND, None]
    assert placed([documents], blind=True)[:2] == [documents, None], "its own place would tell its name"
    assert len(placed(WAYS)) == len(placed([])) == len(PLACES)


def test_a_column_of_its_own_parts_is_called_after_them() -> None:
    assert named(WAYS[1], {}).heading == "◆ Tuned"
    assert named(SECOND, {"b": "Short [x]"}).title == "Tuned: Short [x]"
    assert named(SECOND, {"b": "Short [x]"}).head == "## ◆ Tuned: Short \\[x\\]\n\nTrained on your examples"
    assert named(Column("documents-x", "documents", collection="Manuals"), {}).title == "Documents: Manuals"
    assert named(Column("documents-quoted", "documents", collection="Manuals"), {}).title == "Documents: quoted"


def test_hidden_names_are_letters_and_come_back_beside_them() -> None:
    comparison = Comparison("c", "Why?", (WAYS[3], SECOND), 0.0, blind=True)
    sealed = called(comparison, {"b": "Short"}, sealed=True)
    assert [name.title for name in sealed.values()] == ["Answer A", "Answer B"]
    told = "".join(f"{name.head}{name.look}" for name in sealed.values())
    assert not any(word in told for word in ("Tool", "tool", "Tuned", "tuned", "Trained", "Short", "▲", "◆"))
    known = called(comparison, {"b": "Short"}, sealed=False)
    assert [name.heading for name in known.values()] == ["A: ▲ Tools", "B: ◆ Tuned: Short"]
    assert known["tools"].look == "tools"


def test_a_hidden_answer_is_its_words_alone_and_comes_with_all_the_others() -> None:
    assert (blind.status(DONE, shown=False), blind.text(DONE, shown=False)) == (
        "● Answering… All answers are shown together.", "",
    )  # fmt: skip
    assert blind.status(DONE, shown=True) == "✓ Answered"
    assert blind.text(DONE, shown=True) == "10442 is on its way. It comes soon."
    lacking = Standing(state=AnswerState.MISSING, text="There is not yet a model trained on your examples.")
    assert blind.status(lacking, shown=True) == "✕ No answer"
    assert "trained" not in blind.text(lacking, shown=True)
