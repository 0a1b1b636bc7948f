from dataclasses import replace

import pytest

from storage.records import AnswerState, Column, Passage, ToolCall
from studio.views import evidence
from studio.views.answers import Standing, badge

TEXT = "Returns. An e-bike may come back within 14 days of delivery. Opened tubes may not."
START = TEXT.index("An e-bike")
END = TEXT.index(" Opened")
PASSAGE = Passage("p", "d", "Returns_2026.pdf", START, END, TEXT[START:END], page=2, score=0.71)
NEAR = Passage("q", "d", "Returns_2026.pdf", 60, 80, "Opened tubes may not.", score=0.31)
COLUMN = Column("hybrid", "hybrid", collection="manuals")
FULL = Standing(
    state=AnswerState.FINISHED,
    seconds=3.4,
    tokens=34,
    provenance={
        "base_id": "starter",
        "base_sha256": "b" * 64,
        "adapter_id": "a",
        "adapter_sha256": "c" * 64,
        "tensors_sha256": "d" * 64,
        "prompt_sha256": "e" * 64,
        "seed": 7,
        "queued_s": 0.1,
        "prefill_s": 0.4,
        "decode_s": 2.2,
    },
    passages=(PASSAGE,),
    threshold=0.35,
    index_version=12,
    calls=(ToolCall("calculator", {"expression": "2+2"}, "2 + 2 = 4"),),
)


def test_the_passage_is_marked_within_its_document() -> None:
    assert evidence.spans(PASSAGE, TEXT) == [
        ("Returns. ", None),
        (TEXT[START:END], evidence.CITED),
        (" Opened tubes may not.", None),
    ]


def test_surroundings_that_go_on_end_in_an_ellipsis() -> None:
    text = "x" * 1000 + "HERE" + "y" * 1000
    passage = Passage("p", "d", "long.txt", 1000, 1004, "HERE")
    before, marked, after = evidence.spans(passage, text)
    assert before[0] == "… " + "x" * evidence.AROUND
    assert marked == ("HERE", evidence.CITED)
    assert after[0] == "y" * evidence.AROUND + " …"


def test_a_passage_stays_readable_when_its_document_is_gone_or_replaced() -> None:
    assert evidence.spans(PASSAGE, None) == [(PASSAGE.text, evidence.CITED)]
    assert evidence.spans(PASSAGE, "another text") == [(PASSAGE.text, evidence.CITED)]
    assert "removed" in evidence.changed(PASSAGE, None)
    assert "replaced" in evidence.changed(PASSAGE, "another text")
    assert evidence.changed(PASSAGE, TEXT) == ""


def test_the_drawer_names_source_score_and_threshold() -> None:
    assert evidence.passage_heading(1, PASSAGE) == "## Source 1: Returns\\_2026.pdf, page 2"
    facts = evidence.passage_facts(Standing(threshold=0.35, nearest=(NEAR,)), PASSAGE, "Hybrid")
    assert facts == (
        "Used by **Hybrid**. This passage scores 0.71 (needs 0.35). Next passage below the threshold: 0.31."
    )


def test_the_table_holds_everything_that_made_an_answer() -> None:
    table = evidence.made(FULL, COLUMN, "Returns tone")
    for said in (
        "starter",
        "b" * 64,
        "Returns tone",
        "c" * 64,
        "d" * 64,
        "e" * 64,
        "1 passage read from manuals, version 12 of the index",
        "Calculator",
        "2 \\+ 2 = 4",
        "3.4 s (waited 0.1 s, read the question 0.4 s, wrote 2.2 s)",
        "34 tokens (pieces of words)",
        "| Seed (same seed, same answer) | 7 |",
    ):
        assert said in table, said


@pytest.mark.parametrize(
    ("temperature", "said"), [(0.0, ""), (1.0, "Inventive \\(temperature 1\\)"), (0.7, "Temperature 0.7")]
)
def test_freely_worded_answers_say_how_freely(temperature: float, said: str) -> None:
    table = evidence.made(FULL, replace(COLUMN, temperature=temperature), "Returns tone")
    assert (f"| Freedom in wording | {said} |" in table) is bool(said)


def test_what_a_foreign_server_does_not_tell_is_called_not_reported() -> None:
    table = evidence.made(Standing(state=AnswerState.FINISHED, seconds=1), Column("base", "base"), "")
    assert "| Model | not reported |" in table
    assert "not looked into" in table
    assert "none called" in table


def test_an_answer_that_needed_no_model_says_so() -> None:
    now = Standing(state=AnswerState.FINISHED, provenance={"prompt": "none"}, index_version=2)
    table = evidence.made(now, COLUMN, "Returns tone")
    assert "not asked" in table
    assert "not reported" not in table


def test_there_is_nothing_to_show_before_an_answer() -> None:
    assert "Ask a question first." in evidence.not_yet(Standing())
    assert evidence.not_yet(FULL) == ""


def test_what_came_closest_is_listed() -> None:
    assert "| Returns\\_2026.pdf | 0.31 | Opened tubes may not. |" in evidence.nearest([NEAR])
    assert evidence.nearest([]) == ""


def test_a_quote_is_marked_to_the_character_and_its_words_are_told() -> None:
    start = TEXT.index("within 14 days")
    quote = {"passage": 1, "start": start, "end": start + 14, "words": [start + 7, start + 14]}
    quoted = replace(FULL, provenance={**FULL.provenance, "wording": "quote", "quote": quote})
    shown = evidence.quoted(quoted, 1)
    assert (shown.text, TEXT[shown.start : shown.end]) == ("within 14 days", "within 14 days")
    assert evidence.spans(shown, TEXT)[1] == ("within 14 days", evidence.CITED)
    assert evidence.changed(shown, TEXT) == ""
    second = replace(quoted, passages=(NEAR, PASSAGE))
    assert evidence.quoted(second, 2) == PASSAGE, "the quote is of the first source"
    assert "quoted from the document" in evidence.made(quoted, COLUMN, "")
    own = replace(FULL, provenance={**FULL.provenance, "wording": "free", "quote": None})
    assert evidence.quoted(own, 1) == PASSAGE
    assert "the model's own" in evidence.made(own, COLUMN, "")
    assert "Words of the answer" not in evidence.made(FULL, COLUMN, ""), "kept before answers told it"
    assert badge(quoted).endswith(" · index 12 · quote · 1 call`")
