"""What keeps people out of a page: axe's findings, controls that Tab does not reach, pages wider than the screen."""

from importlib.resources import files

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_AXE = files("axe_playwright_python").joinpath("axe.min.js")
_RUN = """async (tags) => {
  const told = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return told.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.html}`));
}"""
_LISTEN = """() => {
  window.unseen = [];
  document.addEventListener("focusin", ({ target }) => {
    target.dataset.reached = "yes";
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) window.unseen.push(target.outerHTML.slice(0, 160));
  });
}"""
_AT = """() => {
  const at = document.activeElement;
  if (at === document.body) return "the end";
  const again = at.dataset.passed === "yes";
  at.dataset.passed = "yes";
  return again ? "again" : "";
}"""
_LEFT = """() => [...document.querySelectorAll("button, a[href], input, textarea, select, summary, [role=button]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest("[inert]"))
  .filter((one) => one.dataset.reached !== "yes")
  .map((one) => one.outerHTML.slice(0, 160))"""
_MOST_TABS = 250


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it stands: rule and element. The script comes with the tests' packages."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    return page.evaluate(_RUN, TAGS)


def out_of_reach(page: Page) -> list[str]:
    """Go through the whole page by Tab; return the controls that were never reached or that showed no focus."""
    page.evaluate(_LISTEN)
    ends = 0
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        place = page.evaluate(_AT)
        ends += place == "the end"
        if place == "again" or ends == 2:
            return [*page.evaluate(_LEFT), *page.evaluate("() => window.unseen")]
    raise AssertionError("Tab never came round: something holds the focus")


def too_wide(page: Page) -> bool:
    """Whether the page would have to be moved sideways."""
    return page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
