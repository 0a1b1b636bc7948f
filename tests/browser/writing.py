"""Writing into fields at a person's pace."""

from playwright.sync_api import Locator

_A_MOMENT_MS = 250


def write(field: Locator, text: str) -> None:
    """Fill a field that is there, with a moment before and after.

    Gradio connects a part that has just appeared, and takes in what was written, a few milliseconds later; only a
    program is faster.
    """
    field.wait_for()
    field.page.wait_for_timeout(_A_MOMENT_MS)
    field.fill(text)
    field.page.wait_for_timeout(_A_MOMENT_MS)
