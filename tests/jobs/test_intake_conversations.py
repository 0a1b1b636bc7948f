"""Conversations of every usual form become one row for each question and its answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs.intake.table import Table
from tests.tables import table_of

Read = Callable[..., Table]
Row = dict[str, str]

COLUMNS = ["conversation", "turn", "instruction", "context", "question", "answer"]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def parse(*records: Any) -> Table:
        (tmp_path / "chat").write_text("\n".join(json.dumps(record) for record in records))
        return table_of(tmp_path / "chat", "chat.jsonl")

    return parse


def rows(table: Table) -> list[Row]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def said(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def called(name: str, arguments: Any, number: str = "1") -> dict[str, Any]:
    return {"id": number, "type": "function", "function": {"name": name, "arguments": arguments}}


TWO_TURNS = [
    said("system", "Be short."),
    said("user", "How big?"),
    said("assistant", "2 m."),
    said("user", "And long?"),
    said("assistant", "3 m."),
]


def test_each_question_with_its_answer_is_a_row(read: Read) -> None:
    table = read({"id": "c7", "messages": TWO_TURNS})
    assert table.columns == COLUMNS
    assert table.rows == [
        ["c7", "1", "Be short.", "", "How big?", "2 m."],
        ["c7", "2", "Be short.", "", "And long?", "3 m."],
    ]
    assert table.notes == []


@pytest.mark.parametrize(
    "record",
    [
        {"conversations": [{"from": "human", "value": "How big?"}, {"from": "gpt", "value": "2 m."}]},
        {
            "messages": [
                said("user", [{"type": "text", "text": "How big?"}, {"type": "image_url"}]),
                said("model", "2 m."),
            ]
        },
        {"prompt": [said("user", "How big?")], "completion": [said("assistant", "2 m.")]},
        {
            "prompt": [said("user", "How big?")],
            "chosen": [said("assistant", "2 m.")],
            "rejected": [said("assistant", "3")],
        },
        [said("user", "How big?"), said("assistant", "2 m.")],
        {"dialog": [{"speaker": "User", "text": " How big? "}, {"speaker": "Bot", "text": "2 m."}]},
    ],
)
def test_all_usual_forms_are_known(read: Read, record: Any) -> None:
    (row, _) = rows(read(record, record))
    # A single pair is no conversation: its part is decided by its question.
    assert row == dict(zip(COLUMNS, ["", "", "", "", "How big?", "2 m."], strict=True))


def test_a_list_of_messages_is_one_conversation(tmp_path: Path) -> None:
    (tmp_path / "chat").write_text(json.dumps(TWO_TURNS))
    assert [row["turn"] for row in rows(table_of(tmp_path / "chat"))] == ["1", "2"]


def test_a_table_of_messages_stays_a_table(tmp_path: Path) -> None:
    messages = [{"conversation_id": "a", **message} for message in TWO_TURNS]
    (tmp_path / "chat").write_text(json.dumps(messages))
    assert table_of(tmp_path / "chat").columns == ["conversation_id", "role", "content"]


def test_what_tools_were_asked_and_gave_stands_before_the_answer(read: Read) -> None:
    table = read(
        {
            "messages": [
                said("user", "Is it open?"),
                said(
                    "assistant",
                    "",
                    tool_calls=[called("hours", '{"day": "Monday"}'), called("holiday", {"day": 1}, "2")],
                ),
                said("tool", "9 to 5", tool_call_id="1"),
                said("tool", "no", tool_call_id="2"),
                said("assistant", "Yes, until five."),
                said("user", "Thanks."),
                said("assistant", "You're welcome."),
            ]
        }
    )
    first, second = rows(table)
    assert (first["question"], first["answer"]) == ("Is it open?", "Yes, until five.")
    assert first["context"].split("\n") == [
        'hours({"day": "Monday"})',
        'holiday({"day": 1})',
        "hours → 9 to 5",
        "holiday → no",
    ]
    assert (second["question"], second["context"]) == ("Thanks.", "")
    assert table.notes == ["2 calls of tools were read as what the answer rests on."]


def test_the_older_forms_of_calls_are_known(read: Read) -> None:
    old = [
        said("user", "Open?"),
        said("assistant", None, function_call={"name": "hours", "arguments": "{}"}),
        said("function", "9 to 5", name="hours"),
        said("assistant", "Yes."),
    ]
    spoken = [
        {"from": "human", "value": "Open?"},
        {"from": "function_call", "value": '{"name": "hours"}'},
        {"from": "observation", "value": "9 to 5"},
        {"from": "gpt", "value": "Yes."},
    ]
    table = read({"messages": old}, {"conversations": spoken})
    assert [row["context"] for row in rows(table)] == ["hours({})\nhours → 9 to 5", '{"name": "hours"}\n→ 9 to 5']
    assert table.notes == ["2 calls of tools were read as what the answer rests on."]


def test_several_messages_of_one_speaker_are_one_text(read: Read) -> None:
    table = read(
        {
            "messages": [
                said("user", "Hi."),
                said("user", "Open?"),
                said("assistant", "One moment.", tool_calls=[called("hours", "{}")]),
                said("tool", "9 to 5", tool_call_id="1"),
                said("assistant", "Yes."),
            ]
        }
    )
    assert rows(table)[0] | {} == dict(
        zip(COLUMNS, ["", "", "", "hours({})\nhours → 9 to 5", "Hi.\nOpen?", "One moment.\nYes."], strict=True)
    )


def test_what_has_no_place_in_a_row_is_counted(read: Read) -> None:
    table = read(
        {"messages": [said("assistant", "Welcome!"), *TWO_TURNS, said("user", "Hello?"), said("narrator", "Silence.")]},
        {"messages": []},
    )
    assert len(table.rows) == 2
    assert table.notes == [
        "1 messages of the model came before any question and were left out.",
        "1 messages got no answer and were left out.",
        "1 messages were left out, as it is not known who speaks in them.",
        "1 entries are no conversations and were left out.",
    ]


def test_conversations_keep_their_names_and_get_one_where_they_have_none(read: Read) -> None:
    table = read({"id": 5, "messages": TWO_TURNS}, {"id": 5, "messages": TWO_TURNS}, {"messages": TWO_TURNS})
    names = [row["conversation"] for row in rows(table)][::2]
    assert names[:2] == ["5", "5 (2)"]
    again = read({"messages": TWO_TURNS[1:]}, {"messages": TWO_TURNS})
    assert rows(again)[2]["conversation"] == names[2], "the same words have the same name wherever they stand"
    assert rows(again)[0]["conversation"] != names[2]


def test_what_stands_beside_a_conversation_is_kept(read: Read) -> None:
    beside = {"system": "Be kind.", "topic": "size", "tags": ["a", "b"], "question": "first", "tools": [{"name": "x"}]}
    table = read({**beside, "messages": TWO_TURNS[1:]})
    assert table.columns == [*COLUMNS, "topic", "tags", "question (2)"]
    assert rows(table)[0]["instruction"] == "Be kind."
    assert table.rows[0][6:] == ["size", "a; b", "first"]
