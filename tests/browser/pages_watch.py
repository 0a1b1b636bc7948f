"""What a page must never do, collected while a test drives it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page, Response


class Watch:
    """Collects errors on the console, errors of scripts, and requests to anywhere but this studio."""

    def __init__(self, page: Page, url: str) -> None:
        self.troubles: list[str] = []
        self._page = page
        self._leaving = False
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", lambda request: self._asked(request.url, url))
        page.on("response", self._answered)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Leave the page in this block: streams that break off with it are no trouble."""
        self._leaving = True
        yield
        self._page.wait_for_load_state()
        self._leaving = False

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._leaving:
            self.troubles.append(f"console: {message.text}")

    def _asked(self, address: str, url: str) -> None:
        if not address.startswith((url, "data:", "blob:")):
            self.troubles.append(f"outside request: {address}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} from {response.url}: {response.request.post_data}")
