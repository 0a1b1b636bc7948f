"""Every question behind a score: what was wanted, what each column answered, whether it is right, on what it rests."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from jobs.evaluation.marking import JUDGE
from storage.records import AnswerState, Json
from studio.views import markdown
from studio.views.scores import kind_name
from studio.wording import cells
from studio.wording import scores as words
from studio.wording.numbers import count, duration
from studio.wording.tools import title as tool_title

PER_PAGE = 10
EVERY = "*"
_LONGEST_PASSAGE = 400
_HEADING = re.compile(r"^#+\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the answers of all columns, by column id."""

    row: int
    question: str
    kind: str
    wanted: tuple[str, ...]
    answers: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions to show: all, those with a wrong answer, or where the ways differ; of one kind, of one column."""

    show: str = "all"
    kind: str = EVERY
    column: str = EVERY


def questions(lines: Sequence[Json]) -> list[Asked]:
    """Return the questions that the lines of an answers file hold, in their order."""
    return [_asked(list(same)) for _, same in groupby(lines, key=lambda line: line["row"])]


def _asked(lines: Sequence[Json]) -> Asked:
    first = lines[0]
    wanted = (first["expected"], *first["accepted"]) if first["expected"] else tuple(first["accepted"])
    answers = {line["column_id"]: line for line in lines}
    return Asked(first["row"], first["question"], first["kind"], wanted, answers)


def chosen(asked: Sequence[Asked], wanted: Filter) -> list[Asked]:
    """Return the questions that the filter lets through."""
    return [one for one in asked if wanted.kind in (EVERY, one.kind) and _shows(one, wanted)]


def _shows(one: Asked, wanted: Filter) -> bool:
    right = {column: bool(line["right"]) for column, line in one.answers.items()}
    if wanted.show == "wrong":
        return not all(right.values()) if wanted.column == EVERY else not right.get(wanted.column, True)
    return wanted.show != "differ" or len(set(right.values())) > 1


def page(asked: Sequence[Asked], names: Mapping[str, str], wanted: Filter, number: int) -> str:
    """Return one page of the questions that the filter lets through; `number` counts from 0."""
    found = chosen(asked, wanted)
    if not found:
        return words.NOTHING_LIKE_IT
    first = PER_PAGE * min(number, last_page(len(found)))
    shown = found[first : first + PER_PAGE]
    heading = words.page_of(first + 1, first + len(shown), len(found))
    return "\n\n".join([f"**{heading}**", *(_question(one, names, wanted.column) for one in shown)])


def last_page(found: int) -> int:
    """Return the number of the last page, counted from 0."""
    return max(0, found - 1) // PER_PAGE


def _question(one: Asked, names: Mapping[str, str], column: str) -> str:
    columns = [column_id for column_id in names if column_id in one.answers and column in (EVERY, column_id)]
    rows = [_row(names[column_id], one.answers[column_id]) for column_id in columns]
    kind = f" · {markdown.plain(kind_name(one.kind))}" if one.kind else ""
    wanted = " / ".join(markdown.plain(text) for text in one.wanted) or (words.SAY_SO if one.kind == "unknown" else "")
    head = f"### {one.row}. {markdown.plain(one.question)}"
    about = f"{words.WANTED}: {wanted}{kind}" if wanted else kind.removeprefix(" · ")
    return "\n\n".join(filter(None, [head, about, markdown.table(words.QUESTION_HEAD, rows)]))


def _row(name: str, line: Json) -> list[str]:
    given = line["answer"].strip()
    cost = duration(float(line["seconds"])) + (f", {count(round(line['tokens']), 'token')}" if line["tokens"] else "")
    answer = markdown.paragraphs(given).replace("  \n", "<br>") if given else "–"
    return [f"**{markdown.plain(name)}**", f"{answer}<br>{cost}", judged(line), _rests_on(line)]


def judged(line: Json) -> str:
    """Return whether an answer is right, and why; where a person said it, what they changed."""
    if "judged" in line:
        reason = markdown.plain(line["reason"])
        said = cells.overridden(before=line["judged"]["right"], now=line["right"], reason=reason, blind=line["blind"])
        return f"**{cells.verdict(right=line['right'])}**. {said}"
    if line["state"] == AnswerState.FAILED:
        return f"✕ **{words.FAILED}**: {markdown.plain(line['reason'])}"
    if line["right"]:
        return f"✓ **right**: {words.YARDSTICKS.get(line['yardstick'], line['yardstick'])}"
    who = f"{words.YARDSTICKS[JUDGE]}. " if line["yardstick"] == JUDGE else ""
    return f"✕ **wrong**: {who}{markdown.plain(line['reason'])}"


def _rests_on(line: Json) -> str:
    passages = [_passage(number, passage) for number, passage in enumerate(line["passages"], 1)]
    calls = [_call(call) for call in line["calls"]]
    return "<br>".join([*passages, *calls]) or words.NOTHING_READ


def _passage(number: int, passage: Json) -> str:
    page = f", p. {passage['page']}" if passage.get("page") else ""
    text = markdown.plain(markdown.shortened(_HEADING.sub("", passage["text"]), _LONGEST_PASSAGE))
    return f"{number} **{markdown.plain(passage['document'])}**{page} ({passage['score']:.2f}): “{text}”"


def _call(call: Json) -> str:
    asked = json.dumps(call["arguments"], ensure_ascii=False)
    back = call["result"] if call["error"] is None else f"failed: {call['error']}"
    return f"**{tool_title(call['tool'])}** {markdown.plain(f'{asked} gave {markdown.shortened(str(back))}')}"
