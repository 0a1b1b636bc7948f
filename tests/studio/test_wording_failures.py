import pytest
from pydantic import ValidationError

from jobs.requests import Train
from storage.errors import ModelUnavailable, NoSpace, TriptychError, UnreadableFile
from studio.views import notices
from studio.wording import failures


def test_every_kind_of_error_ends_in_what_to_do() -> None:
    kinds: list[type[TriptychError]] = [TriptychError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        said = failures.sentence(kind("It broke"))
        assert said.startswith("It broke. ")
        assert said.endswith((".", "!", "?"))


def test_sentences_are_joined_as_sentences() -> None:
    assert failures.join("Line 19 has 3 columns", "Put it in quotes.") == "Line 19 has 3 columns. Put it in quotes."
    assert failures.join("Full", "") == "Full."


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("epochs", 0, "Passes: choose a number above 0.0."),
        ("rank", 500, "Room for what it learns: choose a number of at most 128."),
        ("name", "x" * 121, "Name: use at most 120 characters."),
        ("preset", "magic", "How thorough?: this can't be used; change it."),
    ],
)
def test_a_field_that_is_wrong_is_called_by_its_label(field: str, value: object, said: str) -> None:
    titles = {name: known.title or name for name, known in Train.model_fields.items()}
    with pytest.raises(ValidationError) as caught:
        Train(**{"dataset_id": "d", field: value})  # type: ignore[arg-type] - wrong on purpose
    assert failures.invalid(caught.value, titles) == said


def test_a_notice_shows_the_sentence_word_for_word() -> None:
    error = UnreadableFile("a*b*.csv is <b>not</b> text", "Save it again.")
    assert notices.failed(error) == "**✕** a\\*b\\*.csv is &lt;b&gt;not&lt;/b&gt; text. Save it again."
    assert notices.done("kept") == "**✓** kept"
    assert "no word" not in failures.sentence(NoSpace("The disk is full"))
    assert "Again" in failures.sentence(ModelUnavailable("The model server does not answer"))
