"""What a judge said and how far it can be trusted, in words that its intervals carry."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from jobs.evaluation.trusting import Duel, Share, Trust
from storage.records import Job, JobState, Json, Scorecard
from storage.settings import Settings
from studio.views.judging import Judged, report, standing, who

CARD = Scorecard("c", "j", "d", tuple({"way": way, "column_id": way} for way in ("hybrid", "documents")), "", 0.0)
DUELS = [Duel("hybrid", "documents", 20, 5, 13, 2)]
TRUST = Trust({"right": 30, "wrong": 8, "failed": 2}, 22, 24, 0.75, DUELS, Share(18, 25), Share(9, 38))


def line(column: str, *, right: bool) -> Json:
    return {"column_id": column, "right": right}


VERDICTS = {
    ("hybrid", 1): {"verdict": "right", "model": "big"},
    ("hybrid", 2): {"verdict": "failed", "model": "big"},
    ("documents", 1): {"verdict": "wrong", "model": "big"},
}
LINES = [line("hybrid", right=True), line("hybrid", right=False), line("documents", right=True)]
JUDGED = Judged(TRUST, LINES, VERDICTS, itself=False, let="none")


def test_a_judge_is_a_hint_until_a_person_lets_it_count() -> None:
    text = report(CARD, JUDGED)
    assert text.startswith("**Only a hint.** None of this enters the verdict above. It agrees with you well enough")
    assert report(CARD, replace(JUDGED, let="this")).startswith("**The judge counts**")
    assert "An earlier judging counts" in report(CARD, replace(JUDGED, let="another"))
    worse = replace(JUDGED, trust=replace(TRUST, kappa=0.4))
    assert report(CARD, replace(worse, let="this")).startswith("**The judge does not count any longer**")
    assert "if you let it" not in report(CARD, worse)


def test_agreement_failures_length_and_order_are_told_with_their_numbers() -> None:
    text = report(CARD, JUDGED)
    assert "Of 24 answers that you marked with the names hidden it judged 22 as you did; beyond chance" in text
    assert "(Cohen's kappa, 1 is always): 0.75. To count" in text
    assert "To count it needs 20 marks and 0.6 beyond chance." in text
    assert "The judge was big." in text
    assert "**4 verdicts of 80 failed**" in text
    assert "In 18 of 25 decided pairs the longer answer won (likely 52 to 86 of 100): it takes longer ones for" in text
    assert "something else in 9 of 38 pairs (likely 13 to 39 of 100)" in text
    assert "| **✚ Hybrid** | 1 of 1 | 1 of 2 | 1 |" in text
    assert "Documents** | 0 of 1 | 1 of 1 | 0 |" in text
    assert "| **Hybrid against Documents** | 20 | 5 | 13 | 2 |" in text


@pytest.mark.parametrize(
    ("longer", "told"),
    [
        (Share(15, 25), "which could be chance"),
        (Share(2, 25), "takes shorter ones"),
        (Share(0, 0), "No pair was decided"),
    ],
)
def test_a_leaning_is_told_only_where_the_interval_carries_it(longer: Share, told: str) -> None:
    assert told in report(CARD, replace(JUDGED, trust=replace(TRUST, longer=longer)))


def test_without_marks_or_pairs_that_is_said() -> None:
    few = replace(TRUST, marked=0, alike=0, kappa=None, duels=[], flipped=Share(0, 0), longer=Share(0, 0))
    text = report(CARD, replace(JUDGED, trust=few))
    assert "You have marked none of these answers with the names hidden. It may count from 20 marks on." in text
    assert "No pairs were judged" in text
    assert "Which of two answers is better" not in text
    alike = report(CARD, replace(JUDGED, trust=replace(few, marked=3, alike=3)))
    assert "can't be said, as all were judged alike" in alike


def test_a_model_that_judges_itself_is_told() -> None:
    assert "**It judges itself**" in report(CARD, replace(JUDGED, itself=True))
    assert "can't be told" in report(CARD, replace(JUDGED, itself=None))
    assert "base model" not in report(CARD, JUDGED)


def test_who_judges_is_told_before() -> None:
    assert "No judge is set up" in who(Settings())
    assert "The model that answers, starter, can judge, too" in who(Settings(base_model="starter"))
    there = Settings(judge_url="https://me:secret@there", judge_model="*big*", judge_token=SecretStr("secret"))
    assert who(there).startswith("The model \\*big\\* of another server judges, so questions")
    assert who(Settings(judge_model="big")) == "The model big judges."


def test_a_judging_is_told_in_words() -> None:
    job = Job("j", "judge", JobState.RUNNING, {}, step=12, total_steps=40, phase="ask")
    assert "30 % · 12 of 40 verdicts" in standing(job, working=True)
    assert standing(replace(job, state=JobState.SUCCEEDED), working=True) == ""
    assert standing(None, working=True) == ""
    assert "not running just now" in standing(replace(job, state=JobState.QUEUED), working=False)
    failed = replace(job, state=JobState.FAILED, failure_text="It is gone.", failure_next_step="Go on.")
    assert standing(failed, working=True) == "**✕** It is gone. Go on."
