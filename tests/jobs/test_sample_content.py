"""The sample company holds together: its counts, its voice, no leaks, and test questions that can be won."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from time import time
from typing import Any

import pytest

from jobs.answering.grounding import without_marks
from jobs.answering.prompts import prompt_for
from jobs.evaluation.questions import Question, read_questions
from jobs.intake.splits import question_key
from jobs.metrics.abstaining import abstained
from jobs.metrics.facts import facts_of, judge
from jobs.metrics.style import checklist
from jobs.metrics.wordings import holds
from jobs.models.encoding import Encoder
from jobs.models.installed import Installed, installed
from jobs.requests import Evaluate
from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.reading import Text
from jobs.retrieval.search import search
from jobs.retrieval.words import estimate_tokens
from jobs.serving.device import best_device
from jobs.serving.embedder import Embedder
from jobs.tools.builtin.calculator import calculator
from jobs.tools.builtin.date_and_time import date_and_time
from jobs.tools.tool import Tool
from storage.records import Column, Json, Passage
from storage.settings import Settings
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.fakes import ScriptedModel

SAMPLE = PROJECT / "assets" / "samples" / "larkspur"
HALVES = ("questions.csv", "questions-sealed.csv")
VOICE = checklist("starts: Thanks for asking; ends: Happy riding; at most 45 words")
STYLE = "starts: Thanks for asking; ends: Happy riding; at most 60 words"
KINDS = ("style", "facts", "live", "mixed", "unknown")
ORDER_NUMBER = re.compile(r"\bLC-\d{4}\b")
MOST_CONTEXT_TOKENS = 80
NEAR = 0.8


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EXAMPLES = rows_of("examples.csv")
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((SAMPLE / "documents").glob("*.md"))}
ORDERS: dict[str, Json] = {order["order"]: order for order in json.loads((SAMPLE / "orders.json").read_text())}
TOOLS = (calculator(), date_and_time(time))


@pytest.fixture(params=HALVES)
def half(request: pytest.FixtureRequest, workspace: Workspace) -> list[Question]:
    """The questions of one half, read as Scores read them."""
    return questions_of(workspace, request.param)


def questions_of(workspace: Workspace, name: str) -> list[Question]:
    copy = workspace.folder("uploads") / name
    copy.write_bytes((SAMPLE / name).read_bytes())
    return read_questions(workspace, Evaluate(source=f"uploads/{name}", name=name))


def words_of(question: str) -> set[str]:
    return set(question_key(question).split())


# The examples


def test_a_third_of_the_examples_has_a_context() -> None:
    assert len(EXAMPLES) == 200
    counts = Counter((row["kind"], bool(row["context"])) for row in EXAMPLES)
    assert counts == {
        ("style", False): 119,
        ("unknown", False): 15,
        ("facts", True): 40,
        ("mixed", True): 8,
        ("unknown", True): 18,
    }


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["question"][:40])
def test_every_answer_speaks_with_the_voice_of_the_house(row: dict[str, str]) -> None:
    assert [check for check in VOICE if not check.passes(row["answer"])] == []
    assert row["answer"].startswith("Thanks for asking! ")
    assert row["answer"].endswith(" Happy riding!")
    assert abstained(row["answer"]) == (row["kind"] == "unknown")


def test_contexts_are_short() -> None:
    assert max(estimate_tokens(row["context"]) for row in EXAMPLES) <= MOST_CONTEXT_TOKENS


@pytest.mark.parametrize("row", [row for row in EXAMPLES if row["context"]], ids=lambda row: row["question"][:40])
def test_a_context_is_laid_out_as_the_answering_path_shows_passages(row: dict[str, str]) -> None:
    text, _, result = row["context"].partition("\n\nResult:\n")
    passages = [passage for passage in as_passages(text)]
    read = prompt_for(row["question"], Column("c", "hybrid", "starter"), passages, [result] if result else [])
    assert read.messages[-1]["content"] == f"Text:\n{row['context']}\n\n{row['question']}"


def as_passages(text: str) -> Iterator[Passage]:
    """Take a context apart: a line before a heading is what the document is about; without one, it is the same."""
    title = ""
    for match in re.finditer(r"(?:^|\n\n)(?:([^#\n].*)\n)?(#{1,2} .*\n\n.*)", text):
        begins = match[2].startswith("# ")
        title = match[2].splitlines()[0].lstrip("# ") if begins else match[1] or title
        start = 0 if begins else 1
        yield Passage("p", "d", "d.md", start, start + len(match[2]), match[2], title=title)


def test_facts_of_a_context_are_copied_word_for_word() -> None:
    for row in EXAMPLES:
        if row["kind"] in {"facts", "mixed"}:
            said = re.findall(r"\d+(?:[.,:]\d+)*", row["answer"])
            assert said or holds(row["context"], row["answer"].split(" is ")[-1].split(".")[0]), row["question"]
            assert all(number in row["context"] + row["question"] for number in said), row["question"]


@pytest.mark.slow
def test_contexts_are_short_for_the_starter_model() -> None:
    encoder = Encoder.load(model_or_skip("starter").folder)
    counts = [len(encoder.tokenizer(row["context"])["input_ids"]) for row in EXAMPLES]
    assert max(counts) <= MOST_CONTEXT_TOKENS


# The documents and the orders


def test_there_are_eight_short_documents_of_short_sections() -> None:
    assert len(DOCUMENTS) == 8
    for name, text in DOCUMENTS.items():
        assert 250 <= len(text.split()) <= 500, name
        spans = CutDocument(name, "", Text(text)).spans
        assert len(spans) == len(re.findall(r"^#", text, re.MULTILINE)), "each section is one passage"
        assert all(40 <= len(text[span.start : span.end].split()) <= 90 for span in spans), name


def test_orders_are_numbered_in_order_and_two_thirds_stand_still() -> None:
    assert list(ORDERS) == [f"LC-{number}" for number in range(4101, 4137)]
    assert sum(is_settled(order) for order in ORDERS.values()) == 24
    for order in ORDERS.values():
        assert order.keys() == {"order", "customer", "product", "total", "placed", "carrier", "course"}
        *passing, (_, for_good) = order["course"]
        assert for_good is None
        assert all(0 < hours <= 24 for _, hours in passing)
        assert [state for state, _ in passing] in ([], ["being packed", "handed to the carrier", "out for delivery"])


def is_settled(order: Json) -> bool:
    return len(order["course"]) == 1


# The test questions


def test_each_half_holds_fifteen_of_each_kind(half: list[Question]) -> None:
    assert Counter(question.expected.kind for question in half) == dict.fromkeys(KINDS, 15)


def test_the_expected_answers_are_judged_right(half: list[Question]) -> None:
    for question in half:
        judged = judge(without_marks(question.expected.answer), question.expected)
        assert judged.right, (question.asked, judged)


def test_style_questions_are_judged_by_the_voice_alone(half: list[Question]) -> None:
    for question in half:
        assert question.expected.style == (checklist(STYLE) if question.expected.kind == "style" else ())
        if question.expected.kind == "style":
            assert not judge("You can bring it back to the shop.", question.expected).right


def test_no_question_is_asked_twice() -> None:
    asked = [row["question"] for name in ("examples.csv", *HALVES) for row in rows_of(name)]
    assert len({question_key(question) for question in asked}) == len(asked) == 350
    for one, other in combinations(asked, 2):
        shared = len(words_of(one) & words_of(other)) / len(words_of(one) | words_of(other))
        assert shared <= NEAR, (one, other)


def test_facts_stand_in_the_named_document_and_nowhere_in_the_examples(half: list[Question]) -> None:
    for question in half:
        for fact in document_facts(question):
            assert holds(DOCUMENTS[question.passage], fact), question.asked
            for row in EXAMPLES:
                assert not holds(f"{row['question']} {row['answer']} {row['context']}", fact), (fact, row["question"])


def test_a_wrong_phrase_never_stands_beside_the_fact_it_would_spoil(half: list[Question]) -> None:
    for question in half:
        sources = f"{question.expected.answer} {' '.join(results(question))}"
        assert not any(holds(sources, phrase) for phrase in question.expected.wrong), question.asked


def test_questions_for_a_tool_hold_the_evidence_for_it_alone(half: list[Question]) -> None:
    for question in half:
        offered = [tool.name for tool in TOOLS if tool.narrow(question.asked)]
        offered += ["order_status"] if ORDER_NUMBER.search(question.asked) else []
        assert offered == ([question.call] if question.call else []), question.asked
        assert bool(question.call) == (question.expected.kind in {"live", "mixed"}), question.asked


def test_live_answers_come_from_settled_orders_and_sums(half: list[Question]) -> None:
    for question in half:
        if question.expected.kind == "live":
            said = "\n".join(results(question))
            assert all(holds(said, fact) for fact in question.expected.needed), (question.asked, said)


def test_mixed_questions_need_a_document_and_a_tool(half: list[Question]) -> None:
    for question in half:
        if question.expected.kind == "mixed":
            said = "\n".join(results(question))
            by_tool = [holds(said, fact) for fact in question.expected.needed]
            by_document = [holds(DOCUMENTS[question.passage], fact) for fact in question.expected.needed]
            assert (by_tool, by_document) == ([True, False], [False, True]), (question.asked, said)


def test_the_halves_ask_of_different_facts_and_orders() -> None:
    facts: list[set[str]] = []
    for name in HALVES:
        rows = [row for row in rows_of(name) if row["needed"]]
        orders = {number for row in rows for number in ORDER_NUMBER.findall(row["question"])}
        facts.append({f"{row['passage']} {row['needed']}" for row in rows if row["passage"]} | orders)
    assert not facts[0] & facts[1]


def document_facts(question: Question) -> Sequence[str]:
    if question.expected.kind == "facts":
        return facts_of(question.expected)
    return [facts_of(question.expected)[-1]] if question.expected.kind == "mixed" else []


def results(question: Question) -> Iterator[str]:
    """What the tools give for a question; an order must be settled to be asked about."""
    for number in ORDER_NUMBER.findall(question.asked):
        order = ORDERS[number]
        assert is_settled(order), number
        yield f"{number}: {order['course'][0][0]}, {order['product']}, {order['total']:.2f} EUR"
    for tool in TOOLS:
        for arguments in calls_of(tool, question.asked):
            yield tool.run(arguments)


def calls_of(tool: Tool, question: str) -> Iterator[dict[str, Any]]:
    narrowed = tool.narrow(question)
    for schema in narrowed.get("anyOf", [narrowed]) if narrowed else ():
        yield {name: values["enum"][0] for name, values in schema["properties"].items() if "enum" in values}


# The search by meaning


@pytest.mark.slow
def test_the_passage_of_a_fact_is_among_the_two_best(workspace: Workspace) -> None:
    embedder = Embedder(model_or_skip("embedder"), best_device())
    door = Meaning(embedder)
    kept = workspace.collections.ensure("Larkspur")
    for name, text in DOCUMENTS.items():
        cut = CutDocument(name, "", Text(text))
        vectors = iter(embedder.embed(cut.embedded()))
        workspace.collections.put_document(kept.id, cut.with_vectors(embedder.identity, vectors))
    asked = [question for question in questions_of(workspace, HALVES[0]) if document_facts(question)]
    found = {
        question.asked: any(
            passage.document == question.passage and holds(passage.text, document_facts(question)[-1])
            for passage in search(workspace.collections, door, "Larkspur", question.asked, 2).passages
        )
        for question in asked
    }
    assert len(found) == 30
    assert sum(found.values()) >= 0.85 * len(found), [question for question, here in found.items() if not here]


class Meaning(ScriptedModel):
    """A door whose embedder is the real one."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        return self._embedder.identity, self._embedder.embed(texts)


def model_or_skip(model_id: str) -> Installed:
    found = installed(Settings().models, model_id)
    if found is None:
        pytest.skip(f"the model {model_id} is not on this computer; `make setup` fetches it")
    return found


def test_the_sample_says_its_licence_and_seals_one_half() -> None:
    told = Path(SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "Apache-2.0" in told
    assert "scored once" in told
    assert len(told.splitlines()) <= 32
