"""How fast a score is: 100 questions by five ways through worker and model server, beside a plain loop over 20 of them.

`make bench-score` opens the sample company in a home of its own, trains its adapter once (about 5 minutes, kept for the
next time), and scores the open half of its questions with some that its examples hold back. In the middle the worker is
stopped; it is started anew and goes on. The answers kept by then must stand there at the end row for row as they were:
a finished one is never run again. The loop puts every fifth question to the same columns on the same answering path,
one at a time, half of it before the score and half after. The last line on stdout is JSON:

* vs_loop: how many times as many answers a second the score gives as the loop does; only the time counts in which the
  worker had the job, restarts of the worker are left out.
* coverage: the share of 10,000 simulated columns, on as many questions and with a known share of right answers, whose
  95 % interval held that share.
* questions_per_minute: questions answered in every way, a minute of the same time.
* answers_file: every answer of the score.

A benchmark, not a test: run it while nothing else runs. `python -m tests.bench.score 20` asks 20 questions only.
"""

import csv
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil
from platformdirs import user_cache_path
from sqlalchemy import select

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.answering.ways import columns_for
from jobs.evaluation.questions import Question, read_questions
from jobs.metrics.statistics import wilson
from jobs.models.client import connect
from jobs.models.door import Door
from jobs.opening import EXAMPLES
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from storage.answer_tables import cells
from storage.records import AnswerState, Column, Job, JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.running import Running, studio_running

OPEN_HALF = PROJECT / "assets" / "samples" / "larkspur" / "questions.csv"
QUESTIONS, EVERY = 100, 5
SIMULATIONS = 10_000
_TRAINING_S, _SCORING_S = 30 * 60, 90 * 60
_LOOK_S = 0.2
Kept = dict[tuple[str, int], tuple[float, str]]


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def wait_for(there: Callable[[], bool], limit_s: float, what: str) -> None:
    """Wait until something is so."""
    until = time.monotonic() + limit_s
    while not there():
        assert time.monotonic() < until, f"{what} took more than {limit_s:.0f} s"
        time.sleep(_LOOK_S)


def prepare(running: Running, workspace: Workspace, queue: Queue) -> None:
    """Open the sample company and wait for its training and its documents; both are kept for the next time."""
    running.triptych("sample", "open")
    begun = time.monotonic()
    wait_for(lambda: not queue.unfinished(), _TRAINING_S, "training")
    say(f"the sample company is there after {time.monotonic() - begun:.0f} s")
    assert workspace.adapters.list(), "its training failed"


def write_questions(workspace: Workspace, number: int) -> Evaluate:
    """Keep a table of the open half, and of what the examples hold back where that is too few; return the request."""
    with OPEN_HALF.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    names = [*rows[0], "context"]
    held_back = workspace.datasets.examples(workspace.datasets.get(EXAMPLES).id, "exam")
    rows += [
        {"question": one.question, "answer": one.answer, "context": one.context, "kind": one.kind} for one in held_back
    ]
    assert len(rows) >= number, f"there are {len(rows)} questions only"
    # A few are taken from everywhere, so that every kind is among them.
    chosen = [rows[place * len(rows) // number] for place in range(number)] if number < len(rows) else rows
    with (workspace.folder("uploads") / "bench.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, names, restval="")
        table.writeheader()
        table.writerows(chosen)
    columns = tuple(columns_for(Choices(), workspace))
    return Evaluate(source="uploads/bench.csv", name=f"{number} questions", columns=columns, fresh=True)


def loop(questions: Sequence[Question], columns: Sequence[Column], workspace: Workspace, door: Door) -> float:
    """Put each question to each column, one after the other; return the seconds that all took."""
    begun = time.monotonic()
    for question in questions:
        for column in columns:
            given = collect(column, answer(question.asked, column, Bench(workspace, door)))
            assert given.state is AnswerState.FINISHED, given
    return time.monotonic() - begun


def kept(workspace: Workspace, job_id: str) -> Kept:
    """Return when each answer of a score was kept, and its whole row."""
    with workspace.database.reading() as connection:
        rows = connection.execute(select(cells).where(cells.c.job_id == job_id)).all()
    return {(row.column_id, row.row): (row.at, json.dumps(row.body, sort_keys=True)) for row in rows}


def stop_worker(running: Running) -> None:
    """Stop the worker as an administrator would, and wait for its end; `triptych up` starts another one."""
    workers = [part for part in psutil.Process(running.process.pid).children() if "jobs.worker" in part.cmdline()]
    assert len(workers) == 1, workers
    workers[0].send_signal(signal.SIGTERM)
    workers[0].wait(60)


def score(running: Running, workspace: Workspace, queue: Queue, request: Evaluate) -> tuple[Job, float]:
    """Let the worker score, stopped once in the middle; return the job and the seconds in which a worker had it."""
    job = queue.enqueue(request, f"bench {time.time()}")
    all_of_them = len(read_questions(workspace, request)) * len(request.columns)

    def half_way() -> bool:
        assert not queue.get(job.id).state.final, queue.get(job.id)
        return len(kept(workspace, job.id)) >= all_of_them // 2

    wait_for(half_way, _SCORING_S, "the first half")
    stop_worker(running)
    before = kept(workspace, job.id)
    say(f"stopped with {len(before)} of {all_of_them} answers")
    wait_for(lambda: queue.get(job.id).state.final, _SCORING_S, "the second half")
    done, after = queue.get(job.id), kept(workspace, job.id)
    assert (done.state, done.stop_reason) == (JobState.SUCCEEDED, ""), done
    assert done.fence > 1, "it was not stopped"
    assert len(after) == all_of_them > len(before)
    assert {place: after[place] for place in before} == before, "a finished answer was run again"
    say(f"gone on with the {len(after) - len(before)} that lacked; none of the others was run again")
    return done, working_s(queue, job.id)


def working_s(queue: Queue, job_id: str) -> float:
    """Return how many seconds a worker had the job, over all attempts."""
    whole, since = 0.0, 0.0
    for event in queue.events(job_id):
        if event.to_state == JobState.RUNNING and event.from_state != JobState.RUNNING:
            since = event.at
        elif event.from_state == JobState.RUNNING:
            whole += event.at - since
    return whole


def coverage(questions: int) -> float:
    """Return how often the interval of a simulated column holds its true share of right answers."""
    chance = np.random.default_rng(7860)
    truths = chance.uniform(0.05, 0.95, SIMULATIONS)
    bounds = np.array([wilson(right, questions) for right in range(questions + 1)])[chance.binomial(questions, truths)]
    return float(np.mean((bounds[:, 0] <= truths) & (truths <= bounds[:, 1])))


def measure(running: Running, number: int) -> None:
    """Print the figures of one run."""
    workspace = Workspace.open(Settings(home=running.home))
    queue, door = Queue(workspace.database, workspace.clock), connect(workspace.settings)
    prepare(running, workspace, queue)
    request = write_questions(workspace, number)
    columns, questions = request.columns, read_questions(workspace, request)
    some = questions[:: max(1, min(EVERY, number // 2))]
    loop(questions[-1:], columns, workspace, door)  # so that the model and the adapter are loaded
    loop_s = loop(some[: len(some) // 2], columns, workspace, door)
    job, score_s = score(running, workspace, queue, request)
    loop_s += loop(some[len(some) // 2 :], columns, workspace, door)
    answers = len(questions) * len(columns)
    say(f"loop: {len(some) * len(columns)} answers in {loop_s:.1f} s; score: {answers} answers in {score_s:.1f} s")
    say(f"whole time of the score, stop and start included: {(job.finished_at or 0) - job.created_at:.1f} s")
    told = {
        "vs_loop": round((loop_s / (len(some) * len(columns))) / (score_s / answers), 2),
        "coverage": round(coverage(len(questions)), 4),
        "questions_per_minute": round(60 * len(questions) / score_s, 1),
        "answers_file": str(workspace.home / job.result["answers_file"]),
    }
    workspace.close()
    say(json.dumps(told))


def main() -> None:
    """Start Triptych in the benchmark's home, measure, stop it."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    home: Path = user_cache_path("triptych-bench") / "score"
    with studio_running(home) as running:
        measure(running, number)


if __name__ == "__main__":
    main()
