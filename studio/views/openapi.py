"""What an OpenAPI document offers, in words: what can be ticked, what can't and why, and the questions for it."""

from collections.abc import Mapping, Sequence

from jobs.tools.service.openapi.adding import Outcome, Standing
from jobs.tools.service.openapi.operations import Described, Operation
from storage.errors import UserFault
from storage.records import ToolRecord
from studio.views import markdown, notices
from studio.views.services import added
from studio.wording import openapi as words

_MOST_LEFT_OUT = 6


def found(document: Described, gone: Sequence[ToolRecord]) -> str:
    """Return how much can be used, which tools the document no longer holds, and which secret it asks for."""
    locks = dict.fromkeys(one.lock for one in document.usable if one.lock)
    lines = [words.found(markdown.plain(document.title), len(document.usable), len(document.refused))]
    lines += [words.more(document.more)] if document.more else []
    lines += [words.gone([markdown.plain(one.config["name"]) for one in gone])] if gone else []
    lines += [words.lock(markdown.code(lock)) for lock in locks]
    return "\n\n".join(lines)


def refused(document: Described) -> str:
    """Return each operation that can't be used, with the reason."""
    if not document.refused:
        return words.NONE_REFUSED
    return "\n".join(f"- {markdown.code(one.label)}: {markdown.plain(one.reason)}" for one in document.refused)


def choices(document: Described, standing: Mapping[str, Standing]) -> list[tuple[str, str]]:
    """Return what can be ticked, as the line to read and the id."""
    return [(line(one, standing[one.id]), one.id) for one in document.usable]


def line(one: Operation, standing: Standing) -> str:
    """Return one operation as a line of plain text."""
    needed = [value.parameter.name for value in one.inputs]
    rest = len(one.left_out) - _MOST_LEFT_OUT
    left_out = [*one.left_out[:_MOST_LEFT_OUT], *([f"{rest} more"] if rest > 0 else [])]
    asked = words.asked(one.method == "POST", one.method, one.path, needed, left_out)
    state = words.STATES[standing.state]
    return f"{one.name}: {one.description} ({asked})" + (f" · {state}" if state else "")


def question_lines(document: Described, standing: Mapping[str, Standing], ticked: Sequence[str], text: str) -> str:
    """Return a line with a question for each ticked operation; what a person wrote already stays."""
    written = dict(_split(line) for line in text.splitlines())
    chosen = [one for one in document.usable if one.id in ticked]
    said = [written.get(one.name.casefold()) or standing[one.id].question for one in chosen]
    return "\n".join(f"{one.name}: {question}" for one, question in zip(chosen, said, strict=True))


def questions(document: Described, ticked: Sequence[str], text: str) -> dict[str, str]:
    """Return the questions by the id of their operation; raise UserFault for a line that belongs to none."""
    ids = {one.name.casefold(): one.id for one in document.usable if one.id in ticked}
    made: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, question = _split(line)
        if name not in ids:
            raise UserFault(words.no_question(markdown.shortened(line, 60)), words.WRITE_QUESTION)
        made[ids[name]] = question
    return made


def outcomes(several: Sequence[Outcome]) -> str:
    """Return what became of each ticked operation."""
    return "\n\n".join(_outcome(one) for one in several)


def _outcome(one: Outcome) -> str:
    if isinstance(one.made, UserFault):
        return f"{notices.failed(one.made)} ({markdown.plain(one.operation.name)})"
    return notices.done(added(one.made))


def _split(line: str) -> tuple[str, str]:
    name, _, question = line.partition(":")
    return name.strip().casefold(), question.strip()
