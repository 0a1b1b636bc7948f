"""Answers in a document's own words: which sentence is quoted, which words in it answer; every letter holds."""

from collections.abc import Callable

import pytest

from jobs.answering.answer import DOCUMENTS_DONT_SAY, Bench, answer
from jobs.answering.collect import collect
from jobs.answering.quoting import nearest_sentence, pointing_out
from jobs.answering.taught import READING
from jobs.models.door import Chat
from jobs.serving.masks import Masks
from storage.errors import ModelUnavailable, NotFound, UserFault
from storage.records import Answer, AnswerState, Column, Example, Passage
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.tiny import tiny_tokenizer

TEXT = "# TrailMaster Tent\n\nIt sleeps four people. The tent weighs\n12 lbs. It is dried before it is stored."
WEIGHT = "What is the weight of the TrailMaster tent, how many lbs?"
COLUMN = Column("documents", "documents", collection="Manuals", quote=True)


def ask(
    workspace: Workspace, said: str | Callable[[Chat], str], question: str = WEIGHT, column: Column = COLUMN
) -> Answer:
    put_documents(workspace, {"tent.md": TEXT})
    door = ScriptedModel(said if callable(said) else lambda _chat: said)
    return collect(column, answer(question, column, Bench(workspace, door)))


def test_the_nearest_sentence_is_quoted_with_the_words_that_answer(workspace: Workspace) -> None:
    given = ask(workspace, '12 lbs"')
    assert given.text == "“12 lbs”, as your documents say: “The tent weighs\n12 lbs.” [1]"
    assert given.provenance["wording"] == "quote"
    quote = given.provenance["quote"]
    kept = workspace.collections.document_text(given.passages[quote["passage"] - 1].document_id)
    assert kept[quote["start"] : quote["end"]] == "The tent weighs\n12 lbs."
    assert kept[slice(*quote["words"])] == "12 lbs"
    assert given.provenance["base_id"] == "starter", "what the model server reported of itself stays with the answer"


@pytest.mark.parametrize("said", ['The tent weighs 12 lbs."', '99 lbs"', '"', "Happy camping!"])
def test_nothing_but_words_of_the_sentence_is_ever_told(workspace: Workspace, said: str) -> None:
    assert ask(workspace, said).text == "Your documents say: “The tent weighs\n12 lbs.” [1]"


def test_words_that_a_line_break_parts_are_found(workspace: Workspace) -> None:
    given = ask(workspace, 'weighs 12 lbs"')
    assert given.text.startswith("“weighs\n12 lbs”, as your documents say: ")


def test_without_the_wish_the_model_uses_its_own_words(workspace: Workspace) -> None:
    given = ask(workspace, "It weighs 12 lbs.", column=Column("documents", "documents", collection="Manuals"))
    assert given.text.startswith("It weighs 12 lbs.")
    assert (given.provenance["wording"], given.provenance["quote"]) == ("free", None)


def test_documents_that_do_not_say_are_not_quoted(workspace: Workspace) -> None:
    given = ask(workspace, "never asked", "Who wrote Hamlet, prince of Denmark?")
    assert given.text == DOCUMENTS_DONT_SAY
    assert given.provenance["quote"] is None


def test_a_result_stands_before_the_quote(workspace: Workspace) -> None:
    def said(chat: Chat) -> str:
        match (chat.response_format or {}).get("type"):
            case "choice":
                return "calculator"
            case "json_schema":
                return '{"expression": "12 * 7"}'
            case _:
                return '12 lbs"'

    column = Column("hybrid", "hybrid", adapter_id="a1", collection="Manuals", tools=("calculator",), quote=True)
    given = ask(workspace, said, "What is 12 * 7 times the lbs that the TrailMaster tent weighs?", column)
    assert given.text == "Calculator: 12 * 7 = 84\n\n“12 lbs”, as your documents say: “The tent weighs\n12 lbs.” [1]"


def refusing(error: Exception) -> Callable[[Chat], str]:
    def said(_chat: Chat) -> str:
        raise error

    return said


def test_a_server_that_takes_no_grammar_still_leaves_the_quote(workspace: Workspace) -> None:
    given = ask(workspace, refusing(UserFault("The model server refused the request (400).")))
    assert (given.state, given.text) == (AnswerState.FINISHED, "Your documents say: “The tent weighs\n12 lbs.” [1]")


@pytest.mark.parametrize("error", [NotFound("There is no such model."), ModelUnavailable("It is away.")])
def test_a_model_that_is_away_is_told(workspace: Workspace, error: Exception) -> None:
    given = ask(workspace, refusing(error))
    assert (given.state, given.error) == (AnswerState.FAILED, str(error))


def test_a_stop_quotes_nothing(workspace: Workspace) -> None:
    put_documents(workspace, {"tent.md": TEXT})
    heard: list[str] = []
    bench = Bench(workspace, ScriptedModel(['12 lbs"']), stopped=lambda: len(heard) > 2)
    *_, last = [event for event in answer(WEIGHT, COLUMN, bench) if not heard.append(event.type)]
    assert (last.type, heard) == ("stopped", ["started", "retrieved", "started", "stopped"])


def test_a_heading_is_quoted_only_where_there_is_nothing_else() -> None:
    heading = Passage("h", "d", "a.md", 40, 58, "# TrailMaster Tent")
    other = Passage("o", "e", "b.md", 7, 39, "Stoves burn gas for 1,500 hours.")
    question, door = "What is the TrailMaster Tent?", ScriptedModel()
    chosen = nearest_sentence(question, [heading, other], door)
    assert (chosen.text, chosen.number, chosen.start, chosen.end) == (other.text, 2, 7, 39)
    assert nearest_sentence(question, [heading], door).told == "Your documents say: “# TrailMaster Tent” [1]"


@pytest.mark.parametrize(("taught", "end"), [(False, '"'), (True, "")])
def test_the_mask_admits_runs_of_words_of_the_sentence_alone(taught: bool, end: str) -> None:
    passage = Passage("p", "d", "a.md", 0, 0, 'The "big" tent\nweighs 12 lbs.')
    quote = nearest_sentence("How heavy is it?", [Passage("p", "d", "a.md", 0, 29, passage.text)], ScriptedModel())
    chat = pointing_out(quote, Chat([]), taught)
    assert chat.prefix.endswith(end)
    tokenizer = tiny_tokenizer()
    masks = Masks(tokenizer, len(tokenizer), [tokenizer.eos_token_id])

    def follows(text: str) -> bool:
        mask = masks.make(chat.response_format)
        assert mask is not None
        for token in [*tokenizer.encode(text, add_special_tokens=False), tokenizer.eos_token_id]:
            if not mask.allowed()[token]:
                return False
            mask.take(token)
        return True

    assert all(follows(f"{text}{end}") for text in ("12 lbs.", "tent weighs 12", 'The "big" tent'))
    assert not any(follows(f"{text}{end}") for text in ("13 lbs.", "tent 12", "heavy", "weighs 1"))


def test_who_was_taught_to_read_points_without_a_begun_sentence(workspace: Workspace) -> None:
    rows = [Example(number, f"Question {number}?", f"It is {number}.", part="learn") for number in range(1, 10)]
    ids = [
        keep_adapter(
            workspace,
            dataset_id=workspace.datasets.keep(source, rows, rows=9, columns={}, dropped=(), source=source).id,
        ).id
        for source in (f"{READING}Manuals", "faq.csv")
    ]
    prefixes: list[str] = []

    def said(chat: Chat) -> str:
        if (chat.response_format or {}).get("type") == "choice":
            return "none"
        prefixes.append(chat.prefix)
        return '12 lbs"' if chat.prefix else "12 lbs"

    for one in ids:
        column = Column("hybrid", "hybrid", adapter_id=one, collection="Manuals", tools=("calculator",), quote=True)
        assert ask(workspace, said, column=column).text.startswith("“12 lbs”, as your documents say: ")
    assert [bool(prefix) for prefix in prefixes] == [False, True]


def test_a_question_is_never_quoted_in_place_of_its_answer() -> None:
    row = "Can I return a bike that I bought online?\nYes, send it back within 30 days."
    passage = Passage("r", "d", "rows", 0, len(row), row)
    chosen = nearest_sentence("Can I return a bike that I bought online?", [passage], ScriptedModel())
    assert chosen.text == "Yes, send it back within 30 days."
