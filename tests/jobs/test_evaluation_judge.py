"""A judge: the schema reaches the door, both orders are asked, failures count, and nothing counts before it may."""

import json
import re
import uuid
from collections.abc import Callable, Sequence

import pytest

from jobs.context import Cancelled, JobContext, Made
from jobs.evaluation.judge import judge_through, judging
from jobs.evaluation.judge_asking import BETTER, RIGHT_OR_WRONG, UnreadableVerdict, verdict_in
from jobs.evaluation.marking import marked
from jobs.evaluation.trusting import (
    Duel,
    Share,
    counting,
    judges_itself,
    let_judge_count,
    of_answers,
    trust,
)
from jobs.evaluation.verdict import verdict
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Failure, Queue
from jobs.requests import Evaluate, Judge
from storage.errors import Missing, ModelUnavailable, NotAllowed, NotFound, UnusableRows
from storage.marks import Mark
from storage.records import Json, Scorecard
from storage.removing import remove_scorecard
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.fakes import ScriptedModel

QUESTIONS = 24
SMALL = 6
DIFFERENT = 2 * SMALL - 1  # answers: to the last question both ways say the same
Reply = Callable[[Chat], str]


def line(row: int, column: str, answer: str, *, right: bool, **more: object) -> Json:
    asked = {"row": row, "question": f"What is the code of box {row}?", "kind": "", "expected": f"B{row}"}
    given = {"column_id": column, "way": column, "answer": answer, "state": "finished", "accepted": []}
    return {**asked, **given, "right": right, "yardstick": "facts", "reason": "" if right else "no B", **more}


def lines_of(count: int = QUESTIONS) -> list[Json]:
    """`base` is right on the even rows and `tuned` on all, in many words; both say the same on the last one."""
    rows = range(1, count + 1)
    short = [line(row, "base", f"B{row}." if row % 2 == 0 else f"No, C{row}.", right=row % 2 == 0) for row in rows]
    long = [line(row, "tuned", f"The code of this very box is B{row}.", right=True) for row in rows]
    long[-1] = line(count, "tuned", f"B{count}.", right=True)
    return [one for both in zip(short, long, strict=True) for one in both]


def keep(workspace: Workspace, lines: Sequence[Json]) -> Scorecard:
    columns = list(dict.fromkeys(one["column_id"] for one in lines))
    usual = {"n": len(lines) // len(columns), "right": 0.5, "right_low": 0.4, "right_high": 0.6, "model": "starter"}
    scores = dict.fromkeys(("exact_match", "token_f1", "rouge_l", "seconds", "tokens"), 0.5)
    ways = tuple({"way": one, "column_id": one, **usual, **scores} for one in columns)
    (workspace.home / "scores" / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    context = claimed_context(workspace, Evaluate(source="d"))
    kept = Scorecard(str(uuid.uuid4()), context.job.id, "d", ways, "scores/a.jsonl", 1.0)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result={}, scorecard=kept)
    return kept


@pytest.fixture
def card(workspace: Workspace) -> Scorecard:
    """A score with enough answers for a judge to count."""
    return keep(workspace, lines_of())


@pytest.fixture
def small(workspace: Workspace) -> Scorecard:
    return keep(workspace, lines_of(SMALL))


def answer_of(chat: Chat) -> str:
    return re.findall(r"Given answer: (.*)", chat.messages[-1]["content"])[0]


def fair(chat: Chat) -> str:
    """Judge by the code alone; of two answers the one that holds it, whatever the order."""
    said = chat.messages[-1]["content"]
    (code,) = re.findall(r"Expected answer: (B\d+)", said)
    if "Answer A" not in said:
        return _verdict("right" if code in answer_of(chat) else "wrong")
    first, second = (code in re.findall(rf"Answer {name}: (.*)", said)[0] for name in "AB")
    return _verdict("tie" if first == second else "A" if first else "B")


def _verdict(verdict: str) -> str:
    return json.dumps({"reason": "because", "verdict": verdict})


def run(context: JobContext, request: Judge, reply: Reply) -> tuple[Made, ScriptedModel]:
    door = ScriptedModel(reply)
    return judge_through(PatientDoor(door, waits_s=()), request, context), door


def judged(workspace: Workspace, card: Scorecard, reply: Reply = fair, pairs: int = 60) -> tuple[str, ScriptedModel]:
    """Do the whole job and return its id, and the door it asked."""
    request = Judge(card_id=card.id, pairs=pairs)
    context = claimed_context(workspace, request)
    made, door = run(context, request, reply)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result)
    return context.job.id, door


def mark_all(workspace: Workspace, card: Scorecard, count: int = QUESTIONS, wrongly: int = 0) -> None:
    """Mark so many answers of `base` by their code, the first ones the other way round."""
    for row in range(1, count + 1):
        right = (row % 2 == 0) == (row > wrongly)
        workspace.marks.put(card.id, [("base", row)], Mark("right" if right else "wrong", blind=True))


def test_the_schema_reaches_the_door_and_names_every_verdict(workspace: Workspace, small: Scorecard) -> None:
    _, door = judged(workspace, small)
    schemas = [(chat.response_format or {})["json_schema"]["schema"] for chat in door.chats]
    verdicts = [tuple(schema["properties"]["verdict"]["enum"]) for schema in schemas]
    assert set(verdicts) == {RIGHT_OR_WRONG, BETTER}
    assert {tuple(schema["required"]) for schema in schemas} == {("reason", "verdict")}
    assert {chat.temperature for chat in door.chats} == {0.0}


def test_different_answers_are_judged_once_and_pairs_in_both_orders(workspace: Workspace, small: Scorecard) -> None:
    job_id, door = judged(workspace, small)
    checked = [chat for chat in door.chats if "Given answer" in chat.messages[-1]["content"]]
    compared = [chat.messages[-1]["content"] for chat in door.chats if "Answer A" in chat.messages[-1]["content"]]
    assert (len(checked), len(compared)) == (DIFFERENT, 2 * (SMALL - 1))
    swapped = [re.sub(r"Answer A: (.*)\nAnswer B: (.*)", r"Answer A: \2\nAnswer B: \1", one) for one in compared]
    assert sorted(swapped) == sorted(compared)
    told = trust(workspace.cells.of(job_id), {})
    assert told.answers == {"right": DIFFERENT - 3, "wrong": 3}
    assert told.duels == [Duel("tuned", "base", 3, 0, 2, 0)]
    assert told.flipped == Share(0, SMALL - 1)
    assert told.longer == Share(3, 3)
    assert of_answers(workspace.cells.of(job_id))["tuned", SMALL]["verdict"] == "right"


def test_no_more_pairs_are_asked_than_wanted(workspace: Workspace, small: Scorecard) -> None:
    job_id, _ = judged(workspace, small, pairs=2)
    assert [duel.first_better + duel.ties for duel in trust(workspace.cells.of(job_id), {}).duels] == [2]
    job_id, door = judged(workspace, small, pairs=0)
    assert trust(workspace.cells.of(job_id), {}).duels == []
    assert len(door.chats) == DIFFERENT


def test_a_judge_that_takes_the_first_one_always_ties_and_is_caught(workspace: Workspace, small: Scorecard) -> None:
    job_id, _ = judged(
        workspace, small, lambda chat: _verdict("A") if "Answer A" in str(chat.messages[-1]) else fair(chat)
    )
    told = trust(workspace.cells.of(job_id), {})
    assert told.duels == [Duel("tuned", "base", 0, 0, SMALL - 1, 0)]
    assert told.flipped == Share(SMALL - 1, SMALL - 1)
    assert told.longer == Share(0, 0)


def test_what_can_not_be_read_counts_as_a_failure(workspace: Workspace, small: Scorecard) -> None:
    def mumbling(chat: Chat) -> str:
        return "Well, it depends." if "box 1?" in chat.messages[-1]["content"] else fair(chat)

    job_id, _ = judged(workspace, small, mumbling)
    cells = workspace.cells.of(job_id)
    assert cells["base", 1]["said"] == "Well, it depends."
    told = trust(cells, {("base", 1): Mark("wrong", blind=True), ("base", 2): Mark("right", blind=True)})
    assert told.answers == {"right": 7, "wrong": 2, "failed": 2}
    assert (told.alike, told.marked) == (1, 2), "a failed verdict agrees with nobody"
    assert [duel.failed for duel in told.duels] == [1]
    assert Queue(workspace.database, workspace.clock).get(job_id).result["failed"] == 3


def test_what_is_known_to_be_wrong_or_not_known_at_all_is_not_asked(workspace: Workspace) -> None:
    unknown = line(2, "base", "Nobody knows.", right=True, expected="", kind="unknown")
    nothing = line(3, "base", "Dear customer.", right=True, expected="", kind="style")
    failed = line(1, "base", "", right=False, state="failed")
    job_id, door = judged(workspace, keep(workspace, [failed, unknown, nothing]), lambda _: _verdict("right"))
    assert [answer_of(chat) for chat in door.chats] == ["Nobody knows."]
    assert "Nobody can know this" in door.chats[0].messages[-1]["content"]
    assert trust(workspace.cells.of(job_id), {}).answers == {"right": 1}
    with pytest.raises(UnusableRows):
        judged(workspace, keep(workspace, [failed, nothing]))


def test_a_later_attempt_asks_only_what_lacks(workspace: Workspace, small: Scorecard) -> None:
    def tiring(chat: Chat) -> str:
        if "Answer A" in chat.messages[-1]["content"]:
            raise ModelUnavailable("The model server does not answer.")
        return fair(chat)

    queue, request = Queue(workspace.database, workspace.clock), Judge(card_id=small.id)
    first = claimed_context(workspace, request)
    with pytest.raises(ModelUnavailable):
        run(first, request, tiring)
    kept = len(workspace.cells.of(first.job.id))
    assert DIFFERENT - 8 <= kept <= DIFFERENT
    assert queue.fail(first.job, Failure("model_unavailable", "It does not answer.", "Go on."))
    second = claimed_again(workspace, queue.retry(first.job.id, "again"), request)
    made, door = run(second, request, fair)
    assert len(door.chats) == 2 * (SMALL - 1) + DIFFERENT - kept
    assert (made.result["answers"], made.result["pairs"], made.result["failed"]) == (DIFFERENT, SMALL - 1, 0)
    assert len(workspace.cells.of(second.job.id)) == DIFFERENT + SMALL - 1


def test_it_can_be_cancelled_or_stopped_and_kept(workspace: Workspace, card: Scorecard) -> None:
    queue, request = Queue(workspace.database, workspace.clock), Judge(card_id=card.id)
    context = claimed_context(workspace, request)
    queue.request_finish(context.job.id)
    made, _ = run(context, request, fair)
    assert made.stop_reason == "kept"
    assert made.result["answers"] < 2 * QUESTIONS - 1
    context = claimed_context(workspace, request)
    queue.request_cancel(context.job.id)
    with pytest.raises(Cancelled):
        run(context, request, fair)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ('```json\n{"verdict": "Right ", "reason": "it is"}\n```', "right"),
        ('The schema is {"verdict": …}. {"reason": "no {braces}", "verdict": "wrong"}', "wrong"),
        ('{"verdict": "wrong"} No: {"verdict": "right"}', "right"),
        ('{"reason": "cut off", "verd', None),
        ('{"verdict": "perhaps"}', None),
        ("right", None),
        ("", None),
    ],
)
def test_what_a_server_says_that_does_not_mask_is_read_as_far_as_it_can_be(said: str, verdict: str | None) -> None:
    if verdict is None:
        with pytest.raises(UnreadableVerdict):
            verdict_in(said, RIGHT_OR_WRONG)
    else:
        assert verdict_in(said, RIGHT_OR_WRONG)[0] == verdict


def test_nothing_changes_before_a_person_lets_a_judge_count_that_agrees(workspace: Workspace, card: Scorecard) -> None:
    def contrary(chat: Chat) -> str:
        """Find the long answers wrong."""
        return _verdict("wrong") if "this very box" in chat.messages[-1]["content"] else fair(chat)

    before = verdict(marked(workspace, card)[1], ["base", "tuned"])
    job_id, _ = judged(workspace, card, contrary, pairs=0)
    mark_all(workspace, card, 19)
    with pytest.raises(NotAllowed, match="marked 20 answers"):
        let_judge_count(workspace, card.id, job_id)
    mark_all(workspace, card)
    assert verdict(marked(workspace, card)[1], ["base", "tuned"]) == before
    assert {one["yardstick"] for one in marked(workspace, card)[1]} == {"facts", "marked"}

    let_judge_count(workspace, card.id, job_id)
    counted, lines = marked(workspace, card)
    assert verdict(lines, ["base", "tuned"]) != before
    assert {one["column_id"]: one["yardstick"] for one in lines} == {"base": "marked", "tuned": "judge"}
    assert [way["right"] for way in counted.ways] == [0.5, pytest.approx(1 / QUESTIONS)]
    assert lines[1]["automatic"] == {"right": True, "yardstick": "facts", "reason": ""}
    assert lines[1]["reason"] == "because"
    workspace.judges.take_back(card.id)
    assert verdict(marked(workspace, card)[1], ["base", "tuned"]) == before


def test_marks_win_over_the_judge_and_a_failed_verdict_leaves_the_automatic_one(
    workspace: Workspace, card: Scorecard
) -> None:
    def mumbling(chat: Chat) -> str:
        return "?" if "this very box is B3." in chat.messages[-1]["content"] else fair(chat)

    job_id, _ = judged(workspace, card, mumbling, pairs=0)
    mark_all(workspace, card)
    workspace.marks.put(card.id, [("tuned", 5)], Mark("wrong", "not polite"))
    let_judge_count(workspace, card.id, job_id)
    lines = {(one["column_id"], one["row"]): one for one in marked(workspace, card)[1]}
    assert (lines["tuned", 5]["yardstick"], lines["tuned", 5]["right"]) == ("marked", False)
    assert (lines["tuned", 3]["yardstick"], lines["tuned", 3]["right"]) == ("facts", True)


def test_a_judge_that_agrees_no_longer_does_not_count_any_longer(workspace: Workspace, card: Scorecard) -> None:
    job_id, _ = judged(workspace, card, pairs=0)
    mark_all(workspace, card)
    let_judge_count(workspace, card.id, job_id)
    assert counting(workspace, card.id, workspace.marks.of(card.id))
    mark_all(workspace, card, wrongly=8)
    told = trust(workspace.cells.of(job_id), workspace.marks.of(card.id))
    # 16 of 24 alike, both find a half right: kappa is (2/3 - 1/2) / (1/2).
    assert (told.alike, told.marked, told.kappa) == (16, 24, pytest.approx(1 / 3))
    assert not told.may_count
    assert counting(workspace, card.id, workspace.marks.of(card.id)) == {}


def test_marks_of_several_ways_that_say_the_same_are_one_mark() -> None:
    body = {"kind": "answer", "places": [["base", 1], ["tuned", 1]], "verdict": "right", "model": "m"}
    told = trust({("base", 1): body}, {("base", 1): Mark("skip", blind=True), ("tuned", 1): Mark("right", blind=True)})
    assert (told.alike, told.marked, told.kappa) == (1, 1, None)
    assert trust({("base", 1): body}, {("base", 1): Mark("right")}).marked == 0, "the column was in sight"


def test_the_length_effect_is_the_share_of_longer_winners() -> None:
    def pair(lengths: list[int], *orders: str) -> Json:
        winner = orders[0] if orders[0] == orders[1] else "tie"
        return {"kind": "pair", "first": "a", "second": "b", "lengths": lengths, "orders": orders, "verdict": winner}

    told = [
        pair([9, 5], "first", "first"),
        pair([5, 9], "second", "second"),
        pair([5, 9], "first", "first"),
        pair([5, 5], "first", "first"),
        pair([9, 5], "first", "tie"),
        pair([9, 5], "tie", "tie"),
        pair([9, 5], "second", "first"),
    ]
    told.append({**told[0], "verdict": "failed", "orders": ["failed", "first"]})
    found = trust({("pair 0", row): body for row, body in enumerate(told)}, {})
    assert found.longer == Share(2, 3)
    assert found.flipped == Share(2, 7)
    assert found.duels == [Duel("a", "b", 3, 1, 3, 1)]
    assert found.flipped.interval == (pytest.approx(0.0822, abs=1e-4), pytest.approx(0.6411, abs=1e-4))


def test_a_model_that_judges_itself_is_told() -> None:
    def body(sha: str | None, model: str = "big") -> dict[tuple[str, int], Json]:
        return {("a", 1): {"base_sha256": sha, "model": model}}

    reporting = Scorecard("c", "j", "d", ({"model": "starter", "reported": {"base_sha256": ["s"]}},), "", 0.0)
    assert judges_itself(body("s"), reporting) is True
    assert judges_itself(body("t"), reporting) is False
    assert judges_itself(body(None), reporting) is None
    assert judges_itself(body(None, "starter"), reporting) is True
    assert judges_itself({}, reporting) is None


def test_a_stronger_judge_may_be_named(settings: Settings) -> None:
    assert judging(settings) is settings
    with pytest.raises(Missing, match="which model"):
        judging(settings.model_copy(update={"judge_url": "http://there"}))
    named = settings.model_copy(update={"judge_url": "http://there", "judge_model": "big"})
    assert judging(named).model_url == "http://there"
    workspace = Workspace.open(named)
    _, door = judged(workspace, keep(workspace, lines_of(2)))
    assert {chat.model for chat in door.chats} == {"big"}
    workspace.close()


def test_a_score_that_is_gone_takes_its_verdicts_along(workspace: Workspace, card: Scorecard) -> None:
    job_id, _ = judged(workspace, card, pairs=0)
    mark_all(workspace, card)
    let_judge_count(workspace, card.id, job_id)
    remove_scorecard(workspace.database, card.id)
    assert workspace.cells.of(job_id) == {}
    assert workspace.judges.of(card.id) is None
    with pytest.raises(NotFound):
        workspace.judges.let_count(card.id, job_id)
    with pytest.raises(NotFound):
        judged(workspace, card)
