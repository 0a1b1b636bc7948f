"""The measured table: a row for each thing that people ask of the ways, a column for each column of a score."""

from collections.abc import Callable, Mapping
from typing import get_args

from jobs.evaluation.measuring.found import Found
from jobs.requests import MeasuredRow
from storage.records import Job, JobState, Json, Scorecard
from studio.views import markdown
from studio.views.scores import column_names, kind_name, ordered
from studio.wording import measured as words
from studio.wording import runs
from studio.wording.failures import join
from studio.wording.numbers import ago, percent, short_hash
from studio.wording.scores import KINDS

Findings = Mapping[str, Mapping[str, Found]]


def table(card: Scorecard, found: Findings, now: float, *, links: bool = True) -> str:
    """Return the table; with `links`, each row leads to the button that measures it."""
    ways, names = ordered(card), column_names(card)
    head = [words.HEAD, *(markdown.plain(names[way["column_id"]]) for way in ways), words.WHEN]
    rows = [_row(row, card, found.get(row, {}), now, links) for row in words.ROWS]
    return f"{markdown.table(head, rows)}\n\n{words.HELP}"


def _row(row: str, card: Scorecard, found: Mapping[str, Found], now: float, links: bool) -> list[str]:
    tell = _CELLS[row]
    cells = [tell(way, found.get(way["column_id"])) or words.NOT_YET for way in ordered(card)]
    return [f"**{words.ROWS[row]}**", *cells, _when(row, card, found, now, links)]


def _when(row: str, card: Scorecard, found: Mapping[str, Found], now: float, links: bool) -> str:
    known = [found[way["column_id"]] for way in card.ways if way["column_id"] in found]
    parts = [ago(min(one.at for one in known), now)] if known else []
    if not known and _CELLS[row] in _FROM_THE_SCORE and any(_CELLS[row](way, None) for way in card.ways):
        parts = [words.WITH_THE_SCORE]
    beside = {kind: runs.KINDS.get(kind, kind) for one in known for kind in one.beside}
    if beside and row in _TIMED:
        parts.append(words.beside(beside))
    if links and row in get_args(MeasuredRow):
        parts.append(f"[{words.AGAIN if known else words.MEASURE}](#measure-{row})")
    return "<br>".join(parts)


def _model(way: Json, found: Found | None) -> str:
    if found is not None and "failed" in found.cell:
        return _failed(found)
    reported = way.get("reported", {})
    known = found.cell if found else {key: next(iter(told), None) for key, told in reported.items()}
    for key, say in (("adapter_sha256", words.changed), ("base_sha256", words.unchanged)):
        if known.get(key):
            return say(markdown.code(short_hash(str(known[key]))))
    return words.NOT_REPORTED if found or reported else ""


def _live(_way: Json, found: Found | None) -> str:
    if found is None or "failed" in found.cell:
        return _failed(found)
    cell = found.cell
    seconds = None if cell["answer_s"] is None else cell["change_s"] + cell["answer_s"]
    return words.live(cell["says"]["new"], cell["asked"], seconds)


def _fact(way: Json, found: Found | None) -> str:
    if found is None or "failed" in found.cell:
        return _failed(found)
    cell = found.cell
    new, asked = cell["says"]["new"], cell["asked"]
    if way.get("collection"):
        return words.read_anew(new, asked, cell["change_s"])
    if way.get("adapter_id"):
        return words.trained_anew(new, asked, cell["training_s"])
    return words.not_read(new, asked) if way.get("tools") else words.impossible(new, asked)


def _kinds(way: Json, _found: Found | None) -> str:
    kinds = way.get("kinds", {})
    if len(kinds) < 2:
        return _share(way)
    order = [*(kind for kind in KINDS if kind in kinds), *sorted(set(kinds) - set(KINDS))]
    return "<br>".join(f"{_share(kinds[kind])} {markdown.plain(kind_name(kind))}" for kind in order)


def _share(counted: Json) -> str:
    return f"{round(counted['right'] * counted['n'])} of {counted['n']}"


def _cost(way: Json, found: Found | None) -> str:
    parts = [words.in_the_scoring(float(way["seconds"])), f"{way['tokens']:.0f} tokens"]
    if found is None:
        return "<br>".join([*parts, words.MEMORY_UNKNOWN])
    alone, held = found.cell.get("seconds"), found.cell["memory_bytes"]
    first = [words.alone(alone)] if alone is not None else []
    return "<br>".join([*first, *parts, words.MEMORY_NOT_REPORTED if held is None else words.memory(held)])


def _setup(way: Json, found: Found | None) -> str:
    if found is None:
        return ""
    parts = [words.training(found.cell["training_s"])] if way.get("adapter_id") else []
    parts += [words.reading(found.cell["reading_s"])] if way.get("collection") else []
    parts += [words.tools(found.cell["tools"])] if found.cell["tools"] else []
    return "<br>".join(parts) or words.NOTHING_TO_SET_UP


def _unknown(way: Json, found: Found | None) -> str:
    own = way.get("kinds", {}).get("unknown")
    parts = [words.says_so(round(own["right"] * own["n"]), own["n"])] if own else []
    if found is not None:
        made_up = words.says_so_made_up(found.cell["said"], found.cell["asked"])
        parts.append(_failed(found) if "failed" in found.cell else made_up)
    return "<br>".join(parts)


def _failed(found: Found | None) -> str:
    return "" if found is None else words.no_answer(markdown.plain(found.cell["failed"]))


_CELLS: Mapping[str, Callable[[Json, Found | None], str]] = {
    "model": _model,
    "live": _live,
    "fact": _fact,
    "kinds": _kinds,
    "cost": _cost,
    "setup": _setup,
    "unknown": _unknown,
}
_TIMED = {"live", "fact", "cost"}
_FROM_THE_SCORE = (_model, _kinds, _cost, _unknown)


def standing(job: Job | None, working: bool = True) -> str:
    """Return how the measuring in hand stands, or why the newest failed; nothing where it ended well."""
    if job is None or job.state in {JobState.SUCCEEDED, JobState.CANCELLED}:
        return ""
    if job.state is JobState.FAILED:
        return f"**✕** {markdown.plain(join(job.failure_text, job.failure_next_step))}"
    if not working:
        return f"◌ {runs.NO_WORKER}"
    if job.state is not JobState.RUNNING or not job.total_steps:
        return runs.standing(job)
    return markdown.progress(
        percent(job.step, job.total_steps), words.measuring(job.phase, job.step + 1, job.total_steps)
    )
