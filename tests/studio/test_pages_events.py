from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from jobs.answering.compare import Comparing
from jobs.answering.voting import vote
from jobs.answering.ways import columns_for
from jobs.queue import Queue
from jobs.requests import Choices, Train
from storage.errors import UserFault
from storage.records import Example, JobState
from storage.runs import START
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import columns, drawing, placing, runs
from studio.pages.revealing import told as told_of
from studio.pages.telling import telling
from studio.views.places import PLACES
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(lambda chat: "Within 14 days of delivery.")
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def keep_dataset(workspace: Workspace) -> str:
    rows = [Example(nr, f"Question {nr}?", f"Answer {nr}.") for nr in range(1, 13)]
    return workspace.datasets.keep("FAQ", rows, rows=12, columns={}, dropped=[], source="faq.csv").id


async def followed(bench: Bench, comparison_id: str, way: str) -> list[list[Any]]:
    return [changes async for changes in columns.follow(bench, comparison_id, way)]


@pytest.mark.anyio
async def test_a_column_that_waits_is_drawn_whole_again_and_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "WHOLE_EVERY_S", 0.0)
    monkeypatch.setattr(columns, "PAUSE_S", 0.0)
    comparison = bench.workspace.comparisons.start("Where?", columns_for(Choices(ways=("base",)), bench.workspace))
    following = columns.follow(bench, comparison.id, "base")
    first, second = [await anext(following) for _ in range(2)]
    assert gr.skip() not in first
    assert second == first, "what a browser let go by comes again"
    await following.aclose()


def test_an_error_becomes_a_notice_and_leaves_the_rest_alone() -> None:
    @telling(2)
    def fails() -> list[Any]:
        raise UserFault("No question", "Write one.")

    @telling(1, failed=[None])
    def clears() -> list[Any]:
        raise UserFault("No table")

    assert fails() == ["**✕** No question. Write one.", gr.skip(), gr.skip()]
    assert clears()[1:] == [None]


def test_a_success_clears_the_notice_and_none_touches_nothing() -> None:
    assert telling(1)(lambda: ["shown"])() == ["", "shown"]
    assert telling(1)(lambda: None)() == [gr.skip(), gr.skip()]
    assert telling(0)(list)() == ""  # an event with one output takes the value itself


def test_a_programming_error_is_not_swallowed() -> None:
    @telling(1)
    def broken() -> list[Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


@pytest.mark.anyio
async def test_a_column_is_followed_to_its_end(bench: Bench) -> None:
    comparison = bench.comparing.ask("When?", columns_for(Choices(wording="free"), bench.workspace))
    drawn = await followed(bench, comparison.id, "base")
    first, last = drawn[0], drawn[-1]
    assert all(part != gr.skip() for part in first)
    assert "✓" in last[0]["value"]
    assert "Within 14 days of delivery." in last[1]["value"] or len(drawn) > 1
    (elsewhere,) = await followed(bench, comparison.id, "nowhere")
    assert elsewhere[0]["value"] == "This way was not asked here."


@pytest.mark.anyio
async def test_a_column_that_is_over_is_drawn_once(bench: Bench) -> None:
    put_documents(bench.workspace, {"returns.md": "# Returns\n\nAn e-bike comes back within 14 days of delivery."})
    comparison = bench.comparing.ask(
        "When does an e-bike come back?", columns_for(Choices(wording="free"), bench.workspace)
    )
    assert bench.comparing.wait(20)
    (drawn,) = await followed(bench, comparison.id, "documents")
    assert drawn[1]["value"].startswith("Within 14 days of delivery.")
    assert drawn[2] == gr.update(value="1 returns.md", visible=True)
    (missing,) = await followed(bench, comparison.id, "tuned")
    assert missing[0]["value"] == "◌ Not ready yet"
    assert "(/train)" in missing[1]["value"]


@pytest.mark.anyio
async def test_a_column_whose_name_is_hidden_shows_its_words_alone_until_the_vote(bench: Bench) -> None:
    put_documents(bench.workspace, {"returns.md": "# Returns\n\nAn e-bike comes back within 14 days of delivery."})
    columns_asked = columns_for(Choices(wording="free"), bench.workspace)
    comparison = bench.comparing.ask("When does an e-bike come back?", columns_asked, blind=True)
    assert bench.comparing.wait(20)
    hidden = {column.id: (await followed(bench, comparison.id, column.id))[-1] for column in comparison.columns}
    assert {drawn[0]["value"] for drawn in hidden.values()} == {"✓ Answered", "✕ No answer"}
    assert hidden["documents"][1]["value"] == "Within 14 days of delivery."
    for drawn in hidden.values():
        told = str([part for part in drawn if isinstance(part, dict)])
        assert not any(word in told for word in ("returns.md", "Train", "tokens", "passage", "0000", "[1]", "reported"))
    assert placing.at_place(comparison, PLACES[0]) == comparison.columns[0]
    vote(bench.workspace.comparisons, comparison.id, "documents")
    (known,) = await followed(bench, comparison.id, "documents")
    assert known[2] == gr.update(value="1 returns.md", visible=True)
    letter = "ABCDE"[[column.id for column in comparison.columns].index("documents")]
    assert told_of(bench, comparison, "documents") == (
        f"You chose {letter}: that was Documents. Your choice is kept."
    )  # fmt: skip
    assert told_of(bench, comparison, "tie") == "Your choice is kept. The names are shown now."


def test_places_are_drawn_with_their_names_or_their_letters(bench: Bench) -> None:
    comparison = bench.workspace.comparisons.start("When?", columns_for(Choices(wording="free"), bench.workspace))
    dressed = placing.dressed_for(bench, comparison)
    assert (dressed[0], dressed[5]) == (("base", "## ○ Base\n\nThe model as it came", "Base"), None)
    assert dressed == placing.dressed_before(bench, comparison.columns), "nothing is drawn anew by asking"
    shown, box, head, wide, wider, *_, further, _, _, _ = placing.drawn(dressed)
    assert [title for title, _ in shown.choices] == ["Base", "Tuned", "Documents", "Tools", "Hybrid"]
    assert (box.elem_classes, head, wide, wider) == (
        ["way", "way-base"],
        "## ○ Base\n\nThe model as it came",
        False,
        "Wider",
    )
    assert further.visible is False
    sealed = bench.workspace.comparisons.start("When?", comparison.columns, blind=True)
    shown, box, *_ = placing.drawn(placing.dressed_for(bench, sealed))
    assert (shown.choices[0][0], box.elem_classes) == ("Answer A", ["way", "way-sealed"])


def test_what_a_column_lacks_is_said_before_any_question(bench: Bench) -> None:
    base, tuned, *_ = columns_for(Choices(wording="free"), bench.workspace)
    assert columns.before_asking(bench, base) == ["", ""]
    assert columns.before_asking(bench, tuned)[0] == "◌ Not ready yet"


def test_without_runs_the_page_says_so(bench: Bench) -> None:
    drawn = drawing.draw(bench, None, "")
    assert len(drawn) == drawing.COUNT
    assert "No runs yet. A training that you start is shown here." in drawn


def test_a_run_is_drawn_only_when_something_changed(bench: Bench) -> None:
    context = claimed_context(bench.workspace, Train(dataset_id=keep_dataset(bench.workspace), name="Returns"))
    drawn = drawing.draw(bench, None, "")
    assert len(drawn) == drawing.COUNT
    assert "## Returns" in drawn
    seen = drawn[1]
    assert drawing.draw(bench, context.job.id, seen) == [gr.skip()] * drawing.COUNT
    context.report("train", 3, 10)
    context.flush()
    again = drawing.draw(bench, context.job.id, seen)
    assert any("30 %" in str(part) for part in again)


def test_what_was_drawn_says_whose_run_it_is(bench: Bench) -> None:
    assert drawing.shown(drawing.draw(bench, None, "")[1]) == ""
    dataset_id = keep_dataset(bench.workspace)
    first, second = (bench.queue.enqueue(Train(dataset_id=dataset_id), key) for key in ("first", "second"))
    for asked, shown in ((first.id, first.id), (None, second.id), ("nowhere", second.id)):
        assert drawing.shown(drawing.draw(bench, asked, "")[1]) == shown


@pytest.mark.anyio
async def test_a_clock_stays_with_the_run_that_is_shown(bench: Bench) -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        runs.connect(bench, runs.lay_out())
    (look,) = [event.fn for event in page.fns.values() if event.name == "redraw"]
    assert look is not None
    dataset_id = keep_dataset(bench.workspace)
    first = bench.queue.enqueue(Train(dataset_id=dataset_id), "first")
    assert look("") == [gr.skip()] * drawing.COUNT, "the page's own start has drawn nothing yet"
    seen = drawing.draw(bench, first.id, "")[1]
    bench.queue.enqueue(Train(dataset_id=dataset_id), "second")
    assert drawing.shown(look(seen)[1]) == first.id


def test_a_run_that_was_interrupted_says_from_where_it_went_on(bench: Bench) -> None:
    context = claimed_context(bench.workspace, Train(dataset_id=keep_dataset(bench.workspace)))
    context.record(START, 3, {})
    context.report("train", 4, 10)
    context.flush()
    (standing,) = [part for part in drawing.draw(bench, None, "") if "40 %" in str(part)]
    assert standing.endswith("\n\nIt went on from step 3 after an interruption.")


def test_only_the_buttons_that_do_something_are_shown(bench: Bench) -> None:
    queue = bench.queue
    job = queue.enqueue(Train(dataset_id=keep_dataset(bench.workspace)), "key")
    assert shown(drawing.draw(bench, job.id, "")) == {"up", "out"}
    queue.request_cancel(job.id)
    assert queue.get(job.id).state is JobState.CANCELLED
    assert shown(drawing.draw(bench, job.id, "")) == {"retry", "change"}
    running = claimed_context(bench.workspace, Train(dataset_id=keep_dataset(bench.workspace)))
    assert shown(drawing.draw(bench, running.job.id, "")) == {"keep", "throw"}
    queue.request_finish(running.job.id)
    assert shown(drawing.draw(bench, running.job.id, "")) == set()


def shown(drawn: list[Any]) -> set[str]:
    buttons = drawn[-len(drawing.BUTTONS) :]
    return {name for name, button in zip(drawing.BUTTONS, buttons, strict=True) if button.visible}


def test_an_unknown_run_shows_the_newest(bench: Bench) -> None:
    job = bench.queue.enqueue(Train(dataset_id=keep_dataset(bench.workspace), name="Only one"), "key")
    assert drawing.draw(bench, "nowhere", "")[0].value == job.id
