"""The ask-card: drawn from what waits in storage, decided by a press on the very call that it shows."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from jobs.answering.compare import Comparing
from jobs.answering.events import Asking, Called, Calling, Delta, Finished, Started, Stopped
from jobs.models.door import Chat
from jobs.queue import Queue
from jobs.tools.approving import not_run
from jobs.tools.sample_orders import add_order_tools
from storage.approvals import Approval, CallKey
from storage.comparisons import KeptEvent
from storage.records import Column, Comparison, ToolCall
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import approving, columns
from studio.views import answers, markdown
from studio.views import approving as view
from studio.wording import approving as words
from tests.fakes import ScriptedModel
from tests.jobs.sampling import standing_in

TOOLS = Column("tools", "tools", tools=("refund_order",))
REFUND = ToolCall("refund_order", {"order": "LC-4101"})
WAITING = Approval(CallKey("c", "tools", 1, 1), REFUND, 1060.0)
ASKING = Asking(call=REFUND, expires=1060.0)


def obedient(chat: Chat) -> str:
    match chat.response_format:
        case {"type": "choice", "choices": choices}:
            return str(choices[0])
        case {"json_schema": {"schema": schema}}:
            return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})
        case _:
            return "Done."


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    add_order_tools(workspace)
    door = ScriptedModel(obedient)
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def standing(*events: BaseModel) -> answers.Standing:
    return answers.standing(
        [KeptEvent(1, nr, "", event.model_dump(mode="json"), 100.0 + nr) for nr, event in enumerate(events)]
    )


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([Started(phase="fill"), ASKING], "◌ Waits for your yes: Refund an order"),
        ([ASKING, Calling(call=REFUND)], "● Asking Refund an order…"),
        ([ASKING, Called(call=not_run(REFUND, "refused"))], "● Writing…"),
        ([ASKING, Stopped()], "✕ Stopped before its end"),
    ],
)
def test_a_column_says_that_it_waits_for_a_yes(events: Sequence[BaseModel], said: str) -> None:
    assert answers.status(standing(*events), 109.0) == said


def test_a_call_that_never_came_back_is_told_instead_of_silence() -> None:
    before, within = standing(ASKING, Stopped()), standing(ASKING, Calling(call=REFUND), Stopped(text=""))
    assert answers.text(before, TOOLS) == "Refund an order: Not run: the answer was stopped first."
    assert answers.text(within, TOOLS).startswith("Refund an order: It is not known whether this was done")
    assert [answers.call_label(one.calls[-1]) for one in (before, within)] == [
        "✕ Refund an order (not run)",
        "✕ Refund an order (not known)",
    ]
    done = standing(ASKING, Calling(call=REFUND), Called(call=ToolCall("refund_order", {}, "Done")), Delta(text="Well"))
    assert (done.left_open, len(done.calls), done.asking) == (None, 1, None)
    over = standing(ASKING, Called(call=not_run(REFUND, "expired")), Finished(text="No.", seconds=1, tokens=0))
    assert answers.text(over, TOOLS) == "No."
    assert answers.call_label(ToolCall("calculator", {}, None, "Too long.")) == "✕ Calculator (failed)"


def test_a_card_shows_who_asks_for_what_with_the_exact_arguments() -> None:
    assert view.head(WAITING, "hybrid") == "## ✚ Hybrid asks: Refund an order?"
    assert view.body(WAITING) == f'{words.EXACTLY}\n\n```\norder: "LC-4101"\n```'
    assert view.left(WAITING, 1007.2) == "Refused by itself in 53 s"
    assert view.left(WAITING, 2000.0) == "Refused by itself in 0 s"


def test_arguments_are_text_whatever_they_hold() -> None:
    nasty = '</code>```\n![x](http://evil.example/x.png) "'
    body = view.body(WAITING._replace(call=ToolCall("post", {"to": nasty, "copies": 2})))
    fence = body.split("\n")[2]
    assert set(fence) == {"`"}
    assert len(fence) > 3
    assert body.endswith(fence)
    assert json.dumps(nasty) in body
    assert "copies: 2" in body.split("\n")
    assert view.body(WAITING._replace(call=ToolCall("post", {}))).endswith(markdown.fence("nothing"))


def test_nothing_waits_until_something_does(bench: Bench) -> None:
    hidden = approving.drawn(None, "tools", 0.0)
    assert hidden[0] == {"visible": False}
    assert hidden[-1] == {"value": None}
    shown = approving.drawn(WAITING, "tools", 1000.0)
    assert len(shown) == len(hidden)
    assert (shown[0], shown[-1]) == ({"visible": True}, {"value": WAITING.key})
    assert view.head(WAITING, "sealed") == "## One of the columns asks: Refund an order?"


async def until_asked(bench: Bench, comparison: Comparison) -> tuple[Any, CallKey, list[Any]]:
    """Follow the column until its card is shown; return the rest of what follows, the call and the card's parts."""
    following = columns.follow(bench, comparison.id, "tools")
    async for changes in following:
        *_, box, head, body, _left, key = changes
        if box.get("visible") is True:
            assert "Refund an order?" in head["value"]
            return following, key["value"], [box, head, body]
    raise AssertionError("it never asked")


@pytest.mark.anyio
@pytest.mark.parametrize("decision", ["allowed", "refused"])
async def test_a_press_decides_and_the_card_goes(bench: Bench, decision: str) -> None:
    with standing_in(bench.workspace.home) as service:
        comparison = bench.comparing.ask("Refund LC-4101!", [TOOLS])
        following, key, (_, _, body) = await until_asked(bench, comparison)
        assert 'order: "LC-4101"' in body["value"]
        assert approving._decide(bench, "allowed" if decision == "allowed" else "refused")(key) == ""
        hidden = False
        async for changes in following:
            hidden = hidden or changes[-5].get("visible") is False
        assert hidden
        assert len(service) == (1 if decision == "allowed" else 0)
        assert bench.workspace.approvals.decision(key) == decision


@pytest.mark.anyio
async def test_a_press_on_a_call_that_is_over_decides_nothing_else(bench: Bench) -> None:
    """The press belongs to the call that was shown, also where the same column asks again by then."""
    with standing_in(bench.workspace.home) as service:
        comparison = bench.comparing.ask("Refund LC-4101!", [TOOLS])
        _, first, _ = await until_asked(bench, comparison)
        bench.comparing.again(comparison.id, "tools")
        following, second, _ = await until_asked(bench, comparison)
        assert second != first
        assert words.TOO_LATE in approving._decide(bench, "allowed")(first)
        assert words.TOO_LATE in approving._decide(bench, "allowed")(None)
        assert bench.workspace.approvals.decision(second) is None
        assert approving._decide(bench, "refused")(second) == ""
        assert words.TOO_LATE in approving._decide(bench, "allowed")(second)
        assert [changes async for changes in following]
        assert service == []
