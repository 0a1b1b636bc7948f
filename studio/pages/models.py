"""The models, a part of Train: which there are and how they fit; fetch, bring, try out, change which one answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.models.bringing import model_form
from jobs.models.choosing import base_model, use_base
from jobs.models.installed import Installed, installed
from jobs.models.overview import Offer, offers, overview
from jobs.models.own import known_model
from jobs.requests import Prepare
from storage.errors import NotAllowed, UserFault
from studio.asked import checked
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import markdown, notices
from studio.views import models as view
from studio.wording import models as words


@dataclass(frozen=True)
class Sheet:
    """All parts; `key` is new for each wish, so that one pressed twice counts once."""

    table: gr.Markdown
    which: gr.Dropdown
    fetch: gr.Button
    use: gr.Button
    again: gr.Button
    path: gr.Textbox
    name: gr.Textbox
    bring: gr.Button
    key: gr.State
    notice: gr.Markdown
    done: gr.Markdown
    own_notice: gr.Markdown
    own_done: gr.Markdown

    @property
    def drawn(self) -> list[Any]:
        """What `_look` fills."""
        return [self.table, self.which, self.key]


def build(bench: Bench, page: gr.Blocks) -> gr.Markdown:
    """Lay the part out and connect it; return what changes when another model answers."""
    sheet = _lay_out(bench)
    page.load(lambda: _look(bench), None, sheet.drawn, **QUIET)
    _connect(bench, sheet)
    return sheet.done


def all_offers(bench: Bench) -> list[Offer]:
    """Return every model to chat with, as far as it fits and is here."""
    return offers(overview(bench.workspace), bench.workspace.settings.models)


def _look(bench: Bench) -> list[Any]:
    offered, base = all_offers(bench), base_model(bench.workspace.settings)
    return [view.table(offered, base), gr.Dropdown(view.choices(offered, base)), str(uuid4())]


def _lay_out(bench: Bench) -> Sheet:
    gr.Markdown(f"## {words.TITLE}\n\n{words.INTRO}", elem_id="models")
    with gr.Row(elem_classes="buttons"):
        which = gr.Dropdown([], label=words.WHICH, interactive=True, elem_id="models-which", scale=2, min_width=280)
        fetch, use, again = (
            gr.Button(label, size="sm", scale=0, min_width=140, elem_id=f"models-{name}", elem_classes="modest")
            for name, label in (("fetch", words.FETCH), ("use", words.USE), ("again", words.AGAIN))
        )
    notice = gr.Markdown(elem_id="models-notice", elem_classes="notice")
    done = gr.Markdown(elem_id="models-done", elem_classes="notice", latex_delimiters=[])
    table = gr.Markdown(elem_classes="scrolled", elem_id="models-table", latex_delimiters=[])
    # A path may be named only by who sits at this computer: others could probe for files by it.
    here = bench.workspace.settings.loopback
    with gr.Accordion(words.OWN, open=False, elem_id="models-own"):
        gr.Markdown(words.OWN_HELP if here else words.OWN_ELSEWHERE, elem_classes="quiet")
        path = gr.Textbox(label=words.PATH, max_lines=1, elem_id="models-path", visible=here)
        name = gr.Textbox(label=words.NAME, info=words.NAME_HELP, max_lines=1, elem_id="models-name", visible=here)
        bring = gr.Button(words.BRING, size="sm", elem_id="models-bring", elem_classes="modest", visible=here)
        own_notice = gr.Markdown(elem_id="models-own-notice", elem_classes="notice")
        own_done = gr.Markdown(elem_id="models-own-done", elem_classes="notice", latex_delimiters=[])
    key = gr.State("")
    return Sheet(table, which, fetch, use, again, path, name, bring, key, notice, done, own_notice, own_done)


def _connect(bench: Bench, sheet: Sheet) -> None:
    acts = _Acts(bench)
    changed = [sheet.notice, *sheet.drawn, sheet.done]
    sheet.fetch.click(acts.telling(acts.fetch), [sheet.which, sheet.key], changed, **QUIET)
    sheet.again.click(acts.telling(acts.again), [sheet.which, sheet.key], changed, **QUIET)
    sheet.use.click(acts.telling(acts.use), sheet.which, changed, **QUIET)
    brought = [sheet.own_notice, *sheet.drawn, sheet.own_done]
    sheet.bring.click(acts.telling(acts.bring), [sheet.path, sheet.name, sheet.key], brought, **QUIET)


class _Acts:
    """What the buttons do; each returns the sentence that says what happens now, as Markdown."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._settings = bench, bench.workspace.settings

    def telling(self, act: Callable[..., str]) -> Callable[..., Any]:
        """Return the callback of a button: what it did, and the part drawn anew."""

        @telling(4)
        def told(*values: Any) -> list[Any]:
            said = act(*values)
            return [*_look(self._bench), notices.done(said)]

        return told

    def fetch(self, model_id: str | None, key: str) -> str:
        """Fetch a model that is not here."""
        title = self._title(model_id)
        if installed(self._settings.models, str(model_id)) is not None:
            raise UserFault(words.IS_HERE, words.IS_HERE_NEXT)
        self._bench.queue.enqueue(Prepare(model=str(model_id)), key)
        return words.fetching(title)

    def again(self, model_id: str | None, key: str) -> str:
        """Try a model out that is here."""
        title = self._title(model_id)
        self._here(model_id)
        self._bench.queue.enqueue(Prepare(model=str(model_id), again=True), key)
        return words.trying(title)

    def use(self, model_id: str | None) -> str:
        """Let another model answer."""
        title = self._title(model_id)
        if self._settings.model_url is not None:
            raise NotAllowed(words.OTHER_SERVER)
        if self._here(model_id).check is None:
            raise UserFault(words.NOT_TRIED, words.NOT_TRIED_NEXT)
        use_base(self._settings, str(model_id))
        return words.changed(title)

    def bring(self, path: str, name: str, key: str) -> str:
        """Bring a model of one's own, looked at first, so that what can't be used is said at once."""
        if not self._settings.loopback:
            raise NotAllowed(words.OWN_ELSEWHERE)
        if not path.strip():
            raise UserFault(words.NO_PATH, words.NO_PATH_NEXT)
        source = Path(path.strip()).expanduser().resolve()
        model_form(source)
        asked = checked(Prepare, {"source": str(source), "name": name.strip()}, "Change the field.")
        self._bench.queue.enqueue(asked, key)
        return words.bringing(markdown.plain(asked.name or source.name))

    def _here(self, model_id: str | None) -> Installed:
        found = installed(self._settings.models, str(model_id))
        if found is None:
            raise UserFault(words.NOT_HERE, words.NOT_HERE_NEXT)
        return found

    def _title(self, model_id: str | None) -> str:
        """Return the title of the model that is chosen, as Markdown; raise UserFault where none is."""
        if not model_id:
            raise UserFault(words.CHOOSE, words.CHOOSE_NEXT)
        return markdown.plain(known_model(self._settings.models, model_id).title)
