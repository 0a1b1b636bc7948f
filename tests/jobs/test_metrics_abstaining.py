"""Saying that one does not know is told apart from saying no."""

import pytest

from jobs.metrics.abstaining import abstained


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "I do not know when it will arrive.",
        "Your documents don't say.",
        "I'm sorry, but I don't have that information.",
        "I don’t have access to real-time data.",
        "Unfortunately, I cannot answer that.",
        "I'm unable to tell.",
        "I am not sure about that.",
        "I have no information about future prices.",
        "The manual does not mention it.",
        "This is not specified in the text.",
        "There is no information on this.",
        "Nobody can know that today.",
        "It is impossible to say.",
        "The exact number is unknown.",
        "That cannot be known.",
        "Das weiß ich nicht.",
        "Je ne sais pas.",
    ],
)
def test_declining_is_recognised(text: str) -> None:
    assert abstained(text)


@pytest.mark.parametrize(
    "text",
    [
        "You can return it within 30 days.",
        "No, we do not give refunds after 30 days.",
        "The tent does not include a groundsheet.",
        "It is not available in red; only in blue.",
        "The warranty does not cover theft.",
        "Do not tell anyone the code.",
        "You don't need to know the size.",
        "No, it isn't waterproof.",
        "Yes. No details are needed to book.",
        "",
    ],
)
def test_a_negative_answer_is_an_answer(text: str) -> None:
    assert not abstained(text)
