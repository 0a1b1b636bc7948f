"""What stands where comparisons are searched and taken away."""

from urllib.parse import urlencode

FORMS = {"md": "Markdown", "csv": "CSV", "json": "JSON"}
SEARCH = "Search"
SEARCH_HELP = "In your questions and in what was answered."
NONE_FOUND = "Nothing found. Try fewer words."
SEALED = "The names are hidden until the vote."
NO_ANSWER = "No answer"
CHOSEN = "chosen"
TIE = "a tie"
NONE_GOOD = "none was good"


def this_one(comparison_id: str) -> str:
    """Return the links by which one comparison is taken away."""
    links = (f"[{title}](/downloads/comparisons/{comparison_id}.{form})" for form, title in FORMS.items())
    return f"Take this comparison away: {' · '.join(links)}"


def these(sought: str) -> str:
    """Return the links by which all comparisons that are listed are taken away, also those beyond the list's end."""
    query = f"?{urlencode({'q': sought})}" if sought else ""
    links = (f"[{title}](/downloads/comparisons.{form}{query})" for form, title in FORMS.items())
    return f"Take {'all that was found' if sought else 'them all'} away: {' · '.join(links)}"


def asked_at(day: str) -> str:
    """Return when a question was asked."""
    return f"Asked on {day}."


def preferred(title: str, *, blind: bool) -> str:
    """Return what was chosen, and whether its name was hidden then; `title` is Markdown already."""
    return f"Chosen: {title}{', with the names hidden' if blind else ''}."


def sources(named: str) -> str:
    """Return the sources of an answer, numbered as its marks."""
    return f"Sources: {named}"


def tools(named: str) -> str:
    """Return the tools that an answer called."""
    return f"Tools: {named}"


def not_whole(why: str) -> str:
    """Return that an answer ended before it was whole; `why` is Markdown already, empty where a person stopped it."""
    return f"Not the whole answer. {why}".strip()


def written(count: int, file: str) -> str:
    """Return what was written."""
    return f"{count:,} written to {file}"
