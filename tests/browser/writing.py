"""Writing into fields at a person's pace."""

from playwright.sync_api import Locator, Page

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


def write_passes(page: Page, passes: float) -> None:
    """Unfold the expert settings of a training and choose how often it goes through the examples."""
    page.get_by_role("button", name="Expert settings").click()
    field = page.locator("#expert-epochs").get_by_role("textbox")
    field.wait_for()
    page.wait_for_timeout(2 * _A_MOMENT_MS)  # what is typed while the panel is still unfolding is lost
    write(field, str(passes))
