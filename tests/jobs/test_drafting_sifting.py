"""Drafts of no use are told by their words, and every reason is a sentence's piece for people."""

import json

import pytest

from jobs.drafting.asking import LONGEST_ANSWER, Asking, Unreadable, pairs_in
from jobs.drafting.sifting import (
    ASTRAY,
    BROKEN_OFF,
    COPIED,
    ECHOED,
    ELSEWHERE,
    EMPTY,
    INVENTED,
    REPEATED,
    UNFOUNDED,
    Sieve,
)
from jobs.drafting.spreading import place_of, spread
from storage.records import Passage

TEXT = (
    "## Range\nThe Larkspur Glide rides 85 kilometres on one charge in Eco mode and 45 kilometres in Turbo mode. "
    "Need more? Order a second battery within thirty days."
)
PASSAGE = Passage("p", "d", "care.md", 10, 10 + len(TEXT), TEXT, title="Battery care of the Contoso works")


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        ("How far does the Glide ride in Eco mode?", "It rides 85 kilometres.", ""),
        ("How far does it ride in Turbo mode?", "In Turbo mode the Larkspur Glide rides 45 km on one charge.", ""),
        ("When can I order another battery?", "You can order a second battery within 30 days.", ""),
        ("Can I order a second battery?", "Yes.", ""),
        ("Who wrote about the battery?", "The Contoso works.", ""),
        ("Need more?", "Order a second battery.", ""),
        ("", "It rides 85 kilometres.", EMPTY),
        ("How far does it ride?", " … ", EMPTY),
        ("How far does the Glide ride?", "It rides 85 kilometres, " + "or 45 kilometres, " * 30, BROKEN_OFF),
        ("How far does it ride, and " * 8, "It rides 85 kilometres.", BROKEN_OFF),
        ("The Larkspur Glide rides 85 kilometres on one charge?", "Yes, in Eco mode.", COPIED),
        ("Range", "85 kilometres on one charge.", COPIED),
        ("How far does the Glide ride?", "The Glide does ride far.", ECHOED),
        ("What is the answer?", "It rides 85 kilometres.", ELSEWHERE),
        ("How heavy is the Glide?", "Order a second battery within thirty days.", ASTRAY),
        ("How far does the Glide ride?", "It rides 850 kilometres on one charge.", UNFOUNDED),
        ("How far does the Glide ride?", "The Larkspur Zoom rides 85 kilometres.", UNFOUNDED),
        ("How far does the Contoso Comet ride?", "It rides 85 kilometres.", UNFOUNDED),
        ("How far does the Glide ride?", "Travel is a popular pastime among people who like scenery.", INVENTED),
    ],
)
def test_what_is_wrong_with_a_draft(question: str, answer: str, fault: str) -> None:
    assert Sieve(()).fault(question, answer[:LONGEST_ANSWER], PASSAGE) == fault


def test_a_question_counts_as_asked_once_its_draft_was_of_use() -> None:
    sieve = Sieve(["What is the range?"])
    assert sieve.fault("what is the RANGE", "It is 85 kilometres.", PASSAGE) == REPEATED
    asked = "How far does the Glide ride?"
    assert sieve.fault(asked, "It rides 99 kilometres.", PASSAGE) == UNFOUNDED
    assert sieve.fault(asked, "It rides 85 kilometres.", PASSAGE) == ""
    assert sieve.fault(asked, "It rides 45 kilometres.", PASSAGE) == REPEATED


def test_the_pairs_are_found_in_what_a_model_says() -> None:
    said = json.dumps({"pairs": [{"answer": "So.", "question": "Why?"}, {"question": "Who?", "answer": 5}]})
    assert pairs_in(f"Here it is:\n```json\n{said}\n```") == [("Why?", "So."), ("Who?", "5")]
    for broken in ("", "I can't.", said[:-9], "{}", '{"pairs": [{"question": "Why?"}]}', '{"pairs": 3}', "}{"):
        with pytest.raises(Unreadable):
            pairs_in(broken)


def test_a_model_reads_the_passage_under_its_title_and_may_write_nothing_but_pairs() -> None:
    chat = Asking("big", 3).chat(PASSAGE)
    said = chat.messages[-1]["content"]
    assert said.startswith(f"Text:\n{PASSAGE.title}\n{TEXT}")
    assert "3 different questions" in said
    assert chat.response_format is not None
    schema = chat.response_format["json_schema"]["schema"]
    assert schema["properties"]["pairs"]["maxItems"] == 3
    for message in chat.messages:
        if message["role"] == "assistant":
            assert pairs_in(message["content"])
    assert (chat.temperature, chat.seed, chat.model) == (0.0, 0, "big")
    again = Asking("big", 3).chat(PASSAGE, 2)
    assert again.temperature > 0
    assert again.seed == 2


def test_a_small_model_takes_its_answer_from_the_passage() -> None:
    def answers(text: str) -> object:
        chat = Asking("starter", 1, quotes=True).chat(Passage("p", "d", "a.md", 0, len(text), text))
        assert chat.response_format is not None
        pairs = chat.response_format["json_schema"]["schema"]["properties"]["pairs"]
        return pairs["items"]["properties"]["answer"]

    text = "# Lights\n\nWe mend lights at once. Really!\n- a bulb for 2.50 euros.\nWe mend lights at once."
    assert answers(text) == {"enum": ["We mend lights at once."]}
    assert answers("Lights: none") == {"type": "string", "maxLength": LONGEST_ANSWER}


def test_passages_are_asked_all_over_the_documents() -> None:
    def passages(document: str, count: int) -> list[Passage]:
        return [Passage(f"{document}{nr}", "d", document, nr, nr + 1, "x") for nr in range(count)]

    order = spread([*passages("a", 8), *passages("b", 2), *passages("c", 1)], {("b", 0, 1): 1})
    assert [passage.id for passage in order] == ["a0", "c0", "a4", "b1", "a2", "a6", "a1", "a5", "a3", "a7", "b0"]
    assert len({place_of(passage) for passage in order}) == 11
    assert spread([], {}) == []
