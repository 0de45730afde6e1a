"""Nothing about a person goes into a log line, and no page fetches from elsewhere or carries a style of its own."""

import ast
import re
from pathlib import Path

import pytest

from tests.repo import privacy_rules
from tests.repo.sources import ROOT, place, template_files


def found_in(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Return where a pattern stands in files."""
    return [place(file, line) for file in files for line in privacy_rules.lines_with(pattern, file.read_text("utf-8"))]


def test_pages_carry_no_style_of_their_own() -> None:
    assert found_in(privacy_rules.INLINE_STYLE, template_files()) == []


def test_nothing_makes_a_browser_or_mail_program_fetch_from_elsewhere() -> None:
    styles = sorted((ROOT / "static").rglob("*.css"))
    assert styles
    assert found_in(privacy_rules.FETCHED, [*template_files(), *styles]) == []


@pytest.mark.parametrize(
    "line",
    [
        "logger.info('signed in: %s', user)",
        "logger.warning('no mail to %s', message.to)",
        "logging.error('bad link %s', token[:8])",
        "logger.info('%s', str(request.user.email))",
        "logger.log(20, '%s', {'phone': registrant.phone})",
    ],
)
def test_a_planted_log_line_is_seen(line: str) -> None:
    assert privacy_rules.personal_log_calls(ast.parse(line)) == [1]


@pytest.mark.parametrize("line", ["logger.info('%s of %s', message.pk, type(fault).__name__)", "record.info(user)"])
def test_opaque_ids_may_be_logged(line: str) -> None:
    assert privacy_rules.personal_log_calls(ast.parse(line)) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (privacy_rules.INLINE_STYLE, '<p style="color: red">'),
        (privacy_rules.INLINE_STYLE, "<style>p {}</style>"),
        (privacy_rules.FETCHED, '<script src="https://cdn.example/x.js"></script>'),
        (privacy_rules.FETCHED, '<link rel="stylesheet"\n href="//fonts.example/x.css">'),
        (privacy_rules.FETCHED, "a { background: url(http://elsewhere.example/x.png) }"),
        (privacy_rules.FETCHED, '@import "https://elsewhere.example/x.css";'),
    ],
)
def test_a_planted_line_of_a_page_is_seen(pattern: re.Pattern[str], text: str) -> None:
    assert privacy_rules.lines_with(pattern, f"first\n{text}") == [2]


def test_a_link_to_elsewhere_is_no_fetch() -> None:
    assert privacy_rules.lines_with(privacy_rules.FETCHED, '<a href="https://sheriff.example/news">News</a>') == []
