"""Public figures on home, questions, report and files, once they are released."""

import csv
import io
import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.ledger.models import Publication
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.tables import unharmed
from fusus_portal.oversight.figures import services
from fusus_portal.oversight.figures.models import CountedDay
from fusus_portal.promises import PROMISES
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents
from tests.sealed_log import SealedLog
from tests.site.test_nothing_moves import answer_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("home", "faq", "transparency")
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
NOTHING_THERE = re.compile(r">\s*[\u2013\u2014-]\s*<|Nothing is counted|not out yet|aún no se publica", re.IGNORECASE)


def page(name: str, language: str = "en") -> str:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return browser.get(reverse(name)).content.decode()


def rows() -> list[dict[str, str]]:
    answer = Client().get(reverse("figures_csv"))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def released(days: Days, administrator: User) -> Days:
    """A day with six incidents of everything, counted and released."""
    for event, each in (
        (Event.INCIDENT_OPENED, 1),
        (Event.REQUEST_SENT, 3),
        (Event.CAMERA_FOUND, 4),
        (Event.REQUEST_ANSWERED_FOOTAGE, 1),
        (Event.LOOKS_DELAYED, 1),
        (Event.VIEW_WATCHED, 20),
    ):
        of_incidents(event, 6, each=each)
    of_incidents(Event.VIEW_REFUSED, 6, facts={"condition": "pause"})
    of_incidents(Event.CANVASS_SENT, 4)
    days.end(days.ago(1))
    services.count_finished_days()
    services.release_figures(by=administrator)
    return days


class TestBeforeTheFirstRelease:
    @LANGUAGES
    def test_no_page_shows_a_figure_or_a_place_for_one(self, days: Days, language: str) -> None:
        of_incidents(Event.INCIDENT_OPENED, 6)
        days.end(days.ago(1))
        services.count_finished_days()
        for name in PAGES:
            said = page(name, language)
            assert "figure__number" not in said
            assert not NOTHING_THERE.search(said)
        assert "See the figure" not in page("faq")
        assert rows() == []
        assert Client().get(reverse("figures_json")).json()["figures"] == []


class TestReleased:
    @LANGUAGES
    def test_each_page_shows_figures_and_no_empty_one(self, released: Days, language: str) -> None:
        for name in PAGES:
            assert not NOTHING_THERE.search(page(name, language))
        assert page("home", language).count("figure__number") == 3
        assert "2:00" in page("transparency", language)

    def test_the_three_promises_of_home_lead_to_their_figures(self, released: Days) -> None:
        report = reverse("transparency")
        promised = re.findall(r'figure__number">([\d,]+)</strong>\s*<a href="([^"]+)"', page("home"))
        assert promised == [("0", f"{report}#watched"), ("18", f"{report}#requests"), ("24", f"{report}#looks")]

    def test_each_promise_with_a_figure_leads_to_a_section_that_has_it(self, released: Days) -> None:
        links = re.findall(rf'href="{reverse("transparency")}#(\w+)"', page("faq"))
        assert sorted(links) == sorted(promise.figure for promise in PROMISES if promise.figure)
        report = page("transparency")
        for part in set(links):
            section = re.search(rf'id="{part}".*?</section>', report, flags=re.DOTALL)
            assert section is not None
            assert re.search(r"<dd[^>]*>\s*\S", section[0])

    def test_a_number_about_few_incidents_is_nowhere(self, released: Days) -> None:
        assert "canvasses" not in {row["figure"] for row in rows()}
        assert "searches that led to requests" not in page("transparency")

    def test_csv_and_json_have_the_same_numbers_and_each_its_checkpoint(self, released: Days) -> None:
        document = Client().get(reverse("figures_json")).json()
        counted = CountedDay.objects.latest("day")
        table = {(row["figure"], row["period"], row["which"]): row for row in rows() if not row["by"]}
        for figure in document["figures"]:
            all_time = table[figure["key"], "all", document["through"]]
            assert all_time["number"] == str(figure["total"])
            for period in ("month", "day"):
                for told in figure[f"{period}s"]:
                    row = table[figure["key"], period, told[period]]
                    assert (row["number"], row["checkpoint_size"]) == (str(told["number"]), str(counted.size))
                    assert unharmed(row["checkpoint_root"]) == told["root"] == counted.root
            if figure["key"] != "unconnected":
                assert figure["total"] == sum(month["number"] for month in figure["months"])

    def test_a_page_costs_as_many_queries_as_before_it(
        self, released: Days, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for name, most in (("home", 3), ("faq", 3), ("transparency", 8)):
            page(name)
            with django_assert_max_num_queries(most):
                page(name)

    def test_the_page_says_who_released_them_and_whom_to_ask(self, released: Days) -> None:
        said = page("transparency")
        assert "Reviewed and released" in said
        assert "Administrator" in said
        assert "asks our office at" in said

    def test_nothing_moves_before_the_night(self, released: Days) -> None:
        names = ("home", "faq", "figures_json", "figures_csv")
        before = [answer_of(Client().get(reverse(name))) for name in names]
        of_incidents(Event.INCIDENT_OPENED, 9)
        released.log.seal_and_publish()
        assert [answer_of(Client().get(reverse(name))) for name in names] == before


class TestTheDemo:
    @LANGUAGES
    @override_settings(FIGURES_OF_TODAY=True)
    def test_it_shows_its_own_day_at_once_and_says_that_it_is_the_demo(
        self, sealed_log: SealedLog, administrator: User, language: str
    ) -> None:
        of_incidents(Event.INCIDENT_OPENED, 2, crime="robbery")
        services.release_figures(by=administrator)
        sealed_log.seal()
        assert Client().get(reverse("figures_json")).json()["figures"] == []
        sealed_log.publish()
        of_incidents(Event.INCIDENT_OPENED, 1, crime="robbery")
        sealed_log.seal()
        said = page("transparency", language)
        assert re.search("This is the demo|Esta es la demostración", said)
        assert re.search(r'figure__number">\s*2\s*</dd>', said)
        assert page("home", language).count("figure__number") == 1
        document = Client().get(reverse("figures_json")).json()
        assert document["is_demo"]
        assert document["checkpoint"]["size"] == Publication.objects.get().size
        incidents = next(figure for figure in document["figures"] if figure["key"] == "incidents")
        assert incidents["months"][0]["by"]["crime"] == [{"value": "robbery", "number": 2}]
