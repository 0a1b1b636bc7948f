"""Which questions want a text of the model's own making."""

import pytest

from jobs.answering.composing import composes


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
