"""Words, sentences and the guess of a text's length."""

import pytest

from jobs.retrieval.words import content_words, estimate_tokens, sentence_spans, stems


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_words_that_carry_no_subject_are_left_out() -> None:
    assert content_words("What is the weight of the Tent?") == ["weight", "tent"]
    assert content_words("Wie schwer ist das Zelt?") == ["schwer", "zelt"]
    assert content_words("Who are you?") == ["who", "are", "you"]
    assert content_words("") == []


def test_what_an_apostrophe_ties_to_a_word_is_none_of_its_own() -> None:
    assert content_words("What is the shop's address, and didn’t they've moved?") == [
        "shop",
        "address",
        "didn",
        "moved",
    ]
    assert content_words("Qu'est-ce que l’adresse d'un client ?") == ["adresse", "client"]
    assert content_words("O'Brien's vitamin D") == ["o", "brien", "vitamin", "d"]
    assert content_words("C'est ça") == ["ça"]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stems("returned returns") == {"retur"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is green. It weighs 3.5 lbs! Is it large?", ["It is green.", "It weighs 3.5 lbs!", "Is it large?"]),
        ("Use soap, e.g. a mild one. Dr. Hall agrees.", ["Use soap, e.g. a mild one.", "Dr. Hall agrees."]),
        ("A line that is\nbroken here. Next.", ["A line that is\nbroken here.", "Next."]),
        ("- one\n- two\n3. three it is\n", ["- one", "- two", "3. three it is"]),
        ("**Weight**: 12 lbs  \n**Color**: Green", ["**Weight**: 12 lbs", "**Color**: Green"]),
        ("She said “No.” He left.", ["She said “No.”", "He left."]),
        ("天気は良い。風が強い。", ["天気は良い。", "風が強い。"]),
        ("  \n ", []),
        ("No end", ["No end"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_nothing_but_white_space_lies_between_sentences() -> None:
    text = "One. Two!\n\n# Head\n1. Item\n2. Item (see Fig. 2). End…"
    spans = sentence_spans(text)
    outside = "".join(
        text[end:start] for (_, end), (start, _) in zip([(0, 0), *spans], [*spans, (len(text), 0)], strict=True)
    )
    assert not outside.strip()


def test_the_length_is_guessed_for_any_script() -> None:
    assert estimate_tokens("") == 1
    assert 6 <= estimate_tokens("The tent weighs twelve pounds.") <= 12
    assert estimate_tokens("12345") == 6
    assert estimate_tokens("天気は良い") >= 8
