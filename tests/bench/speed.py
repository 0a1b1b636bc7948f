"""How fast Triptych feels: `make bench` prints seconds for page, first words, five answers, idle and in training.

A benchmark, not a test: run it while nothing else runs. Ten to fifteen minutes on two cores.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from playwright.sync_api import Page

from jobs.models.client import connect
from jobs.models.door import Chat, Door
from storage.settings import Settings
from tests.browser.chromium import chromium
from tests.browser.writing import write
from tests.running import LARKSPUR, Running, studio_running

QUESTION = "How should I store the battery in winter?"
_LIMIT_MS = 120_000


def show(what: str, value: float, unit: str, target: float) -> None:
    """Print one figure beside its target."""
    verdict = "met" if value <= target else "NOT MET"
    sys.stdout.write(f"{what:<58}{value:8.1f} {unit:<3} target {target:g} {unit}: {verdict}\n")
    sys.stdout.flush()


def seconds(action: Callable[[], object]) -> float:
    """Return how long the action took."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def web_memory_mb(running: Running) -> float:
    """Return the resident memory of the web process."""
    for child in psutil.Process(running.process.pid).children():
        if "studio.web" in child.cmdline():
            return child.memory_info().rss / 2**20
    raise RuntimeError("the web process is not there")


def open_page(page: Page, url: str) -> float:
    """Return the seconds from the address to a page that can be used."""

    def usable() -> None:
        page.goto(f"{url}/compare")
        page.locator("#question textarea").wait_for(timeout=_LIMIT_MS)

    return seconds(usable)


def first_words(page: Page, url: str) -> tuple[float, float]:
    """Ask all five; return the seconds to the first column's first words and to the last column's end."""
    page.goto(f"{url}/compare")
    write(page.locator("#question textarea"), QUESTION)
    begun = time.monotonic()
    page.locator("#ask").click()
    page.locator("#answer-base p").first.wait_for(timeout=_LIMIT_MS)
    first = time.monotonic() - begun
    for way in ("base", "tuned", "documents", "tools", "hybrid"):
        page.locator(f"#badge-{way} code").first.wait_for(timeout=_LIMIT_MS)
    return first, time.monotonic() - begun


def five_of_forty(door: Door, adapter_id: str) -> float:
    """Return the seconds for five answers of at most 40 tokens that are asked at once, two of them with the adapter."""
    models = ["starter", "starter", "starter", f"adapter:{adapter_id}", f"adapter:{adapter_id}"]

    def ask(model: str) -> int:
        chat = Chat([{"role": "user", "content": "Write a long letter about bicycles."}], model, max_tokens=40)
        return [chunk for chunk in door.chat(chat)][-1].completion_tokens

    with ThreadPoolExecutor(5) as pool:
        begun = time.monotonic()
        tokens = list(pool.map(ask, models))
        took = time.monotonic() - begun
    sys.stdout.write(f"tokens of the five answers: {tokens}\n")
    return took


def prepare(running: Running) -> str:
    """Make what the five columns need and return the adapter's id."""
    running.triptych("dataset", "add", str(LARKSPUR / "faq.csv"), "--name", "larkspur")
    job = running.triptych("train", "larkspur", "--preset", "quick", "--wait")
    running.triptych("documents", "add", "manuals", str(LARKSPUR / "battery-care.md"))
    running.triptych("table", "add", "orders", str(LARKSPUR / "orders.csv"), "--key", "order")
    return str(job["adapter_id"])


def measure(page: Page, running: Running) -> None:
    """Print every figure, first idle, then beside a training."""
    show("page usable after its address", min(open_page(page, running.url) for _ in range(3)), "s", 3)
    show("memory of the web process", web_memory_mb(running), "MB", 300)
    adapter_id = prepare(running)
    first_words(page, running.url)
    first, last = first_words(page, running.url)
    show("first words after Ask, model loaded", first, "s", 2)
    show("all five columns of one question", last, "s", 60)
    door = connect(Settings(home=running.home))
    show("five answers of 40 tokens at once", min(five_of_forty(door, adapter_id) for _ in range(2)), "s", 15)
    job = running.triptych("train", "larkspur", "--preset", "thorough")
    while not any(row["phase"] == "train" for row in running.triptych("jobs")["jobs"] if row["id"] == job["id"]):
        time.sleep(1)
    times = [first_words(page, running.url)[0] for _ in range(3)]
    show("first words while a training runs (middle of three)", sorted(times)[1], "s", 4)
    running.triptych("cancel", job["id"])


def main() -> None:
    """Start a fresh Triptych, measure, stop it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        studio_running(Path(folder) / "home") as running,
        chromium() as browser,
    ):
        measure(browser.new_page(), running)


if __name__ == "__main__":
    main()
