"""The words about web pages that are documents."""

ADDRESS = "or the address of a web page"
HELP = "This one page (or PDF) is fetched once and read as it is then; no page that it links to."
EXAMPLE = "https://"
FETCH = "Fetch"
AGAIN = "Fetch again"
NO_ADDRESS = "There is no address yet."
WRITE_ONE = "Write it as https://host/page."


def from_where(address: str, ago: str) -> str:
    """Return where a document was fetched and when; `address` is Markdown already."""
    return f"fetched {ago} from {address}"


def asked(host: str) -> str:
    """Return that pages were fetched from a host, and what it learned by that."""
    return f"Web pages that you added as documents were fetched from {host}; nothing but their address was sent there."
