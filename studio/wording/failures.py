"""Errors in words: what happened, and what to press. The only place where a page turns an error into text."""

from pydantic import ValidationError

from storage.errors import TriptychError

OUTDATED = "This part of the page has changed in the meantime. Load the page anew, then press again."


def sentence(error: TriptychError) -> str:
    """Return what happened and the next step, as one line of plain text."""
    return join(str(error), error.next_step)


def join(what: str, next_step: str) -> str:
    """Return two sentences as one line, each ending as a sentence does."""
    return " ".join(_ended(part) for part in (what.strip(), next_step.strip()) if part)


def invalid(error: ValidationError, titles: dict[str, str]) -> str:
    """Return which field of a form is wrong and how; `titles` maps field names to their labels."""
    first = error.errors()[0]
    field = str(first["loc"][-1]) if first["loc"] else ""
    return f"{titles.get(field, field or 'This form')}: {_ended(_wrong(first['type'], first.get('ctx', {})))}"


def _wrong(kind: str, context: dict[str, object]) -> str:
    limits = {
        "greater_than": "choose a number above {gt}",
        "greater_than_equal": "choose a number of at least {ge}",
        "less_than": "choose a number below {lt}",
        "less_than_equal": "choose a number of at most {le}",
        "string_too_long": "use at most {max_length} characters",
        "string_too_short": "write something here",
        "int_from_float": "choose a whole number",
        "int_parsing": "write a whole number",
        "float_parsing": "write a number",
        "missing": "choose something here",
    }
    return limits.get(kind, "this can't be used; change it").format(**context)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
