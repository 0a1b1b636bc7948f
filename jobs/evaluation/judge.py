"""Let a model judge the answers of a scorecard: the job behind the judge on Scores, never part of a score by itself."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing

from jobs.context import JobContext, Made
from jobs.evaluation.judge_asking import BETTER, RIGHT_OR_WRONG, UnreadableVerdict, check, compare, verdict_in
from jobs.evaluation.judge_planning import Case, cases_of, plan_of, verdicts_before
from jobs.models.choosing import base_model
from jobs.models.client import connect
from jobs.models.door import Chat
from jobs.models.endpoint import OtherServer, settings_for
from jobs.models.flight import in_flight, said
from jobs.models.patience import PatientDoor
from jobs.requests import Judge
from storage.errors import ModelUnavailable, UnusableRows
from storage.marks import Place
from storage.records import Json
from storage.settings import Settings

FAILED = "failed"
_KEPT_OF_UNREADABLE = 300
_REPORTED = ("base_id", "base_sha256")


def judge(request: Judge, context: JobContext) -> Made:
    """Ask a model whether each answer is right, and which of two is better, each pair in both orders.

    Each verdict is kept as soon as it is there; a later attempt asks only what lacks. Raises NotFound where the score
    is gone, Missing where a server is named and no model of it, UnusableRows where there is nothing to judge.
    """
    return judge_through(PatientDoor(connect(judging(context.workspace.settings))), request, context)


def judging(settings: Settings) -> Settings:
    """Return the settings by which the judge is reached: the usual ones unless another server is named."""
    named = OtherServer(settings.judge_url, settings.judge_model, settings.judge_token)
    return settings_for(
        settings, named, "It is not said which model of that server judges.", "Set TRIPTYCH_JUDGE_MODEL as well."
    )


def judge_through(door: PatientDoor, request: Judge, context: JobContext) -> Made:
    """Do the job with the model behind `door`."""
    settings = context.workspace.settings
    plan = plan_of(request, context, settings.judge_model or base_model(settings))
    cases = cases_of(plan, request, context.workspace)
    if not cases:
        raise UnusableRows("No answer of this score can be judged: nothing is known of what they should say.")
    told = verdicts_before(context)
    coming = in_flight(
        [case for case in cases if case.place not in told], lambda case: _verdict(case, plan.model, door), door.stopping
    )
    with closing(coming):
        context.report(phase="ask", step=len(told), of=len(cases))
        for answered in coming:
            context.check()
            if answered is not None:
                case, body = answered
                context.keep_cell(*case.place, body)
                told[case.place] = body
                context.report(step=len(told), of=len(cases))
            if context.finish_requested():
                break
    return Made(_result(plan.model, told), stop_reason="kept" if len(told) < len(cases) else "")


def _verdict(case: Case, model: str, door: PatientDoor) -> Json:
    if len(case.answers) == 1:
        return {**case.about, "model": model, **_asked(check(case.asked, case.answers[0], model), RIGHT_OR_WRONG, door)}
    first, second = case.answers
    there = _asked(compare(case.asked, first, second, model), BETTER, door)
    back = _asked(compare(case.asked, second, first, model), BETTER, door)
    said_of = {"A": "first", "B": "second"}, {"A": "second", "B": "first"}
    orders = [
        names.get(str(one["verdict"]), str(one["verdict"])) for names, one in zip(said_of, (there, back), strict=True)
    ]
    return {**case.about, "model": model, **there, "verdict": _agreed(orders), "orders": orders}


def _agreed(orders: list[str]) -> str:
    """Return which answer is better in both orders; where they disagree, neither is."""
    if FAILED in orders:
        return FAILED
    return orders[0] if orders[0] == orders[1] else "tie"


def _asked(chat: Chat, verdicts: tuple[str, ...], door: PatientDoor) -> Json:
    """Return the verdict, or that it failed; an error that hits every verdict alike goes up."""
    try:
        told = said(door, chat)
    except ModelUnavailable as error:
        if door.gave_up is not None:
            raise
        return {"verdict": FAILED, "reason": str(error)}
    known = {key: told.provenance.get(key) for key in _REPORTED}
    try:
        verdict, reason = verdict_in(told.text, verdicts)
    except UnreadableVerdict as error:
        return {"verdict": FAILED, "reason": str(error), "said": told.text[:_KEPT_OF_UNREADABLE], **known}
    return {"verdict": verdict, "reason": reason, **known}


def _result(model: str, told: Mapping[Place, Json]) -> Json:
    kinds = Counter(body["kind"] for body in told.values())
    failed = sum(body["verdict"] == FAILED for body in told.values())
    return {"model": model, "answers": kinds["answer"], "pairs": kinds["pair"], "failed": failed}
