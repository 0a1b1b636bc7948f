"""The parts of `make bench-compare` that measure nothing."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from jobs.models.door import Chat
from jobs.models.encoding import Encoder
from storage.records import Answer, AnswerState, Column
from storage.workspace import Workspace
from tests.bench.compare import Turn, answer_lines, figures, last_first_word, percentile, prompt_of, spread
from tests.bench.own_environment import own_environment
from tests.bench.recorded import Call, Given, Recorder, ask_together
from tests.bench.writers import LlamaCpp
from tests.fakes import ScriptedModel

CALL = Call([{"role": "user", "content": "Where?"}], "starter", "", 3, masked=False)
# Answers each line with as many tokens as were asked for, and with 1.0 s where it was told to forget.
ECHO = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    told = {"seconds": float(asked["fresh"]), "written": [7] * min(asked["tokens"], 5)}
    print(json.dumps(told), flush=True)
"""


def given(column: str = "base", seconds: float = 2.0, state: AnswerState = AnswerState.FINISHED) -> Given:
    return Given(Answer(column, column, 1, state, text="Here."), 0.5, seconds, (CALL, replace(CALL, masked=True)))


def turn(together_s: float = 3.0) -> Turn:
    return Turn(
        "Where?", together_s, [given(), given("tuned")], [given(), given("tuned", 2.5)], [3.0, 4.5], [1.0, 2.0], 0.4
    )


def test_questions_are_taken_from_everywhere() -> None:
    assert spread([*range(10)], 4) == [0, 2, 5, 7]
    assert spread([1, 2], 5) == [1, 2]


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values[::-1], 0.95) == 95.0
    assert percentile([4.0], 0.95) == 4.0


def test_a_prompt_is_as_long_as_asked_and_begins_where_it_is_told() -> None:
    words = ["a", "b", "c"]
    assert prompt_of(4, words, 1, lambda text: len(text.split())) == "b c a b"


def test_only_the_calls_that_write_the_answer_count() -> None:
    assert given().tokens == 3


def test_the_figures_are_ratios_over_all_questions() -> None:
    crowd = [given(), given(state=AnswerState.FAILED)]
    assert figures([turn(3.0), turn(2.0)], crowd) == {
        "five_over_slowest": 1.0,
        "vs_sequential": 3.0,
        "vs_llamacpp": 1.2,
        "first_word_s": 0.4,
        "first_word_worst_s": 0.4,
        "people_failed": 1,
        "people_first_word_p95_s": 0.5,
    }


def test_every_answer_is_told_with_its_seconds() -> None:
    lines = [json.loads(line) for line in answer_lines(turn())]
    assert [line["column"] for line in lines] == ["base", "tuned"]
    assert [line["seconds_alone"] for line in lines] == [2.0, 2.5]
    assert [line["seconds_transformers"] for line in lines] == [3.0, 4.5]


def test_the_recorder_notes_what_was_asked_and_how_much_was_written() -> None:
    recorder = Recorder(ScriptedModel(["It is here.", "none"]))
    asked = CALL.messages
    list(recorder.chat(Chat(asked, prefix="So: ")))
    list(recorder.chat(Chat(asked, response_format={"type": "choice", "choices": ["none"]})))
    assert recorder.calls == [
        Call(asked, "starter", "So: ", 3, masked=False),
        Call(asked, "starter", "", 1, masked=True),
    ]


def test_columns_are_asked_at_once_and_keep_their_own_calls(workspace: Workspace) -> None:
    column = Column("base", "base")
    seconds, answers = ask_together(
        [("Where?", column), ("How long?", column)], workspace, ScriptedModel(lambda _: "Two words.")
    )
    assert [one.answer.text for one in answers] == ["Two words."] * 2
    assert [one.calls[0].messages[-1]["content"] for one in answers] == ["Where?", "How long?"]
    assert all(0 < one.first_s <= one.seconds <= seconds for one in answers)


def test_the_first_words_are_waited_for_in_every_chat() -> None:
    model = ScriptedModel(lambda _: "Yes.")
    assert last_first_word([Chat(CALL.messages), Chat(CALL.messages)], model) > 0
    assert len(model.chats) == 2


class _Words:
    """An encoder that counts words."""

    def prompt(self, messages: Any, prefix: str) -> list[int]:
        return [len(word) for word in f"{messages[-1]['content']} {prefix}".split()]


def test_another_model_forgets_what_was_read() -> None:
    command = [sys.executable, "-c", ECHO]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        writer = LlamaCpp(process, cast(Encoder, _Words()))
        tuned = replace(CALL, model="adapter:1")
        assert [writer.seconds(call) for call in (CALL, CALL, tuned, tuned, CALL)] == [1.0, 0.0, 1.0, 0.0, 1.0]
        with pytest.raises(AssertionError, match="another number"):
            writer.seconds(replace(CALL, tokens=6))
        process.stdin.close()  # type: ignore[union-attr] - it is a pipe


def test_an_environment_is_made_once_and_again_where_something_else_is_wanted(tmp_path: Path) -> None:
    ran: list[list[str]] = []

    def run(command: Any) -> None:
        ran.append([*command])
        (tmp_path / "env").mkdir(exist_ok=True)

    python = own_environment(tmp_path / "env", [["one==1"], ["--no-deps", "two==2"]], run)
    assert python == tmp_path / "env" / "bin" / "python"
    assert [command[-1] for command in ran] == [str(tmp_path / "env"), "one==1", "two==2"]
    own_environment(tmp_path / "env", [["one==1"], ["--no-deps", "two==2"]], run)
    assert len(ran) == 3
    own_environment(tmp_path / "env", [["one==2"]], run)
    assert len(ran) == 5


def test_an_environment_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    ran: list[list[str]] = []

    def failing(command: Any) -> None:
        ran.append([*command])
        (tmp_path / "env").mkdir(exist_ok=True)
        if "one" in command:
            raise RuntimeError("no network")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="no network"):
            own_environment(tmp_path / "env", [["one"]], failing)
    assert len(ran) == 4
