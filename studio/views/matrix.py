"""Every question of a score by every column: right or wrong at a glance, each row a link to its answers."""

from collections.abc import Mapping, Sequence

from storage.records import AnswerState, Json
from studio.views import markdown
from studio.views.questions import Asked, Filter, chosen
from studio.wording import cells as words
from studio.wording import scores

_LONGEST_QUESTION = 90


def matrix(asked: Sequence[Asked], names: Mapping[str, str], wanted: Filter, card_id: str) -> str:
    """Return the questions that the filter lets through as a table; `names` are those of the columns, by id."""
    found = chosen(asked, wanted)
    if not found:
        return scores.NOTHING_LIKE_IT
    heads = [f"[{markdown.plain(name)}]({scores.address(card_id, column=column)})" for column, name in names.items()]
    rows = [[_question(one, card_id), *(_mark(one.answers.get(column)) for column in names)] for one in found]
    table = markdown.table((words.QUESTION, *heads), rows)
    return f"**{words.matrix_head(len(found), len(asked))}**. {words.OVERVIEW}\n\n{table}"


def _question(one: Asked, card_id: str) -> str:
    text = markdown.plain(markdown.shortened(one.question, _LONGEST_QUESTION))
    return f"[{one.row}\\. {text}]({scores.address(card_id, row=one.row)})"


def _mark(line: Json | None) -> str:
    if line is None:
        return words.NOT_ASKED
    if line["state"] == AnswerState.FAILED and "judged" not in line:
        return f"✕ {scores.FAILED.lower()}"
    told = words.verdict(right=bool(line["right"]))
    if "judged" in line:
        return f"{told} ({words.SAID_SO})"
    runs: Sequence[Json] = line.get("runs") or ()
    return f"{told} ({sum(bool(run['right']) for run in runs)} of {len(runs)})" if runs else told
