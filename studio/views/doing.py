"""Wrong answers by their likely cause: a table of all ways, and of one way each cause with its questions."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from jobs.evaluation.causes import Cause, Group, groups
from storage.records import Json, Scorecard
from studio.views import markdown
from studio.views.scores import column_names, ordered
from studio.wording import doing as words
from studio.wording import rows, scores

_MOST = 4
_EXAMPLES: Mapping[Cause, str] = {"tone": "style", "made_up": "unknown", "not_learned": ""}


def overview(card: Scorecard, lines: Sequence[Json]) -> str:
    """Return the table of all ways, after a warning where the questions are sealed."""
    warned = words.SEALED if card.questions.get("sealed") else ""
    return "\n\n".join(filter(None, [warned, table(card, lines)]))


def table(card: Scorecard, lines: Sequence[Json]) -> str:
    """Return how many wrong answers each way has of each likely cause."""
    ways, names = ordered(card), column_names(card)
    told = {way["column_id"]: {one.cause: len(one.lines) for one in groups(lines, way)} for way in ways}
    there = [cause for cause in words.CAUSES if any(cause in counted for counted in told.values())]
    head = [words.HEAD, *(markdown.plain(names[column_id]) for column_id in told)]
    body = [[words.CAUSES[cause], *(str(counted.get(cause) or "–") for counted in told.values())] for cause in there]
    return markdown.table(head, body) if there else ""


def group(one: Group, card_id: str, column_id: str) -> str:
    """Return one cause with its questions, what helps, and the link to all answers of the way."""
    questions = [markdown.plain(markdown.shortened(line["question"], 120)) for line in one.lines]
    more = [words.more(len(questions) - _MOST)] if len(questions) > _MOST else []
    listed = "; ".join([*questions[:_MOST], *more])
    behind = f"[{words.ALL_OF_THEM}]({scores.address(card_id, column=column_id)})"
    return f"**{words.group(one.cause, len(one.lines))}**\n\n{listed} ({behind})\n\n{words.HELPS[one.cause]}"


def leads_to(one: Group, card: Scorecard, way: Json, dataset_id: str) -> str:
    """Return the address of the page where this cause is mended; `dataset_id` names the examples to add to, or none."""
    match one.cause:
        case "no_tool" | "tool":
            return "/tools"
        case "no_document" | "not_found" | "misread":
            named = {"collection": way["collection"]} if way.get("collection") else {}
            return f"/documents?{urlencode(named)}" if named else "/documents"
        case "failed":
            return scores.address(card.id, column=way["column_id"])
        case _:
            kind = _EXAMPLES[one.cause]
            return (rows.address(dataset_id) + (f"&kind={kind}" if kind else "")) if dataset_id else "/examples"


def drafts_from(one: Group) -> list[str]:
    """Return the documents that were read for the answers of a group, each once; empty where none was read."""
    return list(dict.fromkeys(passage["document"] for line in one.lines for passage in line["passages"]))
