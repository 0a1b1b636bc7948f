"""The job that drafts questions and answers: each passage's are kept at once, with what was wrong with the others."""

from collections import Counter
from contextlib import closing
from uuid import uuid4

from jobs.context import JobContext, Made
from jobs.drafting.asking import Asking, Unreadable, pairs_in
from jobs.drafting.sifting import UNREADABLE, Sieve
from jobs.drafting.spreading import Place, place_of, spread
from jobs.intake.checks import tidied
from jobs.models.choosing import base_model
from jobs.models.client import connect
from jobs.models.endpoint import OtherServer, settings_for
from jobs.models.flight import in_flight, said
from jobs.models.own import known_models
from jobs.models.patience import PatientDoor
from jobs.requests import Draft
from storage.drafts import DraftPair
from storage.errors import Missing, NotFound
from storage.records import Json, Passage
from storage.settings import Settings

_MOST_A_PASSAGE = 3
# What the starter model writes is seldom true, so it takes its answers from the text: the sample's documents gave it
# 3 good pairs in 23 passages when it wrote them, and 6 in 15 when it took them.
_WRITES_ANSWERS = 1_000_000_000


def draft(request: Draft, context: JobContext) -> Made:
    """Draft questions and answers from the passages until `most` are of use, or every passage was asked.

    A later attempt asks only the passages that are not done. Raises NotFound where there are no such documents, Missing
    where they hold no text or it is not said which model drafts.
    """
    settings = context.workspace.settings
    return draft_through(PatientDoor(connect(drafting(settings))), request, context)


def drafting(settings: Settings) -> Settings:
    """Return the settings by which the model that drafts is reached: the usual ones unless another server is named."""
    named = OtherServer(settings.draft_url, settings.draft_model, settings.draft_token)
    return settings_for(
        settings, named, "It is not said which model of that server drafts.", "Set TRIPTYCH_DRAFT_MODEL as well."
    )


def draft_through(door: PatientDoor, request: Draft, context: JobContext) -> Made:
    """Do the job with the models behind `door`."""
    passages = _passages(request, context)
    asking = _asking(context.workspace.settings, min(_MOST_A_PASSAGE, -(-request.most // len(passages))))
    work = _Work(request, context)
    left = [passage for passage in spread(passages, work.asked) if place_of(passage) not in work.done]

    def ask(passage: Passage) -> str:
        return said(door, asking.chat(passage, work.asked[place_of(passage)])).text

    coming = in_flight(left, ask, door.stopping, lambda: work.wanted)
    with closing(coming):
        work.tell()
        for answered in coming:
            context.check()
            if answered is not None:
                work.keep(*answered)
            if work.wanted <= 0 or context.finish_requested():
                break
    return Made(work.result(), stop_reason="kept" if work.wanted > 0 and context.finish_requested() else "")


def _asking(settings: Settings, pairs: int) -> Asking:
    model = settings.draft_model or base_model(settings)
    known = None if settings.draft_url else known_models(settings.models).get(model)
    return Asking(model, pairs, quotes=known is not None and known.parameters < _WRITES_ANSWERS)


def _passages(request: Draft, context: JobContext) -> list[Passage]:
    found = context.workspace.collections.passages_of(request.collection)
    there = {passage.document for passage in found}
    unknown = next((name for name in request.documents if name not in there), None)
    if unknown is not None:
        raise NotFound(f"There is no text of {unknown!r} in {request.collection!r}.")
    if not found:
        raise Missing(f"There is no text in {request.collection!r} yet.", "Add documents on the Documents page first.")
    return [passage for passage in found if not request.documents or passage.document in request.documents]


class _Work:
    """What is done and still wanted, by the records of the passages that were asked.

    `asked` counts how often other jobs asked each passage.
    """

    def __init__(self, request: Draft, context: JobContext) -> None:
        self._request = request
        self._context = context
        drafts = context.workspace.drafts
        self._sieve = Sieve(pair.question for pair in drafts.list(collection=request.collection))
        asked = drafts.asked(request.collection)
        self._mine = [body for job_id, body in asked if job_id == context.job.id]
        self.done = {_place(body) for body in self._mine}
        self.asked: Counter[Place] = Counter(_place(body) for job_id, body in asked if job_id != context.job.id)

    @property
    def wanted(self) -> int:
        """How many drafts are still wanted."""
        return self._request.most - self._drafted

    @property
    def _drafted(self) -> int:
        return sum(body["drafted"] for body in self._mine)

    def tell(self) -> None:
        """Report how many drafts there are."""
        self._context.report(phase="ask", step=self._drafted, of=self._request.most)

    def keep(self, passage: Passage, said: str) -> None:
        """Keep the usable pairs in what the model said of a passage, and count the others by what is wrong."""
        unusable: Counter[str] = Counter()
        made: list[DraftPair] = []
        for question, answer in _read(said, unusable):
            if len(made) == self.wanted:
                break
            fault = self._sieve.fault(question, answer, passage)
            if fault:
                unusable[fault] += 1
            else:
                made.append(self._pair(passage, question, answer))
        document, start, end = place_of(passage)
        body = {"document": document, "start": start, "end": end, "drafted": len(made), "unusable": dict(unusable)}
        self._context.keep_drafts(made, len(self._mine) + 1, body)
        self._mine.append(body)
        self.tell()

    def result(self) -> Json:
        """Return how many passages were asked, how many drafts they gave, and why others are of no use."""
        unusable: Counter[str] = Counter()
        for body in self._mine:
            unusable.update(body["unusable"])
        return {"asked": len(self._mine), "drafted": self._drafted, "unusable": dict(unusable)}

    def _pair(self, passage: Passage, question: str, answer: str) -> DraftPair:
        workspace, (document, start, end) = self._context.workspace, place_of(passage)
        return DraftPair(
            id=str(uuid4()),
            job_id=self._context.job.id,
            collection=self._request.collection,
            document=document,
            start=start,
            end=end,
            passage=passage.text,
            question=question,
            answer=answer,
            created_at=workspace.clock(),
        )


def _read(said: str, unusable: Counter[str]) -> list[tuple[str, str]]:
    try:
        return [(tidied(question), tidied(answer)) for question, answer in pairs_in(said)]
    except Unreadable:
        unusable[UNREADABLE] += 1
        return []


def _place(body: Json) -> Place:
    return body["document"], body["start"], body["end"]
