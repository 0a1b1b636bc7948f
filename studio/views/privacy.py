"""Where data goes: nowhere, with the exceptions that the settings make."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from storage.settings import Settings
from studio.views import markdown
from studio.wording import mcp, web_pages
from studio.wording import privacy as words
from studio.wording import services as serving


def privacy(
    settings: Settings,
    hub: str,
    asked_hosts: Sequence[str] = (),
    pages: Sequence[str] = (),
    services: Sequence[str] = (),
) -> str:
    """Return that nothing leaves this computer, or what does.

    `hub` is where models are fetched, empty for nowhere; `asked_hosts` are those of databases that tools ask; `pages`
    are the addresses of documents that were fetched; `services` are the hosts of services that tools ask, and the full
    paths of programs that they start.
    """
    hosts = dict.fromkeys(host for host in asked_hosts if not _is_here(host))
    sites = dict.fromkeys(host for page in pages if (host := elsewhere(page)))
    made = [
        *exceptions(settings),
        *(words.asked(markdown.plain(host)) for host in hosts),
        *(serving.asked(markdown.plain(host)) for host in dict.fromkeys(services) if not _is_here(host)),
        *(mcp.sends(markdown.plain(one)) for one in dict.fromkeys(services) if one.startswith("/")),
        *([web_pages.asked(markdown.plain(words.few(list(sites))))] if sites else []),
    ]
    head = words.BUT if made else words.STAYS
    asked = [words.hub(markdown.plain(host))] if (host := elsewhere(hub)) else []
    return "\n\n".join([head, *(["\n".join(f"- {line}" for line in made)] if made else []), *asked])


def exceptions(settings: Settings) -> Sequence[str]:
    """Return the sentences about what the settings send elsewhere: hosts only, never the passwords in addresses."""
    told = (
        (words.model_server, elsewhere(settings.model_url)),
        (words.drafting, elsewhere(settings.draft_url)),
        (words.judging, elsewhere(settings.judge_url)),
        (words.database, elsewhere(settings.database_url)),
        (words.network, "" if settings.loopback else settings.host),
    )
    return [sentence(markdown.plain(host)) for sentence, host in told if host]


def elsewhere(url: str | None) -> str:
    """Return the host of an address on another computer; empty where it is this computer, or no address."""
    parts = urlsplit(url or "")
    asked = parse_qs(parts.query)
    # Databases also take their host as a parameter.
    named = [parts.hostname or "", *asked.get("host", []), *asked.get("hostaddr", [])]
    return next((host for hosts in named for host in hosts.split(",") if not _is_here(host)), "")


def _is_here(host: str) -> bool:
    # Without a host, or with a folder in its place, a database is reached through a socket of this computer.
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
