"""What a judge said of the answers of a score, and how far it can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from jobs.evaluation.trusting import LEAST_KAPPA, LEAST_MARKS, Trust
from jobs.models.choosing import base_model
from storage.records import Job, JobState, Json, Scorecard
from storage.settings import Settings
from studio.views import markdown
from studio.views.scores import column_names, plain_names
from studio.wording import judging as words
from studio.wording import runs
from studio.wording.failures import join
from studio.wording.measures import of
from studio.wording.numbers import percent


@dataclass(frozen=True, slots=True)
class Judged:
    """A judging of a scorecard.

    `lines` are the answers as they count now, `verdicts` those on single answers by column id and row; `itself` is
    whether the answering model judges, None where that can't be told; `let` which judging a person lets count.
    """

    trust: Trust
    lines: Sequence[Json]
    verdicts: Mapping[tuple[str, int], Json]
    itself: bool | None
    let: Literal["this", "another", "none"]

    @property
    def judge(self) -> str:
        """The model that judged."""
        return ", ".join(sorted({body["model"] for body in self.verdicts.values()}))

    @property
    def said_anything(self) -> bool:
        """Whether there is a verdict at all."""
        return bool(self.trust.answers or self.trust.duels)

    @property
    def counts(self) -> bool:
        """Whether its verdicts count in the score."""
        return self.let == "this" and self.trust.may_count


def who(settings: Settings) -> str:
    """Return which model judges, or that none is set up."""
    if settings.judge_model is None:
        return words.none_named(markdown.plain(base_model(settings)))
    return words.stronger(markdown.plain(settings.judge_model), elsewhere=settings.judge_url is not None)


def standing(job: Job | None, working: bool) -> str:
    """Return how the newest judging stands, nothing where it ended well; `working` is whether a worker runs."""
    if job is None or job.state in {JobState.CANCELLED, JobState.SUCCEEDED}:
        return ""
    if job.state is JobState.FAILED:
        return f"**✕** {markdown.plain(join(job.failure_text, job.failure_next_step))}"
    if job.state is JobState.QUEUED and not working:
        return f"◌ {runs.NO_WORKER}"
    if not job.total_steps:
        return runs.standing(job)
    return markdown.progress(percent(job.step, job.total_steps), words.said(job.step, job.total_steps))


def report(card: Scorecard, judged: Judged) -> str:
    """Return whether the judge counts, how far it can be trusted, and what it said of each way and pair."""
    if not judged.said_anything:
        return ""
    trusted = [*_trusted(judged), words.done(markdown.plain(judged.judge)), _itself(judged)]
    parts = [
        _standing(judged),
        "\n".join(f"- {sentence}" for sentence in trusted if sentence),
        _table(card, judged),
        _duels(card, judged.trust),
    ]
    return "\n\n".join(filter(None, parts))


def in_lines(card: Scorecard, judged: Judged) -> list[str]:
    """Return the same for a terminal: plain lines, without the pairs."""
    if not judged.said_anything:
        return []
    told = [_standing(judged), *_trusted(judged), words.done(judged.judge), _itself(judged)]
    ways = [words.way_line(name, right, counted) for name, right, counted, _ in _by_way(card, judged)]
    return [line.replace("**", "") for line in (*told, *ways) if line]


def as_document(judged: Judged) -> Json:
    """Return it as one document."""
    told = judged.trust
    return {
        "model": judged.judge,
        "itself": judged.itself,
        "counts": judged.counts,
        "answers": dict(told.answers),
        "marked": told.marked,
        "alike": told.alike,
        "kappa": told.kappa,
        "longer_won": asdict(told.longer),
        "order_decided": asdict(told.flipped),
        "pairs": [asdict(duel) for duel in told.duels],
    }


def _trusted(judged: Judged) -> list[str]:
    told = judged.trust
    agreement = words.agreement(told.alike, told.marked, told.kappa, LEAST_MARKS, LEAST_KAPPA)
    return [agreement, _failures(told), *_of_pairs(told)]


def _itself(judged: Judged) -> str:
    return {True: words.ITSELF, None: words.UNKNOWN_BASE, False: ""}[judged.itself]


def _standing(judged: Judged) -> str:
    if judged.let == "another":
        return words.ANOTHER_COUNTS
    if judged.let == "this":
        return words.COUNTS if judged.counts else words.NO_LONGER
    return f"{words.HINT} {words.MAY_COUNT}" if judged.trust.may_count else words.HINT


def _failures(told: Trust) -> str:
    pairs = [duel.first_better + duel.second_better + duel.ties + duel.failed for duel in told.duels]
    failed = told.answers.get("failed", 0) + sum(duel.failed for duel in told.duels)
    return words.failures(failed, sum(told.answers.values()) + sum(pairs))


def _of_pairs(told: Trust) -> list[str]:
    if not told.flipped.of:
        return [words.NO_PAIRS]
    return [
        words.length(told.longer.count, told.longer.of, *told.longer.interval),
        words.position(told.flipped.count, told.flipped.of, *told.flipped.interval),
    ]


def _table(card: Scorecard, judged: Judged) -> str:
    rows = [[f"**{markdown.plain(name)}**", *told] for name, *told in _by_way(card, judged)]
    return markdown.table(words.TABLE_HEAD, rows)


def _by_way(card: Scorecard, judged: Judged) -> list[tuple[str, str, str, str]]:
    """Return each way's name, what is right as the judge says and as counted now, and how many have no verdict."""
    rows: list[tuple[str, str, str, str]] = []
    for column, name in column_names(card).items():
        mine = [line for line in judged.lines if line["column_id"] == column]
        verdicts = [body["verdict"] for (whose, _), body in judged.verdicts.items() if whose == column]
        read = [verdict for verdict in verdicts if verdict != "failed"]
        right = sum(bool(line["right"]) for line in mine)
        rows.append((name, of(read.count("right"), len(read)), of(right, len(mine)), f"{len(mine) - len(read):,}"))
    return rows


def _duels(card: Scorecard, told: Trust) -> str:
    if not told.duels:
        return ""
    names = plain_names(card)
    rows = [
        [
            f"**{markdown.plain(words.against(names[duel.first], names[duel.second]))}**",
            *(f"{number:,}" for number in (duel.first_better, duel.second_better, duel.ties, duel.failed)),
        ]
        for duel in told.duels
    ]
    return f"**{words.DUELS}**\n\n{markdown.table(words.DUELS_HEAD, rows)}\n\n{words.DUELS_HELP}"
