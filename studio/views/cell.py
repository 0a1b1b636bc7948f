"""One answer of a score with everything about it: what was wanted, why it counts so, what it rests on, what made it."""

import json
from collections.abc import Mapping, Sequence

from jobs.answering.grounding import without_marks
from storage.records import AnswerState, Column, Json, Passage, Scorecard, ToolCall
from studio.views import evidence, markdown
from studio.views.answers import Standing
from studio.views.difference import closest, difference
from studio.views.questions import Asked, judged
from studio.views.scores import column_names, kind_name
from studio.wording import cells as words
from studio.wording import scores
from studio.wording.answers import READ_BACK
from studio.wording.numbers import ago, count, duration
from studio.wording.tools import title as tool_title


def place(asked: Sequence[Asked], names: Mapping[str, str], row: int, column: str) -> tuple[Asked, str] | None:
    """Return the question of that number, and the column or else the first that answered it; None without either."""
    found = next((one for one in asked if one.row == row), None)
    answered = [one for one in names if found and one in found.answers]
    return (found, column if column in answered else answered[0]) if found and answered else None


def cell(one: Asked, column: str, card: Scorecard, now: float) -> str:
    """Return the answer of a column to a question of a scorecard."""
    line, way = one.answers[column], next(way for way in card.ways if way["column_id"] == column)
    parts = [
        f"### {one.row}. {markdown.plain(one.question)}",
        _wanted(one),
        f"**{markdown.plain(column_names(card)[column])}**: {judged(line)}",
        f"**{words.GIVEN}** ({_cost(line)})",
        markdown.quoted(line["answer"] or "–"),
        _difference(line, one.wanted),
        _rests_on(line),
        _each_time(line),
        _made(line, way),
        _taken_over(line, now),
        f"[{words.LINK}]({scores.address(card.id, column=column, row=one.row)})",
    ]
    return "\n\n".join(filter(None, parts))


def _wanted(one: Asked) -> str:
    wanted = " / ".join(markdown.plain(text) for text in one.wanted)
    told = wanted or (scores.SAY_SO if one.kind == "unknown" else "–")
    kind = f" · {markdown.plain(kind_name(one.kind))}" if one.kind else ""
    return f"**{scores.WANTED}**: {told}{kind}"


def _cost(line: Json) -> str:
    return f"{duration(float(line['seconds']))}, {count(round(line['tokens']), 'token')}"


def _difference(line: Json, wanted: Sequence[str]) -> str:
    given = without_marks(line["answer"]).strip()
    if not given or not wanted:
        return ""
    return f"**{words.DIFFERENCE}**\n\n{difference(given, closest(given, wanted))}"


def _rests_on(line: Json) -> str:
    passages = [_passage(number, passage) for number, passage in enumerate(line["passages"], 1)]
    calls = [_call(call) for call in line["calls"]]
    told = [*passages, *calls] or [scores.NOTHING_READ]
    return "\n\n".join([f"**{words.RESTS_ON}**", *told])


def _passage(number: int, passage: Json) -> str:
    page = f", page {passage['page']}" if passage.get("page") else ""
    head = f"{number}\\. **{markdown.plain(passage['document'])}**{page}, scores {passage['score']:.2f}"
    return f"{head}\n\n{markdown.quoted(passage['text'])}"


def _call(call: Json) -> str:
    told = [f"**{tool_title(call['tool'])}** was asked", markdown.fence(json.dumps(call["arguments"], indent=1))]
    back = call["result"] if call["error"] is None else call["error"]
    return "\n\n".join([*told, "and gave" if call["error"] is None else "and failed", markdown.fence(str(back))])


def _each_time(line: Json) -> str:
    runs: Sequence[Json] = line.get("runs") or ()
    told = [
        f"{words.run(number, len(runs))}: {judged(run)}\n\n{markdown.quoted(run['answer'] or '–')}"
        for number, run in enumerate(runs, 1)
    ]
    return "\n\n".join([f"**{words.EACH_TIME}**", *told]) if told else ""


def _made(line: Json, way: Json) -> str:
    if line["state"] == AnswerState.FAILED:
        return ""
    told = line["provenance"]
    standing = Standing(
        AnswerState(line["state"]),
        seconds=float(line["seconds"]),
        tokens=round(line["tokens"]),
        provenance=told,
        passages=tuple(Passage(**passage) for passage in line["passages"]),
        index_version=told.get("index_version"),
        calls=tuple(ToolCall(**call) for call in line["calls"]),
    )
    column = Column(line["column_id"], line["way"], collection=way.get("collection"))
    table = evidence.made(standing, column, str(way.get("adapter") or ""))
    return f"**{words.MADE}**. {READ_BACK}\n\n{table}"


def _taken_over(line: Json, now: float) -> str:
    origin = line.get("taken_from")
    return (
        f"{scores.taken_from(ago(origin['at'], now))} [{words.THAT_SCORE}]({scores.address(origin['card'])})"
        if origin
        else ""
    )
