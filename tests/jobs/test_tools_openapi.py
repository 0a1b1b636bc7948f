"""A service's own description is read as data only: what can be asked is offered, the rest is refused in words."""

import json
import time
from typing import Any

import pytest

from jobs.tools.service.openapi.operations import Described, described
from jobs.tools.service.openapi.reading import MOST_BYTES, read_document
from storage.errors import UserFault
from tests.openapis import LIBRARY, SHOP, WARD


def of(document: dict[str, Any]) -> Described:
    return described(read_document(json.dumps(document).encode()))


def asking(operation: dict[str, Any], path: str = "/a", method: str = "get", **more: Any) -> Described:
    return of({"openapi": "3.1.0", "paths": {path: {method: operation}}, **more})


def reason(operation: dict[str, Any], path: str = "/a", method: str = "get", **more: Any) -> str:
    found = asking(operation, path, method, **more)
    assert found.usable == []
    return found.refused[0].reason


def test_what_a_shop_offers() -> None:
    shop = of(SHOP)
    assert (shop.title, shop.server) == ("Order Desk", "https://eu.shop.example/v1/")
    one, several, place = shop.usable
    assert (one.id, one.name, one.description) == ("getOrderById", "Get order by id", "Find an order by its number")
    assert one.address(shop.server) == "https://eu.shop.example/v1/orders/{order_id}"
    assert one.lines == "order_id: text, the order's number, as printed"
    assert one.question == 'Find an order by its number: order id "ORD-1042"'
    assert (one.left_out, one.lock) == (["verbose"], "X-Key: …")
    assert several.address("https://x.example") == "https://x.example/orders?state={state}&page%5Bsize%5D={page_size}"
    assert several.lines == "state: one of open|in_transit|delivered, state\npage_size: whole number, page size"
    assert several.description == "Lists the orders of a state. It pages. More."
    assert several.question == "Lists the orders of a state: page size 5, state open"
    assert (place.method, place.lines, place.left_out) == (
        "POST", "product: text, product\namount: whole number, amount", ["note"]
    )  # fmt: skip
    assert [(one.label, one.reason) for one in shop.refused] == [
        (
            "DELETE /orders/{order-id}",
            "It is asked in a way (DELETE) in which no tool asks: a tool reads (GET) or acts (POST).",
        ),
        (
            "POST /labels",
            "It wants a form or a file (multipart/form-data), where a tool sends a list of values (JSON).",
        ),
    ]


def test_what_a_ward_offers_and_why_the_rest_can_not_be_used() -> None:
    ward = of(WARD)
    assert (ward.server, [one.id for one in ward.usable]) == ("", ["free_beds_beds__ward__get"])
    assert (ward.usable[0].lock, ward.usable[0].left_out) == ("Authorization: Bearer …", ["day"])
    assert {one.label: one.reason for one in ward.refused} == {
        "POST /notes": "It needs patient, which is an object with parts of its own.",
        "GET /circle": "Its description points in a circle.",
        "GET /outside": "Its description points out of the document, and nothing is fetched for it.",
        "GET /file": "Its description points out of the document, and nothing is fetched for it.",
        "GET /nowhere": "Its description points at something that the document does not hold.",
        "GET /traced": "It needs X-Trace beside its address (in a header), as only a secret goes.",
        "GET /listed": "It needs ids, which is a list.",
        "GET /old": "The service says that it is no longer to be used.",
        "GET /far": "It lies at another address than the rest of the service.",
        "GET /many": "It needs 7 values; 6 is the most that a question is searched for.",
        "GET /odd/{a}": "The values in its path and those that it describes are not the same.",
        "GET /keyed": "It wants its secret elsewhere than in one header.",
        "POST /nothing": "It may change something and needs no value that says what.",
    }


def test_what_a_library_offers_in_yaml() -> None:
    library = described(read_document(LIBRARY.encode()))
    books, loans = library.usable
    assert (books.question, books.left_out) == ('Find books of an author: author "Ana Silva"', ["year"])
    assert (loans.name, loans.question) == (
        "Lend a book to a reader",
        'Lend a book: to a reader: days 14, isbn "A-100"',
    )
    assert library.refused == []


def test_words_of_a_document_lose_markup_and_what_nobody_sees() -> None:
    said = "# Read [this](https://evil.example) <script>x()</script>\u202e`now`\x07 \U000e0041![p](q) " + "word " * 200
    found = asking({"summary": said, "operationId": "x" * 500}).usable[0]
    assert found.description.startswith("Read this now p word word")
    assert len(found.description) <= 300
    assert found.description.endswith(" …")
    assert len(found.name) <= 50


def test_a_comment_without_an_end_is_left_out() -> None:
    assert asking({"summary": "Find it <!-- and tell nobody"}).usable[0].description == "Find it"


@pytest.mark.parametrize("begun", ["<!--", "<script ", "<", "[", "_"])
def test_texts_made_to_be_slow_are_read_quickly(begun: str) -> None:
    def value(place: str) -> dict[str, Any]:
        schema = {"type": "string"}
        return {
            "name": place,
            "in": "query",
            "required": True,
            "description": place + begun * (1_200 // len(begun)),
            "schema": schema,
        }

    paths = {
        f"/{number}": {"get": {"parameters": [value(f"v{number}_{one}") for one in range(6)]}} for number in range(200)
    }
    # Of the processor, for other tests run beside it.
    began = time.process_time()
    assert len(of({"openapi": "3.0.0", "paths": paths}).usable) == 200
    assert time.process_time() - began < 10


def test_two_operations_of_one_name_and_one_too_many() -> None:
    named = {f"/{n}": {"get": {"operationId": "same"}} for n in range(2)}
    assert [one.reason for one in of({"openapi": "3.0.0", "paths": named}).refused] == [
        "Another operation has the same name."
    ]
    many = {f"/{n}": {"get": {}} for n in range(203)}
    assert (of({"openapi": "3.0.0", "paths": many}).more, len(of({"openapi": "3.0.0", "paths": many}).usable)) == (
        3,
        200,
    )


def required(schema: Any, **more: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "v", "in": "query", "required": True, "schema": schema, **more}]}


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (required({"type": "boolean"}), "which is a yes or no"),
        (required({}), "of no single kind"),
        (required({"type": ["string", "integer"]}), "of no single kind"),
        (required({"type": "string", "format": "binary"}), "of no kind that a question holds"),
        (required({"type": "string"}, style="deepObject"), "a way that is not known"),
        (required({"type": "string"}, **{"in": "cookie"}), "in a cookie"),
        (required({"type": "string"}, **{"in": "body"}), "does not say where"),
        (required({"type": "string"}, name="é" * 3), "can't be used"),
        (required({"type": "string"}, name="\ud800a"), "can't be used"),
        (required({"type": "string"}, name=["a"]), "a way that is not known"),
    ],
)
def test_a_value_that_no_question_holds(operation: dict[str, Any], sentence: str) -> None:
    assert sentence in reason(operation)


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"type": "array"}, "no flat list"),
        ({"allOf": [{}], "properties": {"a": {}}}, "no flat list"),
        ({"properties": {"a": {"type": "string"}}}, "needs no value that says what"),
        ({"properties": {"a": {"type": "string"}}, "required": ["b"]}, "of which nothing is said"),
        ({"properties": {"a-b": {"type": "string"}}, "required": ["a-b"]}, "The name a-b"),
    ],
)
def test_a_body_that_is_not_flat(schema: dict[str, Any], sentence: str) -> None:
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    assert sentence in reason(body, method="post")


def test_a_path_that_leads_elsewhere_is_none() -> None:
    for path in ("//evil.example/a", "/a?b=c", "/a#b", "/a b", "/{a", "a", "/\\evil", "/a\u202eb"):
        found = asking({}, path)
        where = found.usable[0].address("https://x.example") if found.usable else "https://x.example/"
        assert where.startswith("https://x.example/"), path
    assert "not known here" in reason({}, "/a?b=c")


@pytest.mark.parametrize(
    ("servers", "server"),
    [
        ([{"url": "/api"}, {"url": "https://b.example"}], "https://b.example"),
        ([{"url": "https://{a}.example"}], ""),
        ([{"url": "https://{a}.example", "variables": {"a": {"default": "x?y"}}}], ""),
        (["https://a.example", {"url": 5}, {"url": "file:///etc/passwd"}], ""),
        ("https://a.example", ""),
    ],
)
def test_where_a_service_lies(servers: Any, server: str) -> None:
    assert asking({}, servers=servers).server == server


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b" " * (MOST_BYTES + 1), "more than 2,000,000 bytes"),
        (b"\xff\xfe{", "no text in UTF-8"),
        (b'{"openapi": "3.0.0",', "breaks off in line 1"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "a number that is too long"),
        (b"- a", "no OpenAPI document"),
        (b"", "no OpenAPI document"),
        (b"swagger: '2.0'", "Swagger 2"),
        (b"openapi: 4.0.0", "version 3.0 or 3.1"),
        (b"openapi: 3.0.0\na: [", "YAML can't be read"),
        (b"openapi: 3.0.0\na: \x07", "can't be read as YAML"),
        (b"[" * 100_000, "nested too deeply"),
        (b"openapi: 3.0.0\na: &a [1, 2]\nb: [*a, *a]", "Line 3 uses an alias"),
        (b"openapi: 3.0.0\n? [a]\n: b", "YAML can't be read"),
        (b"openapi: 3.0.0\na: [" + b"1," * 250_000 + b"]", "too many parts"),
        (b"openapi: 3.0.0", "describes nothing"),
    ],
)
def test_what_can_not_be_read(data: bytes, sentence: str) -> None:
    with pytest.raises(UserFault, match=sentence):
        described(read_document(data))


def test_yaml_builds_nothing_but_texts() -> None:
    found = read_document(b"openapi: 3.0.0\na: !!python/object/apply:os.system ['exit 1']\nb: 2024-99-99\nc: !!int ''")
    assert found == {"openapi": "3.0.0", "a": ["exit 1"], "b": "2024-99-99", "c": ""}
