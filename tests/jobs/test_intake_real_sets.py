"""Every real set with questions and answers is mapped right without a touch, in every format in which it is kept."""

from pathlib import Path

import pytest

from jobs.intake.columns import guess_roles
from jobs.intake.formats import read_table

pytestmark = pytest.mark.shared_data

PAIR = {"question": "question", "answer": "answer"}
SHORT = {"question": "q", "answer": "a", "kind": "category"}
DIALOGUE = {**PAIR, "context": "context", "conversation": "conversation", "turn": "turn"}
CALLS = "797 calls of tools were read as what the answer rests on."


@pytest.mark.parametrize(
    ("name", "rows", "mapping", "notes"),
    [
        ("cs-contoso-outdoor/faq.csv", 89, PAIR, []),
        ("legal-zaragoza-faq/faq.csv", 503, SHORT, []),
        ("legal-zaragoza-faq/faq-en.csv", 503, SHORT, []),
        ("legal-zaragoza-faq/faq-en.json", 503, SHORT, []),
        ("legal-zaragoza-faq/faq-en-alpaca.jsonl", 503, {"question": "instruction", "answer": "output"}, []),
        ("legal-zaragoza-faq/faq-sharegpt.jsonl", 503, {**PAIR, "kind": "category"}, []),
        ("med-medquad/train.csv", 3000, {**PAIR, "kind": "qtype"}, []),
        ("med-pubmedqa/train.jsonl", 500, {**PAIR, "answer": "long_answer", "context": "context"}, []),
        ("cs-banking77/train.csv", 10_003, {"question": "text", "answer": "category"}, []),
        ("cs-sgd-dialogs/train.jsonl", 2947, DIALOGUE, [CALLS]),
        ("poem-dickinson/poems.csv", 446, {"question": "first_line", "answer": "text"}, []),
        ("poem-dickinson/sft_messages.jsonl", 446, PAIR, []),
        ("rag-xquad/questions.en.csv", 1190, PAIR, []),
        ("rag-claude-docs/questions.jsonl", 100, {**PAIR, "answer": "correct_answer"}, []),
        ("tableqa-wtq/train.jsonl", 375, {**PAIR, "answer": "answers"}, []),
    ],
)
def test_a_real_set_is_mapped_without_a_touch(
    shared_data: Path, name: str, rows: int, mapping: dict[str, str], notes: list[str]
) -> None:
    table = read_table(shared_data / name, "upload")
    assert {guess.role: guess.column for guess in guess_roles(table)} == mapping
    assert (len(table.rows), table.notes) == (rows, notes)


def test_a_dialogue_is_read_in_its_turns(shared_data: Path) -> None:
    table = read_table(shared_data / "cs-sgd-dialogs" / "train.jsonl", "upload")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows if row[0] == "32_00021"]
    assert [row["turn"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert (rows[0]["question"], rows[0]["answer"]) == (
        "Can you check my balance for me please?",
        "Do you want your checking or savings total?",
    )
    assert len({row[0] for row in table.rows}) == 400
    assert sum("CheckBalance(" in row["context"] for row in rows) >= 1
