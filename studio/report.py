"""A score as one page to send or to file: verdict, picture, tables and every answer, with nothing to fetch."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt

from jobs.evaluation.verdict import verdict
from storage.records import Json, Scorecard
from studio.views import exam, measures, questions
from studio.views import scores as view
from studio.views.asked import how_asked
from studio.views.bars import bars
from studio.views.verdict import verdict as in_words
from studio.wording import exam as unseen
from studio.wording import measures as more
from studio.wording import scores as words

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1B2430; max-width: 1100px; margin: 32px auto; padding: 0 20px; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; } th, td { text-align: left; vertical-align: top;
padding: 6px 10px; border-bottom: 1px solid #E1E6ED; } th { color: #4A5565; } svg { max-width: 640px; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""
# Whatever a text holds, this page runs nothing and fetches nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report(card: Scorecard, lines: Sequence[Json], name: str, now: float, beside: str = "") -> str:
    """Return the page of a score; `lines` are the answers that count, `name` is what was scored.

    `beside` is more of it as Markdown.
    """
    names = view.plain_names(card)
    told = in_words(card, verdict(lines, list(names)), names, lines)
    told = "\n\n".join(filter(None, [told, exam.unseen(card, lines, names), how_asked(lines, names, now)]))
    summary = view.scorecard(card, name, told, (), now).rsplit("\n\n", 1)[0]  # what follows is links to the studio
    body = [
        _html(summary),
        bars(view.ordered(card), view.column_names(card)),
        _html(beside),
        _html(view.facts(card)),
        f"<h2>{escape(more.TITLE)}</h2>",
        _html(measures.measures(card)),
        *_seen(card, lines, names),
        f"<h2>{escape(words.EVERY)}</h2>",
        *(_html(page) for page in _pages(lines, card)),
    ]
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    title = f"<title>{escape(name)} · Triptych</title>"
    style = f"<style>{_STYLE}</style>"
    return f'<!doctype html><html lang="en"><head>{head}{title}{style}</head><body>{"".join(body)}</body></html>'


def _seen(card: Scorecard, lines: Sequence[Json], names: Mapping[str, str]) -> list[str]:
    listed = exam.seen_questions(card, lines, names)
    return [f"<h2>{escape(unseen.LISTED)}</h2>", _html(listed)] if listed else []


def _pages(lines: Sequence[Json], card: Scorecard) -> list[str]:
    asked = questions.questions(lines)
    numbers = range(questions.last_page(len(asked)) + 1)
    return [questions.page(asked, view.column_names(card), questions.Filter(), number) for number in numbers]


def _html(text: str) -> str:
    return _MARKDOWN.render(text)


def _nothing(*_token: Any) -> str:
    return ""


def _without_links() -> MarkdownIt:
    """Links would lead into a studio that the reader may not have; the picture is drawn into the page instead."""
    made = MarkdownIt("commonmark", {"html": True}).enable("table")
    for rule in ("link_open", "link_close", "image"):
        made.add_render_rule(rule, _nothing)
    return made


_MARKDOWN = _without_links()
