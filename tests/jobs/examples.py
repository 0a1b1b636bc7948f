"""Examples made of texts, numbered as the rows of a file."""

from storage.records import Example


def rows(*texts: tuple[str, ...]) -> list[Example]:
    """Return an example of each tuple of question, answer, instruction, context; what lacks is empty."""
    return [Example(number, *text) for number, text in enumerate(texts, 1)]


def talk(name: str, *turns: tuple[str, str], first: int = 1) -> list[Example]:
    """Return the examples of one conversation, whose rows are numbered from `first` on."""
    return [
        Example(first + turn, question, answer, conversation=name, turn=turn + 1)
        for turn, (question, answer) in enumerate(turns)
    ]
