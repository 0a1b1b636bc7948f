"""How fast five answers are: Triptych beside `generate` of transformers and beside llama.cpp, on the very same prompts.

`make bench-compare` opens the sample company in the home that `make bench-score` uses, too (trained once, about 5
minutes), and puts 20 of its questions to its five columns. Question by question, so that all see the same machine, it
measures: the five columns at once; each of them alone; and the prompts of the answers that a model wrote, as many
tokens each, by sequential `generate` calls of transformers and by llama.cpp with the starter's Q4_1 file (compiled in
an environment of its own, about 8 minutes once). What the product does beside writing (searching, choosing a tool and
filling it in) counts in its time only. At the end 20 people ask all five columns at the same moment. The last line on
stdout is JSON:

* five_over_slowest: the seconds of five columns at once over those of the slowest of them alone, over all questions.
* vs_sequential, vs_llamacpp: their seconds over ours for five columns at once.
* first_word_s: five prompts of 100 tokens at once, none seen before: seconds until the last has its first word, the
  middle of one trial a question; first_word_worst_s is the worst.
* people_failed, people_first_word_p95_s: of the columns that 20 people asked for at once.
* answers_file: every answer with its seconds, one JSON line for each question and column.

A benchmark, not a test: run it while nothing else runs, about half an hour on two cores. `python -m
tests.bench.compare 3` asks 3 questions only.
"""

import csv
import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from math import ceil
from statistics import median
from typing import Any, TypeVar

from transformers.utils import logging

from jobs.answering.ways import columns_for, served_as
from jobs.models.client import connect
from jobs.models.conversation import conversation
from jobs.models.door import Chat, Door
from jobs.models.encoding import Encoder
from jobs.models.installed import require
from jobs.queue import Queue
from jobs.requests import Choices
from jobs.serving.device import use_all_cores
from storage.records import AnswerState, Column
from storage.settings import Settings
from storage.workspace import Workspace
from tests.bench.own_environment import bench_cache
from tests.bench.recorded import Given, ask_one, ask_together
from tests.bench.score import OPEN_HALF, prepare, say
from tests.bench.writers import Transformers, Writer, llama_cpp
from tests.running import studio_running

QUESTIONS, PEOPLE = 20, 20
PROMPT_TOKENS = 100
_FIRST_TOKENS = 8
Item = TypeVar("Item")


@dataclass(frozen=True)
class Turn:
    """One question: the seconds of its five columns at once, each column's answers, and the seconds of the others."""

    question: str
    together_s: float
    together: Sequence[Given]
    alone: Sequence[Given]
    sequential: Sequence[float]
    llamacpp: Sequence[float]
    first_word_s: float

    @property
    def slowest_s(self) -> float:
        """The seconds of the column that takes longest when it is asked alone."""
        return max(given.seconds for given in self.alone)


@dataclass(frozen=True)
class Contest:
    """What a turn is made with."""

    workspace: Workspace
    door: Door
    columns: Sequence[Column]
    encoder: Encoder
    words: Sequence[str]
    sequential: Writer
    llamacpp: Writer


def spread(items: Sequence[Item], number: int) -> list[Item]:
    """Return so many of the items from everywhere, so that every kind is among them; all where there are too few."""
    return [items[place * len(items) // number] for place in range(number)] if number < len(items) else [*items]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed: one of them, never one between two."""
    return sorted(values)[ceil(share * len(values)) - 1]


def prompt_of(tokens: int, words: Sequence[str], start: int, length: Callable[[str], int]) -> str:
    """Return the shortest run of words, from `start` on and round again, whose prompt has at least so many tokens."""
    count = 1
    while length(text := " ".join(islice(cycle(words), start, start + count))) < tokens:
        count += 1
    return text


def hundred(contest: Contest, number: int) -> Chat:
    """Return a chat with the column of that number, counted through all trials, whose prompt nobody sent before."""
    text = prompt_of(
        PROMPT_TOKENS, contest.words, number * 7, lambda words: len(contest.encoder.prompt(conversation(words)))
    )
    column = contest.columns[number % len(contest.columns)]
    return Chat(conversation(text), served_as(column), max_tokens=_FIRST_TOKENS)


def last_first_word(chats: Sequence[Chat], door: Door) -> float:
    """Send all at once; return the seconds until the last of them has its first word."""
    begun = time.monotonic()

    def first_word(chat: Chat) -> float:
        return min(time.monotonic() - begun for chunk in door.chat(chat) if chunk.text)

    with ThreadPoolExecutor(len(chats)) as pool:
        return max(pool.map(first_word, chats))


def written_by(writer: Writer, given: Sequence[Given]) -> list[float]:
    """Return for each column the seconds in which the other program writes what a model wrote of its answer."""
    return [sum(writer.seconds(call) for call in one.written) for one in given]


def take_turn(contest: Contest, number: int, question: str) -> Turn:
    """Measure everything on one question; its number counts the trials."""
    columns, workspace, door = contest.columns, contest.workspace, contest.door
    together_s, together = ask_together([(question, column) for column in columns], workspace, door)
    alone = [ask_one(question, column, workspace, door) for column in columns]
    first = number * len(columns)
    return Turn(
        question=question,
        together_s=together_s,
        together=together,
        alone=alone,
        sequential=written_by(contest.sequential, together),
        llamacpp=written_by(contest.llamacpp, together),
        first_word_s=last_first_word([hundred(contest, first + place) for place in range(len(columns))], door),
    )


def tell(turn: Turn) -> None:
    """Print the figures of one question."""
    say(
        f"{turn.question[:50]:<50} five {turn.together_s:5.1f} s; slowest alone {turn.slowest_s:5.1f} s; "
        f"sequential {sum(turn.sequential):5.1f} s; llama.cpp {sum(turn.llamacpp):5.1f} s; "
        f"first words {turn.first_word_s:4.2f} s; tokens {[given.tokens for given in turn.together]}, "
        f"alone {[given.tokens for given in turn.alone]}"
    )


def figures(turns: Sequence[Turn], crowd: Sequence[Given]) -> dict[str, Any]:
    """Return what the last line tells, but for the file."""
    ours = sum(turn.together_s for turn in turns)
    failed = sum(given.answer.state is not AnswerState.FINISHED for given in crowd)
    return {
        "five_over_slowest": round(ours / sum(turn.slowest_s for turn in turns), 3),
        "vs_sequential": round(sum(sum(turn.sequential) for turn in turns) / ours, 3),
        "vs_llamacpp": round(sum(sum(turn.llamacpp) for turn in turns) / ours, 3),
        "first_word_s": round(median(turn.first_word_s for turn in turns), 3),
        "first_word_worst_s": round(max(turn.first_word_s for turn in turns), 3),
        "people_failed": failed,
        "people_first_word_p95_s": round(percentile([given.first_s for given in crowd], 0.95), 2),
    }


def answer_lines(turn: Turn) -> list[str]:
    """Return a turn as JSON lines, one for each column."""
    return [
        json.dumps(
            {
                "question": turn.question,
                "column": together.answer.column_id,
                "answer": together.answer.text,
                "tokens": together.tokens,
                "seconds": round(together.seconds, 3),
                "first_word_s": round(together.first_s, 3),
                "answer_alone": alone.answer.text,
                "tokens_alone": alone.tokens,
                "seconds_alone": round(alone.seconds, 3),
                "seconds_transformers": round(sequential, 3),
                "seconds_llamacpp": round(llamacpp, 3),
            },
            ensure_ascii=False,
        )
        for together, alone, sequential, llamacpp in zip(
            turn.together, turn.alone, turn.sequential, turn.llamacpp, strict=True
        )
    ]


def ask_crowd(contest: Contest, questions: Sequence[str]) -> list[Given]:
    """Let 20 people ask all columns at the same moment, and print what becomes of it."""
    asked = [(question, column) for question in islice(cycle(questions), PEOPLE) for column in contest.columns]
    took, crowd = ask_together(asked, contest.workspace, contest.door)
    say(f"{PEOPLE} people at once: {len(crowd)} columns in {took:.1f} s, {sum(one.tokens for one in crowd)} tokens")
    for failed in {one.answer.error for one in crowd if one.answer.state is not AnswerState.FINISHED}:
        say(f"not answered: {failed}")
    return crowd


def open_questions() -> list[str]:
    """Return the open half of the sample company's questions."""
    with OPEN_HALF.open(encoding="utf-8", newline="") as stream:
        return [row["question"] for row in csv.DictReader(stream)]


def contend(contest: Contest, number: int) -> None:
    """Take all turns, let the crowd ask, and print the figures."""
    questions = open_questions()
    chosen = spread(questions, number)
    take_turn(contest, number, next(question for question in questions if question not in chosen))  # all is loaded now
    turns = list[Turn]()
    for place, question in enumerate(chosen):
        turns.append(take_turn(contest, place, question))
        tell(turns[-1])
    crowd = ask_crowd(contest, questions)
    kept = bench_cache() / "compare-answers.jsonl"
    kept.write_text("".join(f"{line}\n" for turn in turns for line in answer_lines(turn)), encoding="utf-8")
    say(json.dumps({**figures(turns, crowd), "answers_file": str(kept)}))


def main() -> None:
    """Start Triptych in the benchmark's home and what it is set against, measure, stop them."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    use_all_cores()
    logging.disable_progress_bar()
    with studio_running(bench_cache() / "score") as running:
        settings = Settings(home=running.home)
        with closing(Workspace.open(settings)) as workspace:
            prepare(running, workspace, Queue(workspace.database, workspace.clock))
            columns = columns_for(Choices(), workspace)
            base = require(settings.models, columns[0].model)
            encoder, adapter = Encoder.load(base.folder), workspace.adapters.list()[0]
            sequential = Transformers(base, adapter.id, workspace.home / adapter.path)
            words = " ".join(open_questions()).split()
            with llama_cpp(encoder) as llamacpp:
                door = connect(settings)
                contend(Contest(workspace, door, columns, encoder, words, sequential, llamacpp), number)


if __name__ == "__main__":
    main()
