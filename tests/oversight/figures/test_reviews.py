"""Figures are released by a named person, who may hold back and annotate, and changes no number (CJIS AC-22)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.oversight.figures import services
from fusus_portal.oversight.figures.policies import last_of_quarter_before
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = {"note_en": "A fair was in town.", "note_es": "Hubo una feria en la ciudad."}


@pytest.fixture
def counted(days: Days) -> Days:
    """A counted day."""
    of_incidents(Event.REQUEST_SENT, 6)
    days.end(days.ago(3))
    services.count_finished_days()
    return days


def another_day(days: Days) -> None:
    of_incidents(Event.REQUEST_SENT, 7)
    days.end(days.ago(2))
    services.count_finished_days()


def total() -> int | None:
    figures = Client().get(reverse("figures_json")).json()["figures"]
    return next((figure["total"] for figure in figures if figure["key"] == "asked"), None)


def entry(event: Event) -> AuditEntry:
    return AuditEntry.objects.get(event=event.value)


class TestReleasing:
    def test_nothing_is_public_before_and_later_days_follow_on_their_own(
        self, counted: Days, administrator_client: Client
    ) -> None:
        assert total() is None
        answer = administrator_client.post(reverse("figures"), {"note_en": "", "note_es": ""})
        assert answer.status_code == 302
        assert total() == 6
        another_day(counted)
        assert total() == 13
        assert entry(Event.FIGURES_RELEASED).facts == {"through": counted.ago(3).isoformat(), "named": 0}

    def test_the_public_reads_the_name_only_where_the_person_wants_it(
        self, counted: Days, administrator: User, administrator_client: Client, visitor_client: Client
    ) -> None:
        User.objects.filter(pk=administrator.pk).update(name="Jane Roe")
        administrator_client.post(reverse("figures"), {})
        assert "Jane Roe" not in visitor_client.get(reverse("transparency")).content.decode()
        administrator_client.post(reverse("figures"), {"is_named": "on"})
        assert "Jane Roe (Administrator)" in visitor_client.get(reverse("transparency")).content.decode()

    def test_only_administrators_release(self, counted: Days, supervisor: User, auditor: User) -> None:
        for person in (supervisor, auditor):
            with pytest.raises(Refused, match="Administrators review"):
                services.release_figures(by=person)
        assert total() is None

    def test_there_is_nothing_to_release_before_a_day_is_counted(self, days: Days, administrator: User) -> None:
        with pytest.raises(Stale, match="No day is counted yet"):
            services.release_figures(by=administrator)

    def test_a_review_of_the_last_quarter_is_called_due_until_it_is_done(
        self, days: Days, administrator: User, administrator_client: Client
    ) -> None:
        of_incidents(Event.REQUEST_SENT, 6)
        days.end(last_of_quarter_before(timezone.localdate()))
        services.count_finished_days()
        assert "The review of the last quarter is due." in administrator_client.get(reverse("admin")).content.decode()
        assert "A review is due" in administrator_client.get(reverse("figures")).content.decode()
        services.release_figures(by=administrator)
        assert "is due" not in administrator_client.get(reverse("figures")).content.decode()

    def test_a_note_in_one_language_is_refused_beside_the_other_field(
        self, counted: Days, administrator_client: Client
    ) -> None:
        answer = administrator_client.post(reverse("figures"), {"note_en": "A fair was in town."})
        assert answer.status_code == 422
        assert "Write the note in Spanish too" in answer.content.decode()
        assert total() is None


class TestHoldingBack:
    def test_newer_days_wait_and_what_is_public_stays(self, counted: Days, administrator: User) -> None:
        services.release_figures(by=administrator)
        until = timezone.localdate() + timedelta(days=5)
        services.delay_figures(by=administrator, until=until, **NOTE)
        another_day(counted)
        assert total() == 6
        page = Client().get(reverse("transparency")).content.decode()
        assert "Newer days are held back" in page
        assert NOTE["note_en"] in page
        assert entry(Event.FIGURES_DELAYED).facts["until"] == until.isoformat()
        with pytest.raises(Stale, match="held back already"):
            services.delay_figures(by=administrator, until=until, **NOTE)
        services.release_figures(by=administrator)
        assert total() == 13

    def test_it_ends_by_itself(self, counted: Days, administrator: User) -> None:
        services.release_figures(by=administrator)
        services.delay_figures(by=administrator, until=timezone.localdate() + timedelta(days=5), **NOTE)
        another_day(counted)
        with counted.log.clone.connect() as superuser:
            superuser.execute("UPDATE figures_figurereview SET until = CURRENT_DATE, through = CURRENT_DATE - 3 "
                              "WHERE act = 'delay'")  # fmt: skip
        assert total() == 13

    @pytest.mark.parametrize("days_ahead", [0, -1, 31])
    def test_it_is_within_thirty_days(self, counted: Days, administrator: User, days_ahead: int) -> None:
        services.release_figures(by=administrator)
        with pytest.raises(ValidationError):
            services.delay_figures(by=administrator, until=timezone.localdate() + timedelta(days=days_ahead), **NOTE)

    def test_it_needs_a_reason_that_the_public_reads(self, counted: Days, administrator_client: Client) -> None:
        administrator_client.post(reverse("figures"), {})
        until = timezone.localdate() + timedelta(days=5)
        answer = administrator_client.post(reverse("figures_delay"), {"until": until.isoformat()})
        assert answer.status_code == 422
        answer = administrator_client.post(reverse("figures_delay"), {"until": until.isoformat(), **NOTE})
        assert answer.status_code == 302

    def test_there_is_nothing_to_hold_back_before_the_first_release(self, counted: Days, administrator: User) -> None:
        with pytest.raises(Stale, match="Nothing is public yet"):
            services.delay_figures(by=administrator, until=timezone.localdate() + timedelta(days=5), **NOTE)


class TestNotes:
    def test_the_public_reads_it_in_both_languages_beside_the_figures(
        self, counted: Days, administrator: User, administrator_client: Client, visitor_client: Client
    ) -> None:
        services.release_figures(by=administrator)
        assert administrator_client.post(reverse("figures_note"), NOTE).status_code == 302
        assert NOTE["note_en"] in visitor_client.get(reverse("transparency")).content.decode()
        visitor_client.cookies["django_language"] = "es"
        assert NOTE["note_es"] in visitor_client.get(reverse("transparency")).content.decode()
        assert total() == 6
        assert entry(Event.FIGURES_NOTED).reason_digest is not None

    def test_an_empty_one_is_refused(self, counted: Days, administrator: User) -> None:
        with pytest.raises(ValidationError):
            services.note_figures(by=administrator, note_en="", note_es="")
