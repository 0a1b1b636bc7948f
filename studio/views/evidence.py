"""What the drawer beside a comparison shows: one passage within its document, or all that made an answer."""

import json
from collections.abc import Sequence
from dataclasses import replace

from storage.records import AnswerState, Column, Passage, ToolCall
from studio.views import markdown
from studio.views.answers import Standing
from studio.wording import answers as words
from studio.wording import compare
from studio.wording.numbers import count, duration
from studio.wording.tools import title as tool_title

CITED = "the passage"
AROUND = 400
_OVER = {AnswerState.FINISHED, AnswerState.FAILED, AnswerState.STOPPED}
Spans = list[tuple[str, str | None]]


def passage_heading(number: int, passage: Passage) -> str:
    """Return which source this is: its number, document and page."""
    page = f", page {passage.page}" if passage.page else ""
    return f"## Source {number}: {markdown.plain(passage.document)}{page}"


def quoted(now: Standing, number: int) -> Passage:
    """Return source `number`: the sentence of it that the answer quotes, or all of it where it quotes none."""
    passage, quote = now.passages[number - 1], now.provenance.get("quote")
    if not quote or quote["passage"] != number:
        return passage
    start, end = quote["start"], quote["end"]
    text = passage.text[start - passage.start : end - passage.start]
    return replace(passage, text=text, start=start, end=end)


def passage_facts(now: Standing, passage: Passage, used_by: str) -> str:
    """Return who used the passage, how well it matched, what was needed, and what came next below that."""
    facts = (
        f"Used by **{markdown.plain(used_by)}**. This passage scores {passage.score:.2f} (needs {now.threshold:.2f})."
    )
    below = [near.score for near in now.nearest if near.score < now.threshold]
    return f"{facts} Next passage below the threshold: {max(below):.2f}." if below else facts


def spans(passage: Passage, document: str | None) -> Spans:
    """Return the passage marked within its surroundings; alone where the document is not there any more."""
    if document is None or document[passage.start : passage.end] != passage.text:
        return [(passage.text, CITED)]
    before = document[max(0, passage.start - AROUND) : passage.start]
    after = document[passage.end : passage.end + AROUND]
    start = "… " if passage.start > AROUND else ""
    end = " …" if passage.end + AROUND < len(document) else ""
    pieces: Spans = [(start + before, None), (passage.text, CITED), (after + end, None)]
    return [(text, mark) for text, mark in pieces if text]


def changed(passage: Passage, document: str | None) -> str:
    """Return a sentence where the document is no longer what the answer was made from."""
    if document is None:
        return "This document has been removed since. The passage is shown as it was read."
    if document[passage.start : passage.end] != passage.text:
        return "This document has been replaced since. The passage is shown as it was read."
    return ""


def made(now: Standing, column: Column, adapter_name: str) -> str:
    """Return the table of everything that made an answer, as the model server reported it."""
    rows = [*_model(now), *_wording(now), *_trained(now, adapter_name), *_told_before(column), *_looked_up(now, column)]
    return markdown.table(("Part", "What was really used"), [*rows, *_called(now), *_cost(now)])


def _model(now: Standing) -> list[tuple[str, str]]:
    told = now.provenance
    if told.get("prompt") == "none":
        return [("Model", words.NO_MODEL_WHY)]
    return [
        ("Model", markdown.plain(_told(told.get("base_id")))),
        ("Its weights (hash)", markdown.code(_told(told.get("base_sha256")))),
    ]


def _wording(now: Standing) -> list[tuple[str, str]]:
    if not now.passages or "wording" not in now.provenance:
        return []
    return [("Words of the answer", words.QUOTED if now.provenance["wording"] == "quote" else words.OWN_WORDS)]


def _trained(now: Standing, adapter_name: str) -> list[tuple[str, str]]:
    told = now.provenance
    if told.get("prompt") == "none":
        return []
    if not told.get("adapter_id"):
        return [("Trained on your examples", "no adapter in use")]
    rows = [
        ("Trained on your examples", markdown.plain(adapter_name or str(told["adapter_id"]))),
        ("Adapter file (hash)", markdown.code(_told(told.get("adapter_sha256")))),
    ]
    if told.get("tensors_sha256"):
        rows.append(("Adapter in memory (hash)", markdown.code(str(told["tensors_sha256"]))))
    return rows


def _told_before(column: Column) -> list[tuple[str, str]]:
    shown = "; ".join(f"“{asked}” “{answered}”" for asked, answered in column.shots)
    freedom = compare.freedom(column.temperature) if column.temperature else ""
    told = (("Freedom in wording", freedom), ("Instruction", column.instruction), ("Examples in its prompt", shown))
    return [(part, markdown.plain(text)) for part, text in told if text]


def _looked_up(now: Standing, column: Column) -> list[tuple[str, str]]:
    if now.index_version is None:
        return [("Your documents", "not looked into")]
    read = f"{count(len(now.passages), 'passage')} read from {markdown.plain(column.collection or 'your documents')}"
    return [("Your documents", f"{read}, version {now.index_version} of the index")]


def _called(now: Standing) -> list[tuple[str, str]]:
    if not now.calls:
        return [("Tools", "none called")]
    return [("Tools", "; ".join(_call(call) for call in now.calls))]


def _call(call: ToolCall) -> str:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    back = f"failed: {call.error}" if call.error is not None else call.result or ""
    return markdown.plain(f"{tool_title(call.tool)} {arguments} gave {markdown.shortened(back)}")


def _cost(now: Standing) -> list[tuple[str, str]]:
    told = now.provenance
    parts = [
        f"{label} {duration(float(told[key]))}"
        for key, label in (("queued_s", "waited"), ("prefill_s", "read the question"), ("decode_s", "wrote"))
        if isinstance(told.get(key), int | float)
    ]
    rows = [
        ("Time", f"{duration(now.seconds)}" + (f" ({', '.join(parts)})" if parts else "")),
        ("Length", f"{count(now.tokens, 'token')} (pieces of words)"),
    ]
    if told.get("seed") is not None:
        rows.append(("Seed (same seed, same answer)", str(told["seed"])))
    if told.get("prompt_sha256"):
        rows.append(("What it read (hash)", markdown.code(str(told["prompt_sha256"]))))
    return rows


def _told(value: object) -> str:
    return words.NOT_REPORTED if value is None else str(value)


def not_yet(now: Standing) -> str:
    """Return why there is nothing to show yet; empty where the answer is over, or has used something already."""
    if now.state in _OVER or now.calls or now.index_version is not None:
        return ""
    return "There is no answer in this column yet, so there is nothing to show. Ask a question first."


def nearest(passages: Sequence[Passage]) -> str:
    """Return what came closest where no passage was good enough."""
    rows = [
        (markdown.plain(near.document), f"{near.score:.2f}", markdown.plain(markdown.shortened(near.text, 120)))
        for near in passages
    ]
    return markdown.table(("Document", "Score", "Came closest"), rows) if rows else ""
