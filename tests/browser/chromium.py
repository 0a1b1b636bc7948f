"""A real Chromium for tests, without its window: Debian's where it is, else Playwright's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

# The shell takes a seventh less of the processor than the whole browser with its window switched off.
_DEBIAN = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
# Another browser runs beside these tests; how soon something must be there is asserted where it matters.
_PATIENCE_MS = 20_000
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a headless browser; skip with the reason where there is none, unless TRIPTYCH_REQUIRE names it."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        try:
            debian = next((path for path in _DEBIAN if path.exists()), None)
            browser = playwright.chromium.launch(executable_path=debian, args=_ARGUMENTS)
        except Error as error:
            if "browser" in os.environ.get("TRIPTYCH_REQUIRE", ""):
                raise
            pytest.skip(f"no Chromium to drive: {error.message.splitlines()[0]}")
        try:
            yield browser
        finally:
            browser.close()
