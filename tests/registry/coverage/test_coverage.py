"""Coverage: each number is the log's, small areas are not named, and nothing depends on who declined (promise R4)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.links import link_actor
from registry.canvasses.services import requests
from registry.coverage import presenters, selectors
from registry.coverage.tasks import count_coverage
from registry.incidents.services import incidents
from registry.other_counties.models import OutreachLead
from registry.other_counties.states import LeadState
from registry.people.services import registrants
from registry.places.models import Camera
from registry.places.services import cameras
from registry.registrants.models import Registrant
from registry.rules import SMALLEST_COUNT
from tests.factories import person, registrant_at, request_at
from tests.registry.other_counties.elsewhere import lead_at

pytestmark = pytest.mark.django_db

COVERAGE = reverse("coverage")


def today() -> date:
    return timezone.localdate()


def page(client: Client) -> str:
    """Return what the page says once the night is over."""
    selectors.count()
    return client.get(COVERAGE).content.decode().split("<main")[1].split("</main")[0]


def test_the_page_reads_what_was_counted_and_not_the_log(supervisor_client: Client) -> None:
    owner = registrant_at()
    request_at("sent", registrant=owner)
    before = page(supervisor_client)
    assert ">1<" in before
    request_at("sent", registrant=owner)
    with CaptureQueriesContext(connection) as asked:
        assert supervisor_client.get(COVERAGE).content.decode().count(">1<") == before.count(">1<")
    assert not [query for query in asked if "GROUP BY" in query["sql"] or "registry:request:send" in query["sql"]]
    count_coverage()
    assert ">2<" in supervisor_client.get(COVERAGE).content.decode()


def test_where_nothing_was_counted_the_page_counts(supervisor_client: Client) -> None:
    cache.delete(selectors.COUNTS_KEY)
    request_at("sent")
    assert ">1<" in supervisor_client.get(COVERAGE).content.decode()


class TestCamerasByArea:
    def test_they_are_those_of_the_registry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(selectors, "SMALLEST_COUNT", 1)
        kept, removed, left = registrant_at(), registrant_at(), registrant_at()
        gone = Camera.objects.select_related("premises").get(premises__registrant=removed)
        cameras.remove(camera=gone, by=removed.user)
        registrants.leave(registrant=left, by=left.user)
        found = Counter(camera.premises.zip_code[:5] for camera in Camera.objects.registered())
        assert selectors.cameras_by_area() == dict(found)
        assert Camera.objects.registered().filter(premises__registrant=kept).exists()

    def test_an_area_of_few_owners_is_not_named_however_many_cameras_it_has(
        self, monkeypatch: pytest.MonkeyPatch, supervisor_client: Client
    ) -> None:
        monkeypatch.setattr(selectors, "SMALLEST_COUNT", 3)
        for _owner in range(2):
            zip_code = registrant_at().premises.get().zip_code[:5]
        assert selectors.cameras_by_area() == {}
        assert zip_code not in page(supervisor_client)
        registrant_at()
        assert selectors.cameras_by_area() == {zip_code: 3}
        assert zip_code in page(supervisor_client)

    def test_it_hides_what_the_page_of_registrations_hides(self) -> None:
        for _owner in range(SMALLEST_COUNT - 1):
            registrant_at()
        assert selectors.cameras_by_area() == {}

    def test_no_address_is_on_the_page(self, administrator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(selectors, "SMALLEST_COUNT", 1)
        place = registrant_at().premises.get()
        assert place.street not in page(administrator_client)


class TestGrowth:
    def test_it_ends_with_how_many_there_are(self) -> None:
        left = registrant_at()
        registrant_at()
        registrant_at()
        registrants.leave(registrant=left, by=left.user)
        months = selectors.owners_by_month(today())
        assert months[-1] == (today().replace(day=1), Registrant.objects.count())
        assert [owners for _month, owners in months[:-1]] == [0] * (selectors.MONTHS - 1)

    def test_it_is_told_in_whole_tens(self, supervisor_client: Client) -> None:
        for _owner in range(11):
            registrant_at()
        shown = presenters.page(selectors.count())["growth"]
        assert [owners for _month, owners in shown] == ["fewer than 10", "10 or a few more"]


class TestReplies:
    def test_they_are_counted_by_the_month_of_the_request(self) -> None:
        owner = registrant_at()
        for state in ("sent", "footage", "none", "none"):
            request_at(state, registrant=owner)
        found = selectors.replies_by_month(today())[-1]
        assert (found.asked, found.footage, found.none) == (4, 1, 2)
        assert found.median is not None
        assert timedelta() < found.median < timedelta(hours=1)

    def test_the_last_answer_counts_once(self) -> None:
        request = request_at("none")
        requests.give(request=request, by=link_actor(request))
        found = selectors.replies_by_month(today())[-1]
        assert (found.asked, found.footage, found.none) == (1, 1, 0)

    def test_a_month_without_a_reply_has_no_time(self) -> None:
        request_at("sent")
        assert selectors.replies_by_month(today())[-1].median is None

    @pytest.mark.parametrize("state", ["declined", "expired", "withdrawn"])
    def test_an_owner_who_declined_counts_like_one_who_kept_silent(self, supervisor_client: Client, state: str) -> None:
        owner = registrant_at()
        request_at("sent", registrant=owner)
        request_at("sent", registrant=owner)
        silent = page(supervisor_client)
        with transaction.atomic():
            other = request_at(state, registrant=owner)
            told = page(supervisor_client)
        assert other.state == state
        assert told == silent.replace(">2<", ">3<")

    def test_an_answer_after_a_decline_counts_like_one_after_silence(self) -> None:
        owner = registrant_at()
        declined, silent = request_at("declined", registrant=owner), request_at("sent", registrant=owner)
        for request in (declined, silent):
            requests.answer_none(request=request, by=link_actor(request))
        found = selectors.replies_by_month(today())[-1]
        assert (found.asked, found.footage, found.none) == (2, 0, 2)

    def test_closing_the_incident_changes_nothing(self, supervisor_client: Client) -> None:
        deputy = person(Role.DEPUTY)
        request = request_at("declined", by=deputy)
        before = page(supervisor_client)
        incidents.close(incident=request.incident, by=deputy)
        assert page(supervisor_client) == before


def test_leads_are_counted_by_the_state_that_the_log_tells() -> None:
    for state in (LeadState.OPEN, LeadState.OPEN, LeadState.ANSWERED, LeadState.CLOSED):
        lead_at(state)
    found = dict(selectors.leads_by_state())
    assert found == dict.fromkeys(LeadState, 0) | {LeadState.OPEN: 2, LeadState.ANSWERED: 1, LeadState.CLOSED: 1}
    assert sum(found.values()) == OutreachLead.objects.count()


def test_each_picture_has_a_table_and_the_page_names_no_case(supervisor_client: Client) -> None:
    request = request_at("footage")
    text = page(supervisor_client)
    assert "Replies, by month" in text
    assert '<text x="0" y="10">replies</text>' in text
    assert [number for number in ("0", "1") if f'text-anchor="end">{number}</text>' not in text] == []
    assert 0 < text.count('role="img"') <= text.count("<table")
    assert "less than an hour" in text
    assert request.incident.number not in text
    assert "Ana Rivera" not in text
