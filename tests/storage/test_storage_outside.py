"""A database of others gives what the form asks, and nothing else happens to it, whatever is written into the form."""

import hashlib
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import sqlite_module
from storage.outside.asking import ask_outside, values_in
from storage.outside.connecting import Outside, OutsideFault, host_of, postgres, sqlite_file, where_of
from storage.outside.describing import described
from storage.outside.query import Ask, Filter
from storage.outside.shape import Factor, Measure, Shape, shape_of
from tests.shop import postgres_shop, sqlite_shop

TICKED = ("customer", "purchase")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Outside:
    if request.param == "postgres":
        return postgres(postgres_shop(request.getfixturevalue("postgres_url")))
    return sqlite_file(sqlite_shop(tmp_path), fixed=True)


def ticked(outside: Outside, *tables: str) -> Shape:
    whole = described(outside)
    measure = Measure("double", "purchase", (Factor("*", "purchase.total"), Factor("*", "2")))
    return whole.ticked({one.label for one in whole.columns if one.table in (tables or TICKED)}, [measure])


def rows(outside: Outside, ask: Ask, shape: Shape | None = None) -> list[tuple[object, ...]]:
    found = ask_outside(outside, shape or ticked(outside), ask).rows
    return [tuple(float(value) if not isinstance(value, str | None) else value for value in row) for row in found]


def test_a_shape_is_read_ticked_and_kept(shop: Outside) -> None:
    shape = ticked(shop)
    assert shape.tables == TICKED
    assert {(one.label, one.kind) for one in shape.columns} >= {
        ("customer.name", "text"), ("purchase.placed", "date"), ("purchase.total", "number"),
    }  # fmt: skip
    assert shape.keys["customer"] == ("customer_id",)
    assert [(link.table, link.to_table) for link in shape.links] == [("purchase", "customer")]
    assert shape_of(shape.as_json()) == shape


@pytest.mark.parametrize(
    ("ask", "wanted"),
    [
        (Ask("number", "customer"), [(3,)]),
        (Ask("different", "customer", ("customer.city",)), [(2,)]),
        (Ask("sum", "purchase", ("purchase.total",)), [(35.35,)]),
        (Ask("sum", "purchase", ("double",)), [(70.7,)]),
        (
            Ask("average", "purchase", ("purchase.total",), filters=(Filter("customer.name", "is", "ana silva"),)),
            [(15.15,)],
        ),
        (Ask("largest", "purchase", ("purchase.total",)), [(20.2,)]),
        (Ask("number", "customer", without="purchase"), [(1,)]),
        (Ask("rows", "customer", without="purchase"), [("Cy Cole",)]),
        (Ask("number", "customer", filters=(Filter("customer.phone", "is empty"),)), [(2,)]),
        (Ask("number", "purchase", filters=(Filter("year of purchase.placed", "is", "2025"),)), [(2,)]),
        (Ask("number", "purchase", filters=(Filter("purchase.total", "at least", "10.10"),)), [(2,)]),
        (Ask("number", "customer", filters=(Filter("purchase.total", "above", "1"),)), [(2,)]),
        (
            Ask("rows", "customer", ("customer.name",), filters=(Filter("customer.name", "contains", "b"),)),
            [("Bo Berg",)],
        ),
        (
            Ask("sum", "purchase", ("purchase.total",), by="customer", order="highest first"),
            [("Ana Silva", 30.3), ("Bo Berg", 5.05)],
        ),
        (
            Ask("sum", "purchase", ("purchase.total",), by="year of purchase.placed", order="lowest first"),
            [(2024, 10.1), (2025, 25.25)],
        ),
        (
            Ask("rows", "customer", ("customer.name",), order="highest first", order_by="purchase.total", limit=1),
            [("Ana Silva", 20.2)],
        ),
    ],
    ids=str,
)
def test_the_form_asks_what_it_says(shop: Outside, ask: Ask, wanted: list[tuple[object, ...]]) -> None:
    assert rows(shop, ask) == [pytest.approx(row) for row in wanted] or rows(shop, ask) == wanted


def test_values_are_found_whatever_their_case(shop: Outside) -> None:
    found = values_in(shop, ticked(shop), ["lisbon", "bo berg", "heliotrope"])
    assert found == {"lisbon": [("customer.city", "Lisbon")], "bo berg": [("customer.name", "Bo Berg")]}


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (Ask("number", "secrets"), "no table 'secrets'"),
        (Ask("rows", "customer", ("secrets.word",)), "no column 'secrets.word'"),
        (Ask("rows", 'customer"; DROP TABLE customer; --'), "no table"),
        (Ask("rows", "customer", ("customer.name; ATTACH",)), "no column"),
        (Ask("sum", "customer", ("customer.name",)), "holds no numbers"),
        (Ask("sum", "customer"), "not said of which column"),
        (Ask("sum", "customer", ("customer.customer_id",), filters=(Filter("purchase.total", "is", "1"),)), "several"),
        (Ask("number", "customer", filters=(Filter("customer.name", "is", "a\x00"),)), "zero character"),
        (Ask("number", "purchase", filters=(Filter("purchase.total", "is", "1 OR 1=1"),)), "holds numbers"),
        (Ask("number", "purchase", filters=(Filter("purchase.placed", "above", "2025"),)), "by their year"),
        (Ask("number", "customer", filters=(Filter("customer.name", "above", "A"),)), "holds text"),
        (Ask("number", "customer", without="customer"), "does not belong to"),
        (Ask("rows", "customer", filters=(Filter("year of customer.name", "is", "1"),)), "no column"),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_form_can_not_ask_is_said(shop: Outside, ask: Ask, sentence: str) -> None:
    with pytest.raises(OutsideFault, match=sentence):
        ask_outside(shop, ticked(shop), ask)


@pytest.mark.parametrize(
    "said",
    [
        "'; DROP TABLE customer; --",
        '" OR 1=1 --',
        "Lisbon' UNION SELECT word FROM secrets --",
        "%",
        "_",
        "\\",
        ":name",
        "%s",
    ],
)
def test_a_value_is_only_ever_a_value(shop: Outside, said: str) -> None:
    for sign in ("is", "contains"):
        assert rows(shop, Ask("number", "customer", filters=(Filter("customer.city", sign, said),))) == [(0,)]
    assert rows(shop, Ask("number", "customer")) == [(3,)]


ATTACKS = [
    "INSERT INTO customer VALUES (9, 'x', 'y', 'z')",
    "UPDATE customer SET name = 'x'",
    "DELETE FROM customer",
    "DROP TABLE customer",
    "CREATE TABLE mine (a TEXT)",
    "CREATE TEMP TABLE mine (a TEXT)",
    "ALTER TABLE customer ADD COLUMN mine TEXT",
    "CREATE VIEW mine AS SELECT word FROM secrets",
    "ATTACH DATABASE '/tmp/other.db' AS other",
    "DETACH DATABASE main",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA table_info(customer)",
    "VACUUM",
    "VACUUM INTO '/tmp/copy.db'",
    "REINDEX",
    "ANALYZE",
    "SELECT load_extension('evil')",
    "SELECT word FROM secrets",
    "SELECT * FROM customer, secrets",
    "SELECT name FROM sqlite_master",
    "SELECT sql FROM sqlite_schema",
    "SELECT * FROM pragma_table_list",
    "SELECT zeroblob(1000000000)",
    "SELECT hex(randomblob(1000000))",
    "SELECT printf('%.*c', 100000000, 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('/tmp/x', 'y')",
    "SELECT group_concat(name) FROM customer",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "WITH gone AS (DELETE FROM customer RETURNING *) SELECT * FROM gone",
    "SAVEPOINT mine",
    "SELECT 1; DROP TABLE customer",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_even_a_written_statement_could_only_read_what_is_ticked(tmp_path: Path, attack: str) -> None:
    file = sqlite_shop(tmp_path)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    for fixed in (True, False):
        shop = sqlite_file(file, fixed=fixed)
        readable = ticked(shop).readable()
        begun = time.monotonic()
        with pytest.raises((OutsideFault, sqlite_module().Warning)), shop.reading(readable) as connection:
            connection.exec_driver_sql(attack).all()
        assert time.monotonic() - begun < 1.1
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.postgres
@pytest.mark.parametrize("attack", ["DELETE FROM customer", "CREATE TABLE mine (a TEXT)", "DROP TABLE customer"])
def test_postgresql_is_read_in_a_transaction_that_only_reads(postgres_url: str, attack: str) -> None:
    shop = postgres(postgres_shop(postgres_url))
    with pytest.raises(OutsideFault), shop.reading(set()) as connection:
        connection.execute(text(attack))
    assert rows(shop, Ask("number", "customer")) == [(3,)]


def test_a_long_question_ends_within_its_limit(tmp_path: Path) -> None:
    many = "WITH RECURSIVE n(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) "
    file = sqlite_shop(tmp_path, f"{many} INSERT INTO customer SELECT x, 'n' || x, 'c', NULL FROM n;")
    shop = sqlite_file(file, fixed=True, limit_s=0.3)
    readable, begun = ticked(shop).readable(), time.monotonic()
    with pytest.raises(OutsideFault, match=r"longer than 0\.3 s"), shop.reading(readable) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM customer a, customer b, customer c").all()
    assert time.monotonic() - begun < 1.0


@pytest.mark.postgres
def test_a_long_question_ends_within_its_limit_on_postgresql(postgres_url: str) -> None:
    shop, begun = postgres(postgres_url, limit_s=0.3), time.monotonic()
    with pytest.raises(OutsideFault, match=r"longer than 0\.3 s"), shop.reading(set()) as connection:
        connection.execute(text("SELECT pg_sleep(10)"))
    assert time.monotonic() - begun < 3


def test_names_with_quotes_are_names(tmp_path: Path) -> None:
    odd = 'we"ird; DROP TABLE customer; --'
    quoted = odd.replace('"', '""')
    file = sqlite_shop(tmp_path, f"""CREATE TABLE "{quoted}" ("a'b" TEXT); INSERT INTO "{quoted}" VALUES ('x');""")
    shop = sqlite_file(file, fixed=True)
    assert rows(shop, Ask("rows", odd, (f"{odd}.a'b",)), ticked(shop, odd)) == [("x",)]
    assert rows(shop, Ask("number", "customer")) == [(3,)]


def test_an_address_is_checked_and_never_told() -> None:
    address = "postgresql://reader:hunter2@db.example.org/shop?sslmode=require"
    assert (where_of(address), host_of(address)) == ("shop at db.example.org", "db.example.org")
    for wrong in (
        "mysql://reader:hunter2@db/shop",
        "postgresql://reader:hunter2@db/shop?options=-cstatement_timeout%3D0",
        "postgresql://reader:hunter2@db:port/shop",
        "/etc/passwd",
        "",
    ):
        with pytest.raises(OutsideFault) as raised:
            postgres(wrong)
        assert "hunter2" not in f"{raised.value} {raised.value.next_step} {raised.value.__cause__}"


def test_a_database_that_does_not_answer_says_so_without_its_address() -> None:
    with pytest.raises(OutsideFault) as raised:
        described(postgres("postgresql://reader:hunter2@127.0.0.1:9/shop"))
    assert str(raised.value) == "The database does not answer."


def test_a_file_that_is_none_or_is_gone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(OutsideFault, match="not a SQLite database"):
        sqlite_file(tmp_path / "notes.txt", fixed=True)
    with pytest.raises(OutsideFault, match="not there any more"):
        sqlite_file(tmp_path / "gone.sqlite", fixed=True)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    with pytest.raises(OutsideFault, match="can't be read"):
        described(sqlite_file(damaged, fixed=True))
