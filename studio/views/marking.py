"""One answer to be marked, its column hidden, and how far the automatic judgement agrees with the marks."""

from collections.abc import Mapping, Sequence

from jobs.answering.grounding import without_marks
from jobs.evaluation.marking import Sheet
from storage.marks import Mark, Place
from studio.views import markdown
from studio.wording import marking as words
from studio.wording import scores


def sheet(shown: Sheet) -> str:
    """Return question, wanted answer and given answer of one that is to be marked."""
    line = shown.line
    wanted = [line["expected"], *line["accepted"]] if line["expected"] else list(line["accepted"])
    told = " / ".join(markdown.plain(text) for text in wanted) or (scores.SAY_SO if line["kind"] == "unknown" else "–")
    parts = [
        f"### {words.question(line['row'])}. {markdown.plain(line['question'])}",
        f"{scores.WANTED}: {told}",
        markdown.quoted(without_marks(line["answer"]) or "–"),
    ]
    return "\n\n".join(parts)


def progress(asked: Sequence[Sheet], marks: Mapping[Place, Mark]) -> str:
    """Return how many of the answers are marked."""
    done = sum(all(place in marks for place in one.places) for one in asked)
    return words.progress(done, len(asked))


def agreement(told: Mapping[str, tuple[int, int, float | None]]) -> str:
    """Return the table of how far each automatic judgement agrees with the marks; nothing without marks."""
    if not told:
        return ""
    rows = [
        [
            markdown.plain(scores.YARDSTICKS.get(yardstick, yardstick)),
            f"{alike} of {of}",
            words.TOO_EVEN if beyond is None else f"{beyond:.2f}",
        ]
        for yardstick, (alike, of, beyond) in sorted(told.items())
    ]
    return f"**{words.AGREEMENT}**\n\n{markdown.table(words.TABLE_HEAD, rows)}\n\n{words.AGREEMENT_HELP}"
