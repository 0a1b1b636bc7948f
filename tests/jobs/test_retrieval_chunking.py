"""Passages are exact spans within the budget, cut where a reader would cut."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.retrieval.chunking import CUTTINGS, MOST_TOKENS, USUAL, Span, lead_of, passages_of
from jobs.retrieval.words import estimate_tokens, sentence_spans

MANUAL = """# TrailMaster X4 Tent
price $250

## Warranty
The tent has a warranty of two years. {filler}

### Claims
Send the bill. {filler}

## Returns
- Gold: 60 days. {filler}
- Silver: 30 days. {filler}
- Everyone else: 14 days. {filler}
"""
FILLER = "Keep the bill in a dry and safe place, since nobody can help you without it later on. " * 4


def texts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in passages_of(text)]


def outside(text: str, spans: list[Span]) -> str:
    ends, starts = [0, *(span.end for span in spans)], [*(span.start for span in spans), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def test_headings_part_passages_and_lead_to_them() -> None:
    text = MANUAL.format(filler=FILLER.strip())
    found = {text[span.start : span.end].splitlines()[0]: span.path for span in passages_of(text)}
    assert found["### Claims"] == ("TrailMaster X4 Tent", "Warranty", "Claims")
    assert found["- Silver: 30 days. " + FILLER.strip()] == ("TrailMaster X4 Tent", "Returns")
    assert lead_of(text) == "TrailMaster X4 Tent – price $250"


def test_what_is_short_stays_together() -> None:
    text = "# Opening hours\n\nMonday to Friday.\n\n## Weekend\n\nClosed.\n\n## Holidays\n\nClosed.\n"
    assert texts(text) == [text.strip()]
    assert passages_of(text)[0].path == ("Opening hours",)


def test_a_hash_in_code_is_no_heading() -> None:
    text = "# Setup\n\n```\n# not a heading\nrun\n```\n"
    assert [span.path for span in passages_of(text)] == [("Setup",)]


@pytest.mark.parametrize("text", ["", " \n\n ", "\n"])
def test_nothing_gives_no_passages(text: str) -> None:
    assert passages_of(text) == []
    assert lead_of(text) == ""


@pytest.mark.parametrize("text", ["word " * 3000, "x" * 20_000, "天" * 5000, "A sentence stands here. " * 800])
def test_no_passage_is_longer_than_the_budget(text: str) -> None:
    spans = passages_of(text)
    assert all(estimate_tokens(text[span.start : span.end]) <= MOST_TOKENS for span in spans)
    assert not outside(text, spans).strip()


@given(st.lists(st.sampled_from(["# Head", "## Part", "A sentence. ", "- item", "\n", "\n\n", "word ", "1) one", "é"])))
def test_passages_are_in_order_and_leave_nothing_out(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = passages_of(text)
    assert not outside(text, spans).strip()
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] for span in spans)


@given(
    st.sampled_from(["short", "long"]),
    st.lists(
        st.sampled_from(["## Part\n", "A sentence of some words stands here. ", "\n\n", "- item\n", "word " * 99])
    ),
)
def test_what_overlaps_is_whole_sentences_within_the_budget(name: str, pieces: list[str]) -> None:
    text, cutting = "".join(pieces), CUTTINGS[name]
    spans = passages_of(text, cutting)
    assert all(estimate_tokens(text[span.start : span.end]) <= cutting.most for span in spans)
    assert text[spans[0].start : spans[-1].end] == text.strip() if spans else not text.strip()
    for one, other in pairwise(spans):
        assert not text[one.end : other.start].strip()
        assert one.start < other.start <= one.end + len(text[one.end : other.start])
        repeated = text[other.start : one.end]
        assert estimate_tokens(repeated) <= cutting.overlap if repeated else True
        assert not repeated or repeated in {text[start:end] for start, end in _ends(text, one)}


def _ends(text: str, span: Span) -> list[tuple[int, int]]:
    return [(span.start + start, span.end) for start, _ in sentence_spans(text[span.start : span.end])]


def test_the_three_choices_differ_as_they_say() -> None:
    text = "# Guide\n\n" + "".join(f"Sentence {nr} is about the matter of number {nr}. " for nr in range(60))
    cut = {name: passages_of(text, cutting) for name, cutting in CUTTINGS.items()}
    assert len(cut["short"]) > 2 * len(cut["usual"]) - 2 > len(cut["usual"]) > len(cut["long"]) > 1
    assert CUTTINGS["usual"] is USUAL
    assert cut["usual"] == passages_of(text)
    first, second = cut["short"][:2]
    assert first.end > second.start
    assert text[second.start :].startswith("Sentence ")


def test_no_passage_reaches_back_beyond_its_heading() -> None:
    text = f"# A\n\n{FILLER}{FILLER}\n\n# B\n\n{FILLER}{FILLER}"
    spans = passages_of(text, CUTTINGS["short"])
    assert [span.path for span in spans if text[span.start :].startswith("# ")] == [("A",), ("B",)]
    assert {span.path for span in spans if span.start > text.index("# B")} == {("B",)}
    assert all(span.end <= text.index("# B") for span in spans if span.path == ("A",))


@pytest.mark.shared_data
def test_the_manuals_of_a_shop_are_cut_well(shared_data: Path) -> None:
    lengths = []
    for file in sorted((shared_data / "cs-contoso-outdoor" / "manuals").glob("*.md")):
        text = file.read_text()
        lengths += [estimate_tokens(passage) for passage in texts(text)]
    assert 500 <= len(lengths) <= 900
    assert max(lengths) <= MOST_TOKENS
