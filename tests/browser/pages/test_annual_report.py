"""An administrator writes the report of a year by keyboard, and everybody reads it."""

import pytest
from django.urls import reverse

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.annual.definitions import REQUIRED
from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET
from tests.factories import person
from tests.oversight.annual.years import SAID, last_year, let_a_year_end, release, write_all
from tests.oversight.figures.days import Days
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.browser


@pytest.fixture
def year(sealed_log: SealedLog) -> int:
    """A year that has ended, with public figures."""
    sealed_log.clone.begin_with("year", lambda: let_a_year_end(Days(sealed_log), person(Role.ADMINISTRATOR)))
    return last_year(Days(sealed_log))


def test_it_is_written_and_released_by_keyboard(open_window: OpenWindow, year: int) -> None:
    window = open_window("administrator", size=DESKTOP)
    window.is_signed_in_as(person(Role.ADMINISTRATOR))
    window.open(reverse("annual_years"))
    keys = window.page.keyboard
    window.page.get_by_role("link", name=f"Annual report on surveillance technology, {year}").focus()
    keys.press("Enter")
    window.arrives(f"Annual report on surveillance technology, {year}")
    window.page.get_by_role("link", name=str(REQUIRED[0].heading), exact=True).focus()
    keys.press("Enter")
    window.may_answer.add(422)
    for number, part in enumerate(REQUIRED):
        window.comes_to(str(part.heading))
        window.page.get_by_label("The office's own text").focus()
        if number == 0:
            window.looks()
            keys.press("Tab")
            keys.press("Enter")
            window.page.get_by_text("If there is nothing to tell, say that in a sentence.").first.wait_for()
            window.looks()
            window.page.get_by_label("The office's own text").focus()
        keys.type(SAID)
        keys.press("Tab")
        keys.press("Enter")
    window.arrives(f"Annual report on surveillance technology, {year}")
    window.page.get_by_role("link", name="Release the report").focus()
    keys.press("Enter")
    window.arrives("Release the report")
    window.page.get_by_role("button", name="Release it").focus()
    keys.press("Enter")
    window.arrives(f"Annual report on surveillance technology, {year}")
    assert window.page.get_by_text("Written by the office").count() == len(REQUIRED)


def test_everybody_reads_it(open_window: OpenWindow, year: int) -> None:
    by = person(Role.ADMINISTRATOR)
    write_all(year, by)
    release(year, by)
    for size, language in ((DESKTOP, "en"), (HANDHELD, "es")):
        window = open_window("visitor", size=size, language=language)
        for address in (reverse("transparency"), reverse("annual_report", args=[year])):
            window.open(address)
            window.looks()
            for other in {DESKTOP, TABLET, HANDHELD} - {size}:
                window.resize(other)
                accessibility.check_width(window.page)
            window.resize(size)
