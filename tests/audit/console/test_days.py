"""Days and spans as people type them."""

import pytest
import time_machine
from django.utils import timezone

from audit.console.search.days import day_in_text


def written(text: str) -> tuple[str, str, str]:
    """Return what a text is understood as: first day, the day after the last, and the rest."""
    span, _words, rest = day_in_text(text)
    if span is None:
        return "", "", rest
    since, until = (timezone.localtime(each) for each in (span.since, span.until) if each)
    assert (since.hour, until.hour) == (0, 0)
    return f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}", rest


@pytest.mark.parametrize(
    ("text", "begin", "end", "rest"),
    [
        ("2026-11-24", "2026-11-24", "2026-11-25", ""),
        ("11/24/2026", "2026-11-24", "2026-11-25", ""),
        ("Nov. 24, 2026", "2026-11-24", "2026-11-25", ""),
        ("Sept 24, 2026", "2026-09-24", "2026-09-25", ""),
        ("Sept. 24, 2026", "2026-09-24", "2026-09-25", ""),
        ("Nov 24, 2026", "2026-11-24", "2026-11-25", ""),
        ("November 2026", "2026-11-01", "2026-12-01", ""),
        ("2026-12", "2026-12-01", "2027-01-01", ""),
        ("2026-11-01 to 2026-11-08", "2026-11-01", "2026-11-09", ""),
        ("Deputy K7Q2 yesterday", "2026-11-23", "2026-11-24", "Deputy K7Q2"),
        ("Deputy K7Q2 on 2026-11-20", "2026-11-20", "2026-11-21", "Deputy K7Q2"),
        ("today", "2026-11-24", "2026-11-25", ""),
        ("Nov 23", "2026-11-23", "2026-11-24", ""),
        ("Nov 24", "2026-11-24", "2026-11-25", ""),
        ("Nov. 30", "2025-11-30", "2025-12-01", ""),
        ("November 3", "2026-11-03", "2026-11-04", ""),
        ("23 Nov", "2026-11-23", "2026-11-24", ""),
        ("3 November 2025", "2025-11-03", "2025-11-04", ""),
        ("11/3", "2026-11-03", "2026-11-04", ""),
        ("Nov 3 to Nov 8", "2026-11-03", "2026-11-09", ""),
        ("Nov 20 to Dec 2", "2026-11-20", "2026-12-03", ""),
        ("Dec 30 to Jan 2", "2025-12-30", "2026-01-03", ""),
        ("Monday", "2026-11-23", "2026-11-24", ""),
        ("Tuesday", "2026-11-24", "2026-11-25", ""),
        ("last Tuesday", "2026-11-17", "2026-11-18", ""),
        ("Last Wednesday", "2026-11-18", "2026-11-19", ""),
        ("canvass on last Sunday", "2026-11-22", "2026-11-23", "canvass"),
        ("K7Q2 Nov 23 canvass", "2026-11-23", "2026-11-24", "K7Q2  canvass"),
        ("Feb 29", "", "", "Feb 29"),
        ("Decker 12", "", "", "Decker 12"),
        ("1014 11/22nd Alley", "", "", "1014 11/22nd Alley"),
        ("last week", "2026-11-16", "2026-11-23", ""),
        ("Deputy K7Q2 last week", "2026-11-16", "2026-11-23", "Deputy K7Q2"),
        ("this week", "2026-11-23", "2026-11-30", ""),
        ("Last Month", "2026-10-01", "2026-11-01", ""),
        ("this month", "2026-11-01", "2026-12-01", ""),
        ("last year", "2025-01-01", "2026-01-01", ""),
        ("this year", "2026-01-01", "2027-01-01", ""),
        ("last 7 days", "2026-11-18", "2026-11-25", ""),
        ("Last Week Diner", "2026-11-16", "2026-11-23", "Diner"),
        ("2026-004711", "", "", "2026-004711"),
        ("2026-11-31", "", "", "2026-11-31"),
        ("600 20th Street North", "", "", "600 20th Street North"),
    ],
)
def test_a_day_or_span_is_taken_out_of_what_was_typed(text: str, begin: str, end: str, rest: str) -> None:
    with time_machine.travel("2026-11-24 18:00:00+00:00", tick=False):
        assert written(text) == (begin, end, rest)


@pytest.mark.parametrize(
    ("text", "said"), [("November 24, 2026", "Tue, Nov. 24, 2026"), ("November 2026", "Nov. 1, 2026 to Nov. 30, 2026")]
)
def test_a_span_is_said_by_its_first_and_last_day(text: str, said: str) -> None:
    span, _words, _rest = day_in_text(text)
    assert span is not None
    assert span.said == said
