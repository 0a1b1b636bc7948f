"""A database as a tool: what may be read is ticked, questions become a form, and its address stays a secret."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from jobs.queue import Queue
from jobs.removing.everything import delete_everything
from jobs.removing.things import Removing
from jobs.tools.calling import call_tools
from jobs.tools.database.adding import Source, add_database
from jobs.tools.database.asking import MOST_CHARACTERS, written
from jobs.tools.database.form import arguments_of, ask_of, schema_of
from jobs.tools.database.own_words import read_own_words
from jobs.tools.database.sources import SECRETS
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tool import Tool, ToolFault
from storage.backups import back_up
from storage.errors import NotAllowed, NotFound, UserFault
from storage.outside.asking import Answered
from storage.outside.query import Ask, Filter
from storage.records import Permission
from storage.workspace import Workspace
from tests.fakes import ScriptedModel
from tests.shop import postgres_shop, sqlite_shop

TABLES = ("customer", "purchase")
WORDS = "revenue, spent = purchase.total\nbuyer = customer\ntwice = purchase.total * 2"


@pytest.fixture
def shop(workspace: Workspace, tmp_path: Path) -> Tool:
    add_database(workspace, "Shop", Source(str(sqlite_shop(tmp_path))), TABLES, WORDS)
    return Registry(workspace).get("ask_shop")


def asked(tool: Tool, question: str) -> list[str]:
    """Return what the database says to each form that the question can mean."""
    schema = tool.narrow(question)
    forms = [] if schema is None else schema.get("anyOf", [schema])
    return [tool.run({name: one["enum"][0] for name, one in form["properties"].items()}) for form in forms]


@pytest.mark.parametrize(
    ("question", "last_line"),
    [
        ("How many customers are there?", "3"),
        ("How many customers do we have in lisbon?", "2"),
        ("How many different cities are there?", "2"),
        ("How many buyers have no phone?", "2"),
        ("Which customers have no purchase?", "Cy Cole"),
        ("What was the total revenue in 2025?", "25.25"),
        ("What is the average total of the purchases?", "11.783333"),
        ("Which customer spent the most?", "Ana Silva | 30.3"),
        ("Revenue per city, lowest first", "Lisbon | 30.3"),
        ("In which year was revenue lowest?", "2024 | 10.1"),
        ("How many purchases have a total above 10 dollars?", "2"),
        ("How many purchases have a revenue of 5.05?", "1"),
        ("List the names and cities of the customers without a purchase.", "Cy Cole | Lisbon"),
        ("What is the phone of Bo Berg?", "555"),
        ("What is the largest purchase total?", "20.2"),
    ],
)
def test_questions_become_forms(shop: Tool, question: str, last_line: str) -> None:
    (said,) = asked(shop, question)
    assert said.splitlines()[-1] == last_line
    assert shop.sure(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the customers' average age?",
        "Which customers complained most last month?",
        "How many secrets are there?",
        "Who is the supplier of Ana Silva?",
        "How many customers bought 20 lamps?",
        "How many customers have more than 2 purchases?",
        "How many customers are in Oslo and Lisbon?",
        "Which customers spent more than 7?",
        "What is 12 * 14?",
        "customers",
        "How many",
        "",
        "Is there a customer " * 60,
    ],
)
def test_a_word_that_nothing_explains_means_no_call(shop: Tool, question: str) -> None:
    assert shop.narrow(question) is None
    assert not shop.sure(question)


def test_the_model_is_offered_only_what_stands_in_the_question(workspace: Workspace, shop: Tool) -> None:
    model = ScriptedModel(lambda chat: json.dumps({name: one["enum"][0] for name, one in _properties(chat).items()}))
    steps = call_tools(model, "starter", "How many customers are in Oslo?", Registry(workspace).tools(["ask_shop"]))
    (call,) = [step.call for step in steps if step.kind == "called"]
    assert call is not None
    assert (call.result, call.error) == ("number of customer\n1", None)
    assert call.arguments["value"] == "Oslo"


def _properties(chat) -> dict:
    return chat.response_format["json_schema"]["schema"]["properties"]


def test_several_columns_with_a_value_are_several_forms(workspace: Workspace, tmp_path: Path) -> None:
    file = sqlite_shop(tmp_path, "UPDATE customer SET phone = 'Oslo' WHERE customer_id = 3;")
    add_database(workspace, "shop", Source(str(file)), TABLES)
    assert len(asked(Registry(workspace).get("ask_shop"), "How many customers are in Oslo?")) == 2


def test_a_form_can_be_tried_by_hand(workspace: Workspace, shop: Tool) -> None:
    given = {"find": "sum", "table": "purchase", "column": "twice", "by": "customer", "order": "highest first"}
    call = try_tool(Registry(workspace), "ask_shop", given)
    assert call.result == "customer.name | sum of twice\nAna Silva | 60.6\nBo Berg | 10.1"
    none = try_tool(
        Registry(workspace),
        "ask_shop",
        {"find": "rows", "table": "customer", "where": "customer.city", "value": "Rome"},
    )
    assert none.result == "No rows."
    assert try_tool(Registry(workspace), "ask_shop", {"find": "sum", "table": "customer"}).error
    with pytest.raises(ToolFault):
        try_tool(Registry(workspace), "ask_shop", {"find": "rows", "table": "secrets"})


def test_the_form_and_the_question_are_the_same_thing(shop: Tool) -> None:
    ask = Ask(
        "rows", "customer", ("customer.name", "customer.city"), "", (Filter("customer.city", "is", "Oslo"),
        Filter("customer.phone", "is empty")), "purchase", "highest first", "customer.name", 3,
    )  # fmt: skip
    assert ask_of(arguments_of(ask)) == ask
    assert set(arguments_of(ask)) <= set(shop.schema["properties"])
    assert all("enum" in one or one["type"] in {"integer", "string"} for one in shop.schema["properties"].values())


def test_only_what_is_ticked_is_in_the_form(workspace: Workspace, tmp_path: Path) -> None:
    file = sqlite_shop(tmp_path)
    made = add_database(workspace, "some", Source(str(file)), ["customer.city", "purchase"])
    schema = Registry(workspace).get(made.name).schema["properties"]
    assert [one for one in schema["column"]["enum"] if one.startswith("customer.")] == ["customer.city"]
    assert "secrets" not in schema["table"]["enum"]
    with pytest.raises(NotFound, match="no table or column 'nothing'"):
        add_database(workspace, "some", Source(str(file)), ["nothing"])
    with pytest.raises(NotFound, match="Nothing of the database is ticked"):
        add_database(workspace, "some", Source(str(file)), [])
    with pytest.raises(UserFault, match="at least one letter"):
        add_database(workspace, "!", Source(str(file)), TABLES)


@pytest.mark.parametrize(
    "line", ["revenue", "= customer", "x = purchase.total * customer.name", "x = total", "x = purchase.total / 0"]
)
def test_words_that_mean_nothing_are_told(workspace: Workspace, shop: Tool, tmp_path: Path, line: str) -> None:
    with pytest.raises(UserFault, match="can't be understood"):
        add_database(workspace, "shop", Source(str(tmp_path / "shop.sqlite")), TABLES, line)
    assert Registry(workspace).get("ask_shop").schema == shop.schema


def test_a_value_of_its_own_is_nearer_than_one_of_another_table(workspace: Workspace, tmp_path: Path) -> None:
    file = sqlite_shop(tmp_path, "ALTER TABLE purchase ADD COLUMN city TEXT; UPDATE purchase SET city = 'Lisbon';")
    add_database(workspace, "shop", Source(str(file)), TABLES)
    tool = Registry(workspace).get("ask_shop")
    assert asked(tool, "How many customers are in Lisbon?") == ["number of customer\n2"]
    assert asked(tool, "How many purchases are in Lisbon?") == ["number of purchase\n3"]


def test_who_counts_things_does_not_mean_those_of_one_name(workspace: Workspace, tmp_path: Path) -> None:
    more = "CREATE TABLE visit (visit_id INTEGER PRIMARY KEY, title TEXT, customer_id INTEGER REFERENCES customer);"
    file = sqlite_shop(tmp_path, f"{more} INSERT INTO visit VALUES (1, 'Ana Silva', 2), (2, 'tea', 1), (3, 'tea', 1);")
    add_database(workspace, "shop", Source(str(file)), ["customer", "visit"])
    assert asked(Registry(workspace).get("ask_shop"), "How many visits did Ana Silva make?") == ["number of visit\n2"]


def test_others_with_as_much_are_mentioned(shop: Tool) -> None:
    given = {"find": "number", "table": "customer", "by": "customer.phone", "order": "lowest first", "limit": 1}
    assert shop.run(given).splitlines()[-1] == "555 | 1"
    given = {"find": "number", "table": "purchase", "by": "purchase.total", "order": "highest first", "limit": 1}
    assert shop.run(given).splitlines()[-1] == "and more rows with as much, which are not shown"


def test_a_long_answer_is_cut_and_says_so() -> None:
    many = Answered(["a"], [("x" * 190,)] * 50, True)
    assert len(written(many)) < MOST_CHARACTERS + 100
    assert written(many).splitlines()[-1] == "and 30 rows more that are not shown"
    assert (
        written(Answered(["a"], [(None,), ("y" * 300,)], True)).splitlines()[-1] == "and more rows that are not shown"
    )


def test_a_copy_stays_as_it_was_and_a_file_in_place_is_asked_as_it_is(workspace: Workspace, tmp_path: Path) -> None:
    file = sqlite_shop(tmp_path)
    add_database(workspace, "copied", Source(str(file)), TABLES)
    add_database(workspace, "living", Source(str(file), copied=False), TABLES)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM purchase")
        connection.commit()
    registry = Registry(workspace)
    number = {"find": "number", "table": "purchase"}
    assert [registry.get(name).run(number).split()[-1] for name in ("ask_copied", "ask_living")] == ["3", "0"]
    with pytest.raises(NotAllowed, match="studio's own files"):
        add_database(workspace, "own", Source(str(workspace.home / "triptych.db"), copied=False), ["tools"])
    file.unlink()
    assert "not there any more" in str(try_tool(registry, "ask_living", number).error)


def test_a_removed_database_leaves_nothing_behind(workspace: Workspace, tmp_path: Path) -> None:
    file = sqlite_shop(tmp_path)
    for _ in range(2):
        add_database(workspace, "shop", Source(str(file)), TABLES)
    (copy,) = workspace.folder("uploads").iterdir()
    Registry(workspace).set_permission("ask_shop", Permission.ASK)
    assert add_database(workspace, "shop", Source(str(file)), TABLES).permission is Permission.ASK
    assert not copy.exists()
    Removing(workspace, Queue(workspace.database, workspace.clock)).tool("ask_shop")
    assert [*workspace.folder("uploads").iterdir()] == []
    assert file.exists()


@pytest.mark.postgres
def test_the_address_of_a_postgresql_database_is_a_secret(
    workspace: Workspace, postgres_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = postgres_shop(postgres_url).replace("postgres@", "postgres:hunter2@")
    made = add_database(workspace, "shop", Source(address), TABLES, WORDS)
    tool = Registry(workspace).get(made.name)
    assert asked(tool, "Which customer spent the most?") == ["customer.name | sum of purchase.total\nAna Silva | 30.3"]
    kept = workspace.home / SECRETS / "ask_shop.address"
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    backup = tmp_path / "backup.tar"
    back_up(workspace, backup)
    told = json.dumps(tool.schema) + tool.description + str(made) + caplog.text
    assert "hunter2" not in told
    others = [path for path in workspace.home.rglob("*") if path.is_file() and path != kept]
    assert not any(b"hunter2" in path.read_bytes() for path in [*others, backup])
    delete_everything(workspace, Queue(workspace.database, workspace.clock))
    assert not kept.exists()


def test_an_address_that_is_not_here_any_more_is_said(workspace: Workspace, shop: Tool) -> None:
    record = workspace.tools.get("ask_shop")
    record.config["source"] = {"kind": "postgresql", "where": "shop at db", "host": "db", "copied": False}
    workspace.tools.keep(record)
    call = try_tool(Registry(workspace), "ask_shop", {"find": "number", "table": "customer"})
    assert call.error == "The address of this database is not kept here any more."


def test_own_words_are_read_line_by_line(workspace: Workspace, shop: Tool, tmp_path: Path) -> None:
    shape = Source(str(tmp_path / "shop.sqlite")).described()
    words = read_own_words("\n  price,  cost =purchase.total\n half = PURCHASE.total / 2 \n", shape)
    assert words.meanings == {"price": "purchase.total", "cost": "purchase.total", "half": "half"}
    assert [factor.of for factor in words.measures[0].factors] == ["purchase.total", "2"]
    assert schema_of(shape)["required"] == ["find", "table"]
    with pytest.raises(UserFault, match="101 lines"):
        read_own_words("a = customer\n" * 101, shape)


@pytest.mark.shared_data
def test_chinook_is_answered_right_or_not_at_all(workspace: Workspace, shared_data: Path) -> None:
    source = Source(str(shared_data / "sql-chinook" / "chinook.sqlite"))
    tool = Registry(workspace).get(add_database(workspace, "music", source, source.described().tables).name)
    assert asked(tool, "Which genre has the most tracks?") == ["Genre.Name | number of Track\nRock | 1297"]
    assert asked(tool, "How many tracks are on the playlist 'Grunge'?") == ["number of Track\n15"]
    for line in (shared_data / "sql-chinook" / "questions.jsonl").read_text().splitlines():
        row = json.loads(line)
        if not row["answerable"]:
            assert asked(tool, row["question"]) == []
