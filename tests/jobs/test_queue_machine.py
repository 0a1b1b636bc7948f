"""The queue against a model of it, in random orders of everything that can happen: the invariants always hold."""

import tempfile
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import func, select

from jobs.queue import Failure, Queue, Slot
from jobs.queue.moves import ALIVE
from jobs.requests import Train
from storage.database import Database
from storage.migrating import migrate
from storage.records import Job
from storage.tables import job_events, jobs, slots
from tests.clock import Clock

PLACES = [Slot("here", "cuda:0"), Slot("here", "cuda:1")]


class QueueMachine(RuleBasedStateMachine):
    """Rules are what people, workers and crashes do; claims may be stale."""

    ids = Bundle("ids")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.database = Database(f"sqlite:///{self.folder.name}/queue.db")
        self.queue = Queue(self.database, self.clock)
        self.asked: dict[str, str] = {}
        self.ended: dict[str, Job] = {}
        self.fences: dict[str, int] = {}

    @initialize()
    def open(self) -> None:
        migrate(self.database)
        self.queue.offer(PLACES)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(target=ids, key=st.sampled_from("abc"))
    def ask(self, key: str) -> str:
        job = self.queue.enqueue(Train(dataset_id="d"), key)
        assert self.asked.setdefault(key, job.id) == job.id
        return job.id

    @rule(target=claims, job_id=ids, place=st.sampled_from(PLACES))
    def claim(self, job_id: str, place: Slot) -> Any:
        job = self.queue.claim(job_id, place, "w")
        if job is None:
            return multiple()
        assert job.fence == self.fences.get(job_id, 0) + 1
        self.fences[job_id] = job.fence
        return job

    @rule(job_id=ids)
    def cancel(self, job_id: str) -> None:
        self.queue.request_cancel(job_id)

    @rule(seconds=st.sampled_from([1.0, 60.0, 3600.0, -3600.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(claim=claims, how=st.sampled_from(["finish", "fail", "interrupt", "again", "died", "confirm", "beat"]))
    def settle(self, claim: Job, how: str) -> None:
        before = self.queue.get(claim.id)
        changed = {
            "finish": lambda: self.queue.finish(claim, result={"fence": claim.fence}),
            "fail": lambda: self.queue.fail(claim, Failure("internal", "x", "y")),
            "interrupt": lambda: self.queue.interrupt(claim, "x"),
            "again": lambda: self.queue.again(claim, "x", after_s=0),
            "died": lambda: self.queue.died(claim, "died"),
            "confirm": lambda: self.queue.confirm_cancelled(claim),
            "beat": lambda: self.queue.beat(claim),
        }[how]()
        if changed:
            assert before.fence == claim.fence
            assert before.state in ALIVE
        else:
            assert self.queue.get(claim.id) == before

    @rule(target=claims, claim=claims, place=st.sampled_from(PLACES))
    def crash_and_start_again(self, claim: Job, place: Slot) -> Any:
        self.crash()
        self.clock.now += 3600
        return self.claim(claim.id, place)

    @rule()
    def crash(self) -> None:
        class Free:
            def release(self) -> None:
                return

        self.queue.recover("here", lambda _job_id: Free())
        assert self.queue.recover("here", lambda _job_id: Free()) == []

    @invariant()
    def every_job_holds_one_place_exactly_while_it_is_alive(self) -> None:
        with self.database.reading() as connection:
            held = connection.scalars(select(slots.c.job_id).where(slots.c.job_id.is_not(None))).all()
            alive = connection.scalars(select(jobs.c.id).where(jobs.c.state.in_(ALIVE))).all()
        assert sorted(held) == sorted(alive)

    @invariant()
    def nothing_is_lost_and_what_has_ended_never_changes(self) -> None:
        rows = {job.id: job for job in self.queue.list()}
        assert set(rows) == set(self.asked.values())
        for job_id, before in self.ended.items():
            assert rows[job_id] == before
        self.ended.update({job_id: job for job_id, job in rows.items() if job.state.final})

    @invariant()
    def the_history_leads_to_the_state(self) -> None:
        with self.database.reading() as connection:
            last = select(func.max(job_events.c.seq)).group_by(job_events.c.job_id)
            told = connection.execute(select(job_events).where(job_events.c.seq.in_(last))).all()
        assert {event.job_id: event.to_state for event in told} == {job.id: job.state for job in self.queue.list()}


QueueMachine.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestQueueMachine = QueueMachine.TestCase
