"""A web page becomes a document under its title, with where and when it was fetched; what is none is told plainly."""

from collections.abc import Iterator
from time import time

import pytest

from jobs.context import Cancelled
from jobs.fetching.rules import FetchFault
from jobs.queue import Queue
from jobs.requests import Fetch, Index, parse_request
from jobs.retrieval.indexing import index_with
from jobs.retrieval.web import Page, address_of, fetch_page, is_web_address, reading_of, waiting_pages
from jobs.retrieval.web_fetching import fetch_through
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.fakes import ScriptedModel
from tests.pages import PUBLIC, Heard, Reply, Site, site

RETURNS = "<html><head><title>Returns &amp;\n refunds</title></head><body><p>Within 14 days.</p></body></html>"
LATIN = {"Content-Type": "text/html; charset=latin-1"}
OTHER = RETURNS.replace("14", "30")


@pytest.fixture
def shop() -> Iterator[Site]:
    pages = {
        "/returns": Reply(RETURNS),
        "/old/returns": Reply(OTHER),
        "/moved": Reply(status=301, headers={"Location": "/returns"}),
        "/latin": Reply("<title>Grüße</title><p>Für Käufer".encode("latin-1"), headers=LATIN),
        "/price-list.txt": Reply("Blue paint: 4 euros.", headers={"Content-Type": "text/plain"}),
        "/": Reply("<p>Hello"),
        "/picture": Reply(b"\x89PNG", headers={"Content-Type": "image/png"}),
        "/login": Reply(status=401),
        "/odd": Reply(status=418),
        "/tired": Reply(status=503),
    }  # fmt: skip
    with site({"shop.example": [PUBLIC], "inner.example": ["192.168.0.2"]}, pages) as at:
        yield at


def add(workspace: Workspace, shop: Site, address: str) -> Page:
    page = fetch_page(workspace, "Web", address, shop.network)
    request = parse_request(reading_of(page, "Web").model_dump(mode="json"))
    index_with(ScriptedModel(), request, claimed_context(workspace, request))
    return page


def test_a_page_is_kept_under_its_title_with_its_address(workspace: Workspace, shop: Site) -> None:
    page = add(workspace, shop, "http://shop.example/moved")
    (kept,) = workspace.collections.documents("Web")
    assert kept.name == page.name == "Returns & refunds.html"
    assert workspace.collections.document_text(kept.id) == "# Returns & refunds\n\nWithin 14 days.\n"
    assert workspace.fetched.of("Web") == {kept.id: page.origin}
    assert (page.origin.address, workspace.fetched.addresses()) == (
        "http://shop.example/moved", ["http://shop.example/moved"],
    )  # fmt: skip
    assert (workspace.home / page.path).read_text() == RETURNS


def test_fetched_again_it_takes_its_own_place(workspace: Workspace, shop: Site) -> None:
    first = add(workspace, shop, "http://shop.example/returns")
    unchanged = add(workspace, shop, "http://shop.example/returns")
    (kept,) = workspace.collections.documents("Web")
    assert workspace.fetched.of("Web")[kept.id] == unchanged.origin
    assert unchanged.origin.fetched_at >= first.origin.fetched_at
    shop.pages["/returns"] = Reply(RETURNS.replace("Returns", "New returns").replace("14", "60"))
    add(workspace, shop, " http://shop.example/returns ")
    (kept,) = workspace.collections.documents("Web")
    assert kept.name == first.name
    assert "60 days" in workspace.collections.document_text(kept.id)
    assert list(workspace.fetched.of("Web")) == [kept.id]


def test_another_page_with_the_same_title_gets_its_address_into_its_name(workspace: Workspace, shop: Site) -> None:
    add(workspace, shop, "http://shop.example/returns")
    add(workspace, shop, "http://shop.example/old/returns")
    assert [one.name for one in workspace.collections.documents("Web")] == [
        "Returns & refunds (shop.example old returns).html", "Returns & refunds.html",
    ]  # fmt: skip


def test_a_page_that_waits_to_be_read_keeps_its_name(workspace: Workspace, shop: Site) -> None:
    queue = Queue(workspace.database, workspace.clock)
    first = fetch_page(workspace, "Web", "http://shop.example/returns", shop.network)
    queue.enqueue(reading_of(first, "Web"), "a")
    queue.enqueue(Index(collection="Web", files=(("uploads/x", "x.md"),)), "b")
    waiting = waiting_pages(queue, "Web")
    assert waiting == {first.name: "http://shop.example/returns", "x.md": ""}
    assert waiting_pages(queue, "other") == {}
    other = fetch_page(workspace, "Web", "http://shop.example/old/returns", shop.network, waiting)
    assert other.name == "Returns & refunds (shop.example old returns).html"
    assert fetch_page(workspace, "Web", "http://shop.example/returns", shop.network, waiting).name == first.name


def test_a_page_that_is_removed_takes_its_address_along(workspace: Workspace, shop: Site) -> None:
    add(workspace, shop, "http://shop.example/returns")
    workspace.collections.remove_document(workspace.collections.documents("Web")[0].id)
    assert workspace.fetched.addresses() == []
    assert workspace.fetched.of("nothing") == {}


@pytest.mark.parametrize(
    ("address", "name", "text"),
    [
        ("http://shop.example/price-list.txt", "price-list.txt", "Blue paint: 4 euros."),
        ("http://shop.example/latin", "Grüße.html", "Für Käufer"),
        ("http://shop.example/", "shop.example.html", "Hello"),
    ],
)
def test_names_and_encodings(workspace: Workspace, shop: Site, address: str, name: str, text: str) -> None:
    page = fetch_page(workspace, "Web", address, shop.network)
    assert page.name == name
    assert text in (workspace.home / page.path).read_bytes().decode()
    assert page.origin.address.endswith(address)
    assert shop.connected[0] == (PUBLIC, 80 if address.startswith("http:") else 443)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://shop.example/picture", "sends image/png, which is not read"),
        ("http://shop.example/nothing", "has no such page"),
        ("http://shop.example/login", "only to people who have logged in"),
        ("http://shop.example/odd", r"sends no page \(418\)"),
        ("http://shop.example/tired", r"out of order \(503\)"),
        ("http://inner.example/", "inner network"),
        ("http://127.0.0.1/", "inner network"),
        ("http://shop.example:8080/", "Port 8080"),
        ("file:///etc/passwd", "no address of a web page"),
    ],
)
def test_what_is_no_page_is_told_and_nothing_is_kept(
    workspace: Workspace, shop: Site, address: str, sentence: str
) -> None:
    with pytest.raises(FetchFault, match=sentence) as raised:
        fetch_page(workspace, "Web", address, shop.network)
    assert raised.value.next_step
    assert list(workspace.folder("uploads").iterdir()) == []


def test_a_bare_address_is_asked_with_encryption(workspace: Workspace, shop: Site) -> None:
    with pytest.raises(FetchFault):  # the pages of the tests have none
        fetch_page(workspace, "Web", "shop.example/returns", shop.network)
    assert shop.connected == [(PUBLIC, 443)]


def test_addresses_are_told_from_files() -> None:
    assert all(map(is_web_address, ["https://shop.example", " HTTP://shop.example"]))
    assert not any(map(is_web_address, ["https.md", "manuals/https:.md", "postgresql://db/shop"]))


def asked_in_background(workspace: Workspace, shop: Site, address: str) -> Index:
    request = Fetch(collection="Web", address=address)
    result = fetch_through(shop.network, request, claimed_context(workspace, request)).result
    read = parse_request(Queue(workspace.database, workspace.clock).get(result["reading"]).spec)
    assert isinstance(read, Index)
    return read


def test_a_page_fetched_in_the_background_is_read_by_a_job_of_its_own(workspace: Workspace, shop: Site) -> None:
    first, second = (
        asked_in_background(workspace, shop, f"http://shop.example/{path}") for path in ("returns", "old/returns")
    )
    for request in (first, second):
        index_with(ScriptedModel(), request, claimed_context(workspace, request))
    assert [one.name for one in workspace.collections.documents("Web")] == [
        "Returns & refunds (shop.example old returns).html", "Returns & refunds.html",
    ]  # fmt: skip
    assert workspace.fetched.addresses() == ["http://shop.example/old/returns", "http://shop.example/returns"]


def test_a_fetching_that_was_cut_off_after_it_asked_asks_for_no_second_reading(
    workspace: Workspace, shop: Site
) -> None:
    request, queue = Fetch(collection="Web", address="http://shop.example/returns"), Queue(workspace.database, time)
    context = claimed_context(workspace, request)
    first = fetch_through(shop.network, request, context).result
    assert queue.interrupt(context.job, "The worker stopped.")
    again = fetch_through(shop.network, request, claimed_again(workspace, queue.get(context.job.id), request)).result
    assert again == first
    assert [job.kind for job in queue.unfinished()].count("index") == 1
    assert len(list(workspace.folder("uploads").iterdir())) == 1


def test_a_fetching_that_is_stopped_or_finds_no_page_asks_for_nothing(workspace: Workspace, shop: Site) -> None:
    request, queue = Fetch(collection="Web", address="http://shop.example/slow"), Queue(workspace.database, time)
    context = claimed_context(workspace, request)

    def stopped(_heard: Heard) -> Reply:
        queue.request_cancel(context.job.id)
        return Reply(RETURNS)

    shop.pages = {**shop.pages, "/slow": stopped}
    with pytest.raises(Cancelled):
        fetch_through(shop.network, request, context)
    other = Fetch(collection="Web", address="http://shop.example/nothing")
    with pytest.raises(FetchFault, match="has no such page"):
        fetch_through(shop.network, other, claimed_context(workspace, other))
    assert all(job.kind == "fetch" for job in queue.unfinished())
    assert list(workspace.folder("uploads").iterdir()) == []


@pytest.mark.parametrize("written", ["http://127.0.0.1/", "[::1]", "shop.example:8080/", "file:///etc/passwd", "a b"])
def test_what_is_seen_to_be_no_address_is_refused_before_anything_is_asked(written: str) -> None:
    with pytest.raises(FetchFault):
        address_of(written)
    assert address_of(" shop.example/x ") == "https://shop.example/x"
