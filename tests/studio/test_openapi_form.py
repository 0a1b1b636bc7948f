"""The form that takes a service from its description, what it says, and the command that does the same."""

import json
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from jobs.tools.service.openapi.adding import Terms, add_operations, gone, standing
from jobs.tools.service.openapi.operations import Described, described
from jobs.tools.service.openapi.reading import MOST_BYTES, read_document
from storage.errors import TooLarge, UserFault
from storage.workspace import Workspace
from studio.cli import main
from studio.openapi_form import OpenApiForm
from studio.views import openapi as view
from tests.openapis import LIBRARY, SHOP

HERE = "https://shop.example"


@pytest.fixture
def shop() -> Described:
    return described(read_document(json.dumps(SHOP).encode()))


def filled(**given: Any) -> tuple[OpenApiForm, dict[Any, Any]]:
    form = OpenApiForm(
        gr.File(), gr.Textbox(), gr.Textbox(), gr.CheckboxGroup(), gr.Textbox(), gr.Textbox(), gr.Checkbox()
    )  # fmt: skip
    return form, {field: given.get(name) for name, field in vars(form).items()}


def test_a_document_is_uploaded_or_pasted(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(SHOP))
    form, values = filled(file=str(file))
    assert form.inputs == set(values)
    assert form.document(values).title == "Order Desk"
    form, values = filled(text=LIBRARY)
    assert form.document(values).title == "Library"
    for given, sentence in ({}, "No description"), ({"text": " \n"}, "No description"):
        form, values = filled(**given)
        with pytest.raises(UserFault, match=sentence):
            form.document(values)
    form, values = filled(file=str(file), text="openapi")
    with pytest.raises(UserFault, match="A file and a pasted text"):
        form.document(values)
    file.write_text(" " * (MOST_BYTES + 5))
    form, values = filled(file=str(file))
    with pytest.raises(TooLarge):
        form.document(values)


def test_what_holds_for_all_that_is_ticked(shop: Described) -> None:
    form, values = filled(
        server=HERE, ticked=["getOrderById"], questions="get order by id: Where is ORD-7: now?", header="X: hunter2",
        inner=True,
    )  # fmt: skip
    terms = form.terms(values, shop)
    assert terms == Terms(HERE, "X: hunter2", True, {"getOrderById": "Where is ORD-7: now?"})
    assert "hunter2" not in repr(terms)
    form, values = filled(ticked=["getOrderById"], questions="List orders: Which?")
    with pytest.raises(UserFault, match="name of no ticked operation"):
        form.terms(values, shop)


def test_what_is_shown_before_anything_is_added(workspace: Workspace, shop: Described) -> None:
    known = standing(workspace, shop)
    assert view.choices(shop, known)[0] == (
        "Get order by id: Find an order by its number (only reads; needs order_id; leaves out verbose; GET "
        "/orders/{order-id})",
        "getOrderById",
    )
    assert (
        "(may change something, asks you each time; needs product, amount; leaves out note; POST /orders)"
        in view.choices(shop, known)[2][0]
    )
    assert view.found(shop, []) == (
        "**Order Desk** describes 5 operations: 3 can be used, 2 can't.\n\n"
        "The service wants to know who asks, by a secret in this line (header): `X-Key: …`"
    )
    assert view.refused(shop).startswith("- `DELETE /orders/{order-id}`: It is asked in a way \\(DELETE\\) in which")
    library = described(read_document(LIBRARY.encode()))
    assert view.refused(library) == "All that it describes can be used."


def test_questions_follow_the_ticks_and_keep_what_was_written(workspace: Workspace, shop: Described) -> None:
    known = standing(workspace, shop)
    one = view.question_lines(shop, known, ["getOrderById"], "")
    assert one == 'Get order by id: Find an order by its number: order id "ORD-1042"'
    mine = "Get order by id: Where is ORD-7?"
    assert view.question_lines(shop, known, ["getOrderById", "listOrders"], mine).splitlines() == [
        mine, "List orders: Lists the orders of a state: page size 5, state open",
    ]  # fmt: skip
    assert view.question_lines(shop, known, [], mine) == ""


def test_what_became_of_each(workspace: Workspace, shop: Described) -> None:
    terms = Terms(HERE, questions={"listOrders": "Which?"})
    said = view.outcomes(add_operations(workspace, shop, ["getOrderById", "listOrders"], terms))
    assert said.startswith("**✓** The model may now use Get order by id.")
    assert "**✕** In the example question nothing stands" in said
    assert said.endswith("(List orders)")
    assert " · you have it already" in view.choices(shop, standing(workspace, shop))[0][0]
    none = described(read_document(b"openapi: 3.0.0\ninfo: {title: Order Desk}\npaths: {/a: {get: {}}}"))
    assert "No longer in the description: Get order by id." in view.found(none, gone(workspace, none))


def test_a_command_lists_and_adds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(SHOP))
    monkeypatch.setattr("sys.stdin.readline", lambda: "X-Key: hunter2-and-more\n", raising=False)

    def run(*options: str) -> tuple[Any, str]:
        with pytest.raises(SystemExit) as ended:
            main(["service", "openapi", str(file), *options])
        said = capsys.readouterr().out
        assert "hunter2" not in said
        return ended.value.code, said

    code, listed = run()
    assert code == 0
    assert "getOrderById  Get order by id: Find an order" in listed
    assert (
        "POST /labels: It wants a form or a file (multipart/form-data), where a tool sends a list of values (JSON)."
        in listed
    )
    told = json.loads(run("--json")[1])
    assert [one["state"] for one in told["operations"]] == ["new"] * 3
    assert told["operations"][0]["parameters"] == ["order_id: text, the order's number, as printed"]
    code, added = run("--operation", "getOrderById", "--server", HERE, "--secret")
    assert (code, added) == (0, 'call_get_order_by_id: Find an order by its number: order id "ORD-1042"\n')
    code, added = run("--operation", "listOrders", "--example", "List orders: Which?", "--json")
    assert (code, json.loads(added)["added"][0]["name"]) == (1, None)
    assert [one["state"] for one in json.loads(run("--json")[1])["operations"]] == ["same", "new", "new"]
    file.write_text("openapi: 3.0.0\ninfo: {title: Order Desk}\npaths: {/a: {get: {}}}")
    assert "No longer in the description: call_get_order_by_id." in run()[1]
