"""From a call to a search on one page: an incident and its first canvass, both or neither."""

from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.blocks import block_at
from registry.canvasses.models import Canvass, FootageRequest
from registry.incidents.models import Incident
from tests.factories import LINN_PARK, REASON, canvass_at, draft_of, incident_at, north_of, purpose, registrant_at
from tests.registry.incidents.test_incident_pages import written
from tests.streets.conftest import southside  # noqa: F401
from tests.typed import typed

pytestmark = pytest.mark.django_db
ADDRESS = "/console/incidents/new/"


def told(**changes: object) -> dict[str, object]:
    """Return what a deputy tells who searches at once."""
    search = {"radius_m": 985, "purpose": purpose().pk, "reason": REASON, "look": "1"}
    return written() | search | changes


def local(ago: timedelta) -> str:
    return typed(timezone.now() - ago)


class TestSearchingAtOnce:
    def test_it_opens_the_incident_and_says_who_would_be_asked(self, deputy: User, deputy_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 100))
        page = deputy_client.post(ADDRESS, told(), follow=True)
        canvass = Canvass.objects.get()
        incident = canvass.incident
        assert page.redirect_chain == [(reverse("canvass", args=[canvass.pk]), 302)]
        assert (incident.number, incident.opened_by, canvass.created_by) == ("2026-004711", deputy, deputy)
        assert (canvass.starts_at, canvass.ends_at) == (incident.starts_at, incident.ends_at)
        assert canvass.center == incident.point
        text = page.content.decode()
        assert "1 owner would be asked" in text
        assert "Nothing has been sent yet." in text
        assert not FootageRequest.objects.exists()
        said = set(AuditEntry.objects.filter(incident_id=str(incident.pk)).values_list("event", flat=True))
        assert said >= {
            "registry:incident:open",
            "registry:canvass:draft",
            "registry:camera:find",
            "registry:camera:show",
        }

    def test_then_one_press_sends_it(self, deputy_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 100))
        page = deputy_client.post(ADDRESS, told(), follow=True).content.decode()
        sends = reverse("canvass_send", args=[Canvass.objects.get().pk])
        assert f'action="{sends}"' in page
        deputy_client.post(sends)
        assert FootageRequest.objects.count() == 1

    def test_what_is_refused_opens_nothing_and_loses_nothing(
        self, deputy_client: Client, subtests: pytest.Subtests
    ) -> None:
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({"type": ""}, "type"),
            ({"latitude": 39.7392, "longitude": -104.9903}, "latitude"),
            ({"radius_m": 5000}, "radius_m"),
            ({"reason": "investigation"}, "reason"),
            ({"reason": "2100 block of Morris Avenue"}, "reason"),
            ({"purpose": ""}, "purpose"),
        )
        for changes, field in cases:
            with subtests.test(changes=changes):
                wrong = told(**changes)
                page = deputy_client.post(ADDRESS, wrong)
                form = page.context["form"]
                assert list(form.errors) == [field]
                kept = {name: str(form[name].value()) for name in form.fields if name in wrong}
                assert kept == {name: str(wrong[name]) for name in kept}
                assert f'<a href="#id_{field}">' in page.content.decode()
                assert not Incident.objects.exists()

    def test_a_time_that_is_not_over_is_refused(self, deputy_client: Client) -> None:
        page = deputy_client.post(ADDRESS, told(ends_at=local(-timedelta(hours=1))))
        assert "This is in the future." in " ".join(page.context["form"].errors["ends_at"])
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(("ended", "hours", "asked"), [(1, 20, 12 * 60), (1, 2, 120), (1, 0.05, 15)])
    def test_footage_is_asked_for_of_its_hours_within_the_limits(
        self, deputy_client: Client, ended: int, hours: float, asked: int
    ) -> None:
        over = timedelta(hours=ended)
        deputy_client.post(ADDRESS, told(starts_at=local(over + timedelta(hours=hours)), ends_at=local(over)))
        canvass = Canvass.objects.get()
        assert canvass.ends_at - canvass.starts_at == timedelta(minutes=asked)
        assert canvass.ends_at == canvass.incident.ends_at
        assert not canvass.beyond_limits

    def test_a_polygon_is_drawn_instead_and_what_was_typed_stays(self, deputy_client: Client) -> None:
        page = deputy_client.post(f"{ADDRESS}?shape=polygon", told(redraw="", goes_on="on"))
        form = page.context["form"]
        assert (form["reason"].value(), form["number"].value(), form["goes_on"].value()) == (
            REASON,
            "2026-004711",
            "on",
        )
        assert not form.errors
        north, east = LINN_PARK.latitude, LINN_PARK.longitude
        ring = "\n".join(f"{north + dy}, {east + dx}" for dy, dx in ((-0.003, -0.003), (-0.003, 0.003), (0.003, 0)))
        deputy_client.post(f"{ADDRESS}?shape=polygon", told(corners=ring))
        assert len(Canvass.objects.get().area.corners) == 3

    def test_a_polygon_elsewhere_is_refused(self, deputy_client: Client) -> None:
        ring = "33.6, -86.9\n33.6, -86.89\n33.61, -86.89"
        form = deputy_client.post(f"{ADDRESS}?shape=polygon", told(corners=ring)).context["form"]
        assert "more than a mile from the incident" in form.errors["corners"][0]

    def test_the_number_of_somebody_elses_incident_opens_and_searches_nothing(self, deputy_client: Client) -> None:
        incident_at(number="2026-004711")
        form = deputy_client.post(ADDRESS, told()).context["form"]
        assert "already exists" in form.errors["number"][0]
        assert not Canvass.objects.exists()

    def test_sending_the_form_again_after_back_searches_nothing(self, deputy_client: Client) -> None:
        deputy_client.post(ADDRESS, told())
        page = deputy_client.post(ADDRESS, told())
        assert reverse("incident", args=[Incident.objects.get().pk]) in page.content.decode()
        assert Canvass.objects.count() == 1


class TestOpeningAlone:
    def test_it_needs_nothing_of_a_search(self, deputy_client: Client) -> None:
        alone = told(radius_m="", purpose="", reason="test")
        del alone["look"]
        answer = deputy_client.post(ADDRESS, alone)
        assert answer.headers["Location"] == reverse("incident", args=[Incident.objects.get().pk])
        assert not Canvass.objects.exists()


class TestWhatIsFilledIn:
    def test_the_last_hour_and_no_purpose(self, deputy: User, deputy_client: Client) -> None:
        draft_of(incident_at(by=deputy))
        canvass_at("sent")
        form = deputy_client.get(ADDRESS).context["form"]
        assert form["purpose"].value() is None
        window = [timezone.make_aware(form[name].value()).astimezone(UTC) for name in ("starts_at", "ends_at")]
        assert window[1] - window[0] == timedelta(hours=1)
        assert form["radius_m"].value() == 984

    @pytest.mark.usefixtures("southside")
    def test_a_deputy_at_the_scene_need_not_name_the_block(self, deputy_client: Client) -> None:
        there = north_of(finder.find_places("2024 11th Ave S")[0].point, 3)
        block = block_at(there)
        assert block is not None
        said = told(place="", latitude=there.latitude, longitude=there.longitude)
        deputy_client.post(ADDRESS, said)
        incident = Incident.objects.get()
        assert incident.place == block.label
        assert incident.point.distance_m(there) < 1


class TestGoingOn:
    def test_what_goes_on_is_searched_up_to_now(self, deputy_client: Client) -> None:
        deputy_client.post(ADDRESS, told(goes_on="on", ends_at=""))
        canvass = Canvass.objects.get()
        assert canvass.incident.goes_on
        assert timezone.now() - canvass.ends_at < timedelta(minutes=1)
        assert canvass.starts_at == canvass.incident.starts_at
        page = deputy_client.get(reverse("incident", args=[canvass.incident_id])).content.decode()
        assert "still going on" in page

    def test_what_began_in_this_second_goes_on(self, deputy_client: Client) -> None:
        with time_machine.travel(timezone.now().replace(second=0, microsecond=400_000), tick=False):
            deputy_client.post(ADDRESS, told(goes_on="on", starts_at=local(timedelta())))
        assert Canvass.objects.get().incident.goes_on
