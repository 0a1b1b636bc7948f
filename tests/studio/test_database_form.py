"""The form that adds a database takes a file or an address and nothing else; what is said of it names no address."""

from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest

from jobs.tools.database.adding import Source, add_database
from jobs.tools.registry import Registry
from storage.errors import UserFault
from storage.workspace import Workspace
from studio.database_form import DatabaseForm
from studio.views import databases, tools
from tests.shop import sqlite_shop


@pytest.fixture
def form() -> DatabaseForm:
    fields = (gr.File(), gr.Textbox(), gr.CheckboxGroup(), gr.CheckboxGroup(), gr.Textbox(), gr.Textbox())
    return DatabaseForm(*fields)


def filled(form: DatabaseForm, **given: object) -> dict:
    return {field: given.get(name) for name, field in vars(form).items()}


def test_a_file_or_an_address_is_taken(form: DatabaseForm) -> None:
    assert form.source(filled(form, file="/x/shop.sqlite")) == Source("/x/shop.sqlite")
    address = " postgresql://reader:hunter2@db/shop "
    assert form.source(filled(form, address=address)) == Source(address.strip())
    given = filled(form, tables=["a"], columns=["a.b"], name="shop", own_words="x = a")
    assert (form.tables_chosen(given), form.ticked(given), form.named(given), form.said(given)) == (
        ["a"], ["a.b"], "shop", "x = a",
    )  # fmt: skip
    assert (form.tables_chosen(filled(form)), form.ticked(filled(form)), form.said(filled(form))) == ([], [], "")
    assert form.inputs == set(filled(form))


@pytest.mark.parametrize("given", [{}, {"address": "/etc/passwd"}, {"file": "/x", "address": "postgresql://db/shop"}])
def test_a_path_of_this_computer_is_no_address(form: DatabaseForm, given: dict[str, str]) -> None:
    with pytest.raises(UserFault) as raised:
        form.source(filled(form, **given))
    assert "Choose a SQLite file" in raised.value.next_step


def test_a_database_says_what_may_be_read_of_it(workspace: Workspace, tmp_path: Path) -> None:
    made = add_database(workspace, "shop", Source(str(sqlite_shop(tmp_path))), ["customer"])
    assert databases.about(made) == "4 columns of 1 table of shop.sqlite may be read"
    assert "How many customer are there?" in databases.added(made, "Ask shop")
    tool = replace(made, last_used_at=0.0)
    assert "may be read · Last used" in tools.line(Registry(workspace).get(made.name), tool, 60.0)
