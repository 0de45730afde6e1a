"""Colors by day and by night: each has a name, text and lines keep their contrast, and paper stays white."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from fusus_portal.ground.agency.models import LINE_CONTRAST, TEXT_CONTRAST, contrast
from tests.browser.chromium import running_chromium

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "assets" / "scss"
NAMES_COLORS = {
    "_colors.scss": "all of them",
    "wall.scss": "video is on black, day and night",
    "_parts.scss": "likewise",
    "_story.scss": "the sun, skin and leather of drawings",
}
SHADOW = re.compile(r"shadow[^;]*;")
A_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|(?<![\w-])(?:white|black)(?![\w-])")

AGENCIES = ["#1b3a5d", "#000000", "#7a1f1f", "#14532d", "#4a1d6e", "#0000ff"]
"""Main colors that an agency may choose; its second color is the same."""

GROUNDS = ["paper", "paper-warm", "paper-cool", "agency-primary-lighter"]
BOXES = ["info-pale", "good-pale", "warn-pale", "bad-pale"]
BUTTONS = ["agency-primary", "agency-primary-dark", "agency-primary-darker", "bad", "bad-strong", "ink-soft"]
TEXTS = [
    *((text, ground) for text in ("ink", "agency-primary", "agency-primary-dark") for ground in GROUNDS + BOXES),
    *(("ink-soft", ground) for ground in [*GROUNDS, "warn-pale", "quiet"]),
    *(("paper", button) for button in BUTTONS),
    *((kind, ground) for kind in ("good", "warn", "bad") for ground in ("paper", f"{kind}-pale")),
    ("deep-ink", "deep"),
]
LINES = [
    *(("line-strong", ground) for ground in GROUNDS),
    *((edge, "paper") for edge in ("agency-accent", "focus", "info-edge", "warn-edge")),
    *((shape, ground) for shape in ("agency-primary", "bad", "map-edge") for ground in ("map", "map-land")),
]
READ = """(names) => {
  const probe = document.body.appendChild(document.createElement("p"));
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return names.map((name) => {
    probe.style.color = `var(--${name})`;
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Return an empty page with the portal's styles."""
    with running_chromium() as browser:
        opened = browser.new_page()
        opened.set_content("<!doctype html><title>Colors</title><select class='usa-select'></select>")
        opened.add_style_tag(content=(ROOT / "static" / "css" / "portal.css").read_text(encoding="utf-8"))
        yield opened


def colors(page: Page, names: Iterable[str]) -> dict[str, str]:
    """Return the color that each name means on this page, as #rrggbb."""
    read = list(names)
    return {name: f"#{bytes(rgb).hex()}" for name, rgb in zip(read, page.evaluate(READ, read), strict=True)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("agency", AGENCIES)
def test_text_and_lines_can_be_told_from_their_ground(page: Page, agency: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, media="screen")  # type: ignore[arg-type]
    page.add_style_tag(content=f":root{{--color-primary:{agency};--color-accent:{agency}}}")
    known = colors(page, {name for pair in TEXTS + LINES for name in pair})
    wanted = [*((*pair, TEXT_CONTRAST) for pair in TEXTS), *((*pair, LINE_CONTRAST) for pair in LINES)]
    found = {f"{one} on {other}": (contrast(known[one], known[other]), least) for one, other, least in wanted}
    assert {pair: values for pair, values in found.items() if values[0] < values[1]} == {}


def test_the_night_is_dark_on_screens_alone(page: Page) -> None:
    schemes = {}
    for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
        page.emulate_media(color_scheme=scheme, media=media)  # type: ignore[arg-type]
        controls = page.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
        schemes[media, scheme] = (colors(page, ["paper"])["paper"], controls)
    assert schemes["screen", "light"] == ("#ffffff", "normal")
    assert schemes["screen", "dark"] == ("#14181e", "dark")
    assert schemes["print", "dark"] == schemes["screen", "light"]


def test_only_one_file_names_colors() -> None:
    named = {
        path.name: found
        for path in STYLES.glob("*.scss")
        if (found := A_COLOR.findall(SHADOW.sub("", re.sub(r"//.*", "", path.read_text(encoding="utf-8")))))
    }
    assert {name: found for name, found in named.items() if name not in NAMES_COLORS} == {}
    assert NAMES_COLORS.keys() - named.keys() == set()
