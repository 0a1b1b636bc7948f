"""Which questions want a text of the model's own making."""

import pytest

from jobs.answering.composing import composes, subject


@pytest.mark.parametrize(
    ("question", "made"),
    [
        ("Write a short poem about a broom.", True),
        ("Please compose for my grandmother a very friendly birthday letter", True),
        ("Draft an e-mail to the customer of order LC-4106.", True),
        ("Tell me a story about order LC-4106", True),
        ("Where is order LC-4106, and within how many days can I send it back?", False),
        ("What does the letter of 3 May say?", False),
        ("Who wrote the poem?", False),
        ("Write down what the warranty covers.", False),
        ("What does a gift of songs cost?", False),
        ("Give me the e-mail of a customer.", False),
        ("Write to me what the letter says.", False),
    ],
)
def test_a_text_is_wanted_where_one_is_to_be_made(question: str, made: bool) -> None:
    assert composes(question) is made


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Write a short poem about the Larkspur Glide and recite it.", "about the Larkspur Glide"),
        (
            "Please compose a letter to a customer whose tent and stove leak, then read it aloud",
            "Please   to a customer whose tent and stove leak",
        ),
        ("Write a poem.", "Write a poem."),
        (
            "How warm should the battery be, and can you read it aloud?",
            "How warm should the battery be, and can you read it aloud?",
        ),
    ],
)
def test_what_it_is_about_is_looked_for_and_not_what_is_to_be_done(question: str, about: str) -> None:
    assert subject(question).split() == about.split()
