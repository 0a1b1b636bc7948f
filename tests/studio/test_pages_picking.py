"""The set of columns on Compare: added, moved, taken out, taken over from a comparison."""

from pathlib import Path

import pytest

from jobs.answering.compare import Comparing
from jobs.answering.picking import MOST_COLUMNS, USUAL, offered
from jobs.models.servable import Servable
from jobs.queue import Queue
from storage.errors import NotAllowed, UserFault
from storage.records import AnswerState, Column
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import beginning, coming, picking, placing
from studio.pages.columns import press
from studio.views import picking as view
from studio.views.places import PLACES
from studio.wording import picking as words
from tests.adapters import keep_adapter
from tests.bases import with_bases
from tests.fakes import ScriptedModel

PICKS = ["base", "tuned", "tools"]


@pytest.fixture
def bench(workspace: Workspace) -> Bench:
    door = ScriptedModel(lambda chat: "Yes.")
    return Bench(workspace, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))


def test_a_set_grows_at_its_end_and_never_beyond_the_places() -> None:
    assert picking.added(PICKS, "hybrid") == [*PICKS, "hybrid"]
    assert picking.added(PICKS, "tuned") == PICKS
    with pytest.raises(UserFault, match="No column was chosen"):
        picking.added(PICKS, "")
    with pytest.raises(UserFault, match="no room"):
        picking.added([str(number) for number in range(MOST_COLUMNS)], "hybrid")
    assert len(PLACES) == MOST_COLUMNS


def test_columns_move_one_place_and_stop_at_either_end() -> None:
    assert picking.moved(PICKS, "tools", -1) == ["base", "tools", "tuned"]
    assert picking.moved(PICKS, "base", 1) == ["tuned", "base", "tools"]
    assert picking.moved(PICKS, "base", -1) == picking.moved(PICKS, "tools", 1) == PICKS
    assert picking.without(PICKS, "tuned") == ["base", "tools"]
    with pytest.raises(UserFault, match="at least one column"):
        picking.without(["base"], "base")
    for change in (lambda: picking.moved(PICKS, "", 1), lambda: picking.without(PICKS, "hybrid")):
        with pytest.raises(UserFault, match="No column was chosen"):
            change()


def test_what_can_be_added_is_what_does_not_stand_there_yet(bench: Bench) -> None:
    adapter = keep_adapter(bench.workspace, "Returns [tone]")
    picks, _, now, add, which = picking.drawn(bench, ["examples", "base", "gone"], "base")
    assert picks == ["examples", "base"]
    assert now == "1 ◇ Base with 3 of your examples · 2 ○ Base"
    assert (f"◆ Tuned: {adapter.name}", f"tuned-{adapter.id[:8]}") in add.choices
    assert not {"base", "examples"} & {value for _, value in add.choices}
    assert (which.value, [value for _, value in which.choices]) == ("base", ["examples", "base"])
    assert picking.drawn(bench, ["gone"])[0] == list(USUAL)


def test_a_comparison_brings_its_set_but_not_the_order_of_hidden_names(bench: Bench) -> None:
    start = bench.workspace.comparisons.start
    columns = [Column(way, way) for way in ("tools", "base", "examples")]
    assert picking.as_picks(bench, start("Why?", columns).id) == ["tools", "base", "examples"]
    assert picking.as_picks(bench, start("Why?", columns, blind=True).id) == ["base", "tools", "examples"]
    assert picking.as_picks(bench, start("Why?", columns[:1]).id) == list(USUAL)
    assert picking.as_picks(bench, "") == picking.as_picks(bench, "nowhere") == list(USUAL)


def test_what_is_picked_stands_in_the_columns_before_it_is_asked(bench: Bench) -> None:
    examples, base = (one for one in reversed(offered("starter", bench.workspace)) if one.id in ("examples", "base"))
    dressed = placing.dressed_before(bench, [examples, base])
    assert [stands and stands[2] for stands in dressed[:3]] == ["Base with 3 of your examples", "Base", None]
    said = coming.before_asking(bench, ["examples", "base", "gone"])
    assert (said[0], said[2:4]) == ("◌ Not ready yet", ["", ""])
    assert len(said) == 2 * len(PLACES)
    more = bench.workspace.comparisons.start("Why?", [Column(str(number), "base") for number in range(6)])
    assert placing.further(more) != placing.further(more, 1.0) != ""
    few = bench.workspace.comparisons.start("Why?", [base])
    assert placing.further(few) == placing.further(few, 1.0) == ""


def test_the_button_of_a_column_does_what_stood_on_it(bench: Bench) -> None:
    comparison = bench.workspace.comparisons.start("Why?", [Column("base", "base")])
    attempt = bench.workspace.comparisons.begin(comparison.id, "base", "web")
    press(bench, comparison.id, "base", "Stop")
    assert bench.workspace.comparisons.stop_requested(comparison.id, "base", attempt)
    press(bench, comparison.id, "base", "Again")
    assert bench.comparing.wait(20)
    assert bench.workspace.comparisons.states(comparison.id) == {"base": (2, AnswerState.FINISHED)}


def test_the_button_that_asks_says_how_many() -> None:
    assert [words.ask(number) for number in (1, 2, 5, 8)] == ["Ask", "Ask both", "Ask all five", "Ask all eight"]


def test_an_adapter_of_another_base_is_shown_by_that_base(bench: Bench, tmp_path: Path) -> None:
    mine = keep_adapter(bench.workspace, "Mine")
    other = keep_adapter(bench.workspace, "Other", base_id="smollm2-360m")
    with pytest.raises(NotAllowed, match=r"learned by SmolLM2 360M Instruct, which can't be asked now"):
        picking.of_adapter(bench, other.id)
    assert picking.begun_with(bench, "", other.id) == list(USUAL)
    both = with_bases(bench.workspace, tmp_path / "models", "starter", "smollm2-360m")
    bench = Bench(both, bench.queue, bench.door, Comparing(both, bench.door))
    assert picking.begun_with(bench, "", mine.id) == picking.begun_with(bench, "", "gone") == list(USUAL)
    picks = picking.begun_with(bench, "", other.id)
    assert picks == picking.of_adapter(bench, other.id)
    titles = [stands and stands[2] for stands in beginning.dressed(bench, picks)]
    base = "SmolLM2 360M Instruct"
    assert titles[:5] == [f"Base: {base}", "Tuned: Other", f"Documents: {base}", f"Tools: {base}", "Hybrid: Other"]
    assert picking.drawn(bench, picks)[1] == "", "on this computer nothing is to be told of another server"


def test_the_page_says_why_another_server_offers_no_other_models() -> None:
    told = view.of_other_models
    assert told(None, "starter", Servable(())) == told("http://a", "starter", Servable(("starter", "qwen"))) == ""
    assert told("http://a", "starter", Servable((), "Nobody listens at a_b.")) == (
        "Answers come from another server. Columns of other models can't be offered: Nobody listens at a\\_b."
    )
    assert told("http://a", "starter", Servable(("starter",))).endswith("it names no model beside starter.")
    assert "it does not name starter among its models" in told("http://a", "starter", Servable(("llama",)))
