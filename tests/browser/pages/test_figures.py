"""The public figures as people see them, and the page from which an administrator releases them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from audit.ledger.models import Publication
from audit.ledger.publication import how_often
from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.figures import presenters, services as figures
from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET
from tests.factories import person
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.browser

MADE = (
    (Event.INCIDENT_OPENED, 1),
    (Event.INCIDENT_VERIFIED, 1),
    (Event.CANVASS_DRAFTED, 1),
    (Event.CANVASS_SENT, 1),
    (Event.REQUEST_SENT, 4),
    (Event.REQUEST_ANSWERED_FOOTAGE, 1),
    (Event.REQUEST_ANSWERED_NONE, 2),
    (Event.UPLOAD_GIVEN, 2),
    (Event.EVIDENCE_RECEIVED, 2),
    (Event.CAMERA_FOUND, 5),
    (Event.VIEW_WATCHED, 22),
)


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """The end of last month and some days since."""
    sealed_log.clone.begin_with("days", lambda: let_days_end(Days(sealed_log)))
    return Days(sealed_log)


def let_days_end(days: Days) -> None:
    """Count the end of last month and some days since; what came after them is sealed and not public yet."""
    first = days.today.replace(day=1)
    ended = {first - timedelta(days=4), first - timedelta(days=1), days.ago(3), days.ago(1)}
    for number, day in enumerate(sorted(ended)):
        for event, each in MADE:
            for crime, area in (("burglary", "35203"), ("robbery", "35205"), ("missing-person", "35211")):
                of_incidents(event, 5 + number, each=each, crime=crime, area=area)
        for condition in ("pause", "radius", "hours"):
            of_incidents(Event.VIEW_REFUSED, 6, facts={"condition": condition})
        days.end(day)
    figures.count_finished_days()
    of_incidents(Event.INCIDENT_OPENED, 9)
    days.log.seal()


def test_everybody_reads_the_figures(open_window: OpenWindow, days: Days) -> None:
    figures.release_figures(
        by=person(Role.ADMINISTRATOR),
        note_en="The fair in November brought more calls than usual.",
        note_es="La feria de noviembre trajo más llamadas que de costumbre.",
    )
    for size, language in ((DESKTOP, "en"), (HANDHELD, "es")):
        window = open_window("visitor", size=size, language=language)
        for page in ("home", "faq", "transparency"):
            window.open(reverse(page))
            if page == "transparency":
                for summary in window.page.locator("main summary").all():
                    summary.click()
            window.looks()
            for other in {DESKTOP, TABLET, HANDHELD} - {size}:
                window.resize(other)
                accessibility.check_width(window.page)
            window.resize(size)


def test_an_administrator_releases_them_holds_back_and_annotates(open_window: OpenWindow, days: Days) -> None:
    window = open_window("administrator", size=HANDHELD)
    window.is_signed_in_as(person(Role.ADMINISTRATOR))
    window.open(reverse("figures"))
    window.arrives("Public figures")
    window.page.get_by_role("button", name="Release the figures").click()
    window.arrives("Public figures")
    window.page.get_by_role("link", name="Hold back newer days").click()
    window.arrives("Hold back newer days")
    window.may_answer.add(422)
    window.page.get_by_role("button", name="Hold them back").click()
    window.arrives("Hold back newer days")
    window.page.get_by_label("Until").fill((days.today + timedelta(days=6)).isoformat())
    window.page.get_by_label("Why, in English").fill("A trial begins on Monday.")
    window.page.get_by_label("Why, in Spanish").fill("El lunes empieza un juicio.")
    window.page.get_by_role("button", name="Hold them back").click()
    window.arrives("Public figures")
    window.open(reverse("transparency"))
    window.looks()


def test_console_public_page_and_files_name_the_same_public_state(open_window: OpenWindow, days: Days) -> None:
    public = Publication.objects.latest("size")
    office, anyone = open_window("administrator"), open_window("visitor")
    office.is_signed_in_as(person(Role.ADMINISTRATOR))
    office.open(reverse("figures"))
    office.reads("Counted and not public yet, all time")
    office.press("Release the figures")
    office.reads("What the public reads, all time")
    anyone.open(reverse("transparency"))
    anyone.arrives("Transparency report")
    said = presenters.log_places(public.size)
    root = public.note.splitlines()[2]
    for window in (office, anyone):
        state = window.page.locator("dd", has=window.page.locator("code", has_text=root))
        assert said in state.first.inner_text()
    assert anyone.page.get_by_text(said).count() == 2  # of the figures, and of the log: none is ahead of the other
    download = anyone.page.request.get(anyone.url + reverse("figures_json")).json()
    assert download["checkpoint"] == {"size": public.size, "root": root}


def test_bars_have_a_scale(open_window: OpenWindow, days: Days) -> None:
    figures.release_figures(by=person(Role.ADMINISTRATOR))
    window = open_window("visitor")
    window.open(reverse("transparency"))
    charts = window.page.locator(".log-chart__plot").all()
    assert charts
    for chart in charts:
        told = [title.rpartition(": ")[2] for title in chart.locator("title").all_text_contents() if ": " in title]
        unit, zero, *_between, top = chart.locator(".log-chart__axis text").all_text_contents()
        assert unit
        assert zero == "0"
        assert int(top) >= max(int(number.partition(":")[0].split()[0]) for number in told)


@pytest.mark.parametrize("language", ["en", "es"])
def test_how_often_the_log_is_published_is_one_number(open_window: OpenWindow, language: str) -> None:
    window = open_window("visitor", language=language)
    pages = {}
    for name in ("faq", "transparency"):
        window.open(reverse(name))
        pages[name] = window.page.locator("main").text_content() or ""
    with translation.override(language):
        assert all(how_often() in said for said in pages.values())
    assert "several times a second" not in pages["faq"]


def test_the_log_has_its_whole_name_in_spanish(open_window: OpenWindow, days: Days) -> None:
    figures.release_figures(by=person(Role.ADMINISTRATOR))
    window = open_window("visitor", language="es")
    window.open(reverse("transparency"))
    said = window.page.locator("body").inner_text()
    assert "contado del registro de auditoría" in said
    assert "Estado del registro de auditoría" in said
    assert "Revise nuestro trabajo" in said
    assert [words for words in ("Vigílenos", "contado del registro y", "Estado del registro\n") if words in said] == []
