"""What the model reads: passages that fit, under what their document is about, and the results of tools."""

from dataclasses import replace

from jobs.answering.prompts import PASSAGE_TOKENS, fitting, prompt_for, worth_reading
from jobs.retrieval.words import estimate_tokens
from storage.records import Column, Passage

BASE = Column("base", "base")
WEIGHT = Passage("1", "d", "tent.md", 50, 67, "It weighs 12 lbs.", title="TrailMaster Tent – price $250 > Weight")
COLOUR = Passage("2", "d", "tent.md", 70, 82, "It is green.", title="TrailMaster Tent – price $250 > Colour")
STOVE = Passage("3", "e", "stove.md", 0, 30, "# CompactCook Stove\n\nBurns gas.", title="CompactCook Stove")


def long(sentences: int) -> Passage:
    text = " ".join(f"Sentence number {number} says a little." for number in range(sentences))
    return Passage("4", "f", "long.md", 100, 100 + len(text), text, title="A long one")


def read(*passages: Passage) -> str:
    return prompt_for("How heavy?", BASE, passages, ()).messages[-1]["content"]


def test_a_document_is_named_once_before_its_passages() -> None:
    said = read(WEIGHT, COLOUR, STOVE)
    assert "TrailMaster Tent – price $250\nIt weighs 12 lbs.\n\nIt is green.\n\n# CompactCook Stove" in said
    assert said.count("TrailMaster") == said.count("CompactCook") == 1


def test_what_a_prompt_holds_is_told() -> None:
    held = [((), ()), ((WEIGHT,), ()), ((), ("Calculator: 84",)), ((WEIGHT,), ("Calculator: 84",))]
    kinds = [prompt_for("How heavy?", BASE, passages, results).kind for passages, results in held]
    assert kinds == ["question", "passages", "results", "passages+results"]


def test_an_instruction_stands_before_everything() -> None:
    column = Column("base", "base", instruction="Answer in one word.")
    first = prompt_for("How heavy?", column, (), ()).messages[0]
    assert first == {"role": "system", "content": "Answer in one word."}


def test_passages_are_cut_at_the_end_of_a_sentence_and_stay_spans() -> None:
    whole = long(80)
    (cut,) = fitting([whole])
    assert cut.text.endswith("says a little.")
    assert whole.text.startswith(cut.text)
    assert (cut.start, cut.end) == (whole.start, whole.start + len(cut.text))
    assert 300 < estimate_tokens(cut.text) <= PASSAGE_TOKENS


def test_passages_stay_within_the_tokens_together() -> None:
    kept = fitting([long(30), WEIGHT, long(80), COLOUR])
    assert [passage.id for passage in kept[:2]] == ["4", "1"]
    assert sum(estimate_tokens(passage.text) for passage in kept) <= PASSAGE_TOKENS
    assert fitting([WEIGHT], tokens=3) == ()
    assert fitting([]) == ()


def test_a_passage_that_matches_clearly_worse_than_the_best_is_not_read() -> None:
    best, near, far = replace(WEIGHT, score=0.6), replace(COLOUR, score=0.55), replace(STOVE, score=0.4)
    assert worth_reading([best, near, far]) == (best, near)
    assert worth_reading([best, far]) == (best,)
    assert worth_reading([]) == ()
