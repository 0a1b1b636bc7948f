"""Drafts are asked for passage by passage, kept at once, and never asked for twice."""

import json
import re
import threading
from collections.abc import Callable

import pytest

from jobs.context import Cancelled, Interrupted, JobContext, Made
from jobs.drafting.draft import draft_through, drafting
from jobs.drafting.sifting import REPEATED, UNFOUNDED, UNREADABLE
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Draft
from storage.errors import ClaimLost, Missing, ModelUnavailable, NotFound
from storage.records import Json
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

BOXES = 24


def text_of(number: int) -> str:
    words = "It stands in the long hall beside the others and is opened with the small key that hangs there. " * 4
    return f"## Box {number}\n\nThe code of box {number} is B{number}.\n{words}\n\n"


@pytest.fixture
def manuals(workspace: Workspace) -> Workspace:
    halves = (range(1, BOXES // 2 + 1), range(BOXES // 2 + 1, BOXES + 1))
    texts = {f"{name}.md": "# Boxes\n\n" + "".join(map(text_of, half)) for name, half in zip("ab", halves, strict=True)}
    put_documents(workspace, texts)
    assert len(workspace.collections.passages_of("Manuals")) == BOXES
    return workspace


def box(chat: Chat) -> int:
    return int(re.findall(r"code of box (\d+)", chat.messages[-1]["content"])[0])


def pairs(*said: tuple[str, str]) -> str:
    return json.dumps({"pairs": [{"answer": answer, "question": question} for question, answer in said]})


def reply(chat: Chat) -> str:
    number = box(chat)
    return pairs((f"Which code opens box {number}?", f"Box {number} has the code B{number}."))


def run(context: JobContext, request: Draft, door: ScriptedModel) -> Made:
    return draft_through(PatientDoor(door, waits_s=()), request, context)


def job(workspace: Workspace, door: ScriptedModel, **more: object) -> tuple[Json, JobContext]:
    request = Draft.model_validate({"collection": "Manuals", **more})
    context = claimed_context(workspace, request)
    made = run(context, request, door)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result)
    return made.result, context


def test_drafts_come_from_all_over_the_documents_and_know_their_passage(manuals: Workspace) -> None:
    door = ScriptedModel(reply)
    result, context = job(manuals, door, most=6)
    assert result == {"asked": 6, "drafted": 6, "unusable": {}}
    made = manuals.drafts.list(job_id=context.job.id)
    assert sorted(pair.document for pair in made) == ["a.md"] * 3 + ["b.md"] * 3
    for pair in made:
        (document,) = [one for one in manuals.collections.documents("Manuals") if one.name == pair.document]
        assert manuals.collections.document_text(document.id)[pair.start : pair.end] == pair.passage
        assert pair.answer.split()[-1].rstrip(".") in pair.passage
    assert {pair.state for pair in made} == {"new"}
    assert len(door.chats) == 6, "no more are asked than are wanted"


def test_every_passage_is_asked_for_several_where_few_passages_are_there(manuals: Workspace) -> None:
    def several(chat: Chat) -> str:
        number = box(chat)
        assert "3 different questions" in chat.messages[-1]["content"]
        return pairs(
            *((f"{what} opens box {number}?", f"The code B{number}.") for what in ("What", "Who", "Which code"))
        )

    result, context = job(manuals, ScriptedModel(several), most=70)
    assert result == {"asked": BOXES, "drafted": 70, "unusable": {}}, "what comes last is cut, not called unusable"
    assert len(manuals.drafts.list(job_id=context.job.id)) == 70


def test_what_is_of_no_use_is_counted_by_its_reason_and_others_are_asked(manuals: Workspace) -> None:
    def poor(chat: Chat) -> str:
        number = box(chat)
        if number % 3 == 0:
            return "I would rather talk of something else."
        return pairs(("Which code opens the box?", f"The code B{number + (number % 3 == 1) * 100}."))

    result, context = job(manuals, ScriptedModel(poor), most=5)
    assert result == {
        "asked": BOXES,
        "drafted": 1,
        "unusable": {UNREADABLE: 8, UNFOUNDED: result["unusable"][UNFOUNDED], REPEATED: result["unusable"][REPEATED]},
    }
    assert sum(result["unusable"].values()) == BOXES - 1
    assert len(manuals.drafts.list(job_id=context.job.id)) == 1


def test_only_the_named_documents_are_asked(manuals: Workspace) -> None:
    result, context = job(manuals, ScriptedModel(reply), most=50, documents=("b.md",))
    assert result["drafted"] == BOXES // 2
    assert {pair.document for pair in manuals.drafts.list(job_id=context.job.id)} == {"b.md"}


def test_drafting_once_more_goes_on_where_nothing_was_asked_yet(manuals: Workspace) -> None:
    first = ScriptedModel(reply)
    job(manuals, first, most=20)
    second = ScriptedModel(reply)
    result, _ = job(manuals, second, most=10)
    assert not {box(chat) for chat in first.chats} & {box(chat) for chat in second.chats[:4]}
    assert (result["asked"], result["drafted"], result["unusable"]) == (24, 4, {REPEATED: 20})
    assert [chat.temperature > 0 for chat in second.chats] == [False] * 4 + [True] * 20
    assert len(manuals.drafts.list(collection="Manuals")) == 24


def gone() -> Exception:
    return ModelUnavailable("The model server does not answer.")


def after(count: int, then: Callable[[], object]) -> ScriptedModel:
    """Answer so many passages one by one, then do something else."""
    numbers, alone = iter(range(1_000_000)), threading.Lock()

    def counted(chat: Chat) -> str:
        with alone:
            if next(numbers) == count:
                then()
            return reply(chat)

    return ScriptedModel(counted)


def raising(error: Exception) -> Callable[[], object]:
    def then() -> None:
        raise error

    return then


def test_an_attempt_that_was_cut_off_goes_on_with_what_lacks(manuals: Workspace) -> None:
    request = Draft(collection="Manuals", most=24)
    context = claimed_context(manuals, request)
    with pytest.raises(ModelUnavailable):
        run(context, request, after(9, raising(gone())))
    done = {(body["document"], body["start"]) for _, body in manuals.drafts.asked("Manuals")}
    assert 0 < len(done) <= 23
    Queue(manuals.database, manuals.clock).interrupt(context.job, "its worker was gone")
    door = ScriptedModel(reply)
    again = claimed_again(manuals, context.job, request)
    made = run(again, request, door)
    assert len(door.chats) == 24 - len(done)
    assert made.result == {"asked": 24, "drafted": 24, "unusable": {}}
    assert len({pair.question for pair in manuals.drafts.list(job_id=context.job.id)}) == 24
    row = Queue(manuals.database, manuals.clock).get(context.job.id)
    assert (row.phase, row.total_steps) == ("ask", 24)


def test_three_attempts_lose_and_repeat_nothing(manuals: Workspace) -> None:
    request = Draft(collection="Manuals", most=24)
    context = claimed_context(manuals, request)
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            run(context, request, after(8, raising(gone())))
        Queue(manuals.database, manuals.clock).interrupt(context.job, "its worker was gone")
        context = claimed_again(manuals, context.job, request)
    assert run(context, request, ScriptedModel(reply)).result["asked"] == 24
    assert len(manuals.drafts.asked("Manuals")) == 24


def test_a_lost_claim_writes_nothing_more(manuals: Workspace) -> None:
    request = Draft(collection="Manuals", most=24)
    context = claimed_context(manuals, request)
    queue = Queue(manuals.database, manuals.clock)
    with pytest.raises(ClaimLost):
        run(context, request, after(10, lambda: queue.interrupt(context.job, "its worker was gone")))
    assert len(manuals.drafts.list()) == len(manuals.drafts.asked("Manuals")) <= 10


def test_a_person_may_stop_and_keep_or_throw_away(manuals: Workspace) -> None:
    request = Draft(collection="Manuals", most=24)
    queue = Queue(manuals.database, manuals.clock)
    context = claimed_context(manuals, request)
    made = run(context, request, slowly(lambda: queue.request_finish(context.job.id)))
    assert made.stop_reason == "kept"
    assert 0 < made.result["drafted"] < 24
    other = claimed_context(manuals, request)
    with pytest.raises(Cancelled):
        run(other, request, slowly(lambda: queue.request_cancel(other.job.id)))
    third = claimed_context(manuals, request)
    with pytest.raises(Interrupted):
        run(third, request, slowly(third._stopping.set))


def slowly(then: Callable[[], object]) -> ScriptedModel:
    """Answer slowly, and do something while the third passage is being answered."""
    numbers, pause = iter(range(1_000_000)), threading.Event()

    def wait(chat: Chat) -> str:
        if next(numbers) == 3:
            then()
        pause.wait(0.4)
        return reply(chat)

    return ScriptedModel(wait)


def test_nothing_to_draft_from_is_a_sentence(workspace: Workspace) -> None:
    for request, fault in ((Draft(collection="Manuals"), NotFound), (Draft(collection="Empty"), Missing)):
        workspace.collections.ensure("Empty")
        with pytest.raises(fault):
            run(claimed_context(workspace, request), request, ScriptedModel(reply))
    put_documents(workspace, {"a.md": text_of(1)})
    request = Draft(collection="Manuals", documents=("a.md", "b.md"))
    with pytest.raises(NotFound, match=r"'b\.md'"):
        run(claimed_context(workspace, request), request, ScriptedModel(reply))


def test_a_stronger_model_may_be_named_for_drafting_alone(tmp_path) -> None:
    usual = Settings(home=tmp_path / "home", model_url="http://here", model_token="a")
    assert drafting(usual) is usual
    with pytest.raises(Missing, match="which model"):
        drafting(Settings(home=tmp_path / "home", draft_url="http://there"))
    named = Settings(home=tmp_path / "home", model_url="http://here", model_token="a", draft_url="http://there")
    reached = drafting(named.model_copy(update={"draft_model": "big"}))
    assert (reached.model_url, reached.model_token, named.model_url) == ("http://there", None, "http://here")


def test_the_named_model_is_asked(tmp_path) -> None:
    workspace = Workspace.open(Settings(home=tmp_path / "home", draft_model="big"))
    put_documents(workspace, {"a.md": text_of(1)})
    door = ScriptedModel(reply)
    job(workspace, door, most=1)
    assert [chat.model for chat in door.chats] == ["big"]
    workspace.close()
