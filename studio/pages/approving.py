"""The cards above the columns: a call that waits for a person's yes, with its exact arguments, to allow or refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from storage.approvals import Approval, CallKey
from storage.errors import NotAllowed
from studio.bench import Bench
from studio.pages.events import AT_ONCE
from studio.pages.telling import telling
from studio.views import approving as view
from studio.wording import approving as words


@dataclass(frozen=True)
class Card:
    """One column's card. `key` holds which call it shows: a press decides on that one and on no other."""

    box: gr.Column
    head: gr.Markdown
    body: gr.Markdown
    left: gr.Markdown
    key: gr.State
    allow: gr.Button
    refuse: gr.Button
    notice: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What an asking call changes, in the order of `drawn`."""
        return [self.box, self.head, self.body, self.left, self.key]


def classes(way: str) -> list[str]:
    """Return the classes of a card, by which it has its column's colour."""
    return ["card", "ask-card", f"way-{way}"]


def cards(ways: Sequence[str]) -> tuple[Card, ...]:
    """Lay out a card for each way, hidden until its column asks."""
    with gr.Row(elem_classes="ask-cards"):
        return tuple(_card(way) for way in ways)


def _card(way: str) -> Card:
    key = gr.State(None)
    with gr.Column(visible=False, min_width=300, elem_id=f"asks-{way}", elem_classes=classes(way)) as box:
        head = gr.Markdown(elem_id=f"asks-head-{way}", elem_classes="notice", latex_delimiters=[])
        body = gr.Markdown(elem_id=f"asks-body-{way}", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            allow = gr.Button(words.ALLOW, size="sm", min_width=0, elem_id=f"allow-{way}")
            refuse = gr.Button(words.REFUSE, size="sm", min_width=0, elem_id=f"refuse-{way}")
            left = gr.Markdown(elem_id=f"asks-left-{way}", elem_classes="quiet")
        notice = gr.Markdown(elem_id=f"asks-notice-{way}", elem_classes="notice")
    return Card(box, head, body, left, key, allow, refuse, notice)


def connect(bench: Bench, card: Card) -> None:
    """Let the two buttons decide."""
    card.allow.click(_decide(bench, "allowed"), card.key, card.notice, **AT_ONCE)
    card.refuse.click(_decide(bench, "refused"), card.key, card.notice, **AT_ONCE)


def _decide(bench: Bench, decision: Literal["allowed", "refused"]) -> Callable[..., Any]:
    @telling(0)
    def decide(key: CallKey | None) -> list[Any]:
        if key is None or not bench.workspace.approvals.decide(key, decision):
            raise NotAllowed(words.TOO_LATE, words.LOOK)
        return []

    return decide


def waiting(bench: Bench, comparison_id: str, column_id: str) -> Approval | None:
    """Return the call of a column that waits for a yes, or None."""
    pending = bench.workspace.approvals.pending(comparison_id)
    return next((approval for approval in pending if approval.key.column_id == column_id), None)


def drawn(asked: Approval | None, way: str, now: float) -> list[dict[str, Any]]:
    """Return the values of a card's outputs, for comparing with those shown last."""
    if asked is None:
        return [{"visible": False}, {"value": ""}, {"value": ""}, {"value": ""}, {"value": None}]
    texts = (view.head(asked, way), view.body(asked), view.left(asked, now))
    return [{"visible": True}, *({"value": text} for text in texts), {"value": asked.key}]
