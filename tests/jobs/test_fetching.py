"""What may be fetched from other computers: never a byte from this one or an inner network, and no more than asked."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpcore
import pytest

from jobs.fetching.addresses import is_public, may_be_allowed, resolve
from jobs.fetching.fetch import Asked, Network, fetch
from jobs.fetching.rules import PORTS, FetchFault, NotReached, Rules, checked
from tests.pages import PUBLIC, Reply, Site, canary, site

RULES = Rules(frozenset({"text/html"}), most_bytes=1_000, limit_s=3, redirects=2, schemes=frozenset(("http", "https")))

# Each of these is this computer, an inner network, a cloud's own address, or no host at all.
INNER_ADDRESSES = (
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3",
    "127.255.255.254", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.1.254", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::7f00:1", "2001:db8::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "3fff::1",
)  # fmt: skip
NAMES = (
    "localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "0x7F.1", "0177.0.0.1", "127.1", "127.0.1",
    "0", "①②⑦.⓪.⓪.①", "017700000001", "[::1%25lo]", "[fe80::1%25lo]", "127.0.0.1.", "127。0。0。1", "%31%32%37.0.0.1",
)  # fmt: skip


@pytest.fixture
def watched() -> Iterator[tuple[int, list[str]]]:
    with canary() as made:
        yield made


def as_host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def test_none_of_sixty_hosts_is_connected_to(watched: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    port, came = watched
    monkeypatch.setitem(PORTS, "http", port)  # else the port alone would keep all of them away
    hosts = [*map(as_host, INNER_ADDRESSES), *NAMES]
    assert len(hosts) >= 60
    for host in hosts:
        for address in (f"http://{host}/", f"http://{host}:{port}/"):
            with pytest.raises(FetchFault):
                fetch(Asked(address), RULES)
    assert came == []
    # What the counting is worth: an allowed one is counted.
    with pytest.raises(FetchFault, match="gave no answer"):
        fetch(Asked(f"http://127.0.0.1:{port}/"), Rules(frozenset(), inner=frozenset({("127.0.0.1", port)})))
    assert came == ["127.0.0.1"]


@pytest.mark.parametrize("address", INNER_ADDRESSES)
def test_a_name_of_an_inner_address_is_not_asked(address: str) -> None:
    with site({"shop.example": [PUBLIC, address]}, {"/": Reply("hello")}) as at:
        with pytest.raises(FetchFault, match="inner network"):
            fetch(Asked("http://shop.example/"), RULES, at.network)
        assert at.connected == []


def test_public_addresses_are_public_and_those_of_this_computer_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    public = [PUBLIC, "1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
    assert all(map(is_public, public))
    assert not any(map(is_public, [*INNER_ADDRESSES, "", "example.com", "1.2.3"]))
    own = socket.getaddrinfo("127.0.0.1", 0)[0]
    card = type("Card", (), {"family": own[0], "address": PUBLIC})()
    monkeypatch.setattr("psutil.net_if_addrs", lambda: {"eth0": [card]})
    assert not is_public(PUBLIC)
    assert is_public("1.1.1.1")


def test_only_hosts_of_people_can_be_allowed() -> None:
    assert all(map(may_be_allowed, ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.2", "100.64.0.1", "fd12::1", PUBLIC]))
    never = ["169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "fd00:ec2::254", "0.0.0.0", "224.0.0.1"]
    assert not any(map(may_be_allowed, never))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://shop.example/", "no address of a web page"),
        ("file:///etc/passwd", "no address of a web page"),
        ("gopher://shop.example/", "no address of a web page"),
        ("shop.example", "no address of a web page"),
        ("", "no address of a web page"),
        ("http://", "no address of a web page"),
        ("http:///page", "no address of a web page"),
        ("http://shop.example\\@127.0.0.1/", "no address of a web page"),
        ("http://shop.example/\r\nHost: other", "no address of a web page"),
        ("http://shop..example/", "no address of a web page"),
        ("http://-shop.example/", "no address of a web page"),
        ("http://user@shop.example/", "user name or a password"),
        ("http://user:hunter2@shop.example/", "user name or a password"),
        ("http://shop.example:22/", "Port 22"),
        ("http://shop.example:443/", "Port 443"),
        ("https://shop.example:80/", "Port 80"),
        ("https://shop.example/" + "x" * 2_000, "is the most"),
    ],
)
def test_addresses_that_break_a_rule_are_refused_before_anybody_is_asked(url: str, sentence: str) -> None:
    with site({"shop.example": [PUBLIC]}, {}) as at, pytest.raises(FetchFault, match=sentence) as raised:
        fetch(Asked(url), RULES, at.network)
    assert at.connected == []
    assert "hunter2" not in str(raised.value)


def test_an_address_has_one_form() -> None:
    assert checked("HTTPS://Shop.Example:443/a b?q=ä#part".replace(" ", "%20"), RULES).url == (
        "https://shop.example/a%20b?q=%C3%A4"
    )
    assert checked("http://[0:0:0:0:0:0:0:1]:8000", Rules(frozenset(), inner=frozenset({("::1", 8000)}))).url == (
        "http://[::1]:8000/"
    )


def test_a_page_comes_with_the_name_of_its_host(site_of_shop: Site) -> None:
    got = fetch(Asked("http://shop.example/a?b=c"), RULES, site_of_shop.network)
    assert (got.body, got.status, got.kind, got.charset) == (b"hello", 200, "text/html", "utf-8")
    assert got.url == "http://shop.example/a?b=c"
    assert site_of_shop.connected == [(PUBLIC, 80)]
    heard = site_of_shop.heard[0]
    assert (heard.path, heard.headers["Host"], heard.headers["Accept-Encoding"]) == (
        "/a?b=c", "shop.example", "identity",
    )  # fmt: skip


@pytest.fixture
def site_of_shop() -> Iterator[Site]:
    pages = {
        "/a": Reply("hello", headers={"Content-Type": "Text/HTML; charset=UTF-8"}),
        "/large": Reply("x" * 1_001),
        "/unsaid": Reply(
            "x" * 1_001, headers={"Content-Type": "text/html", "Content-Length": "", "Connection": "close"}
        ),
        "/picture": Reply("x", headers={"Content-Type": "image/png"}),
        "/nameless": Reply("x", headers={}),
        "/packed": Reply("x", headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}),
        "/drip": Reply("x" * 500, drip_s=0.05),
        "/fault": Reply("no", 503, {"Content-Type": "image/png"}),
        "/loop": Reply(status=302, headers={"Location": "/loop"}),
        "/on": Reply(status=301, headers={"Location": "//other.example/a"}),
        "/inner": Reply(status=302, headers={"Location": "http://127.0.0.1/"}),
        "/named": Reply(status=307, headers={"Location": "http://inner.example/"}),
        "/scheme": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
        "/user": Reply(status=302, headers={"Location": "http://user@other.example/"}),
        "/port": Reply(status=302, headers={"Location": "http://other.example:22/"}),
        "/nowhere": Reply(status=302, headers={"Location": "http://[/"}),
    }
    with site({"shop.example": [PUBLIC], "other.example": ["1.1.1.1"], "inner.example": ["10.0.0.1"]}, pages) as at:
        yield at


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("large", "larger than 0.001 MB"),
        ("picture", "sends image/png"),
        ("nameless", "sends nothing that is named"),
        ("packed", "packed"),
        ("loop", "one address too many"),
        ("inner", "inner network"),
        ("named", "inner network"),
        ("scheme", "no address of a web page"),
        ("user", "user name or a password"),
        ("port", "Port 22"),
        ("nowhere", "no address"),
    ],
)
def test_what_is_not_wanted_is_refused(site_of_shop: Site, path: str, sentence: str) -> None:
    with pytest.raises(FetchFault, match=sentence):
        fetch(Asked(f"http://shop.example/{path}"), RULES, site_of_shop.network)
    assert {address for address, _ in site_of_shop.connected} == {PUBLIC}


def test_a_server_that_drips_is_left_in_time(site_of_shop: Site) -> None:
    began = time.monotonic()
    with pytest.raises(FetchFault, match=r"took longer than 0\.5 s"):
        fetch(Asked("http://shop.example/drip"), Rules(RULES.kinds, limit_s=0.5, schemes=RULES.schemes),
              site_of_shop.network)  # fmt: skip
    assert time.monotonic() - began < 3


def test_a_redirect_is_followed_without_secrets_and_a_post_never(site_of_shop: Site) -> None:
    secret = Asked("http://shop.example/on", headers=(("X-Key", "hunter2"),))
    assert fetch(secret, RULES, site_of_shop.network).url == "http://other.example/a"
    assert [one.headers.get("X-Key") for one in site_of_shop.heard] == ["hunter2", None]
    assert "hunter2" not in repr(secret)
    with pytest.raises(FetchFault) as raised:
        fetch(Asked("http://shop.example/on", "POST"), RULES, site_of_shop.network)
    assert raised.value.begun
    assert [one.method for one in site_of_shop.heard] == ["GET", "GET", "POST"]


def test_a_fault_of_the_other_is_told_whatever_it_is_made_of(site_of_shop: Site) -> None:
    got = fetch(Asked("http://shop.example/fault"), RULES, site_of_shop.network)
    assert (got.status, got.body) == (503, b"no")


def test_the_address_that_was_checked_is_connected_to_whatever_the_name_becomes(site_of_shop: Site) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    rebinding = Network(lambda _host, _port: next(answers), site_of_shop)
    assert fetch(Asked("http://shop.example/a"), RULES, rebinding).body == b"hello"
    assert site_of_shop.connected == [(PUBLIC, 80)]
    with pytest.raises(FetchFault, match="inner network"):
        fetch(Asked("http://shop.example/a"), RULES, rebinding)
    assert site_of_shop.connected == [(PUBLIC, 80)]


def test_a_redirect_to_its_own_name_is_looked_up_anew(site_of_shop: Site) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(FetchFault, match="inner network"):
        fetch(Asked("http://shop.example/loop"), RULES, Network(lambda _host, _port: next(answers), site_of_shop))
    assert site_of_shop.connected == [(PUBLIC, 80)]


def test_the_next_address_is_tried_where_one_does_not_answer(site_of_shop: Site) -> None:
    class Halting(httpcore.SyncBackend):
        def connect_tcp(self, host, port, *rest, **options):
            if host == "1.1.1.1":
                raise httpcore.ConnectError("away")
            return site_of_shop.connect_tcp(host, port, *rest, **options)

    both = Network(lambda _host, _port: ["1.1.1.1", PUBLIC], Halting())
    assert fetch(Asked("http://shop.example/a"), RULES, both).body == b"hello"
    with pytest.raises(NotReached, match="does not answer"):
        fetch(Asked("http://shop.example/a"), RULES, Network(lambda _host, _port: ["1.1.1.1"], Halting()))


def test_only_the_hosts_that_are_named_are_asked(site_of_shop: Site) -> None:
    rules = Rules(RULES.kinds, hosts=frozenset({"other.example"}), schemes=RULES.schemes)
    with pytest.raises(FetchFault, match="not among the hosts"):
        fetch(Asked("http://shop.example/a"), rules, site_of_shop.network)
    assert fetch(Asked("http://other.example/a"), rules, site_of_shop.network).body == b"hello"
    with pytest.raises(FetchFault, match="without encryption"):
        fetch(Asked("http://other.example/a"), Rules(RULES.kinds), site_of_shop.network)


def test_an_allowed_inner_host_is_asked_at_its_port_and_no_other(site_of_shop: Site) -> None:
    port = site_of_shop.port
    rules = Rules(RULES.kinds, inner=frozenset({("127.0.0.1", port)}))
    assert fetch(Asked(f"http://127.0.0.1:{port}/a"), rules).body == b"hello"
    for other in (f"http://localhost:{port}/a", f"http://127.0.0.1:{port + 1}/a", f"http://127.0.0.2:{port}/a"):
        with pytest.raises(FetchFault):
            fetch(Asked(other), rules)
    metadata = Rules(RULES.kinds, inner=frozenset({("169.254.169.254", 80)}))
    with pytest.raises(FetchFault, match="inner network"):
        fetch(Asked("http://169.254.169.254/latest"), metadata)


def test_an_unknown_name_is_told() -> None:
    with site({}, {}) as at, pytest.raises(NotReached, match=r"No computer called shop\.example was found"):
        fetch(Asked("http://shop.example/"), RULES, at.network)


def test_names_are_looked_up_by_this_computer() -> None:
    assert set(resolve("localhost", 80)) <= {"127.0.0.1", "::1"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with the openssl command")
def test_the_certificate_must_be_that_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"]
    named = ["-subj", "/CN=shop.example", "-addext", "subjectAltName=DNS:shop.example"]
    subprocess.run(["openssl", "req", "-x509", *made, *named], check=True, capture_output=True)
    serving, asked_for = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), list[str]()
    serving.load_cert_chain(certificate, key)
    serving.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    pages = {"/": Reply("hello")}
    with site({"shop.example": [PUBLIC], "other.example": [PUBLIC]}, pages, serving) as at:
        network = replace(at.network, trusted=ssl.create_default_context(cafile=certificate))
        assert fetch(Asked("https://shop.example/"), RULES, network).url == "https://shop.example/"
        assert (asked_for, at.connected, at.heard[0].headers["Host"]) == (
            ["shop.example"], [(PUBLIC, 443)], "shop.example",
        )  # fmt: skip
        for host, trusted in (("other.example", network), ("shop.example", at.network)):
            with pytest.raises(NotReached, match="its certificate is not accepted"):
                fetch(Asked(f"https://{host}/"), RULES, trusted)
        assert len(at.heard) == 1
