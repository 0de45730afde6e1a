"""Checks of any page for any role: axe finds nothing, and the page fits the width of the screen."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""axe's names for WCAG 2.2 AA and all before it."""

OF_COLORS = ["color-contrast", "link-in-text-block"]
"""axe's names of the rules whose findings differ by night."""

RUN = """async ([part, rules]) => {
  const { violations } = await axe.run(part, { runOnly: rules, resultTypes: ["violations"] });
  const place = (node) => `${node.target.join(" ")}: ${node.failureSummary}`;
  return violations.map(({ id, nodes }) => [id, nodes.map(place)]);
}"""

LOOKED_AT = """(part) => {
  const all = [...document.querySelectorAll("*")];
  const numbers = (selector) => all.flatMap((element, number) => (element.matches(selector) ? [number] : []));
  const fields = all.filter((element) => element.matches("select, textarea, input:not([type=hidden])"));
  return [
    JSON.stringify([
      part, innerWidth, innerHeight, scrollX, scrollY, matchMedia("(prefers-color-scheme: dark)").matches,
      numbers(":is(a, button, input, select, textarea, summary, tr, li, g):hover"),
      ...[":focus", ":checked", ":disabled", ":user-invalid", ":target", ":modal"].map(numbers),
    ]),
    document.documentElement.outerHTML + fields.map((field) => `\n${field.value}`).join(""),
  ];
}"""
"""Everything that axe's findings depend on besides style sheets and scripts, which stay as they are."""

NAMED: Final = re.compile(
    r"</?[\w-]+"
    r"| (?!(?:href|src|action|id|for|name|value|title|alt|datetime|data-[\w-]+"
    r'|aria-(?:label|labelledby|describedby|controls))=)[\w:-]+="[^"]*"'
    r"|([\w.:-]*\d[\w.:-]*)"
)
"""A tag, an attribute that says how something looks or what it is; or a word with digits: a key, a number, a day."""

_without_findings: Final = set[bytes]()
"""Pages in which axe found nothing, as `_looked_at` returns them."""

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@lru_cache(maxsize=1)
def _axe() -> str:
    return Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, part: str = "html", rules: Sequence[str] = RULES) -> list[Any]:
    """Return what axe finds in a part of the page: the rule, and each place that breaks it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[Any] = page.evaluate(RUN, [part, list(rules)])
    return found


def _looked_at(page: Page, part: str) -> bytes:
    """Return the hash of what axe would look at, in which each word with digits is its number among these words."""
    names: dict[str, str] = {}
    state, content = page.evaluate(LOOKED_AT, part)
    content = NAMED.sub(lambda found: (found[1] and names.setdefault(found[1], f"{len(names)}")) or found[0], content)
    return sha256(f"{state}{content}".encode()).digest()


def check(page: Page, part: str = "html", rules: Sequence[str] = RULES) -> None:
    """Fail when axe finds something in a part of the page, or when the page is wider than the screen.

    The same is looked at once: axe would find the same.
    """
    looked_at = _looked_at(page, f"{part} {rules}")
    if looked_at not in _without_findings:
        found = violations(page, part, rules)
        assert not found, f"{page.url}: {found}"
        _without_findings.add(looked_at)
    check_width(page)


def check_width(page: Page) -> None:
    """Fail when the page is wider than the screen."""
    assert page.evaluate(TOO_WIDE) <= 0, f"{page.url} is wider than the screen"
