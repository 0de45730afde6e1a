"""What a page must keep, whoever looks at it: axe finds nothing, and it fits the width of the screen."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""axe's names for WCAG 2.2 AA and all before it."""

RUN = """async ([part, rules]) => {
  const { violations } = await axe.run(part, { runOnly: rules, resultTypes: ["violations"] });
  const place = (node) => `${node.target.join(" ")}: ${node.failureSummary}`;
  return violations.map(({ id, nodes }) => [id, nodes.map(place)]);
}"""

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@lru_cache(maxsize=1)
def _axe() -> str:
    return Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, part: str = "html") -> list[Any]:
    """Return what axe finds in a part of the page: the rule, and each place that breaks it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[Any] = page.evaluate(RUN, [part, RULES])
    return found


def check(page: Page, part: str = "html") -> None:
    """Fail when axe finds something in a part of the page, or when the page is wider than the screen."""
    found = violations(page, part)
    assert not found, f"{page.url}: {found}"
    check_width(page)


def check_width(page: Page) -> None:
    """Fail when the page is wider than the screen."""
    assert page.evaluate(TOO_WIDE) <= 0, f"{page.url} is wider than the screen"
